// SPDX-License-Identifier: Apache-2.0

package packtest

import (
	"math/bits"
	"math/rand/v2"
	"strings"
)

// vocabulary is an invented language: words built of its own syllables, a few
// of which are used often, and each of which likes to be followed by a few others.
type vocabulary struct {
	lang      string
	syllables []string
	words     int  // how many there are, a power of two
	spaced    bool // every character stands alone, as in Chinese
	seed      uint64
}

var english = &vocabulary{lang: "en", words: 1 << 14, seed: 1,
	syllables: pairs("bcdfghklmnprstvwst", "aeiouea", "nrst")}

// others are only written with letters that stay what they are in normal form.
var others = []*vocabulary{
	{lang: "es", words: 1 << 12, seed: 2, syllables: pairs("bcdglmnprstv", "aeioao", "nsr")},
	{lang: "fr", words: 1 << 12, seed: 3, syllables: pairs("bcdfglmnprstv", "aeiouee", "stn")},
	{lang: "de", words: 1 << 12, seed: 4, syllables: pairs("bdfghklmnrstwz", "aeiue", "nrst")},
	{lang: "pt", words: 1 << 12, seed: 5, syllables: pairs("bcdfglmnprstv", "aeioa", "sm")},
	{lang: "it", words: 1 << 12, seed: 6, syllables: pairs("bcdfglmnprstvz", "aeioi", "n")},
	{lang: "nl", words: 1 << 12, seed: 7, syllables: pairs("bdghklmnprstvwz", "aeioee", "nrt")},
	{lang: "pl", words: 1 << 12, seed: 8, syllables: pairs("bcdgkmnprstwz", "aeioy", "mw")},
	{lang: "tr", words: 1 << 12, seed: 9, syllables: pairs("bdgklmnrstyz", "aeiu", "nrl")},
	{lang: "ru", words: 1 << 12, seed: 10, syllables: pairs("бвгдзклмнпрстч", "аеиоы", "тн")},
	{lang: "uk", words: 1 << 12, seed: 11, syllables: pairs("бвгдзклмнпрстч", "аеиоу", "тх")},
	{lang: "bg", words: 1 << 12, seed: 12, syllables: pairs("бвгдзклмнпрстщ", "аеиоъ", "н")},
	{lang: "el", words: 1 << 12, seed: 13, syllables: pairs("βγδκλμνπρστ", "αειο", "ν")},
	{lang: "ka", words: 1 << 12, seed: 14, syllables: pairs("ბგდზთკლმნპრ", "აეიო", "ნ")},
	{lang: "ar", words: 1 << 12, seed: 15, syllables: pairs("بتجدرسعفقكلمن", "او", "م")},
	{lang: "zh", words: 1 << 12, seed: 16, spaced: true, syllables: run('一', 700)},
	{lang: "he", words: 1 << 12, seed: 17, syllables: pairs("בגדהזחטלמנסקרשת", "אוי", "ת")},
}

// phrase joins one to four words, mostly two or three.
func (v *vocabulary) phrase(rng *rand.Rand) string {
	n := [...]int{1, 2, 2, 2, 3, 3, 3, 4}[rng.IntN(8)]
	words := make([]string, n)
	at := v.often(rng)
	for i := range words {
		words[i] = v.spell(at)
		if rng.IntN(8) < 5 {
			// One of the few words that usually follow.
			at = mix(v.seed<<40^at<<8^uint64(rng.IntN(6))) % uint64(v.words)
		} else {
			at = v.often(rng)
		}
	}
	return strings.Join(words, " ")
}

func (v *vocabulary) word(rng *rand.Rand) string { return v.spell(v.often(rng)) }

// often draws a word's rank so that each doubling of the rank is as likely as
// the one before: Zipf's law.
func (v *vocabulary) often(rng *rand.Rand) uint64 {
	level := rng.IntN(bits.Len(uint(v.words)) - 1)
	return uint64(1)<<level + rng.Uint64N(1<<level)
}

// spell builds the word of a rank: the rarer, the longer.
func (v *vocabulary) spell(rank uint64) string {
	h := mix(v.seed<<32 ^ rank)
	n := 1
	if rank >= 32 {
		n += int(h % 2)
	}
	if rank >= 1024 {
		n++
	}
	parts := make([]string, n)
	for i := range parts {
		h = mix(h)
		// Of two draws the lower: some syllables are more common than others.
		a, b := h>>32%uint64(len(v.syllables)), h%uint64(len(v.syllables))
		parts[i] = v.syllables[min(a, b)]
	}
	if v.spaced {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, "")
}

// mix is the finaliser of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pairs gives consonant and vowel, and with some of them a final consonant.
func pairs(first, vowels, last string) []string {
	var list []string
	for _, c := range first {
		for _, v := range vowels {
			list = append(list, string(c)+string(v))
		}
	}
	for _, c := range first {
		for _, v := range vowels {
			for _, e := range last {
				list = append(list, string(c)+string(v)+string(e))
			}
		}
	}
	return list
}

func run(first rune, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = string(first + rune(i))
	}
	return list
}
