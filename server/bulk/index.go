// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"hash/maphash"
	"math/bits"

	"lapwing/scorer"
)

// blockIndex finds a listing of a block by its content: an open hash table of
// the block's distinct listings. It is written by the block's worker before the
// block is shown to others and read-only from then on.
type blockIndex struct {
	slots []indexSlot // a power of two of them, at most half in use
}

type indexSlot struct {
	tag uint32 // 0: free
	at  uint32 // index of the record
}

// maxProbes bounds what adverts cost that share their samples (see sampleHash)
// and differ elsewhere: one that meets more of its like is taken for new.
const maxProbes = 8

func (x *blockIndex) emptied() blockIndex { return blockIndex{slots: x.slots[:0]} }

// size readies the table for n listings.
func (x *blockIndex) size(n int) {
	want := 1 << bits.Len(uint(2*n))
	if cap(x.slots) < want {
		x.slots = make([]indexSlot, want)
		return
	}
	x.slots = x.slots[:want]
	clear(x.slots)
}

// find gives the record with l's content; if there is none, the free slot in
// which it could stand, or -1.
func (x *blockIndex) find(h uint64, l *scorer.Listing, in []scorer.Listing) (at, free int) {
	if len(x.slots) == 0 {
		return -1, -1
	}
	mask := len(x.slots) - 1
	tag := uint32(h>>32) | 1
	for k, n := int(h)&mask, 0; n < maxProbes; k, n = (k+1)&mask, n+1 {
		s := x.slots[k]
		if s.tag == 0 {
			return -1, k
		}
		if s.tag == tag && same(l, &in[s.at]) {
			return int(s.at), -1
		}
	}
	return -1, -1
}

func (x *blockIndex) set(slot int, h uint64, at int) {
	x.slots[slot] = indexSlot{uint32(h>>32) | 1, uint32(at)}
}

// same tells whether scoring cannot tell a from b.
func same(a, b *scorer.Listing) bool {
	return *a == *b
}

// sampleHash hashes enough of a listing to tell it from others nearly always.
// Hashing all of a long body would cost more than the cache may; equality is
// decided by comparing, so a sample does no harm.
func sampleHash(seed maphash.Seed, l *scorer.Listing) uint64 {
	const piece = 128
	h := uint64(l.Kind) + 1
	mix := func(s string) {
		h = bits.RotateLeft64(h, 23)*0x9e3779b97f4a7c15 ^ maphash.String(seed, s)
	}
	for f := range l.Text {
		s := l.Text[f]
		if s == "" {
			continue
		}
		h += uint64(len(s))<<8 | uint64(f)
		if len(s) <= 3*piece {
			mix(s)
			continue
		}
		middle := len(s)/2 - piece/2
		mix(s[:piece])
		mix(s[middle : middle+piece])
		mix(s[len(s)-piece:])
	}
	if l.Lang != "" {
		mix(l.Lang)
	}
	return h ^ h>>29
}
