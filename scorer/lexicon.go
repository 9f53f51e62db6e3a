// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"math/bits"

	"lapwing/scorer/normal"
)

// symbol is a letter of the automaton's alphabet: a word of the list, a stem,
// or an entity class with a bound. 0 is no symbol.
type symbol = uint32

// lexicon numbers the words and stems of the list. Words come first.
type lexicon struct {
	text   []byte   // all words and stems, one after the other
	ends   []uint32 // symbol s is text[ends[s-1]:ends[s]]
	hashes []uint64 // by symbol
	kinds  []uint64 // a bit by symbol: set for stems
	words  hashTable
	stems  hashTable
	// stemLengths has bit n set where a stem of n bytes exists (63: 63 or more).
	stemLengths uint64
}

func newLexicon() *lexicon {
	return &lexicon{ends: []uint32{0}, hashes: []uint64{0}, kinds: []uint64{0}}
}

// word gives the symbol of w, a new one if need be.
func (l *lexicon) word(w string) symbol { return l.add(&l.words, w) }

// isStem reports whether a symbol is a stem's, not a word's.
func (l *lexicon) isStem(s symbol) bool {
	return l.kinds[s>>6]>>(s&63)&1 == 1
}

// stem gives the symbol of the stem w, a new one if need be.
func (l *lexicon) stem(w string) symbol {
	n := min(len(w), 63)
	l.stemLengths |= 1 << n
	s := l.add(&l.stems, w)
	l.kinds[s>>6] |= 1 << (s & 63)
	return s
}

func (l *lexicon) add(t *hashTable, w string) symbol {
	if s := l.symbolOf(t, w); s != 0 {
		return s
	}
	h := normal.HashWord(w)
	s := symbol(len(l.hashes))
	if int(s>>6) == len(l.kinds) {
		l.kinds = append(l.kinds, 0)
	}
	l.text = append(l.text, w...)
	l.ends = append(l.ends, uint32(len(l.text)))
	l.hashes = append(l.hashes, h)
	t.insert(h, s, l.hashes)
	return s
}

// symbolOf gives the symbol of a word or stem while the lexicon is being made, or 0.
func (l *lexicon) symbolOf(t *hashTable, w string) symbol {
	h := normal.HashWord(w)
	for i := t.first(h); t.slots != nil && t.slots[i] != 0; i = t.next(i) {
		if s := t.slots[i].symbol(); l.hashes[s] == h && string(l.bytes(s)) == w {
			return s
		}
	}
	return 0
}

func (l *lexicon) bytes(s symbol) []byte { return l.text[l.ends[s-1]:l.ends[s]] }

// index makes the tables from text, ends and kinds, as an image has them. It
// reports whether these fit together. (The hashes are not in it: nothing packs
// them, and they would make the extension half a megabyte larger.)
func (l *lexicon) index() bool {
	n := len(l.ends)
	if n == 0 || !climbs(l.ends, len(l.text)) || len(l.kinds) != (n-1)>>6+1 {
		return false
	}
	l.hashes = make([]uint64, n)
	l.words.reserve(n)
	text := string(l.text) // one string, and not one for each word
	for s := symbol(1); int(s) < n; s++ {
		l.hashes[s] = normal.HashWord(text[l.ends[s-1]:l.ends[s]])
		if l.isStem(s) {
			l.stems.insert(l.hashes[s], s, l.hashes)
		} else {
			l.words.insert(l.hashes[s], s, l.hashes)
		}
	}
	l.seal()
	return true
}

// find gives the symbol of the word text[start:end], which has the hash h, or 0.
// The bytes are compared, since a hash is no proof. text is padded as for normal.Hash.
func (l *lexicon) find(t *hashTable, h uint64, text []byte, start, end uint32) symbol {
	if t.slots == nil {
		return 0
	}
	for i := t.first(h); t.slots[i] != 0; i = t.next(i) {
		if e := t.slots[i]; uint32(e>>32) == uint32(h) {
			s := e.symbol()
			if at := l.ends[s-1]; l.ends[s]-at == end-start && normal.Same(l.text, at, text, start, end-start) {
				return s
			}
		}
	}
	return 0
}

// seal gives the text the room that normal.Same asks for.
func (l *lexicon) seal() {
	l.text = append(l.text, make([]byte, 8)...)[:len(l.text)]
}

// longestStem gives the longest stem that the word begins with, or 0. padded is
// the text that the word stands in, so that it can be hashed there.
func (l *lexicon) longestStem(padded []byte, start, end uint32) symbol {
	for n := min(end-start, 63); n >= minStem; n-- {
		if l.stemLengths>>n&1 == 0 {
			continue
		}
		h := normal.Hash(padded, start, start+n)
		if s := l.find(&l.stems, h, padded, start, start+n); s != 0 {
			return s
		}
	}
	return 0
}

// minStem is the fewest bytes of a stem; see package rule.
const minStem = 4

// hashTable finds symbols by hash: open addressing, at most half full. The
// hashes stand with the symbols.
type hashTable struct {
	slots []slot // length is a power of two, or 0
	shift uint8  // from a hash to its first slot
	used  int
}

// slot is a symbol with the lower half of its hash above it: enough to pass by
// almost all others without a look at them. 0 is empty.
type slot uint64

func (e slot) symbol() symbol { return symbol(e) }

func (t *hashTable) first(h uint64) int { return int(h >> (t.shift & 63)) }

func (t *hashTable) next(i int) int { return (i + 1) & (len(t.slots) - 1) }

func (t *hashTable) insert(h uint64, s symbol, hashes []uint64) {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.reserve(max(32, len(old)))
		for _, e := range old {
			if s := e.symbol(); s != 0 {
				t.place(hashes[s], s)
			}
		}
	}
	t.place(h, s)
	t.used++
}

// reserve makes an empty table with room for n symbols.
func (t *hashTable) reserve(n int) {
	size := 64
	for size < 2*n {
		size *= 2
	}
	t.slots = make([]slot, size)
	t.shift = uint8(65 - bits.Len(uint(size)))
}

func (t *hashTable) place(h uint64, s symbol) {
	i := t.first(h)
	for t.slots[i] != 0 {
		i = t.next(i)
	}
	t.slots[i] = slot(h<<32) | slot(s)
}
