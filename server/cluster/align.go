// SPDX-License-Identifier: Apache-2.0

package cluster

import "math/bits"

// aligner lays one sequence of words beside another so that as many as possible
// match in order, in a time of len(a)*len(b)/64 steps (Hyyrö 2004: a row of the
// usual table is a number whose bits are computed at once). It keeps its memory.
type aligner struct {
	a      []uint32
	table  []entry  // open addressing, by word of a
	rows   int      // distinct words of a
	where  []uint64 // by row: a bit for each place in a
	found  []entry  // by word of b: its entry, or one without a row
	state  []uint64 // a row of bits for each word of b
	turned []entry
	votes  []int32
	pairs  []match
}

type entry struct {
	word  uint32
	row   int32 // 1 + index of the word's places in where
	first int32 // its first place in a, or -1 if it has several
}

// match says that a[A] and b[B] are the same word.
type match struct{ A, B int32 }

// align gives the matches of the last text that was prepared with b, in order,
// and how far b was turned before: a text whose second half was put first is the
// same text. Matches speak of b as it was turned.
func (al *aligner) align(b []uint32) (turn int, pairs []match) {
	al.found = al.found[:0]
	for _, w := range b {
		al.found = append(al.found, *al.find(w))
	}
	if turn = al.rotation(); turn > 0 {
		al.turned = append(append(al.turned[:0], al.found[turn:]...), al.found[:turn]...)
		al.found, al.turned = al.turned, al.found
	}
	al.fill()
	return turn, al.trace(len(al.a), len(b))
}

// prepare notes for each word of a where it stands. It keeps a.
func (al *aligner) prepare(a []uint32) {
	al.a = append(al.a[:0], a...)
	size := 16
	for size < 2*len(a) {
		size *= 2
	}
	if cap(al.table) < size {
		al.table = make([]entry, size)
	}
	al.table = al.table[:size]
	clear(al.table)
	width := (len(a) + 63) / 64
	if need := len(a) * width; cap(al.where) < need {
		al.where = make([]uint64, need)
	}
	al.rows = 0
	for k, w := range a {
		e := al.find(w)
		if e.row == 0 {
			al.rows++
			*e = entry{w, int32(al.rows), int32(k)}
			clear(al.where[:al.rows*width][(al.rows-1)*width:])
		} else {
			e.first = -1
		}
		al.where[:cap(al.where)][(int(e.row)-1)*width+k/64] |= 1 << (k % 64)
	}
}

// find gives a word's entry, or a free one.
func (al *aligner) find(w uint32) *entry {
	last := uint32(len(al.table) - 1)
	for k := w * 0x9e3779b1 >> 7 & last; ; k = (k + 1) & last {
		if e := &al.table[k]; e.row == 0 || e.word == w {
			return e
		}
	}
}

// Turning is decided by words that a has once: how far each is from its place.
const (
	voteWidth = 16 // words that a bin of distances holds
	noTurn    = 16 // distances up to this are insertions rather than a turn
)

// rotation gives the place in b with which a begins, or 0.
func (al *aligner) rotation() int {
	n := len(al.found)
	bins := (n + voteWidth - 1) / voteWidth
	if bins < 4 {
		return 0
	}
	if cap(al.votes) < bins {
		al.votes = make([]int32, bins)
	}
	al.votes = al.votes[:bins]
	clear(al.votes)
	for k := range al.found {
		if e := &al.found[k]; e.row > 0 && e.first >= 0 {
			far := k - int(e.first)
			for far < 0 {
				far += n
			}
			al.votes[far/voteWidth]++
		}
	}
	best, most := 0, int32(0)
	for k := range al.votes { // a distance near an edge votes on both sides of it
		if n := al.votes[k] + al.votes[(k+1)%bins]; n > most {
			best, most = k, n
		}
	}
	if next := (best + 1) % bins; al.votes[next] > al.votes[best] {
		best = next
	}
	turn := min(best*voteWidth+voteWidth/2, n-1)
	if turn <= noTurn || n-turn <= noTurn || most <= al.votes[0]+al.votes[bins-1]+2 {
		return 0
	}
	return al.cut(turn)
}

// cut looks around turn for the word with which a begins.
func (al *aligner) cut(turn int) int {
	best, least := turn, int32(1<<30)
	for k := max(turn-noTurn, 0); k < min(turn+noTurn, len(al.found)); k++ {
		if e := &al.found[k]; e.row > 0 && e.first >= 0 && e.first < least {
			best, least = k, e.first
		}
	}
	return max(best-int(min(least, noTurn)), 0)
}

// fill computes the rows.
func (al *aligner) fill() {
	width := (len(al.a) + 63) / 64
	if need := (len(al.found) + 1) * width; cap(al.state) < need {
		al.state = make([]uint64, need)
	}
	al.state = al.state[:(len(al.found)+1)*width]
	row := al.state[:width]
	for k := range row {
		row[k] = ^uint64(0)
	}
	for j := range al.found {
		next := al.state[(j+1)*width : (j+2)*width]
		e := &al.found[j]
		if e.row == 0 {
			copy(next, row)
			row = next
			continue
		}
		where := al.where[:cap(al.where)][(int(e.row)-1)*width : int(e.row)*width]
		var carry uint64
		for k, s := range row {
			u := s & where[k]
			sum, c := bits.Add64(s, u, carry)
			carry = c
			next[k] = sum | (s - u)
		}
		row = next
	}
}

// trace walks back through the rows.
func (al *aligner) trace(n, m int) []match {
	width := (n + 63) / 64
	al.pairs = al.pairs[:0]
	set := func(row, col int) bool { return al.state[row*width+col/64]>>(col%64)&1 == 1 }
	for col, row := n, m; col > 0 && row > 0; {
		switch {
		case set(row, col-1):
			col--
		case !set(row-1, col-1): // an earlier row has this match already
			row--
		default:
			row--
			col--
			al.pairs = append(al.pairs, match{int32(col), int32(row)})
		}
	}
	for i, j := 0, len(al.pairs)-1; i < j; i, j = i+1, j-1 {
		al.pairs[i], al.pairs[j] = al.pairs[j], al.pairs[i]
	}
	return al.pairs
}
