// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// texts is the distinct texts of an index in an order that depends on nothing
// but themselves, so that neither does anything that follows.
type texts struct {
	index  *Index
	rank   []uint32 // by listing: its text, or none
	first  []uint32 // by text: a listing that has it
	copies []uint32 // by text: how many have it
}

// none is the rank of a listing that takes no part.
const none = ^uint32(0)

func (x *Index) texts() *texts {
	type place struct {
		head uint64
		doc  uint32
	}
	var order []place
	n := uint32(x.docs.len())
	for k := range n {
		if d := x.docs.at(k); d.text != [16]byte{} {
			order = append(order, place{binary.BigEndian.Uint64(d.text[:]), k})
		}
	}
	slices.SortFunc(order, func(a, b place) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		s, t := &x.docs.at(a.doc).text, &x.docs.at(b.doc).text
		return cmp.Or(bytes.Compare(s[:], t[:]), cmp.Compare(a.doc, b.doc))
	})
	t := &texts{index: x, rank: make([]uint32, n)}
	for k := range t.rank {
		t.rank[k] = none
	}
	for _, p := range order {
		last := len(t.first) - 1
		if last < 0 || x.docs.at(t.first[last]).text != x.docs.at(p.doc).text {
			t.first = append(t.first, p.doc)
			t.copies = append(t.copies, 0)
			last++
		}
		t.copies[last]++
		t.rank[p.doc] = uint32(last)
	}
	return t
}

func (t *texts) len() int { return len(t.first) }

// words reads a text's words; they hold until the buffers are used again.
func (t *texts) words(text uint32, buf *wordBuffer) ([]uint32, error) {
	d := t.index.docs.at(t.first[text])
	raw, err := t.index.words.Read(d.at, 4*int(d.words), buf.raw)
	if err != nil {
		return nil, err
	}
	buf.raw = raw
	buf.words = buf.words[:0]
	for k := 0; k < len(raw); k += 4 {
		buf.words = append(buf.words, binary.LittleEndian.Uint32(raw[k:]))
	}
	return buf.words, nil
}

type wordBuffer struct {
	raw   []byte
	words []uint32
}

// name is a cluster's name: the beginning of its medoid's hash.
func (t *texts) name(text uint32) uint64 {
	h := t.index.docs.at(t.first[text]).text
	return binary.BigEndian.Uint64(h[:8])
}
