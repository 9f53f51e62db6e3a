// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// An image is a compiled list: what New works out from a pack, as bytes, so that
// a cold worker loads it by copying arrays instead of parsing and compiling again.
// Whoever has verified a pack makes its image and keeps it; an image is no more
// trusted than where it was kept, so Load checks every index in it. It is made and
// read by the same version of this program and by nobody else: not a format to
// publish.
//
//	image   = "LWI" version, policy, indicators, patterns, segments, lexicon, automaton, protected, wording
//	numbers = u32 count, count × u32       (texts: u32 count, bytes; wide: u32 count, count × u64)
//
// All numbers are little-endian.

// imageVersion changes with anything in here or in what Load relies on.
const imageVersion = 2

// Image gives the compiled list as bytes, the same for equal packs.
func (s *Scorer) Image() []byte {
	w := imageWriter{b: []byte{'L', 'W', 'I', imageVersion}}
	p := &s.pack.Policy
	levels := []uint32{uint32(p.FamilyCap), uint32(p.WindowWords), uint32(p.NearWords)}
	for _, r := range p.Levels {
		levels = append(levels, uint32(r.Kind), uint32(r.Notice), uint32(r.Elevated), uint32(r.High))
	}
	w.numbers(levels)
	for _, r := range p.Levels {
		w.text(r.Lang)
	}
	var rows []uint32
	for i, ind := range s.pack.Indicators {
		rows = append(rows, uint32(s.family[i])|uint32(ind.Kinds)<<16,
			uint32(ind.Dimension)|uint32(ind.Strength)<<8|uint32(ind.Weight)<<16|uint32(ind.Status)<<24)
	}
	w.numbers(rows)
	w.patterns(s)
	w.automaton(&s.auto)
	w.u32(uint32(len(s.pack.Protected)))
	for _, phrase := range s.pack.Protected {
		w.text(phrase)
	}
	w.u32(uint32(len(s.pack.Wording)))
	for i := range s.pack.Wording {
		w.wording(&s.pack.Wording[i])
	}
	return w.b
}

type imageWriter struct{ b []byte }

func (w *imageWriter) u32(v uint32) {
	w.b = append(w.b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

func (w *imageWriter) numbers(list []uint32) {
	w.u32(uint32(len(list)))
	for _, v := range list {
		w.u32(v)
	}
}

func (w *imageWriter) wide(list []uint64) {
	w.u32(uint32(len(list)))
	for _, v := range list {
		w.u32(uint32(v))
		w.u32(uint32(v >> 32))
	}
}

func (w *imageWriter) text(s string) {
	w.u32(uint32(len(s)))
	w.b = append(w.b, s...)
}

func (w *imageWriter) patterns(s *Scorer) {
	var rows []uint32
	for _, c := range s.patterns {
		flags := uint32(c.atLeast) << 8
		if c.unless {
			flags |= 1
		}
		joins := uint32(len(c.joins))
		for k, j := range c.joins {
			joins |= uint32(j) << (8 + 2*k)
		}
		rows = append(rows, c.indicator, flags, joins)
	}
	w.numbers(rows)
	rows = rows[:0]
	for _, l := range s.leaves {
		rows = append(rows, l.pattern, l.slot, uint32(l.term)|uint32(l.last)<<8)
	}
	w.numbers(rows)
	rows = rows[:0]
	for _, u := range s.segments {
		rows = append(rows, u.leaf|uint32(u.index)<<24)
	}
	w.numbers(rows)
	w.text(string(s.gaps))
}

func (w *imageWriter) automaton(a *automaton) {
	w.text(string(a.lex.text))
	w.numbers(a.lex.ends)
	w.wide(a.lex.kinds)
	w.wide([]uint64{a.lex.stemLengths})
	var entities []uint32
	for _, e := range a.entities {
		entities = append(entities, uint32(e.Class)|uint32(e.Op)<<8, e.N)
	}
	w.numbers(entities)
	for _, list := range [][]uint32{a.root, a.from, a.on, a.to, a.accepts, a.accept} {
		w.numbers(list)
	}
	for _, f := range []*bitset{&a.pairs, &a.single, &a.prefix} {
		w.wide(f.words)
	}
}

func (w *imageWriter) wording(m *pack.Wording) {
	w.text(m.Lang)
	w.numbers([]uint32{uint32(m.Kinds), uint32(m.Bias), uint32(m.Doc[0]), uint32(m.Doc[1]), uint32(m.Window[0]), uint32(m.Window[1])})
	w.numbers(m.Features)
	weights := make([]byte, len(m.Weights))
	for i, v := range m.Weights {
		weights[i] = byte(v)
	}
	w.text(string(weights))
}

// maxLeaf bounds the leaves of an image: an index shares its number with a segment's.
const maxLeaf = 1 << 24

var _ = [1]struct{}{}[rule.MaxTerms/13] // joins fit into 24 bits, two for each term
