// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// Which texts are compared: those that share enough fingerprints. A fingerprint
// that few texts have speaks for all pairs of them; one that many have, for
// neighbours in the order of texts only, so that the work stays linear in the
// number of listings whatever they share.
const (
	fewTexts   = 8
	neighbours = 4
	// A pair is compared once it has so many votes: of 96 fingerprints two copies
	// with a third of their words changed still share more than ten.
	votesNeeded = 4
	votesShort  = 2  // for texts with few fingerprints
	shortPrints = 24 // of the one with fewer
)

// links joins texts that are alike, as pairs of them become known.
type links struct {
	texts *texts
	sets  sets
	votes ballot
	work  chan []pair
	batch []pair

	failed atomic.Pointer[error]
}

type pair struct{ a, b uint32 }

// link reads all fingerprints and gives the sets of linked texts.
func (x *Index) link(ctx context.Context, t *texts) (*sets, error) {
	l := &links{texts: t, sets: newSets(t.len()), votes: newBallot(t.len()), work: make(chan []pair, 4*x.options.Workers)}
	var all sync.WaitGroup
	for range x.options.Workers {
		all.Go(l.compareAll)
	}
	var group []uint32
	err := x.prints.Groups(func(_ uint64, listings []uint32) error {
		group = group[:0]
		for _, k := range listings {
			group = append(group, t.rank[k])
		}
		slices.Sort(group)
		l.vote(slices.Compact(group))
		return ctx.Err()
	})
	l.send()
	close(l.work)
	all.Wait()
	if e := l.failed.Load(); err == nil && e != nil {
		err = *e
	}
	return &l.sets, err
}

// vote counts a fingerprint for pairs of the texts that have it.
func (l *links) vote(group []uint32) {
	reach := neighbours
	if len(group) <= fewTexts {
		reach = fewTexts
	}
	for i, a := range group {
		for _, b := range group[i+1 : min(i+1+reach, len(group))] {
			need := votesNeeded
			if l.prints(a) <= shortPrints || l.prints(b) <= shortPrints {
				need = votesShort
			}
			if l.votes.add(a, b) == need {
				l.batch = append(l.batch, pair{a, b})
				if len(l.batch) == cap(l.batch) {
					l.send()
				}
			}
		}
	}
}

func (l *links) prints(text uint32) uint8 {
	return l.texts.index.docs.at(l.texts.first[text]).prints
}

func (l *links) send() {
	if len(l.batch) > 0 {
		l.work <- l.batch
	}
	l.batch = make([]pair, 0, 256)
}

// compareAll is one worker. Pairs that are linked already, by whichever way, are
// passed over: what is linked in the end does not depend on the order.
func (l *links) compareAll() {
	var al aligner
	var bufA, bufB wordBuffer
	for batch := range l.work {
		for _, p := range batch {
			if l.failed.Load() != nil || l.sets.same(p.a, p.b) {
				continue
			}
			a, err := l.texts.words(p.a, &bufA)
			if err == nil {
				var b []uint32
				if b, err = l.texts.words(p.b, &bufB); err == nil {
					al.prepare(a)
					if al.compare(b, l.texts.index.freq).alike() {
						l.sets.join(p.a, p.b)
					}
				}
			}
			if err != nil {
				l.failed.CompareAndSwap(nil, &err)
			}
		}
	}
}

// ballot counts votes for pairs in bounded memory. Pairs share slots; a vote for
// another pair than the one in the slot takes one of that one's away first, so
// that chance meetings make room and the frequent stay. Only one goroutine
// votes, in an order that depends on the texts alone.
type ballot struct {
	slots []uint32 // 24 bits of the pair, 8 of the count
}

func newBallot(texts int) ballot {
	const per, least, most = 32, 1 << 16, 1 << 26
	n := min(max(per*texts, least), most)
	return ballot{make([]uint32, 1<<bits.Len(uint(n-1)))}
}

// add gives the number of votes that the pair has now.
func (v *ballot) add(a, b uint32) int {
	h := mix(uint64(a)<<32 | uint64(b))
	slot := &v.slots[h%uint64(len(v.slots))]
	tag := uint32(h>>40) << 8
	const full = 0xff
	switch count := *slot & full; {
	case count == 0:
		*slot = tag | 1
	case *slot&^full == tag:
		if count < full {
			*slot++
		}
	default:
		*slot--
		return 0
	}
	return int(*slot & full)
}

// sets is which texts are linked (union-find). It may be used by many
// goroutines: parents only ever get smaller numbers.
type sets struct{ parent []atomic.Uint32 }

func newSets(n int) sets {
	s := sets{make([]atomic.Uint32, n)}
	for k := range s.parent {
		s.parent[k].Store(uint32(k))
	}
	return s
}

// root gives the set's least text, as far as is known at this moment.
func (s *sets) root(k uint32) uint32 {
	for {
		p := s.parent[k].Load()
		if p == k {
			return k
		}
		if g := s.parent[p].Load(); g != p {
			s.parent[k].CompareAndSwap(p, g)
		}
		k = p
	}
}

func (s *sets) same(a, b uint32) bool { return s.root(a) == s.root(b) }

func (s *sets) join(a, b uint32) {
	for {
		a, b = s.root(a), s.root(b)
		if a == b {
			return
		}
		if a > b {
			a, b = b, a
		}
		if s.parent[b].CompareAndSwap(b, a) {
			return
		}
	}
}
