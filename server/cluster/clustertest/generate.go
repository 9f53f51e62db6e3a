// SPDX-License-Identifier: Apache-2.0

// Package clustertest makes adverts of which it is known which belong together,
// and measures what a search made of them. All words are invented.
//
// A cluster is a base text with slots; its copies fill the slots differently,
// suffer word noise (deleted, replaced, inserted words), and some begin in the
// middle and end with what should have come first. Call Generate, then Rand and
// Pairs with the truth and what was found.
package clustertest

import (
	"math"
	"math/rand/v2"
	"strings"
)

// Options says what to make; the zero value of a field takes the default in brackets.
type Options struct {
	Seed     uint64
	Clusters int // [150]
	// Alone is how many adverts belong to no cluster.
	Alone int
	// Noise is the probability with which each word is deleted, replaced or has a
	// new one put behind it, each with a third of it.
	Noise float64
	// Rotated is the share of copies that begin in the middle; negative for none
	// [a third, if there is noise].
	Rotated float64
	// Words is the length of a base text [60 to 220].
	Words [2]int
	// Copies of each cluster [2 to 15].
	Copies [2]int
	// Base gives the texts to make copies of, in place of invented ones.
	Base []string
}

// Advert is one text, and the number of its cluster; those that are alone have
// numbers of their own.
type Advert struct {
	Text  string
	Truth int
}

// Generate makes adverts in random order.
func Generate(o Options) []Advert {
	defaults(&o)
	g := &generator{o: o, rng: rand.New(rand.NewPCG(o.Seed, 0x1a9)), words: vocabulary(o.Seed)}
	var all []Advert
	for c := range o.Clusters {
		t := g.template(g.base(c))
		for range g.between(o.Copies) {
			all = append(all, Advert{g.copy(t), c})
		}
	}
	for k := range o.Alone {
		words := g.base(o.Clusters + k)
		all = append(all, Advert{strings.Join(words, " "), o.Clusters + k})
	}
	g.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func defaults(o *Options) {
	if o.Clusters == 0 {
		o.Clusters = 150
	}
	if o.Rotated == 0 && o.Noise > 0 {
		o.Rotated = 1.0 / 3
	}
	if o.Words == [2]int{} {
		o.Words = [2]int{60, 220}
	}
	if o.Copies == [2]int{} {
		o.Copies = [2]int{2, 15}
	}
}

type generator struct {
	o     Options
	rng   *rand.Rand
	words []string
}

func (g *generator) between(b [2]int) int { return b[0] + g.rng.IntN(b[1]-b[0]+1) }

// base is the words of text number k.
func (g *generator) base(k int) []string {
	if len(g.o.Base) > 0 {
		return strings.Fields(g.o.Base[k%len(g.o.Base)])
	}
	words := make([]string, g.between(g.o.Words))
	for i := range words {
		words[i] = g.word()
	}
	return words
}

// word picks one as languages do: the n-th most frequent with a weight of 1/n.
func (g *generator) word() string {
	n := int(math.Exp(g.rng.Float64()*math.Log(float64(len(g.words))))) - 1
	return g.words[min(n, len(g.words)-1)]
}

// vocabulary is invented words, short ones first, since frequent ones are short.
func vocabulary(seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 0x30c))
	const consonants, vowels, size = "bdfghklmnprstvwz", "aeiou", 12000
	seen := map[string]bool{}
	var words []string
	for len(words) < size {
		var b strings.Builder
		for range 1 + min(len(words)/120, 2) + rng.IntN(2) {
			b.WriteByte(consonants[rng.IntN(len(consonants))])
			b.WriteByte(vowels[rng.IntN(len(vowels))])
		}
		if w := b.String(); !seen[w] || len(words) < 100 {
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}

// template is a base text with slots: where, how many words of the base they
// take, and what may stand there.
type template struct {
	words []string
	slots map[int]slot
}

type slot struct {
	takes  int
	values [][]string
}

func (g *generator) template(words []string) template {
	t := template{words, map[int]slot{}}
	for range 2 + g.rng.IntN(3) {
		s := slot{takes: 1 + g.rng.IntN(3)}
		for range 8 {
			var value []string
			for range 1 + g.rng.IntN(3) {
				value = append(value, g.word())
			}
			s.values = append(s.values, value)
		}
		t.slots[g.rng.IntN(len(words))] = s
	}
	return t
}

func (g *generator) copy(t template) string {
	var out []string
	for k := 0; k < len(t.words); k++ {
		if s, ok := t.slots[k]; ok {
			out = append(out, s.values[g.rng.IntN(len(s.values))]...)
			k += s.takes - 1
			continue
		}
		out = append(out, t.words[k])
	}
	out = g.noise(out)
	if g.rng.Float64() < g.o.Rotated && len(out) > 1 {
		at := g.rng.IntN(len(out))
		out = append(append([]string{}, out[at:]...), out[:at]...)
	}
	return strings.Join(out, " ")
}

func (g *generator) noise(words []string) []string {
	var out []string
	for _, w := range words {
		if g.rng.Float64() >= g.o.Noise {
			out = append(out, w)
			continue
		}
		switch g.rng.IntN(3) {
		case 0: // deleted
		case 1:
			out = append(out, g.word())
		case 2:
			out = append(out, w, g.word())
		}
	}
	return out
}
