// SPDX-License-Identifier: Apache-2.0

package scorer

import "unsafe"

// A cold worker runs this before a browser has made anything fast, and copies
// half a million numbers: one by one they take longer than all the rest of Load.
// WebAssembly is little-endian, as images are, so the bytes are the numbers. The
// lists are made by Go and aligned; only bytes are copied.

func copyNumbers(list []uint32, b []byte) {
	if len(list) > 0 {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), 4*len(list)), b)
	}
}

func copyWide(list []uint64, b []byte) {
	if len(list) > 0 {
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), 8*len(list)), b)
	}
}
