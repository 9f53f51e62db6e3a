// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// Bounds on what is remembered of one listing. The earliest hits are kept, so
// that text added at the end takes none away.
const (
	maxParts = 48 // per pattern of several terms
	maxHits  = 64 // per indicator
)

// hit is a passage, as words, that fires an indicator or takes it away.
type hit struct {
	first, last uint32
	next        int32 // of the same indicator, latest first; -1 ends
	unless      bool
	extra       bool // another passage of the same hit: shown, not scored
	gone        bool // taken away
}

type indicatorHits struct {
	epoch uint32
	head  int32
	count uint16
}

// part is a passage that matched one term of a pattern.
type part struct {
	first, last uint32
	next        int32
	term        uint8
}

type patternHits struct {
	epoch uint32
	head  int32
	count uint16
}

// begin makes the scratch ready for a listing.
func (sc *scratch) begin(s *Scorer) {
	if len(sc.slots) < len(s.gaps) {
		sc.slots = make([]progress, len(s.gaps))
	}
	if len(sc.pattern) < len(s.patterns) {
		sc.pattern = make([]patternHits, len(s.patterns))
	}
	if len(sc.fired) < len(s.pack.Indicators) {
		sc.fired = make([]indicatorHits, len(s.pack.Indicators))
	}
	sc.epoch++
	if sc.epoch == 0 { // after 2^32 listings old marks would look fresh
		clear(sc.slots)
		clear(sc.pattern)
		clear(sc.fired)
		sc.epoch = 1
	}
	sc.touched, sc.parts, sc.ids, sc.hits = sc.touched[:0], sc.parts[:0], sc.ids[:0], sc.hits[:0]
	sc.found, sc.notable, sc.edits = sc.found[:0], sc.notable[:0], sc.edits[:0]
	sc.count = 0
}

// leaf takes note that a whole sequence was found.
func (sc *scratch) leaf(s *Scorer, id, first, last uint32) {
	sc.count++
	l := &s.leaves[id]
	p := &s.patterns[l.pattern]
	if p.joins == nil {
		sc.hit(p.indicator, first, last, p.unless, false)
		return
	}
	h := &sc.pattern[l.pattern]
	if h.epoch != sc.epoch {
		*h = patternHits{epoch: sc.epoch, head: -1}
		sc.touched = append(sc.touched, l.pattern)
	}
	if h.count == maxParts {
		return
	}
	h.count++
	sc.parts = append(sc.parts, part{first, last, h.head, l.term})
	h.head = int32(len(sc.parts) - 1)
}

// hit adds a passage to an indicator.
func (sc *scratch) hit(indicator, first, last uint32, unless, extra bool) {
	h := &sc.fired[indicator]
	if h.epoch != sc.epoch {
		*h = indicatorHits{epoch: sc.epoch, head: -1}
		sc.ids = append(sc.ids, indicator)
	}
	if h.head >= 0 {
		latest := &sc.hits[h.head]
		if latest.last == last && latest.unless == unless && latest.extra == extra {
			latest.first = min(latest.first, first)
			return
		}
	}
	if h.count == maxHits {
		return
	}
	h.count++
	sc.hits = append(sc.hits, hit{first: first, last: last, next: h.head, unless: unless, extra: extra})
	h.head = int32(len(sc.hits) - 1)
}

// combine turns what was found of patterns of several terms into hits, and lets
// "unless" take hits away.
func (sc *scratch) combine(s *Scorer, l *Listing) {
	sortNumbers(sc.touched)
	for _, id := range sc.touched {
		p := &s.patterns[id]
		if p.atLeast > 0 {
			sc.atLeast(s, p, sc.pattern[id].head)
		} else {
			sc.joined(s, p, sc.pattern[id].head)
		}
	}
	sortNumbers(sc.ids)
	kind := uint16(1) << l.Kind
	kept := sc.ids[:0]
	for _, id := range sc.ids {
		ind := &s.pack.Indicators[id]
		if l.Kind != pack.Unknown && ind.Kinds&kind == 0 {
			continue
		}
		if sc.takeAway(s, sc.fired[id].head) {
			kept = append(kept, id)
		}
	}
	sc.ids = kept
}

// joined finds hits of "A & B", "A &! B", "A + B".
func (sc *scratch) joined(s *Scorer, p *compiled, head int32) {
	near := uint32(s.pack.Policy.NearWords) * unitWord
	window := uint32(s.pack.Policy.WindowWords) * unitWord
	for a := head; a >= 0; a = sc.parts[a].next {
		if sc.parts[a].term != 0 {
			continue
		}
		ok := true
		var with [rule.MaxTerms]int32
		for term := 1; term < len(p.joins) && ok; term++ {
			join, found := p.joins[term], int32(-1)
			for b := head; b >= 0; b = sc.parts[b].next {
				if int(sc.parts[b].term) != term {
					continue
				}
				x, y := &sc.parts[a], &sc.parts[b]
				if join == rule.With && sc.together(x.first, x.last, y.first, y.last, window) ||
					join != rule.With && sc.near(x.first, x.last, y.first, y.last, near) {
					found = b
					break
				}
			}
			with[term] = found
			ok = (found >= 0) != (join == rule.NotNear)
		}
		if !ok {
			continue
		}
		sc.hit(p.indicator, sc.parts[a].first, sc.parts[a].last, p.unless, false)
		for term := 1; term < len(p.joins); term++ {
			if b := with[term]; b >= 0 && p.joins[term] != rule.NotNear {
				sc.hit(p.indicator, sc.parts[b].first, sc.parts[b].last, p.unless, true)
			}
		}
	}
}

// atLeast finds hits of "N of {…}": for each part, whether enough different
// terms lie in the window that begins with it.
func (sc *scratch) atLeast(s *Scorer, p *compiled, head int32) {
	window := uint32(s.pack.Policy.WindowWords) * unitWord
	for a := head; a >= 0; a = sc.parts[a].next {
		x := &sc.parts[a]
		var seen uint32
		count := 0
		for b := head; b >= 0; b = sc.parts[b].next {
			y := &sc.parts[b]
			if seen>>y.term&1 == 0 && sc.together(x.first, x.last, y.first, y.last, window) && (y.last >= x.last || sc.everywhere(y.first)) {
				seen |= 1 << y.term
				count++
			}
		}
		if count < int(p.atLeast) {
			continue
		}
		sc.hit(p.indicator, x.first, x.last, p.unless, false)
		for b := head; b >= 0; b = sc.parts[b].next {
			y := &sc.parts[b]
			if b != a && y.last >= x.last && sc.together(x.first, x.last, y.first, y.last, window) {
				sc.hit(p.indicator, y.first, y.last, p.unless, true)
			}
		}
	}
}

// takeAway marks hits with an "unless" nearby as gone, and reports whether any is left.
func (sc *scratch) takeAway(s *Scorer, head int32) bool {
	near := uint32(s.pack.Policy.NearWords) * unitWord
	left := false
	for a := head; a >= 0; a = sc.hits[a].next {
		x := &sc.hits[a]
		if x.unless {
			continue
		}
		for b := head; b >= 0; b = sc.hits[b].next {
			if y := &sc.hits[b]; y.unless && !y.extra && sc.near(x.first, x.last, y.first, y.last, near) {
				x.gone = true
				break
			}
		}
		left = left || !x.gone && !x.extra
	}
	return left
}

// near reports whether two passages stand within so many units, in one paragraph.
func (sc *scratch) near(a1, a2, b1, b2, within uint32) bool {
	if a1 > b1 {
		a1, a2, b1, b2 = b1, b2, a1, a2
	}
	if b1 <= a2 {
		return true
	}
	return sc.unit(b1)-sc.unit(a2+1) <= within && sc.oneParagraph(a2, b1)
}

// together reports whether two passages fit into one window.
func (sc *scratch) together(a1, a2, b1, b2, window uint32) bool {
	fa, fb := sc.field(a1), sc.field(b1)
	if joins(fa) || joins(fb) {
		return true
	}
	return fa == fb && sc.unit(max(a2, b2)+1)-sc.unit(min(a1, b1)) <= window
}

func (sc *scratch) everywhere(word uint32) bool { return joins(sc.field(word)) }

// joins reports whether a field is part of every window.
func joins(f Field) bool { return f == Title || f == Pay || f == Contact }
