// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/normal"
	"lapwing/scorer/rule"
)

// noSymbol marks a word that was looked up and is in no pattern.
const noSymbol = ^symbol(0)

// symbol gives the automaton's symbol of a word, looked up once.
func (sc *scratch) symbol(s *Scorer, word uint32) symbol {
	if v := sc.sym[word]; v != 0 {
		return v
	}
	lex := s.auto.lex
	start, end := sc.edges[2*word], sc.edges[2*word+1]
	v := lex.find(&lex.words, sc.hash[word], sc.buf.Text, start, end)
	if v == 0 && sc.flag[word]&flagStem != 0 {
		v = lex.longestStem(sc.buf.Text[:len(sc.buf.Text)+normal.Pad], start, end)
	}
	if v == 0 {
		v = noSymbol
	}
	sc.sym[word] = v
	return v
}

// match runs the automaton over the words and calls hit for every segment.
func (sc *scratch) match(s *Scorer) {
	n := len(sc.hash)
	sc.sym = grow(sc.sym, n)
	next := 0 // entities that end before the candidate come first
	field := 0
	for _, i := range sc.noted {
		for sc.fields[order[field]].end2 <= i {
			field++
		}
		for ; next < len(sc.found) && sc.found[next].last < i; next++ {
			sc.startEntity(s, &sc.found[next])
		}
		if v := sc.symbol(s, i); v != noSymbol {
			if st := s.auto.root[v]; st != 0 {
				sc.walk(s, st, i, i, sc.fields[order[field]].first)
			}
		}
	}
	for ; next < len(sc.found); next++ {
		sc.startEntity(s, &sc.found[next])
	}
}

// startEntity starts the automaton at an entity's last word.
func (sc *scratch) startEntity(s *Scorer, e *entity) {
	base := symbol(len(s.auto.lex.hashes))
	for k := range s.auto.entities {
		if !e.is(&s.auto.entities[k]) {
			continue
		}
		if st := s.auto.root[base+symbol(k)]; st != 0 {
			sc.walk(s, st, e.first, e.last, sc.fields[sc.field(e.last)].first)
		}
	}
}

// walk goes on backwards from state st, which the words first..last led to.
// Nothing before word begin belongs to the field.
func (sc *scratch) walk(s *Scorer, st, first, last, begin uint32) {
	for {
		for _, seg := range s.auto.accept[s.auto.accepts[st]:s.auto.accepts[st+1]] {
			sc.segment(s, seg, first, last)
		}
		if first == begin {
			return
		}
		if len(sc.found) > 0 && s.auto.onEntity(st) {
			sc.walkEntities(s, st, first, last, begin)
		}
		v := sc.symbol(s, first-1)
		if v == noSymbol {
			return
		}
		if st = s.auto.next(st, v); st == 0 {
			return
		}
		first--
	}
}

// walkEntities goes on through the entities that end before word first.
func (sc *scratch) walkEntities(s *Scorer, st, first, last, begin uint32) {
	lo, hi := 0, len(sc.found)
	for lo < hi {
		if mid := (lo + hi) / 2; sc.found[mid].last < first-1 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	base := symbol(len(s.auto.lex.hashes))
	for ; lo < len(sc.found) && sc.found[lo].last == first-1; lo++ {
		e := &sc.found[lo]
		if e.first < begin {
			continue
		}
		for k := range s.auto.entities {
			if !e.is(&s.auto.entities[k]) {
				continue
			}
			if to := s.auto.next(st, base+symbol(k)); to != 0 {
				sc.walk(s, to, e.first, last, begin)
			}
		}
	}
}

// progress remembers where a leaf's earlier segments ended lately.
type progress struct {
	epoch uint32
	next  uint8
	full  bool
	ring  [8]struct{ first, last uint32 }
}

func (p *progress) push(epoch, first, last uint32) {
	if p.epoch != epoch {
		p.epoch, p.next, p.full = epoch, 0, false
	}
	p.ring[p.next] = struct{ first, last uint32 }{first, last}
	p.next = (p.next + 1) & 7
	p.full = p.full || p.next == 0
}

// segment takes note that a segment was found at words first..last. Segments
// come in the order of their last words.
func (sc *scratch) segment(s *Scorer, seg, first, last uint32) {
	at := s.segments[seg]
	leaf := &s.leaves[at.leaf]
	if at.index > 0 {
		p := &sc.slots[leaf.slot+uint32(at.index)-1]
		if p.epoch != sc.epoch {
			return
		}
		gap := uint32(s.gaps[leaf.slot+uint32(at.index)-1])
		n := uint8(8)
		if !p.full {
			n = p.next
		}
		found := false
		for k := uint8(1); k <= n; k++ {
			r := p.ring[(p.next-k)&7]
			if r.last < first && first-r.last-1 <= gap && r.first >= sc.fields[sc.field(last)].first && sc.oneSentence(r.last, first) {
				first, found = r.first, true
				break
			}
		}
		if !found {
			return
		}
	}
	if at.index == leaf.last {
		sc.leaf(s, at.leaf, first, last)
		return
	}
	sc.slots[leaf.slot+uint32(at.index)].push(sc.epoch, first, last)
}

// oneSentence reports whether nothing between the two words ends a sentence: a
// gap that spans one joins what the advert did not say together.
func (sc *scratch) oneSentence(a, b uint32) bool {
	for w := a; w < b; w++ {
		gap := sc.buf.Text[sc.edges[2*w+1]:sc.edges[2*w+2]]
		for k, c := range gap {
			switch c {
			case '.', '!', '?':
				if k+1 < len(gap) && (gap[k+1] == ' ' || gap[k+1] == '\n') {
					return false
				}
			case '\n':
				if k+1 < len(gap) && gap[k+1] == '\n' {
					return false
				}
			}
		}
	}
	return true
}

// oneParagraph reports whether words a < b stand in the same line of one field.
func (sc *scratch) oneParagraph(a, b uint32) bool {
	for w := a; w < b; w++ {
		for _, c := range sc.buf.Text[sc.edges[2*w+1]:sc.edges[2*w+2]] {
			if c == '\n' {
				return false
			}
		}
	}
	return true
}

// is reports whether the entity is what a pattern asks for.
func (e *entity) is(want *rule.Entity) bool {
	if e.class != want.Class {
		return false
	}
	switch want.Op {
	case rule.Under:
		return e.valued && e.value < want.N
	case rule.Over:
		return e.valued && e.value > want.N
	}
	return true
}
