// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// kin is texts that are copies of one: each is alike to the medoid, which is
// the one that is most like the others.
type kin struct {
	medoid uint32
	texts  []uint32 // ascending, the medoid among them
}

// Links alone chain: a landlord's text is like a second one, which is like a
// third, and the first and the last have nothing in common. So each set is
// looked at again, from its middle: the medoid of a sample is found, what is not
// alike to it is put aside and has its own turn, and so on.
//
// A set of many small kin would make that a quadratic affair. Where a turn takes
// too few out of many, the rest is cut into pieces of texts that probably belong
// together, and each piece is a set of its own.
const (
	sampleSize = 12
	pieceSize  = 256 // texts; also what is never cut
	fewest     = 64  // a turn that takes less than this part of the rest takes too few
)

// split makes kin out of sets of linked texts, in the order of their least texts.
func (x *Index) split(ctx context.Context, t *texts, s *sets) ([]kin, error) {
	members := groups(s)
	out := make([][]kin, len(members))
	var (
		next   atomic.Int64
		failed atomic.Pointer[error]
		all    sync.WaitGroup
	)
	for range x.options.Workers {
		all.Go(func() {
			w := splitter{texts: t}
			for failed.Load() == nil {
				k := int(next.Add(1)) - 1
				if k >= len(members) {
					return
				}
				if set := members[k]; len(set) == 2 { // as most: they are linked because they are alike
					out[k] = []kin{{set[0], set}}
					continue
				}
				found, err := w.split(ctx, members[k])
				if err != nil {
					failed.CompareAndSwap(nil, &err)
				}
				out[k] = found
			}
		})
	}
	all.Wait()
	if e := failed.Load(); e != nil {
		return nil, *e
	}
	return slices.Concat(out...), nil
}

// groups lists the sets with more than one text.
func groups(s *sets) [][]uint32 {
	type member struct{ root, text uint32 }
	var all []member
	size := map[uint32]int{}
	for k := range s.parent {
		if r := s.root(uint32(k)); r != uint32(k) {
			size[r]++
			all = append(all, member{r, uint32(k)})
		}
	}
	slices.SortFunc(all, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.root, b.root), cmp.Compare(a.text, b.text))
	})
	var out [][]uint32
	for k := 0; k < len(all); {
		root := all[k].root
		g := append(make([]uint32, 0, size[root]+1), root)
		for ; k < len(all) && all[k].root == root; k++ {
			g = append(g, all[k].text)
		}
		out = append(out, g)
	}
	return out
}

// splitter works on one set at a time.
type splitter struct {
	texts *texts
	al    aligner
	buf   wordBuffer
}

func (w *splitter) split(ctx context.Context, rest []uint32) ([]kin, error) {
	var out []kin
	for len(rest) > 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		medoid, near, err := w.medoid(rest)
		if err != nil {
			return nil, err
		}
		if near == nil {
			if near, err = w.near(medoid, rest); err != nil {
				return nil, err
			}
		}
		k := kin{medoid: medoid}
		var left []uint32
		for i, other := range rest {
			if near[i] {
				k.texts = append(k.texts, other)
			} else {
				left = append(left, other)
			}
		}
		if len(k.texts) > 1 {
			out = append(out, k)
		}
		if len(left) > pieceSize && fewest*len(k.texts) < len(rest) {
			return w.pieces(ctx, left, out)
		}
		rest = left
	}
	return out, nil
}

// pieces splits what is left of a large set by the least hash that two
// neighbouring words have (MinHash): copies have the same one more often than not.
func (w *splitter) pieces(ctx context.Context, rest []uint32, out []kin) ([]kin, error) {
	type place struct {
		least uint64
		text  uint32
	}
	order := make([]place, len(rest))
	for k, text := range rest {
		words, err := w.texts.words(text, &w.buf)
		if err != nil {
			return nil, err
		}
		least := ^uint64(0)
		for i := 1; i < len(words); i++ {
			least = min(least, mix(uint64(words[i-1])<<32|uint64(words[i])))
		}
		order[k] = place{least, text}
	}
	slices.SortFunc(order, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.text, b.text))
	})
	for part := range slices.Chunk(order, pieceSize) {
		piece := make([]uint32, len(part))
		for k := range part {
			piece[k] = part[k].text
		}
		slices.Sort(piece)
		found, err := w.split(ctx, piece)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// near tells which texts are alike to the medoid.
func (w *splitter) near(medoid uint32, of []uint32) ([]bool, error) {
	if err := w.prepare(medoid); err != nil {
		return nil, err
	}
	near := make([]bool, len(of))
	for i, other := range of {
		if near[i] = other == medoid; near[i] {
			continue
		}
		l, err := w.compare(other)
		if err != nil {
			return nil, err
		}
		near[i] = l.alike()
	}
	return near, nil
}

// medoid gives the text of a sample that saves most in writing down the sample;
// and, where the sample is everything, which texts are alike to it.
func (w *splitter) medoid(of []uint32) (medoid uint32, near []bool, err error) {
	sample := of
	if len(of) > sampleSize {
		sample = make([]uint32, sampleSize)
		for k := range sample {
			sample[k] = of[k*len(of)/sampleSize]
		}
	}
	gains := make([]int, len(sample))
	alike := make([]bool, len(sample)*len(sample))
	for i := range sample {
		if err := w.prepare(sample[i]); err != nil {
			return 0, nil, err
		}
		alike[i*len(sample)+i] = true
		for j := i + 1; j < len(sample); j++ {
			l, err := w.compare(sample[j])
			if err != nil {
				return 0, nil, err
			}
			if l.alike() {
				alike[i*len(sample)+j], alike[j*len(sample)+i] = true, true
				gains[i] += l.gain
				gains[j] += l.gain
			}
		}
	}
	best := 0
	for k := range gains {
		if gains[k] > gains[best] {
			best = k
		}
	}
	if len(sample) == len(of) {
		near = alike[best*len(of) : (best+1)*len(of)]
	}
	return sample[best], near, nil
}

// prepare takes the text that compare compares others with.
func (w *splitter) prepare(text uint32) error {
	words, err := w.texts.words(text, &w.buf)
	if err == nil {
		w.al.prepare(words)
	}
	return err
}

func (w *splitter) compare(other uint32) (likeness, error) {
	words, err := w.texts.words(other, &w.buf)
	if err != nil {
		return likeness{}, err
	}
	return w.al.compare(words, w.texts.index.freq), nil
}
