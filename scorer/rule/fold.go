// SPDX-License-Identifier: Apache-2.0

package rule

import (
	"lapwing/scorer/normal"
)

// fold gives the normal form of the words of a text. Patterns of a pack are in
// normal form already, and mostly ASCII, where that can be seen at a glance.
func fold(s string) string {
	s = trim(s)
	if plain(s) {
		return s
	}
	return normal.Fold(s)
}

// plain reports whether s is words of lower-case ASCII with single spaces
// between them, or nothing at all.
func plain(s string) bool {
	gap := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c) || 'a' <= c && c <= 'z':
			gap = false
		case c == ' ' && !gap:
			gap = true
		default:
			return false
		}
	}
	return true
}
