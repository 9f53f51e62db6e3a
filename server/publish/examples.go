// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"strconv"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// CheckExamples scores every example with its own indicator alone: a "yes" must
// fire it, a "no" must not, and each pattern should be exercised by a "yes".
func (s *Source) CheckExamples() Faults {
	var faults Faults
	for i := range s.Indicators {
		ind := &s.Indicators[i]
		if ind.Status == StatusRetired || len(ind.Patterns) == 0 || ind.Kinds == 0 {
			continue
		}
		t, err := newTrial(s, ind)
		if err != nil {
			faults = append(faults, Fault{Place: ind.Place, Problem: err.Error(), Hint: "simplify its patterns"})
			continue
		}
		faults = append(faults, t.run()...)
	}
	faults.Sort()
	return faults
}

// trial scores the examples of one indicator. Each of its patterns stands in the
// pack as an indicator of its own, so that one can tell which of them matched.
type trial struct {
	ind     *Indicator
	source  *Source
	scorer  *scorer.Scorer
	pattern map[int]*Pattern // by index in the pack's indicators
	kind    pack.Kind
	used    map[*Pattern]bool
}

func newTrial(s *Source, ind *Indicator) (*trial, error) {
	t := &trial{ind: ind, source: s, used: map[*Pattern]bool{}}
	for k := pack.Job; k < pack.NumKinds && t.kind == pack.Unknown; k++ {
		if ind.Kinds&(1<<k) != 0 {
			t.kind = k
		}
	}
	var err error
	t.scorer, t.pattern, err = t.compile(true)
	return t, err
}

// compile makes a scorer of the indicator's patterns, with or without what takes
// a hit away.
func (t *trial) compile(unless bool) (*scorer.Scorer, map[int]*Pattern, error) {
	p := &pack.Pack{Name: "trial", Version: 1, Policy: t.source.Policy}
	seen := map[string]bool{}
	for _, w := range t.source.Protected {
		if !seen[w.Words] {
			seen[w.Words] = true
			p.Protected = append(p.Protected, w.Words)
		}
	}
	patterns := map[int]*Pattern{}
	for i := range t.ind.Patterns {
		if t.ind.Patterns[i].Role != pack.Fires {
			continue
		}
		at := len(p.Indicators)
		patterns[at] = &t.ind.Patterns[i]
		alone := t.ind.Indicator
		alone.ID = "trial." + fmt.Sprintf("%06d", at)                           // sorts as it is numbered
		alone.Status, alone.Weight = pack.Active, defaultWeight[alone.Strength] // which may be at fault itself
		p.Indicators = append(p.Indicators, alone)
		for k := range t.ind.Patterns {
			other := &t.ind.Patterns[k]
			if k == i || unless && other.Role == pack.Unless {
				p.Patterns = append(p.Patterns, pack.Pattern{Indicator: uint32(at), Role: other.Role, Lang: other.Lang, Expr: other.Parsed.String()})
			}
		}
	}
	canonical, err := pack.Canonical(p)
	if err != nil {
		return nil, nil, err
	}
	sc, err := scorer.New(canonical)
	return sc, patterns, err
}

func (t *trial) run() Faults {
	var faults Faults
	fault := func(p Place, problem, hint string) {
		faults = append(faults, Fault{Place: p, Problem: problem, Hint: hint})
	}
	for _, e := range t.ind.Examples {
		verdict := t.scorer.Score(t.listing(e))
		switch {
		case e.Want && len(verdict.Reasons) == 0:
			fault(e.Place, "the example does not match", t.whyNot(e))
		case !e.Want && len(verdict.Reasons) > 0:
			reason := verdict.Reasons[0]
			fault(e.Place, "the near miss matches", fmt.Sprintf("the pattern in line %d finds %s: narrow it, or add to unless",
				t.pattern[reason.Indicator].Line, passage(e.Text, reason)))
		}
		if e.Want {
			for _, reason := range verdict.Reasons {
				t.used[t.pattern[reason.Indicator]] = true
			}
		}
	}
	return append(faults, t.unused()...)
}

// unused warns of patterns that no example exercises: nobody has tried them.
func (t *trial) unused() Faults {
	var lines []string
	var first Place
	all := 0
	for i := range t.ind.Patterns {
		p := &t.ind.Patterns[i]
		if p.Role != pack.Fires {
			continue
		}
		all++
		if !t.used[p] {
			if len(lines) == 0 {
				first = p.Place
			}
			lines = append(lines, strconv.Itoa(p.Line))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return Faults{{Place: first, Warning: true, Hint: `add a "yes" for each: lines ` + strings.Join(lines, ", "),
		Problem: fmt.Sprintf("no example exercises %d of %s", len(lines), count(all, "pattern"))}}
}

func (t *trial) listing(e Example) *scorer.Listing {
	l := &scorer.Listing{Kind: t.kind, Lang: e.Lang}
	l.Text[scorer.Body] = e.Text
	return l
}

// whyNot says whether a pattern matched and "unless" took the hit away.
func (t *trial) whyNot(e Example) string {
	without, patterns, err := t.compile(false)
	if err != nil {
		return "widen a pattern"
	}
	verdict := without.Score(t.listing(e))
	if len(verdict.Reasons) == 0 {
		return "no pattern finds it: add one, or widen one"
	}
	reason := verdict.Reasons[0]
	return fmt.Sprintf(`the pattern in line %d finds %s, but "unless" takes it away`, patterns[reason.Indicator].Line, passage(e.Text, reason))
}

// passage quotes what a reason's first span marks in a text.
func passage(text string, r scorer.Reason) string {
	if len(r.Spans) == 0 {
		return "it"
	}
	runes := []rune(text)
	span := r.Spans[0]
	if int(span.End) > len(runes) || span.Start > span.End {
		return "it"
	}
	return strconv.Quote(string(runes[span.Start:span.End]))
}

// CheckFalsePositives scores the texts that were once flagged wrongly with the
// whole list.
func (s *Source) CheckFalsePositives(p *pack.Pack, sc *scorer.Scorer) Faults {
	var faults Faults
	for _, fp := range s.FalsePositives {
		l := &scorer.Listing{Kind: fp.Kind, Lang: fp.Lang}
		l.Text[scorer.Body] = fp.Text
		verdict := sc.Score(l)
		if fp.Indicator == "" && verdict.Level > scorer.None {
			faults = append(faults, Fault{Place: fp.Place, Problem: fmt.Sprintf("the false positive is back: level %s", verdict.Level), Hint: "narrow what fires on it"})
		}
		for _, reason := range verdict.Reasons {
			if reason.Indicator >= 0 && fp.Indicator == p.Indicators[reason.Indicator].ID {
				faults = append(faults, Fault{Place: fp.Place, Problem: fmt.Sprintf("the false positive of %s is back: it finds %s", fp.Indicator, passage(fp.Text, reason)),
					Hint: "narrow its patterns, or add to unless"})
			}
		}
	}
	return faults
}
