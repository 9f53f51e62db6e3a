// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Excerpt is a listing with a verdict as people read it: its title and the
// passages, each in a little context. Its size is bounded.
type Excerpt struct {
	ID      string   `json:"id"` // as JSON; "" where there is none
	File    string   `json:"file,omitempty"`
	Line    int64    `json:"line"`
	Level   string   `json:"level"`
	Score   uint16   `json:"score"` // hundredths
	Title   string   `json:"title"`
	Reasons []Ground `json:"reasons"`
}

// Ground is a reason with its texts.
type Ground struct {
	Indicator string    `json:"indicator"`
	Title     string    `json:"title"`
	Strength  string    `json:"strength"`
	Points    uint8     `json:"points"`
	Passages  []Passage `json:"passages,omitempty"`
	More      int       `json:"more,omitempty"` // passages that are left out
}

// Passage is what a span marks, with what stands around it.
type Passage struct {
	Field                string `json:"field"`
	Before, Text, After  string
	CutBefore, CutBehind bool // the field goes on beyond Before, After
}

// Bounds on an excerpt.
const (
	maxGrounds   = 12
	maxPassages  = 3
	contextRunes = 60
	maxPassage   = 300 // code points
	maxTitle     = 160 // code points
)

// explainer makes excerpts.
type explainer struct {
	pack   *pack.Pack
	titles map[string]string // per indicator ID
}

// newExplainer takes the titles in the reader's language, or else in English.
func newExplainer(p *pack.Pack, lang string) *explainer {
	e := &explainer{pack: p, titles: map[string]string{}}
	oddityTitles(e.titles)
	for _, want := range []string{"en", lang} {
		for _, t := range p.Texts {
			if id, ok := strings.CutSuffix(t.Key, "/title"); ok && t.Lang == want {
				e.titles[id] = t.Text
			}
		}
	}
	return e
}

func (e *explainer) title(id string) string {
	if t, ok := e.titles[id]; ok {
		return t
	}
	if id == WordingIndicator {
		return "Worded like adverts that were fraud"
	}
	return id
}

// excerpt copies what it keeps, so it outlives the block.
func (e *explainer) excerpt(b *Block, r *Record, l *scorer.Listing) Excerpt {
	x := Excerpt{
		ID: string(r.ID), File: b.file, Line: r.Line,
		Level: r.Verdict.Level.String(), Score: r.Verdict.Score,
		Title: clip(l.Text[scorer.Title], maxTitle),
	}
	cut := &passageCutter{listing: l}
	for j := range r.Verdict.Reasons {
		if j == maxGrounds {
			break
		}
		x.Reasons = append(x.Reasons, e.ground(cut, &r.Verdict.Reasons[j]))
	}
	return x
}

func (e *explainer) ground(cut *passageCutter, r *scorer.Reason) Ground {
	id := indicatorID(e.pack, r.Indicator)
	g := Ground{Indicator: id, Title: e.title(id), Strength: nameOf(e.pack, r.Indicator).strength.String(), Points: r.Points}
	for n, s := range r.Spans {
		if n == maxPassages {
			g.More = len(r.Spans) - n
			break
		}
		g.Passages = append(g.Passages, passage(cut, s))
	}
	return g
}

func passage(cut *passageCutter, s scorer.Span) Passage {
	field := s.Field
	from := uint32(0)
	if s.Start > contextRunes {
		from = s.Start - contextRunes
	}
	before := cut.text(scorer.Span{Field: field, Start: from, End: s.Start})
	after := cut.text(scorer.Span{Field: field, Start: s.End, End: s.End + contextRunes})
	more := cut.text(scorer.Span{Field: field, Start: s.End + contextRunes, End: s.End + contextRunes + 1})
	return Passage{
		Field: field.String(), Before: clean(before), After: clean(after),
		Text:      clip(cut.text(s), maxPassage),
		CutBefore: from > 0, CutBehind: more != "",
	}
}

// clip copies at most n code points of s, cleaned.
func clip(s string, n int) string {
	end := skipRunes(s, n)
	c := clean(s[:end])
	if end < len(s) {
		c += "…"
	}
	return c
}

// clean copies s and makes it fit for a terminal or a page: white space is a
// space, and what could move the cursor, change direction or hide text is shown
// as U+FFFD. An advert is written by strangers.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.IsSpace(r):
			if r == utf8.RuneError {
				return '\uFFFD'
			}
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Cs, r):
			return '\uFFFD'
		}
		return r
	}, strings.Clone(s))
}
