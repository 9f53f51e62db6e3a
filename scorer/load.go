// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"math/bits"

	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// ErrImage is Load's error: the bytes are no image of this version. Make it again
// from the pack.
var ErrImage error = constError("not an image of a list that this version can load; compile the list again")

// Load makes a Scorer from an image. It keeps no part of the bytes. Verdicts are
// those of New with the pack that the image was made from.
func Load(image []byte) (*Scorer, error) {
	if len(image) < 4 || string(image[:3]) != "LWI" || image[3] != imageVersion {
		return nil, ErrImage
	}
	r := imageReader{b: image[4:], ok: true}
	s := &Scorer{pack: &pack.Pack{}}
	r.policy(s)
	r.indicators(s)
	r.patterns(s)
	r.automaton(&s.auto)
	for n := r.count(4); n > 0; n-- {
		s.pack.Protected = append(s.pack.Protected, r.text())
	}
	for n := r.count(4); n > 0; n-- {
		s.pack.Wording = append(s.pack.Wording, r.wording())
	}
	if !r.ok || len(r.b) != 0 || !s.consistent() {
		return nil, ErrImage
	}
	var err error
	if s.wording, err = newWording(s.pack); err != nil {
		return nil, ErrImage
	}
	s.notable = newNotable(s.pack, len(s.auto.entities) > 0)
	s.known = newKnown(s)
	return s, nil
}

// imageReader reads what imageWriter wrote; after a fault all is empty and ok is false.
type imageReader struct {
	b  []byte
	ok bool
}

func (r *imageReader) u32() uint32 {
	if len(r.b) < 4 {
		r.ok, r.b = false, nil
		return 0
	}
	v := uint32(r.b[0]) | uint32(r.b[1])<<8 | uint32(r.b[2])<<16 | uint32(r.b[3])<<24
	r.b = r.b[4:]
	return v
}

// count reads how many things of at least size bytes follow.
func (r *imageReader) count(size int) int {
	n := int(r.u32())
	if n > len(r.b)/size {
		r.ok, r.b = false, nil
		return 0
	}
	return n
}

func (r *imageReader) bytes() []byte {
	n := r.count(1)
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *imageReader) text() string { return string(r.bytes()) }

func (r *imageReader) numbers() []uint32 {
	n := r.count(4)
	list := make([]uint32, n)
	copyNumbers(list, r.b[:4*n])
	r.b = r.b[4*n:]
	return list
}

func (r *imageReader) wide() []uint64 {
	n := r.count(8)
	list := make([]uint64, n)
	copyWide(list, r.b[:8*n])
	r.b = r.b[8*n:]
	return list
}

// rows reads numbers that come in rows of so many.
func (r *imageReader) rows(width int) []uint32 {
	list := r.numbers()
	if len(list)%width != 0 {
		r.ok = false
		return nil
	}
	return list
}

func (r *imageReader) policy(s *Scorer) {
	v := r.numbers()
	if len(v) < 3 || len(v)%4 != 3 {
		r.ok = false
		return
	}
	p := &s.pack.Policy
	p.FamilyCap, p.WindowWords, p.NearWords = uint8(v[0]), uint16(v[1]), uint16(v[2])
	for v = v[3:]; len(v) > 0; v = v[4:] {
		p.Levels = append(p.Levels, pack.LevelRule{
			Kind: pack.Kind(v[0]), Lang: r.text(), Notice: uint16(v[1]), Elevated: uint16(v[2]), High: uint16(v[3]),
		})
	}
}

func (r *imageReader) indicators(s *Scorer) {
	v := r.rows(2)
	s.pack.Indicators = make([]pack.Indicator, 0, len(v)/2)
	s.family = make([]uint16, 0, len(v)/2)
	for ; len(v) > 0; v = v[2:] {
		ind := pack.Indicator{
			Kinds: uint16(v[0] >> 16), Dimension: pack.Dimension(v[1]), Strength: pack.Strength(v[1] >> 8),
			Weight: uint8(v[1] >> 16), Status: pack.Status(v[1] >> 24),
		}
		if ind.Dimension >= pack.NumDimensions || ind.Strength >= pack.NumStrengths {
			r.ok = false
		}
		s.pack.Indicators = append(s.pack.Indicators, ind)
		s.family = append(s.family, uint16(v[0]))
	}
}

func (r *imageReader) patterns(s *Scorer) {
	v := r.rows(3)
	s.patterns = make([]compiled, 0, len(v)/3)
	for ; len(v) > 0; v = v[3:] {
		c := compiled{indicator: v[0], unless: v[1]&1 == 1, atLeast: uint8(v[1] >> 8)}
		n := v[2] & 0xff
		if n > rule.MaxTerms {
			r.ok = false
			n = 0
		}
		for k := range n {
			c.joins = append(c.joins, rule.Join(v[2]>>(8+2*k)&3))
		}
		s.patterns = append(s.patterns, c)
	}
	v = r.rows(3)
	s.leaves = make([]leaf, 0, len(v)/3)
	for ; len(v) > 0; v = v[3:] {
		s.leaves = append(s.leaves, leaf{pattern: v[0], slot: v[1], term: uint8(v[2]), last: uint8(v[2] >> 8)})
	}
	list := r.numbers()
	s.segments = make([]segmentUse, len(list))
	for i, v := range list {
		s.segments[i] = segmentUse{v & (maxLeaf - 1), uint8(v >> 24)}
	}
	s.gaps = append(s.gaps, r.bytes()...)
}

func (r *imageReader) automaton(a *automaton) {
	lex := &lexicon{text: append([]byte(nil), r.bytes()...), ends: r.numbers(), kinds: r.wide()}
	a.lex = lex
	if v := r.wide(); len(v) == 1 {
		lex.stemLengths = v[0]
	}
	for v := r.rows(2); len(v) > 0; v = v[2:] {
		a.entities = append(a.entities, rule.Entity{Class: rule.Class(v[0]), Op: rule.Op(v[0] >> 8), N: v[1]})
	}
	for _, list := range []*[]uint32{&a.root, &a.from, &a.on, &a.to, &a.accepts, &a.accept} {
		*list = r.numbers()
	}
	for _, f := range []*bitset{&a.pairs, &a.single, &a.prefix} {
		f.words = r.wide()
		n := len(f.words)
		if n == 0 || n&(n-1) != 0 {
			r.ok = false
			return
		}
		f.shift = uint8(64 - 6 - (bits.Len(uint(n)) - 1))
	}
	r.ok = r.ok && lex.index()
}

func (r *imageReader) wording() pack.Wording {
	m := pack.Wording{Lang: r.text()}
	if v := r.numbers(); len(v) == 6 {
		m.Kinds, m.Bias = uint16(v[0]), int32(v[1])
		m.Doc, m.Window = [2]int32{int32(v[2]), int32(v[3])}, [2]int32{int32(v[4]), int32(v[5])}
	}
	m.Features = r.numbers()
	weights := r.bytes()
	m.Weights = make([]int8, len(weights))
	for i, v := range weights {
		m.Weights[i] = int8(v)
	}
	return m
}

// consistent reports whether every index leads somewhere.
func (s *Scorer) consistent() bool {
	a := &s.auto
	states := len(a.accepts) - 1
	ok := states >= 1 && len(a.from) == states+1 && len(a.on) == len(a.to) &&
		len(a.root) == len(a.lex.hashes)+len(a.entities) &&
		climbs(a.from, len(a.on)) && climbs(a.accepts, len(a.accept)) &&
		below(a.root, states) && below(a.to, states) && below(a.on, len(a.root)) && below(a.accept, len(s.segments))
	for _, u := range s.segments {
		ok = ok && int(u.leaf) < len(s.leaves) && u.index <= s.leaves[u.leaf].last
	}
	for _, l := range s.leaves {
		ok = ok && int(l.pattern) < len(s.patterns) && int(l.slot)+int(l.last) <= len(s.gaps) && l.term < rule.MaxTerms
	}
	for i := range s.patterns {
		ok = ok && int(s.patterns[i].indicator) < len(s.pack.Indicators)
	}
	for i, f := range s.family {
		s.families = max(s.families, int(f)+1)
		ok = ok && (i == 0 || f >= s.family[i-1])
	}
	return ok
}

// climbs reports whether a list never falls, from 0 to end.
func climbs(list []uint32, end int) bool {
	if list[0] != 0 || int(list[len(list)-1]) != end {
		return false
	}
	for i := 1; i < len(list); i++ {
		if list[i] < list[i-1] {
			return false
		}
	}
	return true
}

func below(list []uint32, end int) bool {
	for _, v := range list {
		if int(v) >= end {
			return false
		}
	}
	return true
}
