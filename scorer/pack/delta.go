// SPDX-License-Identifier: Apache-2.0

package pack

import "slices"

// deltaMagic opens a delta; its last byte is the version of the format.
const deltaMagic = "LAPDELT\x01"

// Diff gives what Apply needs to make next from old: what was removed, changed
// and added, section by section. Both must have the same name.
func Diff(old, next *Pack) ([]byte, error) {
	old, err := Canonical(old)
	if err != nil {
		return nil, err
	}
	if next, err = Canonical(next); err != nil {
		return nil, err
	}
	if old.Name != next.Name {
		return nil, &Error{InDelta, -1, WrongBase}
	}
	e := diffSections(old, next)
	langs, err := languages(e.withLanguages())
	if err != nil {
		return nil, err
	}
	w := encoder{langs: langs}
	w.b = append(w.b, deltaMagic...)
	w.uvarint(uint64(old.Version))
	w.uvarint(uint64(next.Version))
	w.day(next.Created)
	w.languages()
	w.places(e.indicators.removed)
	w.indicators(e.indicators.puts)
	w.patternEdits(old.Patterns, e.patterns)
	w.places(e.protected.removed)
	w.protected(e.protected.puts)
	w.places(e.texts.removed)
	w.texts(e.texts.puts)
	w.places(e.documents.removed)
	w.documents(e.documents.puts)
	if e.policy != nil {
		w.byte(1)
		w.policy(e.policy)
	} else {
		w.byte(0)
	}
	w.places(e.wordings.removed)
	w.wordings(e.wordings.puts)
	return w.b, nil
}

// sections are the edits of a whole pack.
type sections struct {
	indicators edits[Indicator]
	patterns   patternEdits
	protected  edits[string]
	texts      edits[Text]
	documents  edits[Document]
	policy     *Policy // nil where it stays
	wordings   edits[Wording]
}

func diffSections(old, next *Pack) sections {
	e := sections{
		indicators: diffList(old.Indicators, next.Indicators, compareIndicators, sameIndicator),
		patterns:   diffPatterns(old, next),
		protected:  diffList(old.Protected, next.Protected, compareStrings, func(_, _ *string) bool { return true }),
		texts:      diffList(old.Texts, next.Texts, compareTexts, func(a, b *Text) bool { return *a == *b }),
		documents:  diffList(old.Documents, next.Documents, compareDocuments, func(a, b *Document) bool { return *a == *b }),
		wordings:   diffList(old.Wording, next.Wording, compareWording, sameWording),
	}
	if !samePolicy(&old.Policy, &next.Policy) {
		e.policy = &next.Policy
	}
	return e
}

// withLanguages is a pack of all that the delta has to name a language of.
func (e sections) withLanguages() *Pack {
	p := &Pack{Texts: e.texts.puts, Wording: e.wordings.puts}
	p.Patterns = append(slices.Clone(e.patterns.changes), e.patterns.puts...)
	if e.policy != nil {
		p.Policy = *e.policy
	}
	return p
}

// edits turn one sorted list into another: a put replaces what has its key, or
// is new.
type edits[T any] struct {
	removed []int // places in the old list
	puts    []T
}

func diffList[T any](old, next []T, compare func(a, b *T) int, same func(a, b *T) bool) (e edits[T]) {
	i, j := 0, 0
	for i < len(old) || j < len(next) {
		switch c := compareEnds(old, next, i, j, compare); {
		case c < 0:
			e.removed = append(e.removed, i)
			i++
		case c > 0:
			e.puts = append(e.puts, next[j])
			j++
		default:
			if !same(&old[i], &next[j]) {
				e.puts = append(e.puts, next[j])
			}
			i++
			j++
		}
	}
	return e
}

// compareEnds compares a[i] with b[j], where the end of a list is greater than anything.
func compareEnds[T any](a, b []T, i, j int, compare func(a, b *T) int) int {
	switch {
	case i == len(a):
		return 1
	case j == len(b):
		return -1
	}
	return compare(&a[i], &b[j])
}

// patternEdits are edits of patterns, for which a change of all but the
// expression costs a place and three bytes.
type patternEdits struct {
	removed []int
	changed []int     // places in the old list
	changes []Pattern // what stands there now
	puts    []Pattern
}

// diffPatterns walks over both lists by expression. The patterns of one
// expression are the same, or changed, in order, or removed or added.
func diffPatterns(old, next *Pack) (e patternEdits) {
	place := placesByID(old.Indicators, next.Indicators)
	a, b := old.Patterns, next.Patterns
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i].Expr == b[j].Expr:
			m, n := sameExpr(a, i), sameExpr(b, j)
			e.group(a[i:m], b[j:n], i, place)
			i, j = m, n
		case j == len(b) || i < len(a) && a[i].Expr < b[j].Expr:
			e.removed = append(e.removed, i)
			i++
		default:
			e.puts = append(e.puts, b[j])
			j++
		}
	}
	return e
}

// sameExpr is the end of the run of patterns that share the expression of list[i].
func sameExpr(list []Pattern, i int) int {
	for k := i + 1; ; k++ {
		if k == len(list) || list[k].Expr != list[i].Expr {
			return k
		}
	}
}

func (e *patternEdits) group(old, next []Pattern, first int, place []uint32) {
	var left []int      // places of old patterns that are not in next
	var right []Pattern // new patterns that are not in old
	for i, j := 0, 0; i < len(old) || j < len(next); {
		c := -1
		switch {
		case i == len(old):
			c = 1
		case j < len(next):
			moved := old[i]
			moved.Indicator = place[moved.Indicator]
			c = comparePatterns(&moved, &next[j])
		}
		if c < 0 {
			left = append(left, first+i)
		} else if c > 0 {
			right = append(right, next[j])
		}
		if c <= 0 {
			i++
		}
		if c >= 0 {
			j++
		}
	}
	n := min(len(left), len(right))
	e.changed = append(e.changed, left[:n]...)
	e.changes = append(e.changes, right[:n]...)
	e.removed = append(e.removed, left[n:]...)
	e.puts = append(e.puts, right[n:]...)
}

// nowhere is the place of an indicator that is gone.
const nowhere = 1<<32 - 1

// placesByID says where each old indicator stands in the new list.
func placesByID(old, next []Indicator) []uint32 {
	place := make([]uint32, len(old))
	j := 0
	for i := range old {
		for j < len(next) && next[j].ID < old[i].ID {
			j++
		}
		place[i] = nowhere
		if j < len(next) && next[j].ID == old[i].ID {
			place[i] = uint32(j)
		}
	}
	return place
}

// places writes ascending numbers as gaps.
func (w *encoder) places(list []int) {
	w.count(len(list))
	next := 0
	for _, i := range list {
		w.count(i - next)
		next = i + 1
	}
}

func (w *encoder) patternEdits(old []Pattern, e patternEdits) {
	w.places(e.removed)
	w.places(e.changed)
	w.patternColumns(e.changes)
	w.count(len(e.puts))
	// Each new expression says between which old ones it stands, and then only
	// in what it differs from the one before it.
	before := make([]string, len(e.puts))
	last := 0
	for i := range e.puts {
		at := last
		for at < len(old) && old[at].Expr <= e.puts[i].Expr {
			at++
		}
		w.count(at - last)
		before[i] = predecessor(old, e.puts, i, at, last)
		last = at
	}
	w.suffixes(len(e.puts), func(i int) string { return e.puts[i].Expr }, func(i int) string { return before[i] })
	w.patternColumns(e.puts)
}

// predecessor is the expression that puts[i], which stands before old[at], is
// written against; last is where puts[i-1] stands.
func predecessor(old, puts []Pattern, i, at, last int) string {
	switch {
	case i > 0 && at == last:
		return puts[i-1].Expr
	case at > 0:
		return old[at-1].Expr
	}
	return ""
}

func sameIndicator(a, b *Indicator) bool {
	return a.Dimension == b.Dimension && a.Strength == b.Strength && a.Weight == b.Weight &&
		a.Kinds == b.Kinds && a.Status == b.Status && a.Expires == b.Expires && slices.Equal(a.Sources, b.Sources)
}

func samePolicy(a, b *Policy) bool {
	return a.FamilyCap == b.FamilyCap && a.WindowWords == b.WindowWords && a.NearWords == b.NearWords &&
		slices.Equal(a.Levels, b.Levels)
}

func sameWording(a, b *Wording) bool {
	return a.Bias == b.Bias && a.Doc == b.Doc && a.Window == b.Window &&
		slices.Equal(a.Features, b.Features) && slices.Equal(a.Weights, b.Weights)
}
