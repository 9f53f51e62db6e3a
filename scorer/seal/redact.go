// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"strings"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/rule"
)

// Kind is what a passage says that had better not leave.
type Kind uint8

// The kinds. Of two that overlap, the lower one gives its name to both.
const (
	Account Kind = iota // number of a bank account, card or wallet
	Email
	Link
	Phone
	Handle // name or number for a messenger
	NumKinds
)

var placeholders = [NumKinds]string{"[account]", "[e-mail]", "[link]", "[phone]", "[handle]"}

// Placeholder is what stands in a report where something was redacted.
func (k Kind) Placeholder() string {
	if k < NumKinds {
		return placeholders[k]
	}
	return ""
}

// Redaction is a passage to be replaced by its kind's placeholder: code points.
type Redaction struct {
	Start, End uint32
	Kind       Kind
}

// Redactor finds what had better not leave. It errs on the side of finding too
// much, since people see each finding and can take it back; names and street
// addresses it does not know, and people are told so. It is the scorer's entity
// finder, and what that has no use for: accounts, and the edges of what it found.
// It is not safe for concurrent use.
type Redactor struct{ finder *scorer.Finder }

// NewRedactor makes a Redactor.
func NewRedactor() *Redactor {
	return &Redactor{scorer.NewFinder(rule.Phone, rule.Email, rule.Link, rule.Handle, rule.Messenger, rule.Wallet)}
}

// passage is a Redaction in bytes.
type passage struct {
	from, to int
	kind     Kind
}

// Redact lists what to redact in a text, in order; passages do not overlap.
func (r *Redactor) Redact(text string) []Redaction {
	found := union(append(append(r.entities(text), signs(text)...), ibans(text)...))
	found = union(append(found, demote(longNumbers(text), found, text)...))
	out := make([]Redaction, 0, len(found))
	at, points := 0, 0
	for _, p := range found {
		points += scorer.Points(text[at:p.from])
		start := points
		points += scorer.Points(text[p.from:p.to])
		at = p.to
		out = append(out, Redaction{uint32(start), uint32(points), p.kind})
	}
	return out
}

var kindOf = map[rule.Class]Kind{rule.Phone: Phone, rule.Email: Email, rule.Link: Link, rule.Handle: Handle, rule.Wallet: Account}

// entities gives the scorer's, grown to where people would say that they end.
func (r *Redactor) entities(text string) []passage {
	entities := r.finder.Find(text)
	var out []passage
	for _, e := range entities {
		p := passage{from: e.From, to: e.To}
		switch e.Class {
		case rule.Messenger:
			continue
		case rule.Phone:
			p.from = growLeft(text, p.from, isDialSign)
		case rule.Email:
			p.from, p.to = growLeft(text, p.from, isNameByte), growRight(text, p.to, isNameByte)
		case rule.Link:
			p.to = growRight(text, p.to, isLinkByte)
		case rule.Handle:
			p.from = growLeft(text, afterMessenger(text, p, entities), isAt)
			p.to = growRight(text, p.to, isNameByte)
		}
		p.kind = kindOf[e.Class]
		if p.from < p.to {
			out = append(out, p)
		}
	}
	return out
}

// signs finds what an at sign makes an address or a name, whatever domains the
// scorer knows.
func signs(text string) (out []passage) {
	for at := range len(text) {
		if text[at] != '@' {
			continue
		}
		p := passage{growLeft(text, at, isNameByte), growRight(text, at+1, isNameByte), Handle}
		switch {
		case p.from < at && strings.Contains(text[at:p.to], "."):
			p.kind = Email
		case p.from < at || p.to < at+3:
			continue
		}
		out = append(out, p)
	}
	return out
}

// demote has long numbers take the name of what they overlap with, if that knows
// better: a telephone number is one with all of its digits. A card's sum is known.
func demote(numbers, others []passage, text string) []passage {
	for i, p := range numbers {
		for _, o := range others {
			if o.from < p.to && p.from < o.to && !isCard(text[p.from:p.to]) {
				numbers[i].kind = NumKinds - 1
			}
		}
	}
	return numbers
}

// afterMessenger leaves the messenger's name where it stands: that somebody is
// asked to go there is no secret, and says something.
func afterMessenger(text string, p passage, entities []scorer.Found) int {
	for _, e := range entities {
		if e.Class == rule.Messenger && e.From <= p.from && e.To > p.from && e.To <= p.to {
			p.from = e.To
		}
	}
	for p.from < p.to && (text[p.from] <= ' ' || text[p.from] == ':' || text[p.from] == '-') {
		p.from++
	}
	return p.from
}

func growLeft(text string, at int, more func(byte) bool) int {
	for at > 0 && more(text[at-1]) {
		at--
	}
	return at
}

// growRight stops before what ends a sentence.
func growRight(text string, at int, more func(byte) bool) int {
	from := at
	for at < len(text) && more(text[at]) {
		at++
	}
	for at > from && (text[at-1] == '.' || text[at-1] == ',' || text[at-1] == '!' || text[at-1] == '?') {
		at--
	}
	return at
}

func isAt(c byte) bool       { return c == '@' }
func isDialSign(c byte) bool { return c == '+' || c == '(' }

// isNameByte accepts what names of people on the net are made of; every letter
// beyond ASCII is taken for one.
func isNameByte(c byte) bool {
	return c|0x20-'a' < 26 || c-'0' < 10 || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c >= 0x80
}

func isLinkByte(c byte) bool {
	return c > ' ' && c != '"' && c != '<' && c != '>' && c != ')' && c != ']' && c != '}' && c < 0x7f
}

// union sorts passages, and joins those that overlap.
func union(list []passage) []passage {
	for i := range list { // few, and nearly in order
		for k := i; k > 0 && list[k].from < list[k-1].from; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	kept := list[:0]
	for _, p := range list {
		if n := len(kept); n > 0 && p.from < kept[n-1].to {
			kept[n-1].to = max(kept[n-1].to, p.to)
			kept[n-1].kind = min(kept[n-1].kind, p.kind)
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// Clean replaces control characters by spaces, and what is not UTF-8 by the
// replacement character: one for one, so that passages stay where they are.
func Clean(text string) string {
	if isText(text) {
		return text
	}
	b := make([]byte, 0, len(text)+16)
	for _, c := range text {
		if isControl(c) {
			c = ' '
		}
		b = utf8.AppendRune(b, c)
	}
	return string(b)
}

// Apply puts placeholders into a text, and says where passages of it are then:
// what a redaction swallows is gone, what it touches ends with it. Redactions
// are in order and do not overlap, as Redact gives them.
func Apply(text string, list []Redaction, spans []scorer.Span) (string, []scorer.Span) {
	var b []byte
	at := 0                  // bytes of text that are done
	from, to := uint32(0), 0 // the same in code points, before and after
	shift := make([]int, len(list))
	for i, r := range list {
		keep := pointsIn(text[at:], int(r.Start-from))
		b = append(b, text[at:at+keep]...)
		at += keep
		to += int(r.Start - from)
		b = append(b, r.Kind.Placeholder()...)
		at += pointsIn(text[at:], int(r.End-r.Start))
		to += len(r.Kind.Placeholder())
		from = r.End
		shift[i] = to - int(r.End)
	}
	b = append(b, text[at:]...)
	var moved []scorer.Span
	for _, s := range spans {
		if s, ok := moveSpan(s, list, shift); ok {
			moved = append(moved, s)
		}
	}
	return string(b), moved
}

// moveSpan moves a span; shift[i] is by how much what follows redaction i moves.
func moveSpan(s scorer.Span, list []Redaction, shift []int) (scorer.Span, bool) {
	before := 0
	start, end := int(s.Start), int(s.End)
	for i, r := range list {
		size := len(r.Kind.Placeholder())
		switch {
		case r.Start <= s.Start && s.End <= r.End:
			return s, false
		case s.Start >= r.End:
			start = int(s.Start) + shift[i]
		case s.Start >= r.Start:
			start = int(r.Start) + before
		}
		switch {
		case s.End >= r.End:
			end = int(s.End) + shift[i]
		case s.End > r.Start:
			end = int(r.Start) + before + size
		}
		before = shift[i]
	}
	s.Start, s.End = uint32(start), uint32(end)
	return s, true
}

// pointsIn is how many bytes the first n code points of a text take.
func pointsIn(text string, n int) int {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// Redacted gives the report with texts cleaned, redactions made, and passages
// where they are then. The report itself stays as it is.
func (r *Report) Redacted(text [scorer.URL][]Redaction, note []Redaction) *Report {
	out := *r
	for f := range out.Text {
		out.Text[f], _ = Apply(Clean(r.Text[f]), text[f], nil)
	}
	out.Note, _ = Apply(Clean(r.Note), note, nil)
	if r.Verdict == nil {
		return &out
	}
	v := *r.Verdict
	v.Reasons = nil
	for _, reason := range r.Verdict.Reasons {
		spans := reason.Spans
		reason.Spans = nil
		for _, s := range spans {
			if s.Field < scorer.URL && r.Text[s.Field] != "" {
				_, moved := Apply("", text[s.Field], []scorer.Span{s})
				reason.Spans = append(reason.Spans, moved...)
			}
		}
		v.Reasons = append(v.Reasons, reason)
	}
	out.Verdict = &v
	return &out
}
