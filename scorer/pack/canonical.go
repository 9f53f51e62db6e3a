// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"cmp"
	"slices"
	"strings"
)

// Canonical gives the pack in the order in which it is encoded, or says what is
// wrong with it. It does not change p; where p is in order already, it is the
// result.
func Canonical(p *Pack) (*Pack, error) {
	if p.check() == nil {
		return p, nil
	}
	q := *p
	if err := q.sortIndicators(); err != nil {
		return nil, err
	}
	slices.SortFunc(q.Patterns, func(a, b Pattern) int { return comparePatterns(&a, &b) })
	q.Protected = slices.Clone(p.Protected)
	slices.Sort(q.Protected)
	q.Texts = slices.Clone(p.Texts)
	slices.SortFunc(q.Texts, func(a, b Text) int { return compareTexts(&a, &b) })
	q.Documents = slices.Clone(p.Documents)
	slices.SortFunc(q.Documents, func(a, b Document) int { return compareDocuments(&a, &b) })
	q.Policy.Levels = slices.Clone(p.Policy.Levels)
	slices.SortFunc(q.Policy.Levels, func(a, b LevelRule) int { return compareLevels(&a, &b) })
	q.Wording = slices.Clone(p.Wording)
	slices.SortFunc(q.Wording, func(a, b Wording) int { return compareWording(&a, &b) })
	if err := q.check(); err != nil {
		return nil, err
	}
	return &q, nil
}

// sortIndicators sorts a copy of the indicators and points a copy of the
// patterns at their new places.
func (p *Pack) sortIndicators() error {
	order := make([]int, len(p.Indicators))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return strings.Compare(p.Indicators[a].ID, p.Indicators[b].ID)
	})
	indicators := make([]Indicator, len(order))
	place := make([]uint32, len(order))
	for to, from := range order {
		indicators[to] = p.Indicators[from]
		place[from] = uint32(to)
	}
	patterns := slices.Clone(p.Patterns)
	for i := range patterns {
		if int64(patterns[i].Indicator) >= int64(len(place)) {
			return &Error{InPatterns, i, NoSuchIndicator}
		}
		patterns[i].Indicator = place[patterns[i].Indicator]
	}
	p.Indicators, p.Patterns = indicators, patterns
	return nil
}

func compareIndicators(a, b *Indicator) int { return strings.Compare(a.ID, b.ID) }

func compareStrings(a, b *string) int { return strings.Compare(*a, *b) }

func compareDocuments(a, b *Document) int { return strings.Compare(a.Name, b.Name) }

func comparePatterns(a, b *Pattern) int {
	if c := strings.Compare(a.Expr, b.Expr); c != 0 {
		return c
	}
	if c := strings.Compare(a.Lang, b.Lang); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Role, b.Role); c != 0 {
		return c
	}
	return cmp.Compare(a.Indicator, b.Indicator)
}

func compareTexts(a, b *Text) int {
	if c := strings.Compare(a.Lang, b.Lang); c != 0 {
		return c
	}
	return strings.Compare(a.Key, b.Key)
}

func compareLevels(a, b *LevelRule) int {
	if c := cmp.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	return strings.Compare(a.Lang, b.Lang)
}

func compareWording(a, b *Wording) int {
	if c := strings.Compare(a.Lang, b.Lang); c != 0 {
		return c
	}
	return cmp.Compare(a.Kinds, b.Kinds)
}
