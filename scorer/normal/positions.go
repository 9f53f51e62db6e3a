// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package normal

import "math/bits"

// usual is how many edges a block of 64 bytes rarely has more of.
const usual = 24

// positions puts base plus the position of each bit of edge at the beginning of
// out, and returns how many there are. What stands behind these is lost.
func positions(out *[64]uint32, edge uint64, base uint32) int {
	count := bits.OnesCount64(edge)
	for k := 0; k < usual; k += 4 {
		out[k] = base + uint32(bits.TrailingZeros64(edge))
		edge &= edge - 1
		out[k+1] = base + uint32(bits.TrailingZeros64(edge))
		edge &= edge - 1
		out[k+2] = base + uint32(bits.TrailingZeros64(edge))
		edge &= edge - 1
		out[k+3] = base + uint32(bits.TrailingZeros64(edge))
		edge &= edge - 1
	}
	for k := usual; k < count; k++ {
		out[k] = base + uint32(bits.TrailingZeros64(edge))
		edge &= edge - 1
	}
	return count
}
