// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"cmp"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Summary says what a run has found. It is kept in the journal, so that a
// resumed run ends with the figures of the whole.
type Summary struct {
	Listings   int64                   `json:"listings"` // with a verdict
	Errors     int64                   `json:"errors"`
	Bytes      int64                   `json:"bytes"` // of text scored
	Levels     [scorer.NumLevels]int64 `json:"levels"`
	Kinds      [pack.NumKinds]int64    `json:"kinds"`
	Languages  map[string]int64        `json:"languages"`  // as the listings say; "" where they do not
	Indicators map[string]int64        `json:"indicators"` // listings per indicator
	Worst      []Excerpt               `json:"worst,omitempty"`
	Faults     []Fault                 `json:"faults,omitempty"` // the first ones

	pack *pack.Pack
}

// Fault is an error line, for the summary.
type Fault struct {
	File    string `json:"file,omitempty"`
	Line    int64  `json:"line"`
	Problem string `json:"problem"`
}

// Bounds on a summary, whatever the input says.
const (
	maxLanguages = 200
	otherLang    = "(other)"
	maxFaults    = 5
	maxWorst     = 50
)

func newSummary(p *pack.Pack) *Summary {
	return &Summary{pack: p, Languages: map[string]int64{}, Indicators: map[string]int64{}}
}

// tally is one block's share of the summary, counted by its worker.
type tally struct {
	listings, errors, bytes int64
	levels                  [scorer.NumLevels]int64
	kinds                   [pack.NumKinds]int64
	langs                   map[string]int64
	hits                    []int32 // indicators that fired, one entry each time
	worst                   []Excerpt
	faults                  []Fault
}

func (t *tally) emptied() tally {
	clear(t.langs)
	clear(t.worst)
	clear(t.faults)
	return tally{langs: t.langs, hits: t.hits[:0], worst: t.worst[:0], faults: t.faults[:0]}
}

// count goes over a block whose verdicts stand.
func (t *tally) count(b *Block) {
	if t.langs == nil {
		t.langs = map[string]int64{}
	}
	lang, run := "", int64(0) // most listings have the language of the one before
	for k := range b.records {
		r, l := &b.records[k], &b.listings[k]
		if r.Problem != "" {
			t.fault(b, r)
			continue
		}
		t.listings++
		t.levels[r.Verdict.Level]++
		t.kinds[l.Kind]++
		for f := range l.Text {
			t.bytes += int64(len(l.Text[f]))
		}
		for j := range r.Verdict.Reasons {
			t.hits = append(t.hits, int32(r.Verdict.Reasons[j].Indicator))
		}
		if l.Lang != lang {
			t.language(lang, run)
			lang, run = l.Lang, 0
		}
		run++
	}
	t.language(lang, run)
	for k := range b.trouble {
		t.fault(b, &b.trouble[k])
	}
}

// language counts n listings. The name is a view of the block's buffer, hence
// the copy when it is new.
func (t *tally) language(name string, n int64) {
	if n == 0 {
		return
	}
	if len(name) > 35 || len(t.langs) >= maxLanguages {
		name = otherLang
	}
	if _, ok := t.langs[name]; !ok {
		name = string([]byte(name))
	}
	t.langs[name] += n
}

func (t *tally) fault(b *Block, r *Record) {
	t.errors++
	if len(t.faults) < maxFaults {
		t.faults = append(t.faults, Fault{b.file, r.Line, r.Problem})
	}
}

// add takes a block's tally in.
func (s *Summary) add(t *tally) {
	s.Listings += t.listings
	s.Errors += t.errors
	s.Bytes += t.bytes
	for k, n := range t.levels {
		s.Levels[k] += n
	}
	for k, n := range t.kinds {
		s.Kinds[k] += n
	}
	for lang, n := range t.langs {
		if _, ok := s.Languages[lang]; !ok && len(s.Languages) >= maxLanguages {
			lang = otherLang
		}
		s.Languages[lang] += n
	}
	for _, k := range t.hits {
		s.Indicators[indicatorID(s.pack, int(k))]++
	}
	s.Faults = append(s.Faults, t.faults[:min(len(t.faults), maxFaults-min(len(s.Faults), maxFaults))]...)
	if len(t.worst) > 0 {
		s.Worst = append(s.Worst, t.worst...)
		slices.SortStableFunc(s.Worst, func(a, b Excerpt) int { return cmp.Compare(b.Score, a.Score) })
		s.Worst = s.Worst[:min(len(s.Worst), maxWorst)]
	}
}

// floor is the score that a listing must exceed to be among the worst.
func (s *Summary) floor() int32 {
	if len(s.Worst) < maxWorst {
		return -1
	}
	return int32(s.Worst[maxWorst-1].Score)
}

// Count is a name and how often it was seen.
type Count struct {
	Name string
	N    int64
}

// Top gives the n most frequent names, ties by name.
func Top(counts map[string]int64, n int) []Count {
	all := make([]Count, 0, len(counts))
	for name, k := range counts {
		all = append(all, Count{name, k})
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(n, len(all))]
}
