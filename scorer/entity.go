// SPDX-License-Identifier: Apache-2.0

package scorer

import "lapwing/scorer/rule"

// entity is something of a known kind that words first..last say: found, typed,
// located, and forgotten with the listing.
type entity struct {
	class       rule.Class
	first, last uint32
	value       uint32
	valued      bool
}

// findEntities looks for entities around the notable words. Each finder looks at
// a bounded number of words, so that the time is linear in the text.
func (sc *scratch) findEntities(s *Scorer) {
	if len(sc.notable) == 0 {
		return
	}
	sc.wanted = 0
	for k := range s.auto.entities {
		sc.wanted |= 1 << s.auto.entities[k].Class
	}
	sc.nth = grow(sc.nth, len(sc.hash))
	clear(sc.nth)
	for k := len(sc.notable) - 1; k >= 0; k-- {
		sc.nth[sc.notable[k].word] = uint32(k) + 1
	}
	skip := uint32(0) // words below belong to a telephone number
	done := uint32(0) // words below belong to a number that has been read
	tries := 0
	for k := range sc.notable {
		n := sc.notable[k]
		switch n.class {
		case wordDigits, wordDigit:
			// Of digits that go on and on, a few beginnings are tried.
			if k == 0 || sc.notable[k-1].word+1 < n.word || !dialGap(sc.gap(n.word-1)) {
				tries = 0
			}
			if tries++; n.word >= skip && tries <= maxTries {
				skip = max(skip, sc.telephone(k))
			}
			if n.class == wordDigits && n.word >= done {
				done = sc.number(s, n.word, n.word < skip)
			}
		case wordTop:
			sc.address(n.word)
		case wordMail:
			sc.spelledMail(n.word)
		case wordLink:
			sc.link(n.word)
		case wordMessenger:
			sc.messenger(n.word)
		case wordAge:
			sc.agePhrase(n.word)
		case wordHandle:
			sc.handle(n.word)
		case wordDisguised:
			sc.add(entity{class: rule.Obfuscated, first: n.word, last: n.word})
		}
	}
	sc.sortFound()
}

// maxTries is how many words of a run of digits a telephone number may begin with.
const maxTries = 4

// sortFound puts entities in the order of their last words, each once.
func (sc *scratch) sortFound() {
	f := sc.found
	sortBy(len(f), func(i, j int) bool {
		a, b := &f[i], &f[j]
		if a.last != b.last {
			return a.last < b.last
		}
		if a.class != b.class {
			return a.class < b.class
		}
		return a.first < b.first
	}, func(i, j int) { f[i], f[j] = f[j], f[i] })
	n := 0
	for i := range f {
		if n == 0 || f[i] != f[n-1] {
			f[n] = f[i]
			n++
		}
	}
	sc.found = f[:n]
}

// add takes note of an entity, if some pattern asks for its class.
//
//go:noinline
func (sc *scratch) add(e entity) {
	if sc.wanted>>e.class&1 == 1 && sc.field(e.first) == sc.field(e.last) {
		sc.found = append(sc.found, e)
	}
}

// gap gives what stands between word i and the next.
//
//go:noinline
func (sc *scratch) gap(i uint32) []byte {
	if int(i)+1 >= len(sc.hash) {
		return sc.buf.Text[sc.edges[2*i+1]:] // a line feed at least
	}
	return sc.buf.Text[sc.edges[2*i+1]:sc.edges[2*i+2]]
}

// gapIs reports whether exactly c stands between word i and the next.
//
//go:noinline
func (sc *scratch) gapIs(i uint32, c byte) bool {
	g := sc.gap(i)
	return len(g) == 1 && g[0] == c
}

// class gives what kind of notable word i is; ok is false for an ordinary one.
//
//go:noinline
func (sc *scratch) class(i uint32) (n notable, ok bool) {
	if int(i) >= len(sc.nth) || sc.nth[i] == 0 {
		return notable{}, false
	}
	return sc.notable[sc.nth[i]-1], true
}

//
//go:noinline
func (sc *scratch) isClass(i uint32, c wordClass) bool {
	n, ok := sc.class(i)
	return ok && n.class == c
}

// before gives the byte before word i.
//
//go:noinline
func (sc *scratch) before(i uint32) byte { return sc.buf.Text[sc.edges[2*i]-1] }

// handle finds "@name" that is no part of an e-mail address.
func (sc *scratch) handle(i uint32) {
	if c := sc.buf.Text[sc.edges[2*i]-2]; !isLetter(c) && c-'0' >= 10 && c < 0x80 && c != '.' && c != '_' && c != '-' {
		last := i
		for n := 0; n < 8 && int(last)+1 < len(sc.hash) && (sc.gapIs(last, '_') || sc.gapIs(last, '.')); n++ {
			last++
		}
		sc.add(entity{class: rule.Handle, first: i, last: last})
	}
}

// address finds a link or an e-mail address that ends with the top-level domain i.
func (sc *scratch) address(i uint32) {
	if i == 0 {
		return
	}
	first := i
	for n := 0; first > 0 && n < 8 && (sc.gapIs(first-1, '.') || sc.gapIs(first-1, '-')); n++ {
		first--
	}
	if first == i {
		if sc.isClass(i-1, wordDot) && i >= 2 {
			sc.mailBefore(i-2, i)
		}
		return
	}
	if next := sc.gap(i); next[0] == '.' && len(next) == 1 && sc.isClass(i+1, wordTop) {
		return // the domain goes on
	}
	if first > 0 && sc.gapIs(first-1, '@') {
		first--
		for n := 0; first > 0 && n < 8 && (sc.gapIs(first-1, '.') || sc.gapIs(first-1, '_') || sc.gapIs(first-1, '-') || sc.gapIs(first-1, '+')); n++ {
			first--
		}
		sc.add(entity{class: rule.Email, first: first, last: i})
		return
	}
	if first > 1 && sc.isClass(first-1, wordAt) && bracketed(sc.gap(first-2), sc.gap(first-1)) {
		sc.add(entity{class: rule.Email, first: first - 2, last: i})
		return
	}
	if len(sc.text(i)) > 1 && (first+1 < i || len(sc.text(first)) > 2) {
		sc.add(entity{class: rule.Link, first: first, last: i})
	}
}

// bracketed reports whether an "at" between two gaps stands in brackets.
func bracketed(left, right []byte) bool {
	in := func(c byte) bool { return c == '(' || c == '[' || c == '{' || c == '<' }
	return len(left) > 0 && len(right) > 0 && (in(left[len(left)-1]) || left[len(left)-1] == '-' && right[0] == '-')
}

// mailBefore finds "name at site dot com": site is word i.
func (sc *scratch) mailBefore(i, last uint32) {
	if i >= 2 && sc.isClass(i-1, wordAt) {
		sc.add(entity{class: rule.Email, first: i - 2, last: last})
	} else if i >= 1 && sc.gapIs(i-1, '@') {
		sc.add(entity{class: rule.Email, first: i - 1, last: last})
	}
}

// spelledMail finds "name at gmail", where the provider is word i.
func (sc *scratch) spelledMail(i uint32) {
	if i >= 2 && sc.isClass(i-1, wordAt) && len(sc.text(i-2)) > 2 {
		sc.add(entity{class: rule.Email, first: i - 2, last: i})
	}
}

// link finds "https://…": up to the next white space.
func (sc *scratch) link(i uint32) {
	last := i
	for n := 0; n < 24; n++ {
		g := sc.gap(last)
		if spacious(g) {
			break
		}
		last++
	}
	if last > i {
		sc.add(entity{class: rule.Link, first: i, last: last})
	}
}

// spacious reports whether a gap has white space.
func spacious(gap []byte) bool {
	for _, c := range gap {
		if c <= ' ' {
			return true
		}
	}
	return false
}

// messenger finds the name of a messenger, and the handle or number that follows.
func (sc *scratch) messenger(i uint32) {
	sc.add(entity{class: rule.Messenger, first: i, last: i})
	g := sc.gap(i)
	if int(i)+1 >= len(sc.hash) {
		return
	}
	for _, c := range g {
		if c == ':' || c == '@' || c == '-' && len(g) == 3 {
			sc.add(entity{class: rule.Handle, first: i, last: i + 1})
			return
		}
	}
	if w := sc.text(i + 1); len(w) >= 5 && hasDigit(w) {
		sc.add(entity{class: rule.Handle, first: i, last: i + 1})
	}
}
