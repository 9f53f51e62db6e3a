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
	words  hashTable
	stems  hashTable
	// stemLengths has bit n set where a stem of n bytes exists (63: 63 or more).
	stemLengths uint64
}

func newLexicon() *lexicon {
	return &lexicon{ends: []uint32{0}, hashes: []uint64{0}}
}

// word gives the symbol of w, a new one if need be.
func (l *lexicon) word(w string) symbol { return l.add(&l.words, w) }

// stem gives the symbol of the stem w, a new one if need be.
func (l *lexicon) stem(w string) symbol {
	n := min(len(w), 63)
	l.stemLengths |= 1 << n
	return l.add(&l.stems, w)
}

func (l *lexicon) add(t *hashTable, w string) symbol {
	h := normal.HashWord(w)
	for i := t.first(h); t.slots != nil && t.slots[i] != 0; i = t.next(i) {
		if s := t.slots[i]; l.hashes[s] == h && string(l.bytes(s)) == w {
			return s
		}
	}
	s := symbol(len(l.hashes))
	l.text = append(l.text, w...)
	l.ends = append(l.ends, uint32(len(l.text)))
	l.hashes = append(l.hashes, h)
	t.insert(h, s, l.hashes)
	return s
}

func (l *lexicon) bytes(s symbol) []byte { return l.text[l.ends[s-1]:l.ends[s]] }

// find gives the symbol of a word with the hash h, or 0. The bytes are compared,
// since a hash is no proof.
func (l *lexicon) find(t *hashTable, h uint64, word []byte) symbol {
	if t.slots == nil {
		return 0
	}
	for i := t.first(h); t.slots[i] != 0; i = t.next(i) {
		if s := t.slots[i]; l.hashes[s] == h && string(l.bytes(s)) == string(word) {
			return s
		}
	}
	return 0
}

// longestStem gives the longest stem that the word begins with, or 0. padded is
// the text that the word stands in, so that it can be hashed there.
func (l *lexicon) longestStem(padded []byte, start, end uint32) symbol {
	for n := min(end-start, 63); n >= minStem; n-- {
		if l.stemLengths>>n&1 == 0 {
			continue
		}
		h := normal.Hash(padded, start, start+n)
		if s := l.find(&l.stems, h, padded[start:start+n]); s != 0 {
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
	slots []symbol // length is a power of two, or 0
	shift uint8    // from a hash to its first slot
	used  int
}

func (t *hashTable) first(h uint64) int { return int(h >> (t.shift & 63)) }

func (t *hashTable) next(i int) int { return (i + 1) & (len(t.slots) - 1) }

func (t *hashTable) insert(h uint64, s symbol, hashes []uint64) {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.slots = make([]symbol, max(64, 2*len(old)))
		t.shift = uint8(65 - bits.Len(uint(len(t.slots))))
		for _, s := range old {
			if s != 0 {
				t.place(hashes[s], s)
			}
		}
	}
	t.place(h, s)
	t.used++
}

func (t *hashTable) place(h uint64, s symbol) {
	i := t.first(h)
	for t.slots[i] != 0 {
		i = t.next(i)
	}
	t.slots[i] = s
}
