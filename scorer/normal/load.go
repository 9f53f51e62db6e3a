// SPDX-License-Identifier: Apache-2.0

package normal

import "unsafe"

// Loads of eight bytes are where the time goes: words are hashed by their first
// and last eight bytes. Without bounds checks they are a seventh faster natively
// and a third faster under wazero. What makes them safe is the padding: whoever
// calls these holds text with Pad bytes to spare on either side, and offsets that
// Edges made.

// Load gives the eight bytes at text[at:], the first in the lowest byte. text has
// at least eight bytes from at on.
func Load(text []byte, at uint32) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(text)), at))
}

// store puts eight bytes at text[at:].
func store(text []byte, at int, w uint64) {
	*(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(text)), at)) = w
}

func loadString(s string, at int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), at))
}

// Same reports whether the n bytes at a[i:] are those at b[j:]. Eight bytes can be
// read from each place, however few n are.
func Same(a []byte, i uint32, b []byte, j, n uint32) bool {
	if n > 16 {
		return string(a[i:i+n]) == string(b[j:j+n])
	}
	if n >= 8 {
		return Load(a, i) == Load(b, j) && Load(a, i+n-8) == Load(b, j+n-8)
	}
	return (Load(a, i)^Load(b, j))<<(64-8*n) == 0
}
