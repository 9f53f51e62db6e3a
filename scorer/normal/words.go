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
			below := look ^ (look - 1)
			odd[odds] = uint32(at+bits.OnesCount64(edge&below)-1) / 2
			odds++
		}
		at += positions((*[64]uint32)(edges[at:]), edge, base)
	}
	w.Edges, w.Odd = edges[:at], odd[:odds]
}

// classify says which of the 64 bytes at text[at:] belong to words and which are
// digits, the first byte in the lowest bit. The bytes are in normal form: without
// capitals.
func classify(text []byte, at uint32) (word, digit uint64) {
	m0, d0 := classify8(Load(text, at))
	m1, d1 := classify8(Load(text, at+8))
	m2, d2 := classify8(Load(text, at+16))
	m3, d3 := classify8(Load(text, at+24))
	m4, d4 := classify8(Load(text, at+32))
	m5, d5 := classify8(Load(text, at+40))
	m6, d6 := classify8(Load(text, at+48))
	m7, d7 := classify8(Load(text, at+56))
	word = m0 | m1<<8 | m2<<16 | m3<<24 | m4<<32 | m5<<40 | m6<<48 | m7<<56
	if (d0|d1|d2|d3|d4|d5|d6|d7)&highs != 0 {
		for k := uint32(0); k < 64; k += 8 {
			_, d := classify8(Load(text, at+k))
			digit |= gather(d) << k
		}
	}
	return word, digit
}

// classify8 does so for eight bytes; digits are told by the highest bit of each
// byte of digit. Adding 0x80-c to seven bits sets the eighth where they are c or
// more, and such bits of the four ends of two ranges are odd in number inside one.
func classify8(w uint64) (word, digit uint64) {
	x := w & (0x7f * ones)
	digit = (x + ones*(0x80-'0')) ^ (x + ones*(0x80-'9'-1))
	letter := (x + ones*(0x80-'a')) ^ (x + ones*(0x80-'z'-1))
	return gather(digit ^ letter | w), digit &^ w
}

// gather moves the highest bits of the eight bytes of x together.
func gather(x uint64) uint64 { return x & highs * 0x0002040810204081 >> 56 }

// Hash is the hash of the word text[start:end]: of its first and last eight
// bytes and its length. Equal words have equal hashes, and so have words of more
// than 16 bytes that differ only in the middle: compare the bytes where it matters.
// text needs eight readable bytes before start and after start (Buffer's padding).
func Hash(text []byte, start, end uint32) uint64 {
	n := uint64(end - start)
	shift := (64 - 8*min(n, 8)) & 63
	h := (Load(text, start)<<shift>>shift ^ bits.RotateLeft64(Load(text, end-8)>>shift, 23) ^ n<<59) * multiplier
	return h ^ h>>32
}

const multiplier = 0x9e3779b97f4a7c15

// mix is the hash of a word with these first and last eight bytes, and this
// length. Its top bits are well mixed: filters and tables take them as they are.
func mix(first, last, n uint64) uint64 {
	h := (first ^ bits.RotateLeft64(last, 23) ^ n<<59) * multiplier
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
