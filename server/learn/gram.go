// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"slices"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/normal"
)

// text is a listing as the wording model reads it.
type text struct {
	title, body []uint64 // hashes of words
	blocked     blocked  // shared by all texts
}

// blocked are words that no n-gram may hold: what data sets put in, and numbers
// long enough to be somebody's.
type blocked map[uint64]bool

// longNumber is from how many digits on a word is no feature.
const longNumber = 5

// block notes the words of a text that are blocked, by their hash.
func (b blocked) block(s string) {
	for word := range strings.FieldsSeq(normal.Fold(s)) {
		digits := 0
		for _, c := range []byte(word) {
			if c >= '0' && c <= '9' {
				digits++
			}
		}
		if digits >= longNumber || word == gapWord {
			b[normal.HashWord(word)] = true
		}
	}
}

// readTexts gives the samples' words, as the scorer reads them.
func readTexts(s *scorer.Scorer, samples []Sample) []text {
	b := blocked{normal.HashWord("url"): true}
	out := make([]text, len(samples))
	for i := range samples {
		l := trainingText(samples[i].Listing)
		b.block(l.Text[scorer.Title])
		b.block(l.Text[scorer.Body])
		out[i].title, out[i].body = s.WordingWords(&l)
		out[i].blocked = b
	}
	return out
}

// grams gives the distinct features of a text, ascending, but for those that hold
// a rare word.
func (t *text) grams(rare map[uint64]bool) []uint32 {
	var out []uint32
	out = t.append(out, t.title, rare, 0)
	out = t.append(out, t.title, rare, 1)
	out = t.append(out, t.body, rare, 0)
	slices.Sort(out)
	return slices.Compact(out)
}

// append appends the features of words; title is 1 for those of a title.
func (t *text) append(dst []uint32, words []uint64, rare map[uint64]bool, title int) []uint32 {
	run := 0 // words since the last one that is left out
	hash := func(w uint64) uint64 {
		if title == 1 {
			return scorer.TitleWord(w)
		}
		return w
	}
	for i, w := range words {
		if t.blocked[w] || rare[w] {
			run = 0
			continue
		}
		run++
		c := hash(w)
		dst = append(dst, scorer.Gram1(c))
		if run > 1 {
			dst = append(dst, scorer.Gram2(hash(words[i-1]), c))
		}
		if run > 2 {
			dst = append(dst, scorer.Gram3(hash(words[i-2]), hash(words[i-1]), c))
		}
	}
	return dst
}
