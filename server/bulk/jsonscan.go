// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// This file reads the JSON that nearly every line is: one flat object. It
// reads in place, at a multiple of the speed of a JSON library, and gives up on
// whatever is out of the ordinary; decodeJSON then asks the library (jsonslow.go),
// whose word is final. A fuzz test holds the two to the same answer.
//
// Both take the last of two equal keys, as JSON.parse does, and let pass what
// dumps contain and what changes no meaning: bytes that are not UTF-8. The
// scanner also lets raw tabs and other control characters pass.

// maxNesting is how deep values of unknown keys may nest before the library is asked.
const maxNesting = 32

// token is a part of a line: the value of a key, without quotes where it is text.
type token struct {
	from, to int
	kind     tokenKind
	escaped  bool
}

type tokenKind uint8

const (
	absent tokenKind = iota
	text
	number
)

// jsonScanner reads one line.
type jsonScanner struct {
	line   []byte
	at     int
	values [numSlots]token
}

// scan finds the values of the known keys; false means: ask the library. It
// changes nothing in the line.
func (s *jsonScanner) scan(fields Fields) bool {
	s.values = [numSlots]token{}
	if !s.next('{') {
		return false
	}
	if s.next('}') {
		return s.atEnd()
	}
	for {
		if !s.next('"') {
			return false
		}
		from := s.at
		escaped, ok := s.quoted()
		if !ok || escaped {
			return false
		}
		slot := fields.key(s.line[from : s.at-1])
		if !s.next(':') {
			return false
		}
		s.space()
		value, ok := s.value(0)
		if !ok {
			return false
		}
		if slot != noSlot {
			if value.kind == text && slot == SlotKind && value.escaped {
				return false
			}
			s.values[slot] = value
		}
		if s.next(',') {
			continue
		}
		return s.next('}') && s.atEnd()
	}
}

// other marks a value that no place in a listing can hold.
const other tokenKind = 0xff

func (s *jsonScanner) value(depth int) (token, bool) {
	if s.at >= len(s.line) {
		return token{}, false
	}
	from := s.at
	switch c := s.line[s.at]; {
	case c == '"':
		s.at++
		escaped, ok := s.quoted()
		return token{from + 1, s.at - 1, text, escaped}, ok
	case c == '-' || c >= '0' && c <= '9':
		return token{from: from, to: s.at, kind: number}.through(s.number())
	case c == 'n':
		return token{}, s.literal("null")
	case c == 't':
		return token{kind: other}, s.literal("true")
	case c == 'f':
		return token{kind: other}, s.literal("false")
	case c == '{' && depth < maxNesting:
		return token{kind: other}, s.object(depth + 1)
	case c == '[' && depth < maxNesting:
		return token{kind: other}, s.array(depth + 1)
	}
	return token{}, false
}

// through completes a number's token with its end.
func (t token) through(to int, ok bool) (token, bool) {
	t.to = to
	return t, ok
}

// quoted moves past the closing quote of a string whose opening one was read.
func (s *jsonScanner) quoted() (escaped, ok bool) {
	from := s.at
	for {
		n := bytes.IndexByte(s.line[s.at:], '"')
		if n < 0 {
			return false, false
		}
		s.at += n + 1
		if !endsInEscape(s.line[from : s.at-1]) {
			break
		}
	}
	body := s.line[from : s.at-1]
	first := bytes.IndexByte(body, '\\')
	if first < 0 {
		return false, true
	}
	return true, validEscapes(body[first:])
}

// endsInEscape tells whether what follows b is escaped: an odd number of
// backslashes stands at its end.
func endsInEscape(b []byte) bool {
	n := len(b)
	for n > 0 && b[n-1] == '\\' {
		n--
	}
	return (len(b)-n)%2 == 1
}

// validEscapes checks every escape in b, which begins with one.
func validEscapes(b []byte) bool {
	for {
		n := bytes.IndexByte(b, '\\')
		if n < 0 {
			return true
		}
		b = b[n+1:]
		if len(b) == 0 {
			return false
		}
		switch b[0] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			b = b[1:]
		case 'u':
			if _, ok := hex4(b[1:]); !ok {
				return false
			}
			b = b[5:]
		default:
			return false
		}
	}
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (s *jsonScanner) number() (end int, ok bool) {
	b, k := s.line, s.at
	if k < len(b) && b[k] == '-' {
		k++
	}
	switch {
	case k < len(b) && b[k] == '0':
		k++
	default:
		if k, ok = digits(b, k); !ok {
			return k, false
		}
	}
	if k < len(b) && b[k] == '.' {
		if k, ok = digits(b, k+1); !ok {
			return k, false
		}
	}
	if k < len(b) && (b[k] == 'e' || b[k] == 'E') {
		k++
		if k < len(b) && (b[k] == '+' || b[k] == '-') {
			k++
		}
		if k, ok = digits(b, k); !ok {
			return k, false
		}
	}
	s.at = k
	return k, true
}

func digits(b []byte, k int) (int, bool) {
	from := k
	for k < len(b) && b[k] >= '0' && b[k] <= '9' {
		k++
	}
	return k, k > from
}

func (s *jsonScanner) object(depth int) bool {
	s.at++
	if s.next('}') {
		return true
	}
	for {
		if !s.next('"') {
			return false
		}
		if _, ok := s.quoted(); !ok || !s.next(':') {
			return false
		}
		s.space()
		if _, ok := s.value(depth); !ok {
			return false
		}
		if !s.next(',') {
			return s.next('}')
		}
	}
}

func (s *jsonScanner) array(depth int) bool {
	s.at++
	if s.next(']') {
		return true
	}
	for {
		s.space()
		if _, ok := s.value(depth); !ok {
			return false
		}
		if !s.next(',') {
			return s.next(']')
		}
	}
}

func (s *jsonScanner) literal(word string) bool {
	if len(s.line)-s.at < len(word) || string(s.line[s.at:s.at+len(word)]) != word {
		return false
	}
	s.at += len(word)
	return true
}

func (s *jsonScanner) space() {
	for s.at < len(s.line) {
		switch s.line[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// next moves past c, if that comes next but for white space.
func (s *jsonScanner) next(c byte) bool {
	s.space()
	if s.at < len(s.line) && s.line[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *jsonScanner) atEnd() bool {
	s.space()
	return s.at == len(s.line)
}

// fill makes the listing out of the values. It undoes escapes in place, so the
// line is no JSON any more afterwards. False means: ask the library, for the
// sentence that says what is wrong; nothing was changed then.
func (s *jsonScanner) fill(r *Record, l *scorer.Listing) bool {
	for slot := range s.values {
		v := s.values[slot]
		if v.kind == other || v.kind == number && slot >= int(SlotKind) {
			return false
		}
	}
	for f := range scorer.NumFields {
		l.Text[f] = s.text(Slot(f))
	}
	l.Kind = pack.ParseKind(s.text(SlotKind))
	l.Lang = s.text(SlotLang)
	r.ID = s.id()
	return true
}

func (s *jsonScanner) text(slot Slot) string {
	v := s.values[slot]
	b := s.line[v.from:v.to]
	if v.escaped {
		b = unescape(b)
	}
	return view(b)
}

// id gives the id as the JSON that is echoed.
func (s *jsonScanner) id() []byte {
	v := s.values[SlotID]
	switch {
	case v.kind == absent:
		return nil
	case v.kind == number:
		return s.line[v.from:v.to]
	case v.escaped || !utf8.Valid(s.line[v.from:v.to]):
		return AppendJSONString(nil, s.text(SlotID))
	}
	return s.line[v.from-1 : v.to+1]
}

// unescape undoes b's escapes, all of them valid, in place: text never grows by it.
func unescape(b []byte) []byte {
	w := bytes.IndexByte(b, '\\')
	rest := b[w:]
	for {
		// rest begins with an escape.
		var n int
		w += copyEscaped(b[w:], rest, &n)
		rest = rest[n:]
		n = bytes.IndexByte(rest, '\\')
		if n < 0 {
			return b[:w+copy(b[w:], rest)]
		}
		w += copy(b[w:], rest[:n])
		rest = rest[n:]
	}
}

// copyEscaped writes what the escape at the head of src stands for, and how
// long that escape was.
func copyEscaped(dst, src []byte, used *int) int {
	*used = 2
	switch c := src[1]; c {
	case 'b':
		dst[0] = '\b'
	case 'f':
		dst[0] = '\f'
	case 'n':
		dst[0] = '\n'
	case 'r':
		dst[0] = '\r'
	case 't':
		dst[0] = '\t'
	case 'u':
		*used = 6
		r, _ := hex4(src[2:])
		if utf16.IsSurrogate(r) {
			r = lowSurrogate(r, src[6:], used)
		}
		return utf8.EncodeRune(dst, r)
	default:
		dst[0] = c
	}
	return 1
}

// lowSurrogate completes a pair; half a pair is U+FFFD.
func lowSurrogate(high rune, rest []byte, used *int) rune {
	if len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
		low, _ := hex4(rest[2:])
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			*used = 12
			return r
		}
	}
	return utf8.RuneError
}
