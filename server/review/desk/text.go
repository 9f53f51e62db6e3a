// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"lapwing/scorer"
)

// piece is part of a text: plain, marked, or a character that is shown by name.
type piece struct {
	Text   string
	Marked bool
	Name   string // of a character that nobody would see
}

// pieces cuts a text at the passages, which count code points.
func pieces(text string, spans []scorer.Span) []piece {
	marked := make([]bool, len([]rune(text))+1)
	for _, sp := range spans {
		for i := int(sp.Start); i < int(sp.End) && i < len(marked); i++ {
			marked[i] = true
		}
	}
	var list []piece
	var run strings.Builder
	inside := false
	end := func() {
		if run.Len() > 0 {
			list = append(list, piece{Text: run.String(), Marked: inside})
			run.Reset()
		}
	}
	i := 0
	for _, r := range text {
		if marked[i] != inside {
			end()
			inside = marked[i]
		}
		if hidden(r) {
			end()
			list = append(list, piece{Name: fmt.Sprintf("U+%04X", r), Marked: inside})
		} else {
			run.WriteRune(r)
		}
		i++
	}
	end()
	return list
}

// hidden reports whether a character turns the direction of writing, or shows
// nothing. Line breaks and tabs are shown as what they are.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r == '\u200d' || r == '\u200c':
		return false // scripts of India and Persia, and pictures of people, need these
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || r == unicode.ReplacementChar || unicode.Is(unicode.Co, r)
}

// plain is a text for a place without markup, such as a title: one line, nothing hidden.
func plain(text string, most int) string {
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, text)), " ")
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return text
}

// spansOf gathers the passages of a field.
func spansOf(field scorer.Field, lists ...[]scorer.Span) []scorer.Span {
	var of []scorer.Span
	for _, list := range lists {
		for _, sp := range list {
			if sp.Field == field {
				of = append(of, sp)
			}
		}
	}
	slices.SortFunc(of, func(a, b scorer.Span) int { return int(a.Start) - int(b.Start) })
	return of
}
