// SPDX-License-Identifier: Apache-2.0

package normal

import (
	"math/bits"
	"unsafe"
)

// spread holds the positions of the first four bits of a byte, and how many bits
// it has. Go asks the plainest amd64 for positions with an instruction that takes
// some processors four cycles; with a table the whole of Find takes two thirds.
var spread = func() (t [256]struct {
	at    [2]uint64 // two positions in each, the first in the lower half
	count uint64
}) {
	for m := range t {
		for k := range 8 {
			if m>>k&1 == 0 {
				continue
			}
			if n := t[m].count; n < 4 {
				t[m].at[n/2] |= uint64(k) << (32 * (n % 2))
			}
			t[m].count++
		}
	}
	return t
}()

// positions puts base plus the position of each bit of edge at the beginning of
// out, and returns how many there are. What stands behind these is lost.
func positions(out *[64]uint32, edge uint64, base uint32) int {
	at := uint64(base)<<32 | uint64(base)
	const eight = 8<<32 | 8
	n := positions8(out, 0, edge, at)
	n = positions8(out, n, edge>>8, at+eight)
	n = positions8(out, n, edge>>16, at+2*eight)
	n = positions8(out, n, edge>>24, at+3*eight)
	n = positions8(out, n, edge>>32, at+4*eight)
	n = positions8(out, n, edge>>40, at+5*eight)
	n = positions8(out, n, edge>>48, at+6*eight)
	n = positions8(out, n, edge>>56, at+7*eight)
	return int(n)
}

// positions8 does so for the lowest byte of edge, from out[n] on. It writes four
// numbers whatever there are, so the last of eight calls must have n below 61: n
// is at most 56 there.
func positions8(out *[64]uint32, n, edge, at uint64) uint64 {
	e := &spread[uint8(edge)]
	to := unsafe.Add(unsafe.Pointer(out), 4*n)
	*(*uint64)(to) = e.at[0] + at
	*(*uint64)(unsafe.Add(to, 8)) = e.at[1] + at
	if e.count > 4 {
		manyPositions(out, n, uint8(edge), uint32(at))
	}
	return n + e.count
}

// manyPositions does so for a byte with more than four bits.
func manyPositions(out *[64]uint32, n uint64, edge uint8, base uint32) {
	for ; edge != 0; edge &= edge - 1 {
		out[n] = base + uint32(bits.TrailingZeros8(edge))
		n++
	}
}
