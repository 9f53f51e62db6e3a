// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"runtime"
	"testing"

	"lapwing/scorer/pack"
)

// greedy are inputs that ask for as much memory per byte as the format allows:
// a list whose strings all repeat 63 bytes and add nothing.
func greedy() map[string][]byte {
	// Header, the languages {""}, no indicators.
	start := append([]byte("LAPWING\x01\x01a\x01\x00"), 1, 0, 1, 0)
	front := func(n int) []byte {
		b := append([]byte{0}, bytes.Repeat([]byte{63}, n-1)...)
		b = append(b, uvarint(63+n)...)
		b = append(b, bytes.Repeat([]byte{'a'}, 63)...)
		return append(b, make([]byte, n)...)
	}
	list := func(empty []byte, n, columns int) []byte {
		b := append(bytes.Clone(start), empty...)
		b = append(b, uvarint(n)...)
		b = append(b, front(n)...)
		return append(b, make([]byte, n*columns)...)
	}
	// An empty list is a count and the length of its names.
	empty := func(lists int) []byte { return make([]byte, 2*lists) }
	return map[string][]byte{
		"indicators": list(empty(0), pack.MaxIndicators, 6),
		"patterns":   list(empty(1), 200_000, 3),
		"protected":  list(empty(2), pack.MaxProtected, 1),
		"texts":      list(empty(3), 100_000, 2),
		"documents":  list(empty(4), pack.MaxDocuments, 1),
	}
}

func uvarint(n int) []byte {
	var b []byte
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

func TestDecodeAllocatesInProportionToItsInput(t *testing.T) {
	for name, b := range greedy() {
		t.Run(name, func(t *testing.T) {
			got := allocated(func() { _, _ = pack.Decode(b) })
			if want := uint64(40*len(b) + 4096); got > want {
				t.Errorf("decoding %d bytes took %d bytes of memory, want at most %d", len(b), got, want)
			}
		})
	}
}

func TestCountsWithoutEntriesAllocateNothing(t *testing.T) {
	for name, b := range greedy() {
		b = b[:min(len(b), 40)]
		if got := allocated(func() { _, _ = pack.Decode(b) }); got > 40*40+4096 {
			t.Errorf("%s: %d bytes of input took %d bytes of memory", name, len(b), got)
		}
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
