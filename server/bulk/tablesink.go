// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"lapwing/scorer"
)

// TableStyle says how the table for people looks.
type TableStyle struct {
	Width int  // columns of the terminal; 0: 100
	Color bool // levels and passages in colour, besides words and quotation marks
	Lang  string
}

// newTableSink writes what a person reads: per listing its level, id and
// title; below that each reason's title and its passages in context, between
// « and ».
func newTableSink(w io.Writer, e *explainer, style TableStyle, least scorer.Level) sink {
	if style.Width <= 0 {
		style.Width = 100
	}
	t := &table{explain: e, style: style}
	one := func(dst []byte, b *Block, r *Record, l *scorer.Listing) []byte {
		if r.Problem != "" {
			return t.problem(dst, b, r)
		}
		return t.listing(dst, e.excerpt(b, r, l))
	}
	return &textSink{w: w, least: least, one: one}
}

type table struct {
	explain *explainer
	style   TableStyle
}

// ANSI colours per level: bold red, red, yellow.
var levelColors = map[string]string{"high": "\x1b[1;31m", "elevated": "\x1b[31m", "notice": "\x1b[33m"}

const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	plain = "\x1b[0m"
)

func (t *table) paint(color, s string) string {
	if !t.style.Color || color == "" || s == "" {
		return s
	}
	return color + s + plain
}

func (t *table) listing(dst []byte, x Excerpt) []byte {
	level := fmt.Sprintf("%-8s", strings.ToUpper(x.Level))
	if x.Level == "none" {
		level = fmt.Sprintf("%-8s", "–")
	}
	id := x.label()
	room := t.style.Width - 8 - 8 - utf8.RuneCountInString(id) - 2
	head := fmt.Sprintf("%s %5s  %s  %s", t.paint(levelColors[x.Level], level),
		AppendScore(nil, x.Score), t.paint(dim, id), t.paint(bold, shorten(x.Title, room)))
	dst = append(dst, strings.TrimRight(head, " ")...)
	dst = append(dst, '\n')
	for k := range x.Reasons {
		dst = t.reason(dst, &x.Reasons[k])
	}
	if len(x.Reasons) > 0 {
		dst = append(dst, '\n')
	}
	return dst
}

// label is the id as people read it, or where the listing stands.
func (x *Excerpt) label() string {
	if x.ID != "" {
		return shorten(clean(plainID([]byte(x.ID))), 40)
	}
	if x.File != "" {
		return fmt.Sprintf("%s:%d", clean(x.File), x.Line)
	}
	return fmt.Sprintf("line %d", x.Line)
}

func (t *table) reason(dst []byte, g *Ground) []byte {
	weight := g.Strength
	if g.Points == 0 {
		weight += ", under test"
	}
	dst = fmt.Appendf(dst, "  • %s %s\n", g.Title, t.paint(dim, "("+weight+"; "+g.Indicator+")"))
	for _, p := range g.Passages {
		dst = t.passage(dst, p)
	}
	if g.More > 0 {
		dst = fmt.Appendf(dst, "      and %d more\n", g.More)
	}
	return dst
}

// passage shows the marked text with as much around it as the line holds.
func (t *table) passage(dst []byte, p Passage) []byte {
	head := "      " + p.Field + ": "
	room := max(t.style.Width-utf8.RuneCountInString(head)-4, 30)
	marked := shorten(p.Text, room)
	left := max(room-utf8.RuneCountInString(marked), 0)
	behind := min(left/2, utf8.RuneCountInString(p.After))
	before := lastRunes(p.Before, left-behind) // the side with less leaves its room to the other
	after := firstRunes(p.After, left-utf8.RuneCountInString(before))
	if p.CutBefore || len(before) < len(p.Before) {
		before = "…" + before
	}
	if p.CutBehind || len(after) < len(p.After) {
		after += "…"
	}
	dst = append(dst, head...)
	dst = append(dst, before...)
	dst = append(dst, t.paint(bold, "«"+marked+"»")...)
	dst = append(dst, after...)
	return append(dst, '\n')
}

func (t *table) problem(dst []byte, b *Block, r *Record) []byte {
	where := fmt.Sprintf("line %d", r.Line)
	if b.file != "" {
		where = fmt.Sprintf("%s:%d", clean(b.file), r.Line)
	}
	return fmt.Appendf(dst, "%s        %s  %s\n", t.paint(levelColors["notice"], "ERROR"), t.paint(dim, where), clean(r.Problem))
}

func shorten(s string, n int) string {
	if n < 8 {
		n = 8
	}
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return firstRunes(s, n-1) + "…"
}

func firstRunes(s string, n int) string { return s[:skipRunes(s, n)] }

func lastRunes(s string, n int) string {
	return s[skipRunes(s, max(utf8.RuneCountInString(s)-n, 0)):]
}
