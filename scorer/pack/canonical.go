// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"cmp"
	"slices"
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
	q.Patterns = sorted(q.Patterns, comparePatterns)
	q.Protected = sorted(p.Protected, compareStrings)
	q.Texts = sorted(p.Texts, compareTexts)
	q.Documents = sorted(p.Documents, compareDocuments)
	q.Policy.Levels = sorted(p.Policy.Levels, compareLevels)
	q.Wording = sorted(p.Wording, compareWording)
	if err := q.check(); err != nil {
		return nil, err
	}
	return &q, nil
}

// sortIndicators sorts a copy of the indicators and points a copy of the
// patterns at their new places.
func (p *Pack) sortIndicators() error {
	order := sortedOrder(len(p.Indicators), func(a, b int) int {
		return cmp.Compare(p.Indicators[a].ID, p.Indicators[b].ID)
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

// sorted is a sorted copy of list.
func sorted[T any](list []T, compare func(a, b *T) int) []T {
	order := sortedOrder(len(list), func(a, b int) int { return compare(&list[a], &list[b]) })
	out := make([]T, len(list))
	for to, from := range order {
		out[to] = list[from]
	}
	return out
}

// sortedOrder merges ever longer runs of places. (slices.SortFunc would come
// into the module once for each type of entry, at 20 kB each.)
func sortedOrder(n int, compare func(a, b int) int) []int {
	order, spare := make([]int, n), make([]int, n)
	for i := range order {
		order[i] = i
	}
	for run := 1; run < n; run *= 2 {
		for start := 0; start < n; start += 2 * run {
			middle, end := min(start+run, n), min(start+2*run, n)
			i, j := start, middle
			for k := start; k < end; k++ {
				if j == end || i < middle && compare(order[i], order[j]) <= 0 {
					spare[k] = order[i]
					i++
				} else {
					spare[k] = order[j]
					j++
				}
			}
		}
		order, spare = spare, order
	}
	return order
}

func compareIndicators(a, b *Indicator) int { return cmp.Compare(a.ID, b.ID) }

func compareStrings(a, b *string) int { return cmp.Compare(*a, *b) }

func compareDocuments(a, b *Document) int { return cmp.Compare(a.Name, b.Name) }

func comparePatterns(a, b *Pattern) int {
	if c := cmp.Compare(a.Expr, b.Expr); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Lang, b.Lang); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Role, b.Role); c != 0 {
		return c
	}
	return cmp.Compare(a.Indicator, b.Indicator)
}

func compareTexts(a, b *Text) int {
	if c := cmp.Compare(a.Lang, b.Lang); c != 0 {
		return c
	}
	return cmp.Compare(a.Key, b.Key)
}

func compareLevels(a, b *LevelRule) int {
	if c := cmp.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	return cmp.Compare(a.Lang, b.Lang)
}

func compareWording(a, b *Wording) int {
	if c := cmp.Compare(a.Lang, b.Lang); c != 0 {
		return c
	}
	return cmp.Compare(a.Kinds, b.Kinds)
}
