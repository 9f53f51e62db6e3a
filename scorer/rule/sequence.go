// SPDX-License-Identifier: Apache-2.0

package rule

// special holds the bytes that end a text. A dot does so only as one of three.
const special = "()[]|<>&+*{};"

// sequence reads items and gaps up to a join, a ";", a "}" or the end. It
// returns no segment if there is nothing to read.
func (p *parser) sequence() (Sequence, *Error) {
	var sequence Sequence
	start := p.skip(p.pos)
	for {
		from := p.skip(p.pos)
		segment, err := p.segment()
		if err != nil {
			return Sequence{}, err
		}
		if len(segment) > 0 {
			if err := checkSegment(segment, from); err != nil {
				return Sequence{}, err
			}
			sequence.Segments = append(sequence.Segments, segment)
		}
		atGap := hasPrefix(p.src[p.pos:], "...")
		switch {
		case atGap && len(segment) == 0:
			return Sequence{}, &Error{p.pos, `nothing stands before "..."`, "a sequence begins with a word, and two gaps do not meet: write one wider gap, as ...6"}
		case atGap:
			gap, err := p.gap()
			if err != nil {
				return Sequence{}, err
			}
			sequence.Gaps = append(sequence.Gaps, gap)
			continue
		case len(segment) == 0 && len(sequence.Gaps) > 0:
			return Sequence{}, &Error{p.pos, `nothing stands after "..."`, "a sequence does not end with a gap"}
		case p.pos < len(p.src) && indexByte(")]|>*", p.src[p.pos]) >= 0:
			return Sequence{}, p.stray()
		}
		return sequence, checkWords(sequence, start)
	}
}

// stray is the error for a byte that means something elsewhere.
func (p *parser) stray() *Error {
	switch c := p.src[p.pos]; c {
	case '|':
		return &Error{p.pos, `"|" outside a group`, "write (a|b)"}
	case ';':
		return &Error{p.pos, `";" outside of { }`, "write 2 of {a; b}, or leave it out"}
	case '*':
		return &Error{p.pos, `"*" does not follow a word`, "a stem is written as passp*, without a space"}
	default:
		return &Error{p.pos, `"` + string(rune(c)) + `" closes nothing`, "take it out, or open it before"}
	}
}

// gap reads "..." or "...N".
func (p *parser) gap() (int, *Error) {
	at := p.pos
	p.pos += len("...")
	digits := p.pos
	for p.pos < len(p.src) && isDigit(p.src[p.pos]) {
		p.pos++
	}
	if p.pos < len(p.src) && p.src[p.pos] == '.' {
		return 0, &Error{at, "more than three dots", `a gap is written as "..." or "...5"`}
	}
	if digits == p.pos {
		return defaultGap, nil
	}
	n, ok := number(p.src[digits:p.pos])
	if !ok || n < 1 || n > MaxGap {
		return 0, &Error{digits, "a gap of " + p.src[digits:p.pos] + " words", "from 1 to " + itoa(MaxGap) + `; for more use "&"; a number to be matched stands after a space`}
	}
	if p.pos < len(p.src) && !isSpace(p.src[p.pos]) && indexByte(special, p.src[p.pos]) < 0 {
		return 0, &Error{digits, "the gap's number runs into a word", "put a space between them"}
	}
	return int(n), nil
}

// defaultGap is what "..." without a number means.
const defaultGap = 3

// segment reads items up to something that is none.
func (p *parser) segment() (Segment, *Error) {
	var segment Segment
	for {
		p.pos = p.skip(p.pos)
		if p.pos == len(p.src) || hasPrefix(p.src[p.pos:], "...") {
			return segment, nil
		}
		var items Segment
		var err *Error
		switch p.src[p.pos] {
		case '(', '[':
			items, err = p.group()
		case '<':
			items, err = p.entity()
		case '{':
			err = &Error{p.pos, `"{" without "N of"`, "write 2 of {a; b; c} and nothing before it"}
		case ')', ']', '|', '>', '*', '&', '+', '}', ';':
			return segment, nil
		default:
			items, err = p.text()
		}
		if err != nil {
			return nil, err
		}
		segment = appendItems(segment, items)
	}
}

// appendItems appends, so that words which follow one another are one item.
func appendItems(segment, items Segment) Segment {
	if len(segment) > 0 && len(items) > 0 {
		last, lastIsWords := segment[len(segment)-1].(Words)
		first, firstIsWords := items[0].(Words)
		if lastIsWords && firstIsWords {
			segment[len(segment)-1] = last + " " + first
			items = items[1:]
		}
	}
	return append(segment, items...)
}

// group reads "(a|b)" or "[a|b]".
func (p *parser) group() (Segment, *Error) {
	at := p.pos
	optional := p.src[at] == '['
	closing, other := byte(')'), byte(']')
	if optional {
		closing, other = other, closing
	}
	if err := p.checkTouching(at); err != nil {
		return nil, err
	}
	if p.depth == MaxDepth {
		return nil, &Error{at, "groups nest more than " + itoa(MaxDepth) + " deep", "write the inner alternatives out"}
	}
	p.depth++
	defer func() { p.depth-- }()

	group := Group{Optional: optional}
	for {
		p.pos++
		start := p.skip(p.pos)
		alt, err := p.segment()
		if err != nil {
			return nil, err
		}
		switch {
		case hasPrefix(p.src[p.pos:], "..."):
			return nil, &Error{p.pos, `"..." inside a group`, "a gap stands between groups only; write two patterns"}
		case p.pos == len(p.src):
			return nil, &Error{at, `"` + p.src[at:at+1] + `" is not closed`, `end the group with "` + string(rune(closing)) + `"`}
		case p.src[p.pos] == other:
			return nil, &Error{p.pos, `"` + p.src[at:at+1] + `" is closed by "` + string(rune(other)) + `"`, `write "` + string(rune(closing)) + `"`}
		case p.src[p.pos] != '|' && p.src[p.pos] != closing:
			if c := p.src[p.pos]; c == '*' || c == '>' {
				return nil, p.stray()
			}
			return nil, &Error{p.pos, `"` + p.src[p.pos:p.pos+1] + `" inside a group`, "joins and braces stand outside of groups; leave such signs out of words"}
		case len(alt) == 0:
			return nil, &Error{start, "an alternative without words", "write [a|b] for a or b or nothing"}
		case nullable(alt):
			return nil, &Error{start, "an alternative that can be nothing", "take the brackets away, or write [a|b] around the whole choice"}
		}
		group.add(alt)
		if p.src[p.pos] == closing {
			break
		}
	}
	p.pos++
	if err := p.checkTouched(); err != nil {
		return nil, err
	}
	if len(group.Alts) == 1 && !optional {
		return group.Alts[0], nil
	}
	return Segment{group}, nil
}

// add takes an alternative into the group, unless it is there already. A choice
// inside a choice is the same choice.
func (g *Group) add(alt Segment) {
	if inner, ok := alt[0].(Group); ok && len(alt) == 1 {
		for _, a := range inner.Alts {
			g.add(a)
		}
		return
	}
	for _, have := range g.Alts {
		if equal(have, alt) {
			return
		}
	}
	g.Alts = append(g.Alts, alt)
}

func equal(a, b Segment) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		ga, aIsGroup := a[i].(Group)
		gb, bIsGroup := b[i].(Group)
		if !aIsGroup && !bIsGroup {
			if a[i] != b[i] {
				return false
			}
			continue
		}
		if !aIsGroup || !bIsGroup || ga.Optional != gb.Optional || len(ga.Alts) != len(gb.Alts) {
			return false
		}
		for k := range ga.Alts {
			if !equal(ga.Alts[k], gb.Alts[k]) {
				return false
			}
		}
	}
	return true
}
