// SPDX-License-Identifier: Apache-2.0

package spill

import (
	"cmp"
	"slices"
	"sync"
)

// Sorter sorts pairs, more than memory holds if need be: full buffers are sorted
// and written as runs, which are merged as they are read. One goroutine adds
// and reads.
type Sorter struct {
	dir  string
	most int // pairs in memory
	buf  []Pair
	runs []*sealed
}

// NewSorter makes a sorter that holds up to bytes in memory.
func NewSorter(dir string, bytes int64) *Sorter {
	return &Sorter{dir: dir, most: max(int(bytes/16), framePairs)}
}

// Add adds a pair.
func (s *Sorter) Add(p Pair) error {
	if len(s.buf) == s.most {
		if err := s.write(); err != nil {
			return err
		}
	}
	if len(s.buf) == cap(s.buf) { // the last doubling would overshoot the bound
		bigger := make([]Pair, len(s.buf), min(max(2*cap(s.buf), 1024), s.most))
		copy(bigger, s.buf)
		s.buf = bigger
	}
	s.buf = append(s.buf, p)
	return nil
}

func (s *Sorter) write() error {
	sortPairs(s.buf)
	run, err := newSealed(s.dir)
	if err != nil {
		return err
	}
	s.runs = append(s.runs, run)
	var out []byte
	for part := range slices.Chunk(s.buf, framePairs) {
		out = appendFrame(out, part)
		if len(out) >= chunkSize {
			if err := run.append(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	s.buf = s.buf[:0]
	return run.append(out)
}

// Groups gives the values of each key, keys ascending; values ascend too, and
// are the callee's until it returns. The sorter is empty afterwards.
func (s *Sorter) Groups(each func(key uint64, values []uint32) error) error {
	defer s.Close()
	sortPairs(s.buf)
	heap := make(merge, 0, len(s.runs)+1)
	for _, run := range s.runs {
		heap = append(heap, &reader{file: run})
	}
	heap = append(heap, &reader{pairs: s.buf})
	if err := heap.init(); err != nil {
		return err
	}
	var (
		key    uint64
		values []uint32
	)
	for len(heap) > 0 {
		p := heap[0].pairs[heap[0].next]
		if p.Key != key && len(values) > 0 {
			if err := each(key, values); err != nil {
				return err
			}
			values = values[:0]
		}
		key = p.Key
		values = append(values, p.Value)
		if err := heap.advance(); err != nil {
			return err
		}
	}
	if len(values) == 0 {
		return nil
	}
	return each(key, values)
}

// Close gives everything back.
func (s *Sorter) Close() {
	s.buf = nil
	for _, run := range s.runs {
		run.file.Close()
	}
	s.runs = nil
}

// merge is a heap of runs by their next pair.
type merge []*reader

func (m *merge) init() error {
	kept := (*m)[:0]
	for _, r := range *m {
		ok, err := r.fill()
		if err != nil {
			return err
		}
		if ok {
			kept = append(kept, r)
		}
	}
	*m = kept
	for k := len(kept)/2 - 1; k >= 0; k-- {
		m.sink(k)
	}
	return nil
}

// advance takes the first pair away.
func (m *merge) advance() error {
	h := *m
	h[0].next++
	ok, err := h[0].fill()
	if err != nil {
		return err
	}
	if !ok {
		h[0] = h[len(h)-1]
		h = h[:len(h)-1]
		*m = h
	}
	m.sink(0)
	return nil
}

func (m *merge) sink(k int) {
	h := *m
	for {
		least := k
		for _, c := range [2]int{2*k + 1, 2*k + 2} {
			if c < len(h) && compare(h[c].pairs[h[c].next], h[least].pairs[h[least].next]) < 0 {
				least = c
			}
		}
		if least == k {
			return
		}
		h[k], h[least] = h[least], h[k]
		k = least
	}
}

func compare(a, b Pair) int {
	if a.Key != b.Key {
		return cmp.Compare(a.Key, b.Key)
	}
	return cmp.Compare(a.Value, b.Value)
}

// sortPairs sorts by the first byte of the key first, then each of these parts,
// on two goroutines.
func sortPairs(pairs []Pair) {
	if len(pairs) < 1<<14 {
		slices.SortFunc(pairs, compare)
		return
	}
	var ends [257]int
	for i := range pairs {
		ends[pairs[i].Key>>56+1]++
	}
	for k := 1; k <= 256; k++ {
		ends[k] += ends[k-1]
	}
	next := ends
	for k := range 256 { // in place: each pair goes to the next free place of its part
		for next[k] < ends[k+1] {
			if to := pairs[next[k]].Key >> 56; int(to) != k {
				pairs[next[k]], pairs[next[to]] = pairs[next[to]], pairs[next[k]]
				next[to]++
			} else {
				next[k]++
			}
		}
	}
	var half sync.WaitGroup
	for odd := range 2 {
		half.Go(func() {
			for k := odd; k < 256; k += 2 {
				slices.SortFunc(pairs[ends[k]:ends[k+1]], compare)
			}
		})
	}
	half.Wait()
}
