// SPDX-License-Identifier: Apache-2.0

package normal

import "unicode/utf8"

// Classes of table.go; from 8 on a value is an offset into foldPool.
const (
	same   = 0
	sep    = 1
	drop   = 2
	alone  = 3
	joined = 4
	pool   = 8
)

// lookup says what becomes of a character beyond ASCII.
func lookup(r rune) (class int, text string) {
	if r > 0x1ffff {
		if r >= 0x20000 && r <= 0x323af {
			return alone, ""
		}
		if r >= 0xe0000 && r <= 0xe0fff {
			return drop, ""
		}
		return sep, ""
	}
	page := int(foldTop[r>>6<<1]) | int(foldTop[r>>6<<1+1])<<8
	at := page*128 + int(r&63)*2
	v := int(foldPages[at]) | int(foldPages[at+1])<<8
	if v < pool {
		return v, ""
	}
	v -= pool
	return pool, foldPool[v+1 : v+1+int(foldPool[v])]
}

// word is what is known of the word that is being folded.
type word struct {
	norm, orig int  // where it began
	latin      int  // Latin letters
	foreign    int  // letters of a script with Latin look-alikes
	strange    int  // of these, how many look like no Latin letter
	loose      int  // foreign letters that resemble a Latin one only loosely
	plain      int  // Latin letters that look like no Cyrillic one
	other      bool // has letters of a third kind
	hidden     int  // where in Text its first invisible character stood, 0 for none
	alone      bool // ended with a character that is a word of its own
}

// beyond folds s from a character beyond ASCII on, up to an ASCII separator, and
// returns where it stopped.
func (b *Buffer) beyond(s string, i int) int {
	for i > 0 && Word(s[i-1]|asciiUpper(s[i-1])) && s[i-1] < 0x80 && len(b.Text) > 0 && int(b.Marks[len(b.Marks)-1].Norm) < len(b.Text) {
		i--
		b.Text = b.Text[:len(b.Text)-1]
	}
	w := word{norm: len(b.Text), orig: i}
	for i < len(s) {
		c := s[i]
		if c < 0x80 {
			c |= asciiUpper(c)
			if !Word(c) {
				break
			}
			if w.alone {
				b.end(s, &w, i)
				b.Text = append(b.Text, ' ')
				w = word{norm: len(b.Text), orig: i}
				b.mark(i)
			}
			if c >= 'a' {
				w.latin++
				if toCyrillic(rune(c)) == 0 {
					w.plain++
				}
			}
			b.Text = append(b.Text, c)
			i++
			continue
		}
		i = b.character(s, i, &w)
	}
	b.end(s, &w, i)
	b.mark(i)
	return i
}

func asciiUpper(c byte) byte {
	if c-'A' < 26 {
		return 0x20
	}
	return 0
}

// character folds the one character at s[i:] and returns where the next begins.
func (b *Buffer) character(s string, i int, w *word) int {
	r, size := utf8.DecodeRuneInString(s[i:])
	next := i + size
	class, text := lookup(r)
	if r == utf8.RuneError && size == 1 {
		class = sep
	}
	switch class {
	case same:
		b.letter(r, s[i:next], w, i)
	case sep:
		b.end(s, w, i)
		b.Text = append(b.Text, ' ')
		b.mark(next)
		*w = word{norm: len(b.Text), orig: next}
		return next
	case drop:
		if w.hidden == 0 && w.norm < len(b.Text) && !ordinary(r, s, i) {
			w.hidden = len(b.Text)
		}
	case alone:
		b.single(s, i, s[i:next], w)
	case joined:
		b.Text = append(b.Text, s[i:next]...)
	default:
		b.replace(s, i, next, text, w)
	}
	b.mark(next)
	return next
}

// ordinary reports whether an invisible character r at s[i:] is how the script is
// written and no disguise: an accent or a vowel sign, an Arabic letter drawn out,
// a soft hyphen; and, after a letter of a script from Hebrew to Mongolian, a joiner,
// a sign of direction or the space of no width that parts words in Thai and Khmer.
func ordinary(r rune, s string, i int) bool {
	if r < 0x1100 || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	return before >= 0x590 && before < 0x1100 || before >= 0x1780 && before < 0x18b0
}

// letter adds a letter that stays as it is.
func (b *Buffer) letter(r rune, text string, w *word, at int) {
	if w.alone {
		b.Text = append(b.Text, ' ')
		*w = word{norm: len(b.Text), orig: at}
		b.mark(at)
	}
	b.Text = append(b.Text, text...)
	b.count(r, w)
}

func (b *Buffer) count(r rune, w *word) {
	switch {
	case r < 0x80:
		if r >= 'a' {
			w.latin++
			if toCyrillic(r) == 0 {
				w.plain++
			}
		}
	case r >= 0x370 && r <= 0x58f:
		w.foreign++
		if toLatin(r) == 0 {
			w.strange++
		} else if loose(r) {
			w.loose++
		}
	default:
		w.other = true
	}
}

// single adds a character that is a word of its own.
func (b *Buffer) single(s string, i int, text string, w *word) {
	b.end(s, w, i)
	b.Unspaced = true
	if len(b.Text) > 0 && Word(b.Text[len(b.Text)-1]) {
		b.Text = append(b.Text, ' ')
	}
	b.mark(i)
	*w = word{norm: len(b.Text), orig: i, alone: true, other: true}
	b.Text = append(b.Text, text...)
}

// replace adds what the character s[i:next] folds to.
func (b *Buffer) replace(s string, i, next int, text string, w *word) {
	for k := 0; k < len(text); {
		r, size := utf8.DecodeRuneInString(text[k:])
		part := text[k : k+size]
		k += size
		switch {
		case r < 0x80 && !Word(byte(r)):
			b.end(s, w, i)
			b.Text = append(b.Text, byte(r))
			*w = word{norm: len(b.Text), orig: next}
		case r < 0x80:
			b.letter(r, part, w, i)
		default:
			switch class, _ := lookup(r); class {
			case alone:
				b.single(s, i, part, w)
			case joined:
				b.Text = append(b.Text, part...)
			default:
				b.letter(r, part, w, i)
			}
		}
	}
}

// mark notes that what is appended next to Text comes from offset orig on.
func (b *Buffer) mark(orig int) {
	n := len(b.Text)
	if orig-n == b.delta {
		return
	}
	b.delta = orig - n
	if last := len(b.Marks) - 1; int(b.Marks[last].Norm) == n {
		b.Marks[last].Orig = uint32(orig)
		return
	}
	b.Marks = append(b.Marks, Mark{uint32(n), uint32(orig)})
}

// end closes the word w, which ends before s[i:]: it unmixes scripts.
func (b *Buffer) end(s string, w *word, i int) {
	hidden := w.hidden > 0 && (w.hidden < len(b.Text) || w.alone)
	if hidden {
		b.Disguised = append(b.Disguised, uint32(w.norm))
	}
	if w.foreign == 0 || w.other || w.alone {
		return
	}
	if w.latin == 0 {
		if w.foreign == 1 && len(b.Text)-w.norm == 2 {
			b.Lone = append(b.Lone, uint32(w.norm))
		}
		if w.strange == 0 {
			b.alike(s, w, i)
		}
		return
	}
	if w.strange > 0 && w.plain > 0 {
		return // both scripts are needed to write it: nothing to unmix
	}
	if !hidden {
		b.Disguised = append(b.Disguised, uint32(w.norm))
	}
	b.unmix(s, w, i, w.strange == 0 && (w.plain > 0 || w.loose == 0 && w.latin >= w.foreign))
}

// unmix writes the word again with look-alike letters folded towards one script.
func (b *Buffer) unmix(s string, w *word, i int, latin bool) {
	b.Text = b.Text[:w.norm]
	for len(b.Marks) > 1 && int(b.Marks[len(b.Marks)-1].Norm) > w.norm {
		b.Marks = b.Marks[:len(b.Marks)-1]
	}
	last := b.Marks[len(b.Marks)-1]
	b.delta = int(last.Orig) - int(last.Norm)
	b.mark(w.orig)
	for k := w.orig; k < i; {
		r, size := utf8.DecodeRuneInString(s[k:])
		k += size
		b.Text = appendAlike(b.Text, r, latin)
		b.mark(k)
	}
}

// alike notes the Latin reading of a word of look-alike letters only.
func (b *Buffer) alike(s string, w *word, i int) {
	from := len(b.Readings)
	for k := w.orig; k < i; {
		r, size := utf8.DecodeRuneInString(s[k:])
		k += size
		b.Readings = appendAlike(b.Readings, r, true)
	}
	b.Alike = append(b.Alike, Alike{uint32(w.norm), uint32(len(b.Text)), uint32(from), uint32(len(b.Readings))})
}

// appendAlike appends what r is read as in a word that is Latin, or Cyrillic.
func appendAlike(dst []byte, r rune, latin bool) []byte {
	if l := toLatin(r); latin && l != 0 { // before folding: a capital may resemble another letter
		return append(dst, l)
	}
	if r < 0x80 {
		return appendRead(dst, r|rune(asciiUpper(byte(r))), latin)
	}
	class, text := lookup(r)
	switch class {
	case same:
		return utf8.AppendRune(dst, r)
	case pool:
		for _, x := range text {
			dst = appendRead(dst, x, latin)
		}
	}
	return dst
}

func appendRead(dst []byte, x rune, latin bool) []byte {
	if latin {
		if l := toLatin(x); l != 0 {
			return append(dst, l)
		}
	} else if c := toCyrillic(x); c != 0 {
		x = c
	}
	return utf8.AppendRune(dst, x)
}
