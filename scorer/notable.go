// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

// notable is a word with a meaning of its own for entities.
type notable struct {
	word  uint32
	class wordClass
	value uint32
}

// wordClass is what a notable word says.
type wordClass uint8

const (
	wordDigits    wordClass = iota // has digits
	wordDigit                      // a spelled-out digit; value 0-9, or 20, 30 for "double", "triple"
	wordCurrency                   // value: thousandths of a US dollar
	wordPeriod                     // value: how often it comes in a hundred months
	wordMessenger                  // WhatsApp and the like
	wordAt                         // "at", spelled out in an address
	wordDot                        // "dot"
	wordMail                       // a provider of free mail
	wordTop                        // a top-level domain
	wordLink                       // http, www
	wordAge                        // "aged": an age follows
	wordOld                        // "yo": an age stands before
	wordYears                      // "years"
	wordCall                       // "call": a number to call may follow
	wordHandle                     // has "@" before it
	wordDisguised                  // was disguised by look-alike, invisible or substituted characters
	wordProtected                  // not to be seen by scoring
)

// notableTable finds notable words by hash. A hash that collides gives a wrong
// class to a word that nobody writes; so bytes are not compared here.
type notableTable struct {
	filter  bitset
	slots   []notableEntry // open addressing; length is a power of two
	phrases [][]uint64     // protected phrases: hashes of the second and later words
}

type notableEntry struct {
	hash     uint64
	class    wordClass
	value    uint32
	used     bool
	single   bool   // protected by itself
	from, to uint32 // protected phrases that begin so: notableTable.phrases[from:to]
	classSet bool
}

// newNotable makes the table; words of entities are left out where no pattern
// asks for any.
func newNotable(p *pack.Pack, entities bool) notableTable {
	n := len(p.Protected)
	if entities {
		n += 1024
	}
	t := notableTable{filter: newBitset(n, 16), slots: make([]notableEntry, 64)}
	for len(t.slots) < 2*n {
		t.slots = make([]notableEntry, 2*len(t.slots))
	}
	if entities {
		for i := range classWords {
			t.class(&classWords[i])
		}
	}
	t.chain(p.Protected)
	return t
}

// class adds a class's words, "w" or "w=value".
func (t *notableTable) class(c *classWord) {
	for word := range fields(c.words) {
		value, digits := c.value, 0
		for k := 0; k < len(word); k++ {
			if word[k] == '=' {
				value, digits = 0, len(word)-k
			} else if digits > 0 {
				value = value*10 + uint32(word[k]-'0')
			}
		}
		e := t.entry(normal.HashWord(word[:len(word)-digits]))
		e.class, e.value, e.classSet = c.class, value, true
	}
}

// chain adds protected words and phrases; phrases with the same first word stand
// together, and the entry points at the first, longest first.
func (t *notableTable) chain(protected []string) {
	for i := len(protected) - 1; i >= 0; i-- { // sorted, so of two that begin alike the longer comes later
		var hashes []uint64
		for w := range fields(protected[i]) {
			hashes = append(hashes, normal.HashWord(w))
		}
		if len(hashes) == 0 {
			continue
		}
		e, rest := t.entry(hashes[0]), hashes[1:]
		if len(rest) == 0 {
			e.single = true
			continue
		}
		if e.to == 0 {
			e.from = uint32(len(t.phrases))
		}
		t.phrases = append(t.phrases, rest)
		e.to = uint32(len(t.phrases))
	}
}

// entry gives the entry of a hash, a new one if need be.
func (t *notableTable) entry(h uint64) *notableEntry {
	t.filter.set(h)
	i := int(h>>32) & (len(t.slots) - 1)
	for t.slots[i].used && t.slots[i].hash != h {
		i = (i + 1) & (len(t.slots) - 1)
	}
	t.slots[i].used, t.slots[i].hash = true, h
	return &t.slots[i]
}

// hashes gives the hashes of all notable words.
func (t *notableTable) hashes() []uint64 {
	var list []uint64
	for i := range t.slots {
		if t.slots[i].used {
			list = append(list, t.slots[i].hash)
		}
	}
	return list
}

//go:noinline
func (t *notableTable) find(h uint64) *notableEntry {
	for i := int(h>>32) & (len(t.slots) - 1); t.slots[i].used; i = (i + 1) & (len(t.slots) - 1) {
		if t.slots[i].hash == h {
			return &t.slots[i]
		}
	}
	return nil
}

// protected gives how many of the words from i on are a protected word or
// phrase: of those that begin alike, the longest.
func (t *notableTable) protected(e *notableEntry, hash []uint64, i int) int {
	for _, rest := range t.phrases[e.from:e.to] {
		if n := len(rest); i+n < len(hash) && equalHashes(rest, hash[i+1:i+1+n]) {
			return n + 1
		}
	}
	if e.single {
		return 1
	}
	return 0
}

func equalHashes(a, b []uint64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
