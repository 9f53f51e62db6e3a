// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapwing/scorer"
)

// Attack changes a listing the way somebody would who wants it not to be found.
type Attack struct {
	Name  string
	Apply func(scorer.Listing, *rand.Rand) scorer.Listing
}

// Obfuscations are attacks on the letters of title and body. People still read
// the text; a program that compares bytes does not.
var Obfuscations = []Attack{
	{"homoglyphs", onText(letters(homoglyphs))},
	{"zero-width", onText(zeroWidth)},
	{"mathematical", onText(shifted(0x1d41a, 0x1d400, 0x1d7ce))},
	{"full-width", onText(shifted(0xff41, 0xff21, 0xff10))},
	{"leetspeak", onText(letters(leet))},
	{"diacritics", onText(diacritics)},
	{"spaced letters", onText(spaced)},
}

func onText(f func(string, *rand.Rand) string) func(scorer.Listing, *rand.Rand) scorer.Listing {
	return func(l scorer.Listing, rng *rand.Rand) scorer.Listing {
		l.Text[scorer.Title] = f(l.Text[scorer.Title], rng)
		l.Text[scorer.Body] = f(l.Text[scorer.Body], rng)
		return l
	}
}

// homoglyphs are Cyrillic and Greek letters that look like Latin ones.
var homoglyphs = map[rune]rune{
	'a': 'а', 'c': 'с', 'e': 'е', 'i': 'і', 'j': 'ј', 'o': 'о', 'p': 'р', 's': 'ѕ', 'x': 'х', 'y': 'у', 'h': 'һ', 'd': 'ԁ',
	'A': 'А', 'B': 'В', 'C': 'С', 'E': 'Е', 'H': 'Н', 'I': 'І', 'K': 'К', 'M': 'М', 'O': 'О', 'P': 'Р', 'S': 'Ѕ', 'T': 'Т', 'X': 'Х',
}

var leet = map[rune]rune{'a': '4', 'e': '3', 'i': '1', 'o': '0', 's': '5', 't': '7', 'A': '4', 'E': '3', 'I': '1', 'O': '0', 'S': '5', 'T': '7'}

func letters(table map[rune]rune) func(string, *rand.Rand) string {
	return func(s string, _ *rand.Rand) string {
		return strings.Map(func(r rune) rune {
			if x, ok := table[r]; ok {
				return x
			}
			return r
		}, s)
	}
}

// shifted writes letters and digits in the alphabets that begin there.
func shifted(lower, upper, digit rune) func(string, *rand.Rand) string {
	return func(s string, _ *rand.Rand) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z':
				return lower + r - 'a'
			case r >= 'A' && r <= 'Z':
				return upper + r - 'A'
			case r >= '0' && r <= '9':
				return digit + r - '0'
			}
			return r
		}, s)
	}
}

var invisible = []rune{0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad}

func zeroWidth(s string, rng *rand.Rand) string {
	return between(s, func(b *strings.Builder) { b.WriteRune(invisible[rng.IntN(len(invisible))]) })
}

func diacritics(s string, rng *rand.Rand) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
		if r < utf8.RuneSelf && unicode.IsLetter(r) && rng.IntN(2) == 0 {
			b.WriteRune(0x300 + rune(rng.IntN(13)))
		}
	}
	return b.String()
}

// between calls f between any two letters of a word.
func between(s string, f func(*strings.Builder)) string {
	var b strings.Builder
	inside := false
	for _, r := range s {
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		if word && inside {
			f(&b)
		}
		b.WriteRune(r)
		inside = word
	}
	return b.String()
}

// spaced puts a space between letters, and three between words, as people do it.
func spaced(s string, _ *rand.Rand) string {
	return between(strings.ReplaceAll(s, " ", "   "), func(b *strings.Builder) { b.WriteByte(' ') })
}

// Pad puts harmless text, times as long as the listing's own, around its body:
// half before and half after. The text is taken from the bodies of others.
func Pad(l scorer.Listing, times int, others []Sample, rng *rand.Rand) scorer.Listing {
	want := times * len(l.Text[scorer.Body])
	take := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(others[rng.IntN(len(others))].Listing.Text[scorer.Body])
			b.WriteByte('\n')
		}
		s := b.String()
		if len(s) > n {
			for n > 0 && !utf8.RuneStart(s[n]) {
				n--
			}
			s = s[:n]
		}
		return s
	}
	l.Text[scorer.Body] = take(want/2) + "\n" + l.Text[scorer.Body] + "\n" + take(want-want/2)
	return l
}
