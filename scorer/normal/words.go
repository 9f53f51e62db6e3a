// SPDX-License-Identifier: Apache-2.0

package normal

import "math/bits"

// Edges appends to dst where the words of text begin and end, in turn. text is
// that of a closed Buffer; from is where to begin, not inside a word.
// It reads up to 63 bytes beyond len(text): the padding that Close has written.
func Edges(dst []uint32, text []byte, from int) []uint32 {
	n := len(text)
	text = text[: n+Pad : cap(text)]
	var before uint64
	for base := from; base < n; base += 64 {
		m := wordBits(text[base : base+64])
		edge := m ^ (m<<1 | before)
		before = m >> 63
		count := bits.OnesCount64(edge)
		if cap(dst)-len(dst) < 64 {
			grown := make([]uint32, len(dst), 2*cap(dst)+256)
			copy(grown, dst)
			dst = grown
		}
		at := len(dst)
		room := dst[at : at+64]
		for k := 0; k < count; k += 4 {
			out := room[k : k+4]
			out[0] = uint32(base + bits.TrailingZeros64(edge))
			edge &= edge - 1
			out[1] = uint32(base + bits.TrailingZeros64(edge))
			edge &= edge - 1
			out[2] = uint32(base + bits.TrailingZeros64(edge))
			edge &= edge - 1
			out[3] = uint32(base + bits.TrailingZeros64(edge))
			edge &= edge - 1
		}
		dst = dst[:at+count]
	}
	return dst
}

// wordBits says which of 64 bytes belong to words, the first in the lowest bit.
// The bytes are in normal form: without capitals.
func wordBits(b []byte) uint64 {
	const low = 0x7f * ones
	b = b[:64]
	var m uint64
	for k := 0; k < 64; k += 8 {
		w := load64(b, k)
		x := w & low
		digit := (x + ones*(0x80-'0')) &^ (x + ones*(0x80-'9'-1))
		alpha := (x + ones*(0x80-'a')) &^ (x + ones*(0x80-'z'-1))
		hit := (digit | alpha | w) & highs >> 7
		m |= hit * 0x0102040810204080 >> 56 << k
	}
	return m
}

const (
	mul1 = 0x9e3779b97f4a7c15
	mul2 = 0xc2b2ae3d27d4eb4f
)

// Hash is the hash of the word text[start:end]: of its first and last eight
// bytes and its length. Equal words have equal hashes, and so have words of more
// than 16 bytes that differ only in the middle: compare the bytes where it matters.
// text needs eight readable bytes before start and after start (Buffer's padding).
func Hash(text []byte, start, end uint32) uint64 {
	first, last := Ends(text, start, end)
	return Mix(first, last, end-start)
}

// Ends gives the first and the last eight bytes of a word, zero-extended.
func Ends(text []byte, start, end uint32) (first, last uint64) {
	n := end - start
	if n > 8 {
		n = 8
	}
	shift := (64 - 8*n) & 63
	first = load64(text, int(start)) << shift >> shift
	last = load64(text, int(end)-8) >> shift
	return first, last
}

// Mix is the hash of a word with these Ends and length in bytes.
func Mix(first, last uint64, n uint32) uint64 {
	h := first*mul1 + (last^uint64(n))*mul2
	return h ^ h>>29
}

// HashWord is Hash of a word that stands alone.
func HashWord(word string) uint64 {
	n := len(word)
	var first, last uint64
	for k := 0; k < 8 && k < n; k++ {
		first |= uint64(word[k]) << (8 * k)
	}
	if n <= 8 {
		return Mix(first, first, uint32(n))
	}
	for k := 0; k < 8; k++ {
		last |= uint64(word[n-8+k]) << (8 * k)
	}
	return Mix(first, last, uint32(n))
}
