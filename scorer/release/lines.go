// SPDX-License-Identifier: Apache-2.0

package release

import (
	"strconv"
	"strings"
)

// lines reads a note's text line by line: a keyword and words, with single
// spaces between. After the first fault every read gives zero.
type lines struct {
	rest string
	bad  bool
}

// title reads the first line, "lapwing <kind> v1".
func (l *lines) title(o Object, kind string) *Error {
	line, rest, ok := strings.Cut(l.rest, "\n")
	version, isKind := strings.CutPrefix(line, "lapwing "+kind+" v")
	switch {
	case !ok || !isKind:
		return fault(o, Malformed)
	case version != "1":
		return fault(o, UnknownFormat)
	}
	l.rest = rest
	return nil
}

// next reads the line of a keyword with n words after it.
func (l *lines) next(keyword string, n int) []string {
	words, ok := l.maybe(keyword, n)
	if !ok {
		l.bad = true
	}
	if l.bad {
		return make([]string, n)
	}
	return words
}

// maybe is next for a line that need not be there.
func (l *lines) maybe(keyword string, n int) ([]string, bool) {
	line, rest, whole := strings.Cut(l.rest, "\n")
	if l.bad || !whole || !strings.HasPrefix(line, keyword+" ") {
		return nil, false
	}
	words := strings.Split(line[len(keyword)+1:], " ")
	if len(words) != n {
		l.bad = true
		return nil, false
	}
	for _, w := range words {
		if !printable(w) {
			l.bad = true
			return nil, false
		}
	}
	l.rest = rest
	return words, true
}

// number reads a decimal number of at most limit, without leading zeros.
func (l *lines) number(s string, limit int64) int64 {
	if s == "" || len(s) > 18 || s[0] == '0' && len(s) > 1 {
		l.bad = true
		return 0
	}
	n := int64(0)
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			l.bad = true
			return 0
		}
		n = n*10 + int64(s[i]-'0')
	}
	if n > limit {
		l.bad = true
		return 0
	}
	return n
}

// version reads a number from 1.
func (l *lines) version(s string) uint32 {
	v := uint32(l.number(s, 1<<32-1))
	if v == 0 {
		l.bad = true
	}
	return v
}

// maxTime is the last second of the year 9999.
const maxTime = 253402300799

func (l *lines) time(s string) int64 { return l.number(s, maxTime) }

func (l *lines) hash(s string) (h Hash) {
	if !DecodeHex(h[:], s) {
		l.bad = true
	}
	return h
}

// done gives Malformed where a line was wrong or is left.
func (l *lines) done(o Object) *Error {
	if l.bad || l.rest != "" {
		return fault(o, Malformed)
	}
	return nil
}

// printable accepts ASCII without spaces, at least one character.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// text builds what lines reads.
type text struct{ strings.Builder }

func (t *text) line(words ...string) {
	t.WriteString(strings.Join(words, " "))
	t.WriteByte('\n')
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
