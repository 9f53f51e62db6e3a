// SPDX-License-Identifier: Apache-2.0

package pack

// Apply makes the pack that delta leads to from old, which is as Decode or
// Canonical gave it. Any bytes give either a
// valid pack or an *Error. That it is the right pack is for the caller to
// find out, by comparing the hash of its encoding with one that is trusted.
//
// The result shares strings and models with old, which stays as it is.
func Apply(old *Pack, delta []byte) (*Pack, error) {
	if len(delta) > MaxSize {
		return nil, &Error{InDelta, -1, TooMany}
	}
	if err := checkMagic(delta, deltaMagic); err != nil {
		return nil, err
	}
	d := decoder{reader: reader{b: delta[len(deltaMagic):], section: InDelta}}
	if from := d.uvarint(1<<32 - 1); d.err == nil && from != uint64(old.Version) {
		return nil, &Error{InDelta, -1, WrongBase}
	}
	p := &Pack{Name: old.Name, Version: uint32(d.uvarint(1<<32 - 1)), Created: d.day()}
	d.languages()
	p.Indicators = edited(&d, old.Indicators, d.indicators, compareIndicators)
	p.Patterns = d.patternEdits(old.Patterns, placesByID(old.Indicators, p.Indicators))
	p.Protected = edited(&d, old.Protected, d.protected, compareStrings)
	p.Texts = edited(&d, old.Texts, d.texts, compareTexts)
	p.Documents = edited(&d, old.Documents, d.documents, compareDocuments)
	p.Policy = old.Policy
	switch d.byte() {
	case 0:
	case 1:
		p.Policy = d.policy()
	default:
		d.fail(-1, BadNumber)
	}
	p.Wording = edited(&d, old.Wording, d.wordings, compareWording)
	d.finish()
	if d.err != nil {
		return nil, d.err
	}
	if err := d.checkEdits(p); err != nil {
		// A change can move a pattern among those of its expression.
		return Canonical(p)
	}
	if err := p.checkAllButPatterns(); err != nil {
		return nil, err
	}
	return p, nil
}

// checkEdits looks at the patterns of the new pack, those that came from the
// old one as they were excepted.
func (d *decoder) checkEdits(p *Pack) *Error {
	if d.moved || len(p.Patterns) > MaxPatterns {
		return checkPatternOrder(p)
	}
	for _, i := range d.touched {
		for k := i; k <= i+1 && k < len(p.Patterns); k++ {
			if err := checkPlace(p, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// edited reads places and puts, and applies them to a sorted list.
func edited[T any](d *decoder, old []T, read func() []T, compare func(a, b *T) int) []T {
	removed := d.places(len(old))
	puts := read()
	if d.err != nil {
		return nil
	}
	if len(removed) == 0 && len(puts) == 0 {
		return old
	}
	var out []T // nil where nothing is left, as Decode has it
	for _, k := range merge(len(old), len(puts), removed, func(i, j int) int { return compare(&old[i], &puts[j]) }) {
		if k >= 0 {
			out = append(out, old[k])
		} else {
			out = append(out, puts[^k])
		}
	}
	return out
}

// merge lists what stays, by its place in the old list, and what is put, by the
// complement of its place, in the order of the new list.
func merge(olds, puts int, removed []int, compare func(i, j int) int) []int {
	out := make([]int, 0, olds+puts)
	for i, j := 0, 0; i < olds || j < puts; {
		c := 1
		if j == puts {
			c = -1
		} else if i < olds {
			c = compare(i, j)
		}
		if c >= 0 {
			out = append(out, ^j)
			j++
		}
		if c <= 0 {
			gone := next(removed, -1) == i
			if gone {
				removed = removed[1:]
			}
			if c < 0 && !gone {
				out = append(out, i)
			}
			i++
		}
	}
	return out
}

// places reads ascending numbers below limit.
func (d *decoder) places(limit int) []int {
	n := d.count(limit, 1)
	if n == 0 {
		return nil
	}
	list := make([]int, n)
	next := 0
	for i := range list {
		next += int(d.uvarint(MaxPatterns))
		if next >= limit {
			d.fail(i, BadNumber)
			return nil
		}
		list[i] = next
		next++
	}
	return list
}

// patternEdits makes the new patterns; place says where the old indicators
// stand now. What lies between two edits is copied as it is.
func (d *decoder) patternEdits(old []Pattern, place []uint32) []Pattern {
	d.section = InPatterns
	removed := d.places(len(old))
	changed := d.places(len(old))
	changes := make([]Pattern, len(changed))
	d.patternColumns(changes)
	puts, at := d.patternPuts(old)
	if d.err != nil || len(old)+len(puts) == 0 {
		return nil
	}
	for i, to := range place {
		d.moved = d.moved || to != uint32(i)
	}
	out := make([]Pattern, 0, len(old)+len(puts))
	for i := 0; ; {
		stop := min(next(removed, len(old)), next(changed, len(old)), next(at, len(old)))
		out = append(out, old[i:stop]...)
		if d.moved {
			relocate(out[len(out)-(stop-i):], place)
		}
		i = stop
		for len(at) > 0 && at[0] == i {
			d.touched = append(d.touched, len(out))
			out = append(out, puts[0])
			puts, at = puts[1:], at[1:]
		}
		if i == len(old) {
			break
		}
		isChanged, isRemoved := next(changed, -1) == i, next(removed, -1) == i
		if !isChanged && !isRemoved {
			continue // only new ones stood here
		}
		if isChanged {
			changes[0].Expr = old[i].Expr
			if !isRemoved {
				d.touched = append(d.touched, len(out))
				out = append(out, changes[0])
			}
			changed, changes = changed[1:], changes[1:]
		}
		if isRemoved {
			removed = removed[1:]
		}
		i++
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// next is the first of the places that are left, or end.
func next(places []int, end int) int {
	if len(places) == 0 {
		return end
	}
	return places[0]
}

// relocate points patterns at the new places of their indicators.
func relocate(list []Pattern, place []uint32) {
	for i := range list {
		if at := list[i].Indicator; int64(at) < int64(len(place)) {
			list[i].Indicator = place[at]
		}
	}
}

// patternPuts reads new patterns and before which old one each stands.
func (d *decoder) patternPuts(old []Pattern) (puts []Pattern, at []int) {
	at = d.putPlaces(len(old))
	return d.puts(at, func(at int) string { return old[at-1].Expr }), at
}

// putPlaces reads before which of so many old patterns the new ones stand.
func (d *decoder) putPlaces(olds int) []int {
	n := d.count(MaxPatterns, 6)
	if n == 0 {
		return nil
	}
	at := make([]int, n)
	last := 0
	for i := range at {
		last += int(d.uvarint(MaxPatterns))
		if last > olds {
			d.fail(i, BadNumber)
			return nil
		}
		at[i] = last
	}
	return at
}

// puts reads the new patterns that stand at places; before gives the expression
// of the old pattern before one of them, and is asked from the first to the last.
func (d *decoder) puts(at []int, before func(at int) string) []Pattern {
	n := len(at)
	if n == 0 {
		d.suffixes(0, nil)
		return nil
	}
	exprs := d.suffixes(n, func(i int) (string, bool) {
		switch {
		case i > 0 && at[i] == at[i-1]:
			return "", false
		case at[i] > 0:
			return before(at[i]), true
		}
		return "", true
	})
	if d.err != nil {
		return nil
	}
	puts := make([]Pattern, n)
	for i := range puts {
		puts[i].Expr = exprs[i]
	}
	d.patternColumns(puts)
	d.checkPatterns(puts)
	return puts
}

func (d *decoder) checkPatterns(list []Pattern) {
	if err := checkPatterns(list); err != nil && d.err == nil {
		d.err = err
	}
}
