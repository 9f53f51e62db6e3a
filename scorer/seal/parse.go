// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/release"
)

// ParseReport reads a report in the one form that Encode gives. It comes from a
// stranger: nothing in it is more than what somebody claims.
func ParseReport(encoded []byte) (*Report, error) {
	if over := len(encoded) - MaxReport; over > 0 {
		return nil, &Error{Object: AReport, Over: over, Fault: TooLong}
	}
	p := parser{whole: string(encoded)}
	p.rest = p.whole
	r, err := p.report()
	if err != nil {
		return nil, err
	}
	// Whatever the parser was lenient about, the encoder is not.
	again, err := r.Encode()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, encoded) {
		return nil, &Error{Object: AReport, Fault: Malformed}
	}
	return r, nil
}

// parser reads line by line. After the first fault every read gives zero.
type parser struct {
	whole, rest string
	bad, closed bool
}

func (p *parser) report() (*Report, error) {
	p.expect("{\n")
	if p.key("lapwing_report") && p.plain() != formatVersion {
		return nil, &Error{Object: AReport, Line: 2, Fault: UnknownFormat}
	}
	r := &Report{}
	if !release.DecodeHex(r.ID[:], p.text("id")) {
		p.bad = true
	}
	r.Sort, _ = ParseSort(p.text("sort"))
	r.Day, r.List, r.Release = p.text("day"), p.text("list"), p.number("release")
	r.Program, r.Site, r.Address = p.text("program"), p.text("site"), p.text("address")
	r.Region, r.Kind, r.Language = p.text("region"), pack.ParseKind(p.text("kind")), p.text("language")
	for f := range scorer.URL {
		r.Text[f] = p.text(f.String())
	}
	if level := p.text("level"); level != "" {
		r.Verdict = &Verdict{}
		r.Verdict.Level, _ = scorer.ParseLevel(level)
		r.Verdict.Score = p.score()
		r.Verdict.Reasons = p.reasons()
	}
	r.Note = p.text("note")
	if p.bad || !p.closed {
		return nil, &Error{Object: AReport, Line: strings.Count(p.whole[:len(p.whole)-len(p.rest)], "\n") + 1, Fault: Malformed}
	}
	return r, nil
}

// expect reads literal text.
func (p *parser) expect(s string) {
	rest, ok := strings.CutPrefix(p.rest, s)
	if !ok {
		p.bad = true
	}
	if !p.bad {
		p.rest = rest
	}
}

// is reads literal text, if it comes next.
func (p *parser) is(s string) bool {
	if p.bad || !strings.HasPrefix(p.rest, s) {
		return false
	}
	p.rest = p.rest[len(s):]
	return true
}

// key reads the beginning of a field's line, if that field comes next.
func (p *parser) key(name string) bool {
	return !p.closed && p.is("  \""+name+"\": ")
}

// end reads what closes a line, and perhaps the report.
func (p *parser) end() {
	if p.is("\n}\n") {
		p.closed = true
		p.bad = p.rest != ""
	} else {
		p.expect(",\n")
	}
}

// plain reads a value of one line that is not a string.
func (p *parser) plain() string {
	n := strings.IndexAny(p.rest, ",\n")
	if p.bad || n < 0 {
		p.bad = true
		return ""
	}
	s := p.rest[:n]
	p.rest = p.rest[n:]
	p.end()
	return s
}

// text reads a field, if it comes next.
func (p *parser) text(name string) string {
	if !p.key(name) {
		return ""
	}
	s := p.quoted()
	p.end()
	return s
}

func (p *parser) quoted() string {
	p.expect(`"`)
	var out []byte
	for i := 0; i < len(p.rest) && !p.bad; i++ {
		switch c := p.rest[i]; c {
		case '"':
			p.rest = p.rest[i+1:]
			return string(out)
		case '\\':
			i++
			if i == len(p.rest) {
				break
			}
			switch p.rest[i] {
			case 'n':
				out = append(out, '\n')
			case 't':
				out = append(out, '\t')
			default:
				out = append(out, p.rest[i]) // the encoder decides whether it may be escaped
			}
		default:
			out = append(out, c)
		}
	}
	p.bad = true
	return ""
}

// digits reads a whole number of at most limit.
func (p *parser) digits(limit uint64) uint64 {
	n, i := uint64(0), 0
	for ; i < len(p.rest) && i < 10 && p.rest[i]-'0' < 10; i++ {
		n = 10*n + uint64(p.rest[i]-'0')
	}
	if p.bad || i == 0 || n > limit {
		p.bad = true
		return 0
	}
	p.rest = p.rest[i:]
	return n
}

func (p *parser) number(name string) uint32 {
	if !p.key(name) {
		return 0
	}
	n := p.digits(1<<32 - 1)
	p.end()
	return uint32(n)
}

// score reads a number with up to two digits behind the point, in hundredths.
func (p *parser) score() uint16 {
	if !p.key("score") {
		return 0 // and the encoder will have it otherwise
	}
	n := 100 * p.digits(100)
	if p.is(".") {
		for unit := uint64(10); unit > 0 && p.rest != "" && p.rest[0]-'0' < 10; unit /= 10 {
			n += unit * uint64(p.rest[0]-'0')
			p.rest = p.rest[1:]
		}
	}
	p.end()
	return uint16(n)
}

func (p *parser) reasons() []Reason {
	if !p.key("reasons") {
		return nil
	}
	p.expect("[")
	var out []Reason
	for more := true; more && !p.bad; more = p.is(",") {
		if len(out) == maxReasons {
			p.bad = true
		}
		p.expect("\n    {\"indicator\": ")
		r := Reason{Indicator: p.quoted()}
		p.expect(`, "points": `)
		r.Points = uint8(p.digits(255))
		p.expect(`, "spans": [`)
		for first := true; !p.is("]}") && !p.bad; first = false {
			if !first {
				p.expect(", ")
			}
			r.Spans = append(r.Spans, p.span())
			p.bad = p.bad || len(r.Spans) > maxSpans
		}
		out = append(out, r)
	}
	p.expect("\n  ]")
	p.end()
	return out
}

func (p *parser) span() (s scorer.Span) {
	p.expect(`{"field": `)
	name := p.quoted()
	for s.Field = 0; s.Field < scorer.URL && s.Field.String() != name; {
		s.Field++
	}
	p.expect(`, "start": `)
	s.Start = uint32(p.digits(MaxReport))
	p.expect(`, "end": `)
	s.End = uint32(p.digits(MaxReport))
	p.expect("}")
	return s
}
