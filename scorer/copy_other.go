// SPDX-License-Identifier: Apache-2.0

//go:build !wasm

package scorer

// copyNumbers fills a list from its little-endian bytes. Compilers make one load of
// the four, but for the module: copy_wasm.go.
func copyNumbers(list []uint32, b []byte) {
	for i := range list {
		list[i] = uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24
	}
}

// copyWide is copyNumbers for numbers of eight bytes.
func copyWide(list []uint64, b []byte) {
	for i := range list {
		x := b[8*i : 8*i+8]
		list[i] = uint64(x[0]) | uint64(x[1])<<8 | uint64(x[2])<<16 | uint64(x[3])<<24 |
			uint64(x[4])<<32 | uint64(x[5])<<40 | uint64(x[6])<<48 | uint64(x[7])<<56
	}
}
