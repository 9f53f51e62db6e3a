// SPDX-License-Identifier: Apache-2.0

package queue

import (
	"encoding/binary"
	"math/bits"
	"runtime"
	"strings"
	"sync"
)

// words finds texts by what they say. It holds each text as the numbers of its
// words, and for each word the texts that have it: a third of what the texts
// themselves would take, and a search reads only texts that have all the words.
type words struct {
	ids  map[string]uint32
	list []string // by id
	in   []holders
	text pages
	at   []uint64 // where the text of each item begins; the last one is the end
}

// holders is the items that have a word: distances from one to the next, as varints.
type holders struct {
	last  uint32 // 1 + the last item; 0: none
	items []byte
}

func newWords() *words { return &words{ids: map[string]uint32{}, at: []uint64{0}} }

// add takes the text of the next item, in normal form: words with single spaces.
func (w *words) add(folded []byte) {
	item := uint32(len(w.at) - 1)
	for len(folded) > 0 {
		word := folded
		if k := indexSpace(folded); k >= 0 {
			word, folded = folded[:k], folded[k+1:]
		} else {
			folded = nil
		}
		if len(word) == 0 {
			continue
		}
		id, ok := w.ids[string(word)]
		if !ok {
			id = uint32(len(w.list))
			one := string(word)
			w.ids[one] = id
			w.list = append(w.list, one)
			w.in = append(w.in, holders{})
		}
		w.text.append(id)
		if h := &w.in[id]; h.last <= item {
			h.items = binary.AppendUvarint(h.items, uint64(item+1-h.last))
			h.last = item + 1
		}
	}
	w.at = append(w.at, w.text.end())
}

func indexSpace(b []byte) int {
	for i, c := range b {
		if c == ' ' {
			return i
		}
	}
	return -1
}

// set is some words, by id, or some items, by number.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) has(k uint32) bool { return s[k/64]&(1<<(k%64)) != 0 }
func (s set) add(k uint32)      { s[k/64] |= 1 << (k % 64) }

// find gives the items whose text has the words of a phrase in normal form, one
// behind the other. The first word may be the end of one, and the last the
// beginning.
func (w *words) find(phrase string) set {
	parts := strings.Fields(phrase)
	found := newSet(len(w.at) - 1)
	if len(parts) == 0 {
		return found
	}
	places := make([]uint64, len(w.list)) // of each word in the phrase: bit k for its part k
	for k, part := range parts {
		meant := w.like(part, k == 0, k == len(parts)-1)
		holding := w.holding(meant)
		for i := range found {
			if k == 0 {
				found[i] = holding[i]
			} else {
				found[i] &= holding[i]
			}
		}
		for id := range places {
			if k < longest && meant.has(uint32(id)) {
				places[id] |= 1 << k
			}
		}
	}
	if len(parts) > 1 {
		w.check(found, places, min(len(parts), longest))
	}
	return found
}

// longest is how many words of a phrase have to stand in their order; the rest has
// to be in the text.
const longest = 64

// like gives the words that a part of a phrase may stand for.
func (w *words) like(part string, first, last bool) set {
	s := newSet(len(w.list))
	if !first && !last {
		if id, ok := w.ids[part]; ok {
			s.add(id)
		}
		return s
	}
	for id, word := range w.list {
		var is bool
		switch {
		case first && last:
			is = strings.Contains(word, part)
		case first:
			is = strings.HasSuffix(word, part)
		default:
			is = strings.HasPrefix(word, part)
		}
		if is {
			s.add(uint32(id))
		}
	}
	return s
}

// holding gives the items that have one of some words.
func (w *words) holding(meant set) set {
	s := newSet(len(w.at) - 1)
	for id := range w.list {
		if !meant.has(uint32(id)) {
			continue
		}
		at := uint32(0)
		for b := w.in[id].items; len(b) > 0; {
			d, n := uint64(b[0]), 1
			if d >= 0x80 {
				d, n = binary.Uvarint(b)
			}
			at += uint32(d)
			s.add(at - 1)
			b = b[n:]
		}
	}
	return s
}

// check leaves the items in which a phrase of n words stands.
func (w *words) check(found set, places []uint64, n int) {
	var workers sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for k := range cores {
		from, to := len(found)*k/cores, len(found)*(k+1)/cores
		workers.Go(func() {
			for i := from; i < to; i++ {
				for rest := found[i]; rest != 0; rest &= rest - 1 {
					item := i*64 + bits.TrailingZeros64(rest)
					if !w.says(item, places, n) {
						found[i] &^= rest & -rest
					}
				}
			}
		})
	}
	workers.Wait()
}

// says tells whether an item has a phrase of n words. After each word, bit k of
// state is set if the words up to this one are the first k+1 of the phrase.
func (w *words) says(item int, places []uint64, n int) bool {
	state, whole := uint64(0), uint64(1)<<(n-1)
	for from, to := w.at[item], w.at[item+1]; from < to; {
		page := w.text.list[from/pageBytes]
		rest := page[min(int(from%pageBytes), len(page)):]
		end := min(to, (from/pageBytes+1)*pageBytes)
		rest = rest[:min(len(rest), int(end-from))]
		for len(rest) > 0 {
			id, n := uint64(rest[0]), 1
			if id >= 0x80 {
				id, n = binary.Uvarint(rest)
			}
			rest = rest[n:]
			if state = (state<<1 | 1) & places[id]; state&whole != 0 {
				return true
			}
		}
		from = end
	}
	return false
}

// pages is a long row of varints that grows without being copied.
type pages struct{ list [][]byte }

const pageBytes = 1 << 18

func (p *pages) append(v uint32) {
	if n := len(p.list); n == 0 || len(p.list[n-1])+binary.MaxVarintLen32 > pageBytes {
		p.list = append(p.list, make([]byte, 0, pageBytes))
	}
	last := &p.list[len(p.list)-1]
	*last = binary.AppendUvarint(*last, uint64(v))
}

// end is the place behind the last number.
func (p *pages) end() uint64 {
	n := len(p.list)
	if n == 0 {
		return 0
	}
	return uint64(n-1)*pageBytes + uint64(len(p.list[n-1]))
}

// searches keeps the latest answers, for those who turn pages.
type searches struct {
	mu     sync.Mutex
	latest []search // newest last
}

type search struct {
	phrase string
	found  set
}

const keptSearches = 8

func (s *searches) find(phrase string, w *words) set {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.latest {
		if one.phrase == phrase {
			return one.found
		}
	}
	one := search{phrase, w.find(phrase)}
	if len(s.latest) == keptSearches {
		s.latest = append(s.latest[:0], s.latest[1:]...)
	}
	s.latest = append(s.latest, one)
	return one.found
}
