// SPDX-License-Identifier: Apache-2.0

package rule

import (
	"unicode/utf8"
)

// Least lengths of a stem in bytes: a shorter one begins too many words.
const (
	minStem        = 4
	minStemForeign = 6
)

// text reads words up to a special byte or a gap, and the "*" behind them. It
// returns nothing if there is only punctuation.
func (p *parser) text() (Segment, *Error) {
	start := p.pos
	for p.pos < len(p.src) && indexByte(special, p.src[p.pos]) < 0 && !hasPrefix(p.src[p.pos:], "...") {
		p.pos++
	}
	raw := p.src[start:p.pos]
	for i := range raw {
		if hasPrefix(raw[i:], "…") {
			return nil, &Error{start + i, `the character "…"`, `write a gap as three dots, "..."`}
		}
	}
	words := fold(raw)
	if p.pos == len(p.src) || p.src[p.pos] != '*' {
		if words == "" {
			return nil, nil
		}
		return Segment{Words(words)}, nil
	}
	return p.stem(words)
}

// stem reads the "*" and makes the last of the words before it a Stem.
func (p *parser) stem(words string) (Segment, *Error) {
	at := p.pos
	before, _ := utf8.DecodeLastRuneInString(p.src[:at])
	if words == "" || before < utf8.RuneSelf && !isWordByte(byte(before)) {
		return nil, p.stray()
	}
	p.pos++
	if p.pos < len(p.src) {
		if c := p.src[p.pos]; c >= utf8.RuneSelf || isWordByte(c) || c == '*' || c == '(' || c == '[' {
			return nil, &Error{at, `"*" inside a word`, "a stem is the beginning of a word; put a space behind it"}
		}
	}
	cut := lastIndexByte(words, ' ')
	stem := words[cut+1:]
	least := minStem
	if !isASCII(stem) {
		least = minStemForeign
	}
	if len(stem) < least {
		hint := "at least " + itoa(minStem) + " letters, " + itoa(minStemForeign/2) +
			" of another alphabet; write the words out: (a|b)"
		if withoutSpaces(before) {
			hint = "a script without spaces needs no stems; take the star out"
		}
		return nil, &Error{at, `the stem "` + stem + `*" is too short`, hint}
	}
	if cut < 0 {
		return Segment{Stem(stem)}, nil
	}
	return Segment{Words(words[:cut]), Stem(stem)}, nil
}

// checkTouching finds a word that runs into the group which opens at the given
// byte: "passport[s]" would be the two words "passport" and "s".
func (p *parser) checkTouching(at int) *Error {
	r, _ := utf8.DecodeLastRuneInString(p.src[:at])
	if at > 0 && ofWord(r) {
		return &Error{at, "a word runs into a group", "write whole words, as (passport|passports), or put a space between"}
	}
	return nil
}

// checkTouched finds a word that begins right behind a group.
func (p *parser) checkTouched() *Error {
	r, _ := utf8.DecodeRuneInString(p.src[p.pos:])
	if p.pos < len(p.src) && ofWord(r) {
		return &Error{p.pos, "a word runs into a group", "write whole words, as (passport|passports), or put a space between"}
	}
	return nil
}

// ofWord reports whether r belongs to a word that needs spaces around it.
func ofWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(byte(r))
	}
	return fold(string(r)) != "" && !withoutSpaces(r)
}

// withoutSpaces reports whether r is of a script that puts no spaces between
// words; the normal form does so between its characters.
func withoutSpaces(r rune) bool {
	return r >= utf8.RuneSelf && indexByte(fold(string([]rune{r, r})), ' ') > 0
}

// entity reads "<class>", "<class under N>" or "<class over N>".
func (p *parser) entity() (Segment, *Error) {
	at := p.pos
	length := indexByte(p.src[at:], '>')
	if length < 0 {
		return nil, &Error{at, `"<" is not closed`, `end the entity with ">"`}
	}
	parts := fields(p.src[at+1 : at+length])
	if len(parts) != 1 && len(parts) != 3 {
		return nil, &Error{at, "not an entity", "write <phone> or <age under 18>"}
	}
	class, ok := ParseClass(parts[0])
	if !ok {
		return nil, &Error{at, "unknown entity <" + parts[0] + ">", "one of " + allClasses()}
	}
	entity := Entity{Class: class}
	if len(parts) == 3 {
		if err := entity.bound(parts[1], parts[2], at); err != nil {
			return nil, err
		}
	}
	p.pos = at + length + 1
	return Segment{entity}, nil
}

func allClasses() string {
	s := classNames[0]
	for _, name := range classNames[1:] {
		s += ", " + name
	}
	return s
}

func (e *Entity) bound(op, digits string, at int) *Error {
	if !e.Class.HasValue() {
		return &Error{at, "<" + e.Class.String() + "> has no value to compare", "write <" + e.Class.String() + ">"}
	}
	switch op {
	case "under":
		e.Op = Under
	case "over":
		e.Op = Over
	default:
		return &Error{at, `unknown comparison "` + op + `"`, `"under" or "over"`}
	}
	n, ok := number(digits)
	if !ok {
		return &Error{at, `"` + digits + `" is not a whole number up to 4294967295`, "write digits only"}
	}
	e.N = n
	if e.Op == Under && e.N == 0 || e.Op == Over && e.N == 1<<32-1 {
		return &Error{at, "no value is " + op + " " + digits, "compare with another number"}
	}
	return nil
}

// HasValue reports whether entities of the class have a value to compare.
func (c Class) HasValue() bool {
	switch c {
	case Money, Pay, Age, Hours, Number:
		return true
	}
	return false
}

// ParseClass is the inverse of Class.String.
func ParseClass(name string) (Class, bool) {
	for c, have := range classNames {
		if have == name {
			return Class(c), true
		}
	}
	return 0, false
}

func isWordByte(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
