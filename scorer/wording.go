// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"errors"
	"math/bits"

	"lapwing/scorer/pack"
)

// HashBits is the size of an n-gram's hash in pack.Wording.
const HashBits = 28

// wordingModel is a sparse linear model over hashed word 1-3-grams: a whole
// number for each n-gram that it knows, added once per n-gram.
type wordingModel struct {
	*pack.Wording
	filter bitset
	slots  []uint32 // index+1 into Features; open addressing
	grams  int
}

// wordingScratch is the memory of one listing's hint.
type wordingScratch struct {
	seen   []uint32 // by feature: epoch of the listing it was last seen in
	lately []uint32 // by feature: word it was last seen at, where seen
	weight []int32  // by word: what it adds to the window
	epoch  uint32
}

// hint is what the wording says.
type hint struct {
	score    int32 // adds to Verdict.Score
	level    uint8 // 0 nothing, 1 resembles known fraud, 2 strongly
	passages [2]passage
	count    int
}

type passage struct{ first, last uint32 }

var errWording = errors.New("model's features and weights do not fit together; build the list again")

func newWording(p *pack.Pack) ([]wordingModel, error) {
	var models []wordingModel
	for i := range p.Wording {
		w := &p.Wording[i]
		if len(w.Features) != len(w.Weights) {
			return nil, errWording
		}
		m := wordingModel{Wording: w, filter: newBitset(len(w.Features), 10), slots: make([]uint32, 64)}
		for len(m.slots) < 2*len(w.Features) {
			m.slots = make([]uint32, 2*len(m.slots))
		}
		for k, f := range w.Features {
			m.filter.set(uint64(f))
			at := int(f) & (len(m.slots) - 1)
			for m.slots[at] != 0 {
				at = (at + 1) & (len(m.slots) - 1)
			}
			m.slots[at] = uint32(k) + 1
		}
		models = append(models, m)
	}
	return models, nil
}

// find gives a feature's index, or -1.
func (m *wordingModel) find(f uint32) int {
	if m.filter.get(uint64(f)) == 0 {
		return -1
	}
	for at := int(f) & (len(m.slots) - 1); m.slots[at] != 0; at = (at + 1) & (len(m.slots) - 1) {
		if k := m.slots[at] - 1; m.Features[k] == f {
			return int(k)
		}
	}
	return -1
}

// Gram1, Gram2 and Gram3 give the features of one, two and three words, from
// their hashes.
func Gram1(a uint64) uint32 { return uint32(a * 0xd6e8feb86659fd93 >> (64 - HashBits)) }

func Gram2(a, b uint64) uint32 {
	return uint32((bits.RotateLeft64(a, 21) + b) * 0xa0761d6478bd642f >> (64 - HashBits))
}

func Gram3(a, b, c uint64) uint32 {
	return uint32((bits.RotateLeft64(bits.RotateLeft64(a, 21)+b, 21) + c) * 0xe7037ed1a0b428db >> (64 - HashBits))
}

// knows reports whether a word belongs to some model's vocabulary.
func (s *Scorer) knows(h uint64) bool {
	for i := range s.wording {
		if s.wording[i].find(Gram1(h)) >= 0 {
			return true
		}
	}
	return false
}

func (s *Scorer) model(l *Listing) *wordingModel {
	for i := range s.wording {
		m := &s.wording[i]
		if m.Kinds>>l.Kind&1 == 1 && (l.Lang == "" || sameLanguage(m.Lang, l.Lang)) {
			return m
		}
	}
	return nil
}

// wordingHint scores the whole text and the best window of it.
func (sc *scratch) wordingHint(s *Scorer, l *Listing) hint {
	m := s.model(l)
	if m == nil {
		return hint{}
	}
	w := &sc.wording
	n := len(sc.hash)
	if len(w.seen) < len(m.Features) {
		w.seen, w.lately, w.epoch = make([]uint32, len(m.Features)), make([]uint32, len(m.Features)), 0
	}
	w.epoch++
	if w.epoch == 0 {
		clear(w.seen)
		w.epoch = 1
	}
	w.weight = grow(w.weight, n)
	clear(w.weight)
	doc := m.Bias
	window := uint32(s.pack.Policy.WindowWords)
	for _, f := range order {
		t := sc.fields[f]
		var a, b uint64
		for i := t.first; i < t.end2; i++ {
			c := sc.hash[i]
			doc += w.add(m, Gram1(c), i, window)
			if i > t.first {
				doc += w.add(m, Gram2(b, c), i, window)
			}
			if i > t.first+1 {
				doc += w.add(m, Gram3(a, b, c), i, window)
			}
			a, b = b, c
		}
	}
	best, at := w.bestWindow(m.Bias, int(window), n)
	h := hint{score: doc}
	for k := range uint8(2) {
		if doc >= m.Doc[k] || best >= m.Window[k] {
			h.level = k + 1
		}
	}
	if h.level > 0 && n > 0 {
		last := min(at+int(window), n) - 1
		f := sc.field(uint32(at))
		h.passages[0] = passage{uint32(at), min(uint32(last), sc.fields[f].end2-1)}
		h.count = 1
	}
	return h
}

// add counts a feature at word i: once for the text, and once per window.
func (w *wordingScratch) add(m *wordingModel, f uint32, i, window uint32) int32 {
	k := m.find(f)
	if k < 0 {
		return 0
	}
	v := int32(m.Weights[k])
	if w.seen[k] != w.epoch {
		w.seen[k] = w.epoch
		w.lately[k] = i
		w.weight[i] += v
		return v
	}
	if i-w.lately[k] >= window {
		w.weight[i] += v
	}
	w.lately[k] = i
	return 0
}

// bestWindow gives the greatest sum over a window of words, and where it begins.
func (w *wordingScratch) bestWindow(bias int32, window, n int) (best int32, at int) {
	sum := bias
	best = -1 << 31
	for i := range n {
		sum += w.weight[i]
		if i >= window {
			sum -= w.weight[i-window]
		}
		if sum > best {
			best, at = sum, max(0, i-window+1)
		}
	}
	return best, at
}
