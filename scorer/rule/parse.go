// SPDX-License-Identifier: Apache-2.0

package rule

import (
	"unicode/utf8"
)

// Error says what is wrong with an expression, where, and what to do about it.
type Error struct {
	Offset  int // in bytes from the start of the expression
	Problem string
	Hint    string // "" where the problem says it all
}

func (e *Error) Error() string {
	s := "pattern: byte " + itoa(e.Offset+1) + ": " + e.Problem
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Parse reads an expression. What it returns is simplified, so that two ways to
// write the same thing give the same Pattern: a group of one alternative
// dissolves, a group that is an alternative joins the group around it, and an
// alternative that is there twice once normalised is kept once.
//
// Parse(p.String()) gives p again. The error is always an *Error.
func Parse(expr string) (Pattern, error) {
	if len(expr) > MaxExpr {
		return Pattern{}, &Error{MaxExpr, "longer than " + itoa(MaxExpr) + " bytes", "make two patterns of it"}
	}
	if !utf8.ValidString(expr) {
		return Pattern{}, &Error{invalidAt(expr), "not UTF-8", "save the file as UTF-8"}
	}
	p := parser{src: expr}
	pattern, err := p.pattern()
	if err == nil {
		err = checkLength(pattern, expr)
	}
	if err != nil {
		return Pattern{}, err
	}
	return pattern, nil
}

func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return 0
}

// parser walks once through src. depth counts the groups that are open.
type parser struct {
	src   string
	pos   int
	depth int
}

func (p *parser) pattern() (Pattern, *Error) {
	if n, ok := p.atLeast(); ok {
		return p.choiceOfTerms(n)
	}
	var pattern Pattern
	join, joinAt := Near, 0
	for {
		start := p.pos
		sequence, err := p.sequence()
		if err != nil {
			return Pattern{}, err
		}
		if len(sequence.Segments) == 0 {
			if len(pattern.Terms) == 0 {
				start, joinAt = 0, -1
			}
			return Pattern{}, noSequence(start, joinAt)
		}
		if len(pattern.Terms) == MaxTerms {
			return Pattern{}, &Error{start, "more than " + itoa(MaxTerms) + " sequences", "make two patterns of it"}
		}
		pattern.Terms = append(pattern.Terms, Term{join, sequence})
		if p.pos == len(p.src) {
			return pattern, nil
		}
		joinAt = p.pos
		if c := p.src[p.pos]; c == ';' || c == '}' {
			return Pattern{}, p.stray()
		}
		if join, err = p.join(); err != nil {
			return Pattern{}, err
		}
	}
}

// noSequence is the error for a join with nothing behind it, or for nothing at all.
func noSequence(start, joinAt int) *Error {
	if joinAt < 0 {
		return &Error{start, "no words", "write at least one word or entity"}
	}
	return &Error{joinAt, "nothing to join", `"&", "&!" and "+" stand between two sequences; leave such signs out of words`}
}

// atLeast reads "N of {".
func (p *parser) atLeast() (n int, ok bool) {
	i := p.skip(0)
	start := i
	for i < len(p.src) && isDigit(p.src[i]) {
		i++
	}
	digits := p.src[start:i]
	i = p.skip(i)
	if digits == "" || !hasPrefix(p.src[i:], "of") {
		return 0, false
	}
	i = p.skip(i + len("of"))
	if i == len(p.src) || p.src[i] != '{' {
		return 0, false
	}
	p.pos = i + 1
	v, _ := number(digits) // 0, which no choice takes, where it is too large
	return int(min(v, MaxTerms+1)), true
}

func (p *parser) choiceOfTerms(n int) (Pattern, *Error) {
	pattern := Pattern{AtLeast: n}
	for {
		start := p.pos
		sequence, err := p.sequence()
		if err != nil {
			return Pattern{}, err
		}
		if len(sequence.Segments) == 0 {
			return Pattern{}, &Error{start, "no words between the semicolons", "write a sequence or take the semicolon out"}
		}
		if len(pattern.Terms) == MaxTerms {
			return Pattern{}, &Error{start, "more than " + itoa(MaxTerms) + " sequences", "join some as alternatives: (a|b)"}
		}
		pattern.Terms = append(pattern.Terms, Term{Sequence: sequence})
		if p.pos == len(p.src) {
			return Pattern{}, &Error{p.pos, `"{" is not closed`, `end with "}"`}
		}
		end := p.src[p.pos]
		if end != ';' && end != '}' {
			return Pattern{}, &Error{p.pos, "sequences inside { } are separated by semicolons", `write ";" here`}
		}
		p.pos++
		if end == '}' {
			break
		}
	}
	if rest := p.skip(p.pos); rest < len(p.src) {
		return Pattern{}, &Error{rest, `something follows "}"`, `nothing joins "N of {…}"; make a second pattern`}
	}
	if n < 2 || n > len(pattern.Terms) {
		return Pattern{}, &Error{0, `the number before "of" is out of range`,
			"it is at least 2 and at most the number of sequences, here " + itoa(len(pattern.Terms))}
	}
	return pattern, nil
}

// join reads "&", "&!" or "+", which need space around them, so that "R&B" and
// "18+" are not taken for joins.
func (p *parser) join() (Join, *Error) {
	at := p.pos
	join := With
	if p.src[at] == '&' {
		join = Near
	}
	p.pos++
	if join == Near && p.pos < len(p.src) && p.src[p.pos] == '!' {
		join = NotNear
		p.pos++
	}
	before := at == 0 || isSpace(p.src[at-1])
	after := p.pos == len(p.src) || isSpace(p.src[p.pos])
	if !before || !after {
		return 0, &Error{at, "no space around " + p.src[at:p.pos], "put spaces around it to join two sequences; else leave it out of the word"}
	}
	return join, nil
}

func (p *parser) skip(i int) int {
	for i < len(p.src) && isSpace(p.src[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
