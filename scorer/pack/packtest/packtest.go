// SPDX-License-Identifier: Apache-2.0

// Package packtest makes large packs for tests and benchmarks: invented
// phrases of one to four words, six in ten of one language and the rest of
// sixteen others in six scripts, spread over some hundreds of indicators, and
// what one day of maintenance does to them.
//
// The words are invented too, but as predictable as those of a real list: with
// the 100 000 entries of Generate, gzip packs plain length-prefixed rows into
// as many bytes per entry as it does for phrases taken from prose and from
// programs' menus (9.4), and a test holds it there.
//
// The same arguments give the same pack, on every machine.
package packtest

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"lapwing/scorer/pack"
)

// Indicators is how many indicators a generated pack has.
const Indicators = 300

// Generate makes a pack of so many patterns in canonical order: all are plain
// phrases in normal form.
func Generate(seed uint64, patterns int) *pack.Pack {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := &pack.Pack{
		Name: "generated", Version: 1, Created: "2026-11-01",
		Indicators: indicators(rng),
		Policy: pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12,
			Levels: []pack.LevelRule{{Notice: 4, Elevated: 10, High: 18}}},
	}
	p.Patterns = phrases(rng, patterns, map[string]bool{})
	return canonical(p)
}

// NextDay is the pack one day later: of its patterns 0.25 % are gone, 0.25 %
// belong to another indicator (another weight, that is), and 0.5 % are new.
func NextDay(p *pack.Pack, seed uint64) *pack.Pack {
	rng := rand.New(rand.NewPCG(seed, 2))
	next := *p
	next.Version++
	next.Created = tomorrow(p.Created)
	n := len(p.Patterns)
	order := rng.Perm(n)
	gone := map[int]bool{}
	for _, i := range order[:n/400] {
		gone[i] = true
	}
	changed := map[int]bool{}
	for _, i := range order[n/400 : n/200] {
		changed[i] = true
	}
	taken := make(map[string]bool, n)
	next.Patterns = make([]pack.Pattern, 0, n+n/400)
	for i, pat := range p.Patterns {
		taken[pat.Expr] = true
		if gone[i] {
			continue
		}
		if changed[i] {
			pat.Indicator = (pat.Indicator + 1 + rng.Uint32N(Indicators-1)) % Indicators
		}
		next.Patterns = append(next.Patterns, pat)
	}
	next.Patterns = append(next.Patterns, phrases(rng, n/200, taken)...)
	return canonical(&next)
}

// Wording makes a model with so many features for English jobs. Their hashes
// are spread like real ones, but belong to no words.
func Wording(seed uint64, features int) pack.Wording {
	rng := rand.New(rand.NewPCG(seed, 3))
	m := pack.Wording{Lang: "en", Kinds: 1 << pack.Job, Bias: -200, Doc: [2]int32{900, 1500}, Window: [2]int32{700, 1200}}
	seen := map[uint32]bool{}
	for len(seen) < features {
		seen[rng.Uint32N(1<<pack.FeatureBits)] = true
	}
	for h := range seen {
		m.Features = append(m.Features, h)
	}
	slices.Sort(m.Features)
	for range m.Features {
		// Sums of three make a bell, as trained weights do; some words are
		// there for the vocabulary only.
		w := int8(rng.IntN(41) + rng.IntN(41) + rng.IntN(41) - 60)
		if rng.IntN(8) == 0 {
			w = 0
		}
		m.Weights = append(m.Weights, w)
	}
	return m
}

func canonical(p *pack.Pack) *pack.Pack {
	p, err := pack.Canonical(p)
	if err != nil {
		panic("packtest: " + err.Error()) // the generator is wrong
	}
	return p
}

func indicators(rng *rand.Rand) []pack.Indicator {
	families := []string{"contact", "payment", "identity", "pay", "job", "documents", "debt", "isolation", "control", "travel"}
	sources := []string{"ILO indicators of forced labour, 2012", "UNODC human trafficking indicators, 2009"}
	list := make([]pack.Indicator, Indicators)
	for i := range list {
		strength := pack.Strength(rng.IntN(int(pack.NumStrengths)))
		band := pack.Bands[strength]
		list[i] = pack.Indicator{
			// The number keeps IDs apart and in order.
			ID:        families[i*len(families)/len(list)] + "." + "n" + strconv.Itoa(1000+i) + "-" + english.word(rng),
			Dimension: pack.Dimension(rng.IntN(int(pack.NumDimensions))),
			Strength:  strength,
			Weight:    band[0] + uint8(rng.IntN(int(band[1]-band[0])+1)),
			Kinds:     1<<pack.Job | uint16(rng.IntN(2))<<pack.AuPair,
			Status:    pack.Active,
			Sources:   sources[rng.IntN(2):],
			Expires:   "2027-11-23",
		}
	}
	slices.SortFunc(list, func(a, b pack.Indicator) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// phrases draws n patterns that are not taken yet, and takes them.
func phrases(rng *rand.Rand, n int, taken map[string]bool) []pack.Pattern {
	list := make([]pack.Pattern, 0, n)
	for len(list) < n {
		v := english
		if rng.IntN(10) < 4 {
			v = others[rng.IntN(len(others))]
		}
		expr := v.phrase(rng)
		if taken[expr] {
			continue
		}
		taken[expr] = true
		list = append(list, pack.Pattern{Indicator: rng.Uint32N(Indicators), Lang: v.lang, Expr: expr})
	}
	return list
}

// tomorrow counts days in months of 28, so that any result is a day.
func tomorrow(day string) string {
	y, _ := strconv.Atoi(day[:4])
	m, _ := strconv.Atoi(day[5:7])
	d, _ := strconv.Atoi(day[8:])
	if d++; d > 28 {
		d, m = 1, m+1
	}
	if m > 12 {
		m, y = 1, y+1
	}
	return strconv.Itoa(y) + "-" + strconv.Itoa(100 + m)[1:] + "-" + strconv.Itoa(100 + d)[1:]
}
