// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/rule"
)

// automaton recognises segments: what stands between two gaps of a pattern. It
// reads words backwards, from a segment's last word to its first, so that one
// look at a pair of words rejects almost every place in a text. It is a
// deterministic automaton over symbols, made from all segments of the list by
// subset construction; a step costs one table look-up whatever the list says.
type automaton struct {
	lex      *lexicon
	entities []rule.Entity // symbol len(lex.hashes)+i is entities[i]

	root []uint32 // state after the last word, by symbol; 0 for none
	// What leads on from state s: on symbol on[k] to state to[k], for k from
	// from[s] to from[s+1]; ascending by symbol, so that entities come last.
	from, on, to []uint32
	// The segments that end in state s (begin there in the text): accept[k] for k
	// from accepts[s] to accepts[s+1].
	accepts, accept []uint32

	pairs  bitset // (word before, last word), for a first look
	single bitset // last words of which a pair says too little, and notable words
	prefix bitset // first bytes of stems
}

var errTooLarge = constError("list too large: its patterns combine into too many states; make groups of alternatives smaller")

// maxStates bounds the automaton.
const maxStates = 1 << 22

// nfa is the automaton before subset construction: states with labelled edges.
type nfa struct {
	edges  [][]nfaEdge
	accept [][]uint32
}

type nfaEdge struct {
	on symbol
	to uint32
}

func (n *nfa) state() uint32 {
	n.edges = append(n.edges, nil)
	n.accept = append(n.accept, nil)
	return uint32(len(n.edges) - 1)
}

// builder collects segments before the automaton is made.
type builder struct {
	nfa
	lex      *lexicon
	entities []rule.Entity
	single   map[string]uint32 // the state reached from the root by a plain last part
	segments uint32
}

func newBuilder() *builder {
	b := &builder{lex: newLexicon()}
	b.state() // the root
	return b
}

// collect puts every word of the segment into the lexicon; all segments must be
// collected before the first is added, since entities are numbered after words.
func (b *builder) collect(seg rule.Segment) {
	for _, item := range seg {
		switch item := item.(type) {
		case rule.Words:
			for w := range fields(string(item)) {
				b.lex.word(w)
			}
		case rule.Stem:
			b.lex.stem(string(item))
		case rule.Entity:
			if b.entity(item) == 0 {
				b.entities = append(b.entities, item)
			}
		case rule.Group:
			for _, alt := range item.Alts {
				b.collect(alt)
			}
		}
	}
}

// add makes the segment known under the next number.
func (b *builder) add(seg rule.Segment) uint32 {
	id := b.segments
	b.segments++
	for _, s := range b.backwards(seg, []uint32{0}) {
		b.accept[s] = append(b.accept[s], id)
	}
	return id
}

// backwards adds the segment from its last item to its first, after the states
// from, and returns the states after it.
func (b *builder) backwards(seg rule.Segment, from []uint32) []uint32 {
	for i := len(seg) - 1; i >= 0; i-- {
		switch item := seg[i].(type) {
		case rule.Words:
			for end := len(item); end > 0; {
				start := end
				for start > 0 && item[start-1] != ' ' {
					start--
				}
				from = b.step(from, b.lex.word(string(item[start:end])))
				end = max(start-1, 0)
			}
		case rule.Stem:
			from = b.step(from, b.lex.stem(string(item)))
		case rule.Entity:
			from = b.step(from, b.entity(item))
		case rule.Group:
			var ends []uint32
			for _, alt := range item.Alts {
				ends = append(ends, b.backwards(alt, from)...)
			}
			if item.Optional {
				ends = append(ends, from...)
			}
			from = b.merge(ends)
		}
	}
	return from
}

// merge keeps the set of states small: ends of alternatives that lead nowhere
// yet are the same state from now on.
func (b *builder) merge(ends []uint32) []uint32 {
	return distinct(ends)
}

func (b *builder) step(from []uint32, on symbol) []uint32 {
	to := b.state()
	for _, s := range from {
		b.edges[s] = append(b.edges[s], nfaEdge{on, to})
	}
	return []uint32{to}
}

// entity gives the symbol of an entity once all are collected, or 0.
func (b *builder) entity(e rule.Entity) symbol {
	for i := range b.entities {
		if b.entities[i] == e {
			return symbol(len(b.lex.hashes) + i)
		}
	}
	return 0
}

// fields iterates over the words of a normal form. (strings.Fields brings tables
// of Unicode into the module.)
func fields(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for start := 0; start < len(s); {
			end := start
			for end < len(s) && s[end] != ' ' {
				end++
			}
			if end > start && !yield(s[start:end]) {
				return
			}
			start = end + 1
		}
	}
}

// covers gives, for each stem, every symbol that a word beginning so may have:
// the stem, longer stems, and words of the list.
func (b *builder) covers() [][]symbol {
	covers := make([][]symbol, len(b.lex.hashes))
	if b.lex.stems.used == 0 {
		return covers
	}
	for s := symbol(1); int(s) < len(b.lex.hashes); s++ {
		text := b.lex.bytes(s)
		for n := minStem; n <= len(text); n++ {
			if b.lex.stemLengths>>min(n, 63)&1 == 0 {
				continue
			}
			part := text[:n]
			if stem := b.lex.symbolOf(&b.lex.stems, string(part)); stem != 0 {
				covers[stem] = append(covers[stem], s)
			}
		}
	}
	return covers
}

// build makes the deterministic automaton.
func (b *builder) build() (*automaton, error) {
	b.lex.seal()
	a := &automaton{lex: b.lex, entities: b.entities, from: []uint32{0}, accepts: []uint32{0}}
	a.root = make([]uint32, len(b.lex.hashes)+len(b.entities))
	d := subsets{builder: b, a: a, covers: b.covers(), ofOne: make([]uint32, len(b.nfa.edges))}
	d.intern([]uint32{0})
	for d.done < len(d.sets) {
		if len(d.sets) > maxStates {
			return nil, errTooLarge
		}
		d.expand(uint32(d.done))
		d.done++
	}
	return a, nil
}

// subsets is the state of the subset construction.
type subsets struct {
	*builder
	a      *automaton
	covers [][]symbol
	sets   [][]uint32 // by new state: the old states it stands for
	ofOne  []uint32   // new state of a single old state
	ofMany hashTable  // new states of sets of several
	hashes []uint64   // by new state, of its set
	done   int
	fan    []nfaEdge
}

// intern gives the new state that stands for the set of old states, sorted.
func (d *subsets) intern(set []uint32) uint32 {
	if len(set) == 1 {
		if s := d.ofOne[set[0]]; s != 0 {
			return s
		}
		id := d.add(set, 0)
		d.ofOne[set[0]] = id
		return id
	}
	h := uint64(len(set))
	for _, s := range set {
		h = (h ^ uint64(s)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	t := &d.ofMany
	if t.slots != nil {
		for i := t.first(h); t.slots[i] != 0; i = t.next(i) {
			if s := t.slots[i].symbol(); d.hashes[s] == h && sameNumbers(d.sets[s], set) {
				return s
			}
		}
	}
	id := d.add(set, h)
	t.insert(h, id, d.hashes)
	return id
}

// add makes a new state for the set.
func (d *subsets) add(set []uint32, h uint64) uint32 {
	id := uint32(len(d.sets))
	d.sets = append(d.sets, append([]uint32(nil), set...))
	d.hashes = append(d.hashes, h)
	var accept []uint32
	for _, s := range set {
		accept = append(accept, d.accept[s]...)
	}
	d.a.accept = append(d.a.accept, distinct(accept)...)
	d.a.accepts = append(d.a.accepts, uint32(len(d.a.accept)))
	return id
}

func sameNumbers(a, b []uint32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// expand finds where the new state leads.
func (d *subsets) expand(state uint32) {
	d.fan = d.fan[:0]
	for _, s := range d.sets[state] {
		for _, e := range d.edges[s] {
			if int(e.on) < len(d.covers) && d.covers[e.on] != nil {
				for _, on := range d.covers[e.on] {
					d.fan = append(d.fan, nfaEdge{on, e.to})
				}
			} else {
				d.fan = append(d.fan, e)
			}
		}
	}
	fan := d.fan
	sortBy(len(fan), func(i, j int) bool {
		x, y := fan[i], fan[j]
		return x.on < y.on || x.on == y.on && x.to < y.to
	}, func(i, j int) { fan[i], fan[j] = fan[j], fan[i] })
	var set []uint32
	for i := 0; i < len(d.fan); {
		on := d.fan[i].on
		set = set[:0]
		for ; i < len(d.fan) && d.fan[i].on == on; i++ {
			if n := len(set); n == 0 || set[n-1] != d.fan[i].to {
				set = append(set, d.fan[i].to)
			}
		}
		to := d.intern(set)
		if state == 0 {
			d.a.root[on] = to
		} else {
			d.a.on, d.a.to = append(d.a.on, on), append(d.a.to, to)
		}
	}
	d.a.from = append(d.a.from, uint32(len(d.a.on)))
}

// filters sets the bits that reject most places of a text at a first look: of
// pairs of words in which a segment may end, of words of which a pair says too
// little, and of those that are notable by themselves.
func (a *automaton) filters(notable []uint64) {
	words := len(a.lex.hashes)
	a.prefix = newBitset(a.lex.stems.used, 8)
	single := notable
	var pairs []uint64
	last := make([][]uint64, len(a.accepts)-1) // by state: hashes of the last words that lead to it
	for s := symbol(1); int(s) < words; s++ {
		if st := a.root[s]; a.lex.isStem(s) {
			a.prefix.set(prefixHash(prefixOf(a.lex.bytes(s))))
		} else if st != 0 {
			last[st] = append(last[st], a.lex.hashes[s])
		}
	}
	for st := range last {
		if last[st] == nil {
			continue
		}
		alone := a.accepts[st] < a.accepts[st+1]
		for k := a.from[st]; k < a.from[st+1]; k++ {
			on := a.on[k]
			if int(on) >= words || a.lex.isStem(on) {
				alone = true
				continue
			}
			for _, h := range last[st] {
				pairs = append(pairs, pairHash(a.lex.hashes[on], h))
			}
		}
		if alone {
			single = append(single, last[st]...)
		}
	}
	a.pairs, a.single = newBitset(len(pairs), 16), newBitset(len(single), 16)
	for _, k := range pairs {
		a.pairs.set(k)
	}
	for _, k := range single {
		a.single.set(k)
	}
}

// next gives the state that symbol on leads to from state st, or 0.
func (a *automaton) next(st uint32, on symbol) uint32 {
	lo, hi := a.from[st], a.from[st+1]
	for hi-lo > 4 {
		if mid := (lo + hi) / 2; a.on[mid] <= on {
			lo = mid
		} else {
			hi = mid
		}
	}
	for ; lo < hi; lo++ {
		if a.on[lo] == on {
			return a.to[lo]
		}
	}
	return 0
}

// onEntity reports whether an entity leads on from state st.
func (a *automaton) onEntity(st uint32) bool {
	end := a.from[st+1]
	return end > a.from[st] && int(a.on[end-1]) >= len(a.lex.hashes)
}

// pairHash mixes the hashes of two words that follow one another.
func pairHash(before, last uint64) uint64 {
	return (before>>7 ^ before<<31) + last
}

// prefixOf gives the bytes of a word that stems are looked up by: four, or six
// where the word begins beyond ASCII.
func prefixOf(word []byte) uint64 {
	n := 4
	if word[0] >= 0x80 {
		n = 6
	}
	var w uint64
	for k := 0; k < n && k < len(word); k++ {
		w |= uint64(word[k]) << (8 * k)
	}
	return w
}

func prefixHash(w uint64) uint64 { return w * 0x9e3779b97f4a7c15 }

// bitset is a filter of one hash: a bit that is not set means surely not.
type bitset struct {
	words []uint64 // length is a power of two
	shift uint8
}

// newBitset makes room for n keys, with about perKey bits each.
func newBitset(n, perKey int) bitset {
	logBits := 12
	for 1<<logBits < n*perKey && logBits < 30 {
		logBits++
	}
	return bitset{make([]uint64, 1<<(logBits-6)), uint8(64 - logBits)}
}

// set sets the bit of a key whose top bits are well mixed.
func (b *bitset) set(h uint64) {
	i := h >> b.shift
	b.words[i>>6] |= 1 << (i & 63)
}

// get gives the bit of a key, 0 or 1.
func (b *bitset) get(h uint64) uint64 {
	i := h >> (b.shift & 63)
	return b.words[i>>6] >> (i & 63) & 1
}
