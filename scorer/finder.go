// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// Finder finds entities in a text, without any list: for whoever wants to know
// where they are and not what they mean. It is not safe for concurrent use.
type Finder struct {
	s  *Scorer
	sc *scratch
}

// Found is an entity: bytes of the text as it was given.
type Found struct {
	Class    rule.Class
	From, To int
}

// NewFinder makes a Finder for these classes.
func NewFinder(classes ...rule.Class) *Finder {
	p := &pack.Pack{Indicators: []pack.Indicator{{ID: "finder.any"}}}
	for _, c := range classes {
		p.Patterns = append(p.Patterns, pack.Pattern{Expr: "<" + c.String() + ">"})
	}
	s, err := New(p)
	if err != nil {
		panic(err) // a class that is none
	}
	return &Finder{s, &scratch{}}
}

// Find lists the entities, by where they end; they may overlap.
func (f *Finder) Find(text string) []Found {
	l := &Listing{}
	l.Text[Body] = text
	sc := f.sc
	sc.prepare(f.s, l)
	out := make([]Found, 0, len(sc.found))
	for _, e := range sc.found {
		x := sc.ref(l, e.first, e.last, 0)
		out = append(out, Found{e.class, x.from, x.to})
	}
	sc.listing = nil
	return out
}

// Points counts code points as spans do: a byte that is not UTF-8 is one.
func Points(text string) int { return normal.Points(text) }
