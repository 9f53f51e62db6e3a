// SPDX-License-Identifier: Apache-2.0

package normal

import "math/bits"

// Words is where the words of a text are, and which of them deserve a closer look.
type Words struct {
	// Edges holds where word i begins and ends, at 2i and 2i+1.
	Edges []uint32
	// Odd lists the words with a digit, and words of a single byte with another
	// such word close by, in order; a word may be listed more than once in a row.
	Odd []uint32
}

// usual is how many edges a block of 64 bytes rarely has more of.
const usual = 24

// Find cuts text, that of a closed Buffer, into words, from offset from on.
// It reads up to 71 bytes beyond len(text): the padding that Close has written.
func (w *Words) Find(text []byte, from int) {
	n := len(text)
	if room := n + 128; cap(w.Edges) < room {
		w.Edges = make([]uint32, 0, room+room/2)
		w.Odd = make([]uint32, 0, room+room/2)
	}
	edges, odd := w.Edges[:cap(w.Edges)], w.Odd[:cap(w.Odd)]
	at, odds := 0, 0
	var before uint64 // whether the block before ended inside a word
	for base := uint32(from); int(base) < n; base += 64 {
		word, digit := classify(text, base)
		after := uint64(0)
		if Word(byte(Load(text, base+64))) {
			after = 1 << 63
		}
		edge := word ^ (word<<1 | before)
		lone := word &^ (word<<1 | before) &^ (word>>1 | after)
		// A single letter is spaced out if another is two to four bytes away, or may
		// be in the next block.
		lone &= lone<<2 | lone<<3 | lone<<4 | lone>>2 | lone>>3 | lone>>4 | 0xf00000000000000f
		before = word >> 63
		for look := digit | lone; look != 0; look &= look - 1 {
			below := uint64(2)<<uint(bits.TrailingZeros64(look)) - 1
			odd[odds] = uint32(at+bits.OnesCount64(edge&below)-1) / 2
			odds++
		}
		count := bits.OnesCount64(edge)
		out := (*[usual]uint32)(edges[at:])
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
			edges[at+k] = base + uint32(bits.TrailingZeros64(edge))
			edge &= edge - 1
		}
		at += count
	}
	w.Edges, w.Odd = edges[:at], odd[:odds]
}

// classify says which of the 64 bytes at text[at:] belong to words and which are
// digits, the first byte in the lowest bit. The bytes are in normal form: without
// capitals.
func classify(text []byte, at uint32) (word, digit uint64) {
	const low = 0x7f * ones
	for k := uint32(0); k < 64; k += 8 {
		w := Load(text, at+k)
		x := w & low
		d := (x + ones*(0x80-'0')) &^ (x + ones*(0x80-'9'-1)) &^ w & highs >> 7
		a := ((x+ones*(0x80-'a'))&^(x+ones*(0x80-'z'-1)) | w) & highs >> 7
		word |= (d | a) * 0x0102040810204080 >> 56 << k
		digit |= d * 0x0102040810204080 >> 56 << k
	}
	return word, digit
}

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

// mix is the hash of a word with these first and last eight bytes, and this
// length. Its top bits are well mixed: filters and tables take them as they are.
func mix(first, last, n uint64) uint64 {
	h := (first ^ bits.RotateLeft64(last, 23) ^ n<<59) * 0x9e3779b97f4a7c15
	return h ^ h>>32
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
