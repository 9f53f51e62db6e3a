// SPDX-License-Identifier: Apache-2.0

// Command bench measures the scorer beside its peers: the same phrases, the same
// text, the same run, taken in turns, so that ratios hold on a busy machine.
package main

import (
	"flag"
	"fmt"
	"os"

	ahocorasick "github.com/petar-dambovaliev/aho-corasick"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

func main() {
	size := flag.Int("size", 8<<20, "bytes of text")
	rounds := flag.Int("rounds", 7, "times that each reads the text; the best counts")
	module := flag.String("module", "", "the scoring module's `file`, to compare engines")
	flag.Parse()
	c := load(*size)
	fmt.Printf("%s: %d listings, %.1f MB\n\n", c.name, len(c.docs), float64(c.bytes)/1e6)
	err := run(c, *rounds)
	if err == nil && *module != "" {
		err = engines(c, *module, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

func run(c corpus, rounds int) error {
	folded := make([]string, len(c.docs))
	for i, d := range c.docs {
		folded[i] = normal.Fold(d)
	}
	for _, n := range []int{1000, 10000, 100000} {
		list := phrases(c, n)
		t := table{docs: c.docs, folded: folded, bytes: c.bytes, rounds: rounds}
		s, err := newScorer(list, 0)
		if err != nil {
			return err
		}
		full, err := newScorer(list, 20000)
		if err != nil {
			return err
		}
		t.add("scorer, matching with deobfuscation", false, func(doc string) int { return s.Matches(listing(doc)) })
		t.add("scorer, whole verdict", false, func(doc string) int { return len(full.Score(listing(doc)).Reasons) })
		bounded := make([]string, n)
		for i, p := range list {
			bounded[i] = " " + p + " "
		}
		if err := addHyperscan(&t, bounded); err != nil {
			return err
		}
		if n <= 10000 {
			b := ahocorasick.NewAhoCorasickBuilder(ahocorasick.Opts{DFA: true, MatchKind: ahocorasick.StandardMatch})
			ac := b.Build(bounded)
			t.add("petar-dambovaliev/aho-corasick DFA, normal form", true, func(doc string) int {
				hits := 0
				for it := ac.IterOverlapping(doc); it.Next() != nil; {
					hits++
				}
				return hits
			})
		}
		t.print(fmt.Sprintf("%d phrases", n))
		if n == 1000 {
			if err := programs(c, list, 1<<20); err != nil {
				return err
			}
			fmt.Println()
		}
	}
	return hurt(c, rounds)
}

func listing(doc string) *scorer.Listing {
	var l scorer.Listing
	l.Text[scorer.Body] = doc
	l.Kind = pack.Job
	l.Lang = "en"
	return &l
}

// newScorer compiles benchPack.
func newScorer(list []string, weights int) (*scorer.Scorer, error) {
	return scorer.New(benchPack(list, weights))
}

// benchPack makes a pack of the phrases over 300 indicators, with a wording model
// of so many weights.
func benchPack(list []string, weights int) *pack.Pack {
	p := &pack.Pack{Name: "bench", Version: 1, Created: "2026-11-23"}
	p.Policy = pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12, Levels: []pack.LevelRule{{Notice: 30, Elevated: 60, High: 90}}}
	for i := range 300 {
		p.Indicators = append(p.Indicators, pack.Indicator{ID: fmt.Sprintf("family%02d.indicator%03d", i/20, i), Strength: pack.Weak, Weight: 2, Kinds: 1 << pack.Job, Status: pack.Active})
	}
	for i, e := range list {
		p.Patterns = append(p.Patterns, pack.Pattern{Indicator: uint32(i % 300), Lang: "en", Expr: e})
	}
	if weights > 0 { // the whole verdict: with every kind of entity looked for
		for i, class := range []string{"phone", "obscured-phone", "email", "link", "handle", "messenger", "pay over 9000", "age under 18", "hours over 60", "wallet", "obfuscated"} {
			p.Patterns = append(p.Patterns, pack.Pattern{Indicator: uint32(i), Lang: "en", Expr: "xyzzy <" + class + ">"})
		}
		p.Wording = []pack.Wording{wording(list, weights)}
	}
	return p
}
