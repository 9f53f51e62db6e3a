// SPDX-License-Identifier: Apache-2.0

package rule

// String gives the canonical form: words in normal form, single spaces, "..."
// for a gap of three, "2 of {a; b}".
func (p Pattern) String() string {
	return string(p.append(nil))
}

func (p Pattern) append(b []byte) []byte {
	if p.AtLeast > 0 {
		b = appendNumber(b, uint32(p.AtLeast))
		b = append(b, " of {"...)
	}
	for i, term := range p.Terms {
		switch {
		case i == 0:
		case p.AtLeast > 0:
			b = append(b, "; "...)
		default:
			b = append(b, ' ')
			b = append(b, term.Join.String()...)
			b = append(b, ' ')
		}
		b = term.Sequence.append(b)
	}
	if p.AtLeast > 0 {
		b = append(b, '}')
	}
	return b
}

func (s Sequence) append(b []byte) []byte {
	for i, segment := range s.Segments {
		if i > 0 {
			b = append(b, " ..."...)
			if gap := s.Gaps[i-1]; gap != defaultGap {
				b = appendNumber(b, uint32(gap))
			}
			b = append(b, ' ')
		}
		b = segment.append(b)
	}
	return b
}

func (s Segment) append(b []byte) []byte {
	for i, item := range s {
		if i > 0 {
			b = append(b, ' ')
		}
		switch item := item.(type) {
		case Words:
			b = append(b, item...)
		case Stem:
			b = append(b, item...)
			b = append(b, '*')
		case Entity:
			b = item.append(b)
		case Group:
			b = item.append(b)
		}
	}
	return b
}

func (e Entity) append(b []byte) []byte {
	b = append(b, '<')
	b = append(b, e.Class.String()...)
	switch e.Op {
	case Under:
		b = append(b, " under "...)
	case Over:
		b = append(b, " over "...)
	}
	if e.Op != Any {
		b = appendNumber(b, e.N)
	}
	return append(b, '>')
}

func (g Group) append(b []byte) []byte {
	opening, closing := byte('('), byte(')')
	if g.Optional {
		opening, closing = '[', ']'
	}
	b = append(b, opening)
	for i, alt := range g.Alts {
		if i > 0 {
			b = append(b, '|')
		}
		b = alt.append(b)
	}
	return append(b, closing)
}

// String gives the join's sign.
func (j Join) String() string {
	switch j {
	case NotNear:
		return "&!"
	case With:
		return "+"
	}
	return "&"
}
