// SPDX-License-Identifier: Apache-2.0

// Package scorer turns a listing into a verdict. It is the whole product:
// everything else brings it a listing or carries a verdict away.
//
//	listing → normalise → words → entities → indicators → windows ┐
//	                            └→ wording model ─────────────────┴→ level, score, reasons
//
// Call pack.Decode, then New once, then Score for each listing. A verdict is a
// function of (listing, pack): same bytes in, same bytes out, on every machine.
// So there is no file, clock, network, environment, log, floating point or order
// of a map in here, and no state that changes after New but memory that is used again.
//
// The files follow the picture: listing.go, scratch.go (words), notice.go and
// leet.go (deobfuscation, protected words), entity*.go, automaton.go and match.go
// (segments), hits.go (patterns, indicators), windows.go (points, levels),
// wording.go, verdict.go and spans.go.
//
// Score is safe for concurrent use. It allocates nothing for a listing without reasons.
package scorer

import (
	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// Scorer scores listings with one pack.
type Scorer struct {
	pack *pack.Pack

	auto     automaton
	segments []segmentUse // by segment
	leaves   []leaf
	gaps     []uint8 // by slot: most words after the leaf's segment
	patterns []compiled
	family   []uint16 // by indicator
	families int
	notable  notableTable
	wording  []wordingModel
	known    bitset // words that a disguised word may be read as, by Gram1

	scratch pool
}

// segmentUse says which part of which leaf a segment is.
type segmentUse struct {
	leaf  uint32
	index uint8
}

// leaf is one sequence of a pattern: segments with gaps between them.
type leaf struct {
	pattern uint32
	slot    uint32 // in scratch.slots and Scorer.gaps, for all segments but the last
	term    uint8
	last    uint8 // index of the last segment
}

// compiled is a pattern after parsing.
type compiled struct {
	indicator uint32
	unless    bool
	atLeast   uint8
	joins     []rule.Join // by term; nil for a pattern of one term
}

// ErrPack is wrapped by New's errors: the pack decodes, but says what cannot be.
var ErrPack error = constError("pack cannot be used")

// constError is an error that is its own text. (Package errors brings reflection
// into the module.)
type constError string

func (e constError) Error() string { return string(e) }

// packError says where a pack is wrong.
type packError struct {
	where string
	err   error
}

func (e *packError) Error() string   { return e.where + ": " + e.err.Error() }
func (e *packError) Unwrap() []error { return []error{ErrPack, e.err} }

// New compiles the pack. It keeps p, which must not be changed afterwards.
func New(p *pack.Pack) (*Scorer, error) {
	s := &Scorer{pack: p}
	parsed := make([]rule.Pattern, len(p.Patterns))
	b := newBuilder()
	for i := range p.Patterns {
		var err error
		if parsed[i], err = rule.Parse(p.Patterns[i].Expr); err != nil {
			return nil, &packError{"pattern " + quote(p.Patterns[i].Expr), err}
		}
		for _, t := range parsed[i].Terms {
			for _, seg := range t.Sequence.Segments {
				b.collect(seg)
			}
		}
	}
	for i := range parsed {
		s.add(b, uint32(i), &parsed[i])
	}
	auto, err := b.build()
	if err == nil && len(s.leaves) >= maxLeaf {
		err = errTooLarge
	}
	if err != nil {
		return nil, &packError{"patterns", err}
	}
	s.auto = *auto
	s.numberFamilies()
	if s.wording, err = newWording(p); err != nil {
		return nil, &packError{"wording", err}
	}
	s.notable = newNotable(p, len(auto.entities) > 0)
	s.auto.filters(s.notable.hashes())
	s.known = newKnown(s)
	return s, nil
}

// add registers a pattern's sequences with the builder.
func (s *Scorer) add(b *builder, index uint32, r *rule.Pattern) {
	p := &s.pack.Patterns[index]
	c := compiled{indicator: p.Indicator, unless: p.Role == pack.Unless, atLeast: uint8(r.AtLeast)}
	if len(r.Terms) > 1 {
		for _, t := range r.Terms {
			c.joins = append(c.joins, t.Join)
		}
	}
	s.patterns = append(s.patterns, c)
	for term, t := range r.Terms {
		seq := &t.Sequence
		at := uint32(len(s.leaves))
		s.leaves = append(s.leaves, leaf{
			pattern: index, slot: uint32(len(s.gaps)), term: uint8(term), last: uint8(len(seq.Segments) - 1),
		})
		for k, seg := range seq.Segments {
			b.add(seg)
			s.segments = append(s.segments, segmentUse{at, uint8(k)})
			if k < len(seq.Gaps) {
				s.gaps = append(s.gaps, gapWords(seq, k))
			}
		}
	}
}

// gapWords gives the words of scratch that gap k may span: three characters
// count as one word in a script without spaces.
func gapWords(seq *rule.Sequence, k int) uint8 {
	n := seq.Gaps[k]
	if unspaced(seq.Segments[k]) || unspaced(seq.Segments[k+1]) {
		n *= 3
	}
	return uint8(n)
}

func unspaced(seg rule.Segment) bool {
	for _, item := range seg {
		switch item := item.(type) {
		case rule.Words:
			return wordUnits([]byte(item)) != unitWord
		case rule.Group:
			for _, alt := range item.Alts {
				if unspaced(alt) {
					return true
				}
			}
		}
	}
	return false
}

func (s *Scorer) numberFamilies() {
	s.family = make([]uint16, len(s.pack.Indicators))
	last := ""
	for i, ind := range s.pack.Indicators { // sorted by ID, so families are together
		if f := ind.Family(); i == 0 || f != last {
			s.families++
			last = f
		}
		s.family[i] = uint16(s.families - 1)
	}
}

func quote(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return `"` + s + `"`
}

// Score scores one listing. The verdict is the caller's.
func (s *Scorer) Score(l *Listing) Verdict {
	var v Verdict
	s.ScoreInto(&v, l)
	return v
}

// ScoreInto is Score in the memory of a verdict that is not needed any more: its
// reasons and their passages are written over. So many listings cost no memory.
func (s *Scorer) ScoreInto(v *Verdict, l *Listing) {
	sc := s.scratch.get()
	sc.prepare(s, l)
	sc.match(s)
	sc.combine(s, l)
	sc.judge(s, l, v)
	sc.listing = nil // the listing is the caller's
	s.scratch.put(sc)
}

// prepare brings the listing into words, with disguises undone, protected words
// out, and entities found.
func (sc *scratch) prepare(s *Scorer, l *Listing) {
	sc.begin(s)
	sc.listing = l
	sc.read(s, l)
	sc.notice(s)
	sc.place()
	if len(s.auto.entities) > 0 {
		sc.findEntities(s)
	}
}

// Matches counts the segments of patterns that occur in the listing, without
// judging them. It is for measuring the matcher alone.
func (s *Scorer) Matches(l *Listing) int {
	sc := s.scratch.get()
	defer s.scratch.put(sc)
	sc.prepare(s, l)
	sc.match(s)
	return sc.count
}
