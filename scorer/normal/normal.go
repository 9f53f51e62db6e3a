// SPDX-License-Identifier: Apache-2.0

// Package normal brings text into the form in which it is matched, and keeps
// the way back to the text as it was given.
//
// The normal form has lower-case letters without accents, compatibility forms
// resolved (full-width, mathematical and circled letters are letters), invisible
// characters out, digits of every script as 0-9, look-alike letters folded in
// words that mix scripts, signs of currencies as words (" eur "), and a space
// between characters of a script that has none (Han, Kana, Thai, Lao, Khmer,
// Burmese), so that each such character is a word. ASCII punctuation stays:
// what is not a letter, a digit or beyond ASCII separates words.
//
// Call Fold for a phrase. The scorer uses a Buffer and Words, which cuts the
// normal form into words; they allocate nothing once they have grown.
//
// Folding compares texts; it is no spelling reform. A word written wholly in
// Cyrillic stays Cyrillic even if every letter has a Latin twin (Unicode TR39
// skeletons are for comparing, not for rewriting Russian); such words are listed
// in Buffer.Alike with their Latin reading, for the caller to try.
package normal

//go:generate go run gen/main.go

import "unicode/utf8"

// Pad is how many separators stand before and after the text of a Buffer, so
// that words can be loaded eight bytes at a time from either end.
const Pad = 64

// Buffer holds the normal form of one or more texts, one after the other.
// The zero value is ready for Reset.
type Buffer struct {
	// Text is the normal form: Pad spaces, then each text and a line feed.
	Text []byte
	// Marks is the way back: from Norm on, byte n of Text comes from byte
	// Orig+(n-Norm) of the text appended, up to the next mark. Ascending.
	Marks []Mark
	// Alike lists words that are not Latin but could pass for it.
	Alike []Alike
	// Readings holds the Latin readings that Alike points into.
	Readings []byte
	// Disguised holds where words begin in Text from which invisible characters
	// were taken, or in which look-alike letters were replaced. Ascending.
	Disguised []uint32
	// Lone holds where words of a single Cyrillic, Greek or Armenian letter begin in
	// Text; those of a single byte are in Words.Odd. Ascending.
	Lone []uint32
	// Unspaced says that there are characters of a script without spaces.
	Unspaced bool

	delta int // offset in the text minus offset in Text
}

// Mark is one step of the way back; see Buffer.Marks.
type Mark struct{ Norm, Orig uint32 }

// Alike is a word of Buffer.Text at Start:End that reads as Buffer.Readings[From:To].
type Alike struct{ Start, End, From, To uint32 }

// Reset empties b and keeps its memory.
func (b *Buffer) Reset() {
	if cap(b.Text) < 4096 {
		b.Text = make([]byte, 0, 4096)
	}
	b.Text = b.Text[:Pad]
	for i := range b.Text {
		b.Text[i] = ' '
	}
	b.Marks = b.Marks[:0]
	b.Alike = b.Alike[:0]
	b.Readings = b.Readings[:0]
	b.Disguised = b.Disguised[:0]
	b.Lone = b.Lone[:0]
	b.Unspaced = false
}

// Append adds the normal form of s and a line feed. It returns where the normal
// form stands in b.Text, and where its marks begin in b.Marks.
func (b *Buffer) Append(s string) (start, end, mark int) {
	b.reserve(len(s) + 2*Pad)
	start, mark = len(b.Text), len(b.Marks)
	b.delta = -start
	b.Marks = append(b.Marks, Mark{uint32(start), 0})
	for i := 0; i < len(s); {
		i = b.ascii(s, i)
		if next := b.typographic(s, i); next > i {
			i = next
		} else if i < len(s) {
			i = b.beyond(s, i)
			b.reserve(len(s) - i + 2*Pad)
		}
	}
	end = len(b.Text)
	b.Text = append(b.Text, '\n')
	return start, end, mark
}

// Close puts the padding after the last text; call it before Words.
func (b *Buffer) Close() {
	b.reserve(2 * Pad)
	n := len(b.Text)
	tail := b.Text[n : n+Pad]
	for i := range tail {
		tail[i] = ' '
	}
}

// typographic folds a quotation mark, a dash or the like at s[i:], by far the most
// common characters beyond ASCII in English, and returns where the next begins;
// i where there is none. They end a word and so need none of beyond's care.
func (b *Buffer) typographic(s string, i int) int {
	if i+3 > len(s) || s[i] != 0xe2 || s[i+1] != 0x80 || s[i+2]-0x90 >= byte(len(typographic)) {
		return i
	}
	c := typographic[s[i+2]-0x90]
	if c == ' ' {
		return i
	}
	b.Text = append(b.Text, c)
	b.mark(i + 3)
	return i + 3
}

// typographic holds what U+2010 and the following are folded to; a space stands
// for those that beyond folds.
const typographic = "------  ''' \"\"\" ** "

func (b *Buffer) reserve(n int) {
	if cap(b.Text)-len(b.Text) < n {
		grown := make([]byte, len(b.Text), 2*cap(b.Text)+n)
		copy(grown, b.Text)
		b.Text = grown
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// ascii copies s[i:] in lower case up to the first byte that is not ASCII, and
// returns where it stopped. The caller has reserved the room.
func (b *Buffer) ascii(s string, i int) int {
	n := len(b.Text)
	dst := b.Text[n:cap(b.Text)]
	from := i
	for ; i+8 <= len(s); i += 8 {
		w := loadString(s, i)
		if w&highs != 0 {
			break
		}
		upper := (w + ones*(0x80-'A')) &^ (w + ones*(0x80-'Z'-1)) & highs
		store(dst, i-from, w|upper>>2)
	}
	for ; i < len(s) && s[i] < 0x80; i++ {
		c := s[i]
		if c-'A' < 26 {
			c |= 0x20
		}
		dst[i-from] = c
	}
	b.Text = b.Text[:n+i-from]
	return i
}

// Word reports whether c is a byte of a word in normal form.
func Word(c byte) bool {
	return c >= 0x80 || c-'a' < 26 || c-'0' < 10
}

// Fold returns the normal form of a phrase: its words, with one space between
// them. Fold of a normal form is the same normal form.
func Fold(s string) string {
	var b Buffer
	b.Reset()
	start, end, _ := b.Append(s)
	out := make([]byte, 0, end-start)
	for _, c := range b.Text[start:end] {
		if Word(c) {
			out = append(out, c)
		} else if len(out) > 0 && out[len(out)-1] != ' ' {
			out = append(out, ' ')
		}
	}
	if len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	return string(out)
}

// Points counts the code points of s; a byte that is not UTF-8 counts as one.
func Points(s string) int {
	n, i := 0, 0
	for i < len(s) {
		for i+8 <= len(s) && loadString(s, i)&highs == 0 {
			i += 8
			n += 8
		}
		for end := min(i+8, len(s)); i < end; n++ {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
		}
	}
	return n
}

// Origin gives the bytes of s, the text that was appended, that Text[start:end]
// comes from. marks are those of that text. Both ends lie on boundaries of characters.
func Origin(s string, marks []Mark, start, end uint32) (from, to int) {
	from = origin(s, marks, start)
	to = origin(s, marks, end-1)
	_, size := utf8.DecodeRuneInString(s[to:])
	to += size
	for to < len(s) && s[to] >= 0x80 {
		r, size := utf8.DecodeRuneInString(s[to:])
		if v, _ := lookup(r); v != drop {
			break
		}
		to += size
	}
	return from, to
}

func origin(s string, marks []Mark, n uint32) int {
	lo, hi := 0, len(marks)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; marks[mid].Norm <= n {
			lo = mid
		} else {
			hi = mid
		}
	}
	at := int(marks[lo].Orig + n - marks[lo].Norm)
	if hi < len(marks) && at >= int(marks[hi].Orig) && marks[hi].Orig > marks[lo].Orig {
		at = int(marks[hi].Orig) - 1
	}
	if at >= len(s) {
		at = len(s) - 1
	}
	for at > 0 && !utf8.RuneStart(s[at]) && boundary(s, at) {
		at--
	}
	return at
}

// boundary reports whether s[at], a continuation byte, belongs to a character
// that begins before it.
func boundary(s string, at int) bool {
	for back := 1; back <= 3 && at-back >= 0; back++ {
		if utf8.RuneStart(s[at-back]) {
			_, size := utf8.DecodeRuneInString(s[at-back:])
			return size > back
		}
	}
	return false
}
