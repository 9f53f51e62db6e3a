// SPDX-License-Identifier: Apache-2.0

package normal

import "math/bits"

// Words is where the words of a text are, and which of them deserve a closer look.
type Words struct {
	// Edges holds where word i begins and ends, at 2i and 2i+1.
	Edges []uint32
	// Odd lists the words with a digit, of a single byte, or with a sign right
	// before them, in order; a word may be listed more than once in a row.
	Odd []uint32
}

// Find cuts text, that of a closed Buffer, into words, from offset from on.
// It reads up to 63 bytes beyond len(text): the padding that Close has written.
func (w *Words) Find(text []byte, from int) {
	n := len(text)
	w.Edges, w.Odd = w.Edges[:0], w.Odd[:0]
	if room := n + 128; cap(w.Edges) < room {
		w.Edges = make([]uint32, 0, room+room/2)
		w.Odd = make([]uint32, 0, room+room/2)
	}
	edges, odd := w.Edges[:cap(w.Edges)], w.Odd[:cap(w.Odd)]
	at, odds := 0, 0
	var before, sign uint64 // the last bits of the block before
	for base := from; base < n; base += 64 {
		word, digit, space := classify(text, uint32(base))
		edge := word ^ (word<<1 | before)
		after := uint64(0)
		if b := text[:n+Pad][base+64]; Word(b) {
			after = 1 << 63
		}
		lone := word &^ (word<<1 | before) &^ (word>>1 | after)
		signs := ^(word | space)
		look := digit | lone | (signs<<1|sign)&word
		before, sign = word>>63, signs>>63
		for look != 0 {
			bit := bits.TrailingZeros64(look)
			ends := bits.OnesCount64(edge & (2<<bit - 1))
			odd[odds] = uint32(at+ends-1) / 2
			odds++
			look &= look - 1
			look &^= digit & (word &^ (word + 1<<bit)) // the rest of this word's digits
		}
		count := bits.OnesCount64(edge)
		room := edges[at : at+64]
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
		at += count
	}
	w.Edges, w.Odd = edges[:at], odd[:odds]
}

// classify says which of the 64 bytes at text[at:] belong to words, are digits,
// and are white space, the first byte in the lowest bit. The bytes are in normal
// form: without capitals.
func classify(text []byte, at uint32) (word, digit, space uint64) {
	const low = 0x7f * ones
	for k := uint32(0); k < 64; k += 8 {
		w := Load(text, at+k)
		x := w & low
		d := (x + ones*(0x80-'0')) &^ (x + ones*(0x80-'9'-1)) &^ w & highs >> 7
		a := ((x+ones*(0x80-'a'))&^(x+ones*(0x80-'z'-1)) | w) & highs >> 7
		s := ^(x + ones*(0x80-'!') | w) & highs >> 7
		word |= (d | a) * 0x0102040810204080 >> 56 << k
		digit |= d * 0x0102040810204080 >> 56 << k
		space |= s * 0x0102040810204080 >> 56 << k
	}
	return word, digit, space
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
	n := uint64(end - start)
	shift := (64 - 8*min(n, 8)) & 63
	first := Load(text, start) << shift >> shift
	last := Load(text, end-8) >> shift
	return mix(first, last, n)
}

// mix is the hash of a word with these first and last eight bytes, and this length.
// Its top bits are well mixed, so that filters take them as they are.
func mix(first, last, n uint64) uint64 {
	h := first*mul1 + (last^n)*mul2
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
		return mix(first, first, uint64(n))
	}
	for k := 0; k < 8; k++ {
		last |= uint64(word[n-8+k]) << (8 * k)
	}
	return mix(first, last, uint64(n))
}
