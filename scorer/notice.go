// SPDX-License-Identifier: Apache-2.0

package scorer

import "lapwing/scorer/normal"

// edit replaces words first..last by one word that reads otherwise, or by none.
type edit struct {
	first, last uint32
	hash        uint64 // 0: the words are out
	sym         symbol // of the new word
	disguised   bool
}

// notice looks closer at the words that glance noted: it undoes disguises, takes
// protected words out, and notes the words that entities are made of. What is
// undone replaces a word only where the word as written is unknown to the list
// and the reading is known, so nothing that would match as written is lost.
func (sc *scratch) notice(s *Scorer) {
	sc.sym = grow(sc.sym, len(sc.hash))
	clear(sc.sym)
	noted, odd := sc.noted, sc.oddWords()
	last := ^uint32(0)
	for len(noted)+len(odd) > 0 {
		var i uint32
		if len(noted) == 0 || len(odd) > 0 && odd[0] <= noted[0] {
			i, odd = odd[0], odd[1:]
		} else if i, noted = noted[0], noted[1:]; s.notable.filter.get(sc.hash[i]) == 0 && symbolBefore[sc.before(i)] == 0 {
			continue
		}
		if n := len(sc.edits); n > 0 && i <= sc.edits[n-1].last {
			continue
		}
		if i != last {
			last = i
			sc.look(s, i)
		}
	}
	sc.lookAlikes(s)
	sc.disguises()
	if len(sc.edits) > 0 {
		sc.apply()
	}
	sc.joinNotable()
}

// oddWords lists the words that glance cannot judge by their hash, in order.
func (sc *scratch) oddWords() []uint32 {
	odd, lone := sc.words.Odd, sc.late[:0]
	for _, start := range sc.buf.Lone {
		if i, ok := sc.wordAt(start); ok {
			lone = append(lone, i)
		}
	}
	k := len(odd) - 1
	odd = append(odd, lone...)
	for to, n := len(odd)-1, len(lone)-1; n >= 0; to-- {
		if k >= 0 && odd[k] > lone[n] {
			odd[to] = odd[k]
			k--
		} else {
			odd[to] = lone[n]
			n--
		}
	}
	sc.words.Odd, sc.late = odd, lone
	return odd
}

// look looks at a word: letters that are spaced out, a disguise, a meaning of its own.
func (sc *scratch) look(s *Scorer, i uint32) {
	// A protected phrase may be made of lone letters ("m w d"): it goes first, or
	// whether it is there would decide what its neighbours are read as.
	if n := sc.protected(s, i); n > 0 {
		sc.edits = append(sc.edits, edit{first: i, last: i + n - 1})
		return
	}
	w := sc.text(i)
	if len(w) <= 2 && sc.spaced(s, i) {
		return
	}
	digits := hasDigit(w)
	if (digits || symbolBefore[sc.before(i)] != 0) && len(w) < maxDisguised && sc.leet(s, i) {
		return
	}
	sc.know(s, i, digits)
}

// know notes a word of the table of notable words, or with digits.
func (sc *scratch) know(s *Scorer, i uint32, digits bool) {
	if e := s.notable.find(sc.hash[i]); e != nil && e.classSet {
		sc.notable = append(sc.notable, notable{i, e.class, e.value})
	} else if digits {
		sc.notable = append(sc.notable, notable{i, wordDigits, 0})
	}
	if sc.before(i) == '@' {
		sc.notable = append(sc.notable, notable{i, wordHandle, 0})
	}
}

// protected gives how many of the words from i on are a protected word or phrase.
func (sc *scratch) protected(s *Scorer, i uint32) uint32 {
	if s.notable.filter.get(sc.hash[i]) == 0 {
		return 0
	}
	if e := s.notable.find(sc.hash[i]); e != nil {
		return uint32(s.notable.protected(e, sc.hash, int(i)))
	}
	return 0
}

func hasDigit(w []byte) bool {
	for _, c := range w {
		if c-'0' < 10 {
			return true
		}
	}
	return false
}

// text gives a word as it stands in the normal form.
func (sc *scratch) text(i uint32) []byte {
	return sc.buf.Text[sc.edges[2*i]:sc.edges[2*i+1]]
}

// reading looks a reading up: the symbol, or that it is known to a wording model.
//
//go:noinline
func (sc *scratch) reading(s *Scorer, word []byte) (h uint64, sym symbol, known bool) {
	if len(word) == 0 || len(word) > maxDisguised {
		return 0, 0, false
	}
	return sc.readingOf(s, copy(sc.word[8:], word))
}

// readingOf looks up the first n bytes of sc.word[8:]; Hash wants eight bytes of
// room before and after.
func (sc *scratch) readingOf(s *Scorer, n int) (h uint64, sym symbol, known bool) {
	buf := sc.word[:]
	h = normal.Hash(buf, 8, uint32(8+n))
	first := normal.Load(buf, 8) << (64 - 8*min(uint(n), 8)) >> (64 - 8*min(uint(n), 8))
	stem := s.auto.prefix.get(prefixHash(first&prefixMask[first>>7&1])) != 0
	known = s.known.get(uint64(Gram1(h))<<(64-HashBits)) != 0
	if !known && !stem {
		return h, noSymbol, false
	}
	lex := s.auto.lex
	if sym = lex.find(&lex.words, h, buf, 8, uint32(8+n)); sym != 0 {
		return h, sym, true
	}
	if stem {
		if sym = lex.longestStem(buf, 8, uint32(8+n)); sym != 0 {
			return h, sym, true
		}
	}
	if s.notable.filter.get(h) == 0 {
		return h, noSymbol, s.knows(h)
	}
	if e := s.notable.find(h); e != nil && (e.single || e.classSet) {
		return h, noSymbol, true
	}
	return h, noSymbol, s.knows(h)
}

// knownAsWritten reports whether the word needs no other reading.
func (sc *scratch) knownAsWritten(s *Scorer, i uint32) bool {
	start, end := sc.edges[2*i], sc.edges[2*i+1]
	lex := s.auto.lex
	return s.known.get(uint64(Gram1(sc.hash[i]))<<(64-HashBits)) != 0 && (lex.find(&lex.words, sc.hash[i], sc.buf.Text, start, end) != 0 || s.knows(sc.hash[i])) ||
		sc.flag[i]&flagStem != 0 && lex.longestStem(sc.buf.Text[:len(sc.buf.Text)+normal.Pad], start, end) != 0
}

// replace makes one word of the words first..last.
//
//go:noinline
func (sc *scratch) replace(first, last uint32, h uint64, sym symbol, disguised bool) {
	sc.edits = append(sc.edits, edit{first, last, h, sym, disguised})
}

// mostlyLatin reports whether more than half of the words are Latin. Protected
// words, which the edits take out, are not counted: none may move a verdict.
func (sc *scratch) mostlyLatin(edits []edit) bool {
	latin, words := 0, 0
	for i := uint32(0); int(i) < len(sc.hash); i++ {
		for len(edits) > 0 && edits[0].last < i {
			edits = edits[1:]
		}
		if len(edits) > 0 && edits[0].first <= i && edits[0].hash == 0 {
			continue
		}
		words++
		if sc.buf.Text[sc.edges[2*i]] < 0x80 {
			latin++
		}
	}
	return 2*latin > words
}

// lookAlikes reads words written wholly in Cyrillic or Greek look-alikes as
// Latin: where the reading is known and the word is not, or where the listing is
// mostly Latin.
func (sc *scratch) lookAlikes(s *Scorer) {
	if len(sc.buf.Alike) == 0 {
		return
	}
	done := sc.edits
	mostly := sc.mostlyLatin(done)
	sc.edits, sc.merged = sc.merged[:0], sc.edits
	for _, a := range sc.buf.Alike {
		i, ok := sc.wordAt(a.Start)
		for len(done) > 0 && done[0].last < i {
			sc.edits, done = append(sc.edits, done[0]), done[1:]
		}
		if !ok || sc.edges[2*i+1] != a.End || len(done) > 0 && done[0].first <= i {
			continue
		}
		word := sc.buf.Readings[a.From:a.To]
		h, sym, known := sc.reading(s, word)
		if h == 0 || !mostly && !(known && len(word) > 2) || sc.knownAsWritten(s, i) {
			continue
		}
		sc.replace(i, i, h, sym, len(word) > 2)
	}
	sc.edits = append(sc.edits, done...)
}

// wordAt gives the word that begins at an offset of the normal form.
//
//go:noinline
func (sc *scratch) wordAt(start uint32) (uint32, bool) {
	lo, hi := 0, len(sc.hash)
	for lo < hi {
		if mid := (lo + hi) / 2; sc.edges[2*mid] < start {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return uint32(lo), lo < len(sc.hash) && sc.edges[2*lo] == start
}

// disguises notes words from which normalising took a disguise.
func (sc *scratch) disguises() {
	sc.late = sc.late[:0]
	for _, start := range sc.buf.Disguised {
		if i, ok := sc.wordAt(start); ok {
			sc.late = append(sc.late, i)
		}
	}
}

// apply carries the edits out: words move together, and what was noted moves along.
func (sc *scratch) apply() {
	to, from, next := uint32(0), uint32(0), 0
	kept := 0
	late, disguised := sc.late, sc.merging[:0]
	noted, moved := sc.noted, sc.moved[:0]
	move := func(until uint32) {
		for ; next < len(sc.notable) && sc.notable[next].word < until; next++ {
			n := sc.notable[next]
			n.word = n.word - from + to
			sc.notable[kept] = n
			kept++
		}
		for ; len(late) > 0 && late[0] < until; late = late[1:] {
			disguised = append(disguised, late[0]-from+to)
		}
		// A word with another one before it than it had may now end a segment.
		if from > 0 && from < until && (len(noted) == 0 || noted[0] != from) {
			moved = append(moved, to)
		}
		for ; len(noted) > 0 && noted[0] < until; noted = noted[1:] {
			moved = append(moved, noted[0]-from+to)
		}
		if n := until - from; n > 0 {
			copy(sc.hash[to:], sc.hash[from:until])
			copy(sc.flag[to:], sc.flag[from:until])
			copy(sc.edges[2*to:], sc.edges[2*from:2*until])
			to += n
		}
		from = until
	}
	for _, e := range sc.edits {
		move(e.first)
		for next < len(sc.notable) && sc.notable[next].word <= e.last {
			next++
		}
		for len(late) > 0 && late[0] <= e.last {
			late = late[1:]
		}
		for len(noted) > 0 && noted[0] <= e.last {
			noted = noted[1:]
		}
		if e.hash != 0 {
			end := sc.edges[2*e.last+1]
			sc.hash[to], sc.flag[to], sc.sym[to] = e.hash, 0, e.sym
			if e.sym != noSymbol {
				moved = append(moved, to)
			}
			sc.edges[2*to], sc.edges[2*to+1] = sc.edges[2*e.first], end
			if e.disguised {
				disguised = append(disguised, to)
			}
			to++
		}
		from = e.last + 1
	}
	move(uint32(len(sc.hash)))
	sc.hash, sc.flag, sc.edges = sc.hash[:to], sc.flag[:to], sc.edges[:2*to]
	sc.notable = sc.notable[:kept]
	sc.late, sc.merging = disguised, sc.late
	sc.noted, sc.moved = moved, sc.noted
}

// joinNotable puts the disguised words among the notable ones, in order.
func (sc *scratch) joinNotable() {
	late, k := sc.late, len(sc.notable)-1
	for _, w := range late {
		sc.notable = append(sc.notable, notable{w, wordDisguised, 0})
	}
	for to, n := len(sc.notable)-1, len(late)-1; n >= 0; to-- {
		if k >= 0 && sc.notable[k].word > late[n] {
			sc.notable[to] = sc.notable[k]
			k--
		} else {
			sc.notable[to] = notable{late[n], wordDisguised, 0}
			n--
		}
	}
}
