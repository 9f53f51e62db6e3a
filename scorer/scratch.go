// SPDX-License-Identifier: Apache-2.0

package scorer

import "lapwing/scorer/normal"

// scratch is the memory of one call of Score. Nothing in it outlives the call;
// everything in it keeps its room for the next.
type scratch struct {
	listing *Listing
	buf     normal.Buffer
	fields  [NumFields]fieldText

	// The words of all fields, in order, one entry per word in each slice.
	words normal.Words
	edges []uint32 // 2i, 2i+1: where word i begins and ends in buf.Text
	hash  []uint64
	flag  []uint8  // flagStem
	sym   []symbol // 0: not looked up yet

	noted   []uint32  // words that deserve a look, before and after edits
	moved   []uint32  // the memory of noted that apply has moved
	late    []uint32  // disguised words, before and after edits
	merging []uint32  // the memory of late that apply has moved
	edits   []edit    // by word
	merged  []edit    // the memory of edits that lookAlikes has merged
	notable []notable // words with a meaning of their own, by word
	nth     []uint32  // by word: 1 + its index in notable, or 0
	found   []entity  // by last word
	wanted  uint32    // classes of entities that patterns ask for

	units []uint32 // by word, only where buf.Unspaced: position in sixths of a word

	slots   []progress // by scorer.leaf.slot
	epoch   uint32
	pattern []patternHits // by pattern
	touched []uint32      // patterns with hits to combine
	parts   []part        // their hits
	fired   []indicatorHits
	ids     []uint32 // indicators with hits
	hits    []hit
	windows windowScratch
	wording wordingScratch
	word    [64]byte
	count   int // sequences found
}

// fieldText says where a field stands in scratch.
type fieldText struct {
	start, end  uint32 // in buf.Text
	marks       [2]int // in buf.Marks
	first, end2 uint32 // words: first, and one after the last
}

const (
	flagStem = 1 << iota // some stem may begin this word
)

// order is the order in which fields are scored. The address of the page is not
// what the advert says.
var order = [...]Field{Title, Body, Company, Location, Pay, Contact}

// read brings the listing into normal form and cuts it into words.
func (sc *scratch) read(s *Scorer, l *Listing) {
	b := &sc.buf
	b.Reset()
	for _, f := range order {
		start, end, mark := b.Append(l.Text[f])
		sc.fields[f] = fieldText{start: uint32(start), end: uint32(end), marks: [2]int{mark, len(b.Marks)}}
	}
	b.Close()
	sc.words.Find(b.Text, normal.Pad)
	sc.edges = sc.words.Edges
	n := len(sc.edges) / 2
	sc.hash = grow(sc.hash, n)
	sc.flag = grow(sc.flag, n)
	sc.noted = grow(sc.noted, n+1)
	sc.glance(s)
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// symbolBefore says of a byte before a word that it may stand for a letter.
var symbolBefore = [256]uint8{'@': 1, '$': 1, '!': 1, '|': 1, '+': 1}

// glance hashes every word, and notes those that the list or the table of notable
// words may know, and those that have a sign before them that may stand for a
// letter. It has no branch that depends on the text.
func (sc *scratch) glance(s *Scorer) {
	sc.flagStems(s)
	text := sc.buf.Text
	n := len(sc.hash)
	edges, hash, flag, noted := sc.edges[:2*n], sc.hash[:n], sc.flag[:n], sc.noted[:n+1]
	pairs, pairShift := s.auto.pairs.words, s.auto.pairs.shift&63
	single, singleShift := s.auto.single.words, s.auto.single.shift&63
	count := 0
	var before uint64
	for i := range hash {
		start := edges[2*i]
		h := normal.Hash(text, start, edges[2*i+1])
		hash[i] = h
		word, pair := h>>singleShift, pairHash(before, h)>>pairShift
		before = h
		bit := single[word>>6]>>(word&63) | pairs[pair>>6]>>(pair&63)
		noted[count] = uint32(i)
		count += int((bit | uint64(flag[i]|symbolBefore[text[start-1]])) & 1)
	}
	sc.noted = noted[:count]
}

// flagStems flags the words that some stem of the list may begin.
func (sc *scratch) flagStems(s *Scorer) {
	clear(sc.flag)
	if s.auto.lex.stems.used == 0 {
		return
	}
	padded := sc.buf.Text[:len(sc.buf.Text)+normal.Pad]
	filter, shift := s.auto.prefix.words, s.auto.prefix.shift&63
	edges, flag := sc.edges[:2*len(sc.flag)], sc.flag
	for i := range flag {
		first := normal.Load(padded, edges[2*i])
		at := prefixHash(first&prefixMask[first>>7&1]) >> shift
		flag[i] = uint8(filter[at>>6] >> (at & 63) & 1)
	}
}

// prefixMask keeps the bytes that stems are looked up by: four of a word that
// begins in ASCII, six of others.
var prefixMask = [2]uint64{1<<32 - 1, 1<<48 - 1}

// place fills in which words belong to which field.
func (sc *scratch) place() {
	n := uint32(len(sc.hash))
	at := uint32(0)
	for _, f := range order {
		t := &sc.fields[f]
		t.first = at
		lo, hi := at, n
		for lo < hi {
			mid := (lo + hi) / 2
			if sc.edges[2*mid] < t.end {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		at = lo
		t.end2 = at
	}
	if sc.buf.Unspaced {
		sc.measure()
	}
}

// field gives the field that the word is in.
//
//go:noinline
func (sc *scratch) field(word uint32) Field {
	for _, f := range order {
		if word < sc.fields[f].end2 {
			return f
		}
	}
	return Contact
}

// Widths of words in sixths: two Han characters or three clusters of a script
// like Thai make about one word.
const (
	unitWord  = 6
	unitHan   = 3
	unitOther = 2
)

// measure gives each word its position where not every word is a word wide.
func (sc *scratch) measure() {
	n := len(sc.hash)
	sc.units = grow(sc.units, n+1)
	at := uint32(0)
	for i := range n {
		sc.units[i] = at
		at += wordUnits(sc.buf.Text[sc.edges[2*i]:sc.edges[2*i+1]])
	}
	sc.units[n] = at
}

func wordUnits(w []byte) uint32 {
	switch {
	case len(w) < 3 || w[0] < 0xe0:
		return unitWord
	case w[0] == 0xe0 && w[1] >= 0xb8 && w[1] <= 0xbb, // Thai, Lao
		w[0] == 0xe1 && (w[1] >= 0x80 && w[1] <= 0x82 || w[1] >= 0x9e && w[1] <= 0x9f): // Burmese, Khmer
		return unitOther
	case w[0] == 0xe3 && w[1] >= 0x81, w[0] >= 0xe4 && w[0] <= 0xe9, w[0] == 0xf0 && w[1] >= 0xa0:
		return unitHan
	}
	return unitWord
}

// unit gives a word's position in sixths of a word from the listing's start.
func (sc *scratch) unit(word uint32) uint32 {
	if sc.buf.Unspaced {
		return sc.units[word]
	}
	return word * unitWord
}
