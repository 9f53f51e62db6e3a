// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"unicode/utf8"

	"lapwing/scorer"
)

// markEvery is how many code points lie between two marks of a passageCutter. Cutting
// a passage walks over fewer than this many of them, whatever the field's length.
const markEvery = 1024

// passageCutter cuts passages out of one listing's fields by code points.
type passageCutter struct {
	listing *scorer.Listing
	marks   [scorer.NumFields][]int // byte offset of code points 0, markEvery, 2*markEvery, …

	// Where the last passage began: most passages come in order, near each other.
	field     scorer.Field
	point, at int
}

// text gives the passage. A span that runs past the field's end is cut short.
func (c *passageCutter) text(s scorer.Span) string {
	if s.Field >= scorer.NumFields || s.End <= s.Start {
		return ""
	}
	from := c.offset(s.Field, int(s.Start))
	c.field, c.point, c.at = s.Field, int(s.Start), from
	field := c.listing.Text[s.Field]
	return field[from : from+skipRunes(field[from:], int(s.End-s.Start))]
}

// offset gives the byte offset of a code point.
func (c *passageCutter) offset(f scorer.Field, point int) int {
	field := c.listing.Text[f]
	if f == c.field && point >= c.point && point-c.point < markEvery {
		return c.at + skipRunes(field[c.at:], point-c.point)
	}
	if point < markEvery {
		return skipRunes(field, point)
	}
	if c.marks[f] == nil {
		c.marks[f] = marks(field)
	}
	k := min(point/markEvery, len(c.marks[f])-1)
	at := c.marks[f][k]
	return at + skipRunes(field[at:], point-k*markEvery)
}

func marks(field string) []int {
	m := make([]int, 1, len(field)/markEvery+1)
	for at := 0; at < len(field); {
		at += skipRunes(field[at:], markEvery)
		m = append(m, at)
	}
	return m
}

// skipRunes gives the length in bytes of the first n code points of s. It takes
// ASCII, which is most of most texts, eight bytes at a time.
func skipRunes(s string, n int) int {
	k := 0
	for n > 0 && k < len(s) {
		for n >= 8 && k+8 <= len(s) && isASCII8(s[k:k+8]) {
			k += 8
			n -= 8
		}
		if n == 0 || k == len(s) {
			break
		}
		n--
		if s[k] < utf8.RuneSelf {
			k++
			continue
		}
		_, size := utf8.DecodeRuneInString(s[k:])
		k += size
	}
	return k
}

// isASCII8 looks at eight bytes; the compiler makes one load of it.
func isASCII8(s string) bool {
	_ = s[7]
	v := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	return v&0x8080808080808080 == 0
}
