// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/seal"
)

// Part is a piece of a template: Text that (nearly) all copies have, or a slot
// with what stands there in some of them; "" is nothing.
type Part struct {
	Text string   `json:"text,omitempty"`
	Slot []string `json:"slot,omitempty"`
}

// Bounds on a template.
const (
	templateTexts = 4   // copies that are laid beside the medoid
	templateWords = 500 // of each
	maxValues     = 5
	maxValue      = 80 // code points
)

// teller writes templates. It is not safe for concurrent use.
type teller struct {
	result   *Result
	fetch    Fetch
	redactor *seal.Redactor
	buffer   normal.Buffer
	edges    normal.Words
	al       aligner
}

func newTeller(r *Result, fetch Fetch) *teller {
	return &teller{result: r, fetch: fetch, redactor: seal.NewRedactor()}
}

// redact puts placeholders for contacts, links and accounts, and makes the text
// fit for a page.
func (w *teller) redact(text string) string {
	text = seal.Clean(text)
	if found := w.redactor.Redact(text); len(found) > 0 {
		text, _ = seal.Apply(text, found, nil)
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && (unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r)) {
			return ' '
		}
		return r
	}, text)
	return maskNumbers(text)
}

// copyOf is one text as it is laid out.
type copyOf struct {
	words []uint32
	plain []string // each word as it was written, with what follows it up to the next
}

// read gets a text, redacted, in words.
func (w *teller) read(text uint32) (copyOf, error) {
	item, err := w.fetch(int(w.result.texts.first[text]))
	if err != nil {
		return copyOf{}, err
	}
	l := &item.Listing
	whole := w.redact(beginning(strings.TrimSpace(l.Text[scorer.Title] + "\n" + l.Text[scorer.Body])))
	w.buffer.Reset()
	_, _, mark := w.buffer.Append(whole)
	w.buffer.Close()
	w.edges.Find(w.buffer.Text, normal.Pad)
	edges := w.edges.Edges[:min(len(w.edges.Edges), 2*templateWords)]
	var c copyOf
	var starts []int
	for i := 0; i+1 < len(edges); i += 2 {
		from, _ := normal.Origin(whole, w.buffer.Marks[mark:], edges[i], edges[i+1])
		if n := len(starts); n > 0 && from <= starts[n-1] {
			continue // one character that is several words
		}
		starts = append(starts, from)
		c.words = append(c.words, uint32(normal.Hash(w.buffer.Text, edges[i], edges[i+1])>>32))
	}
	whole += " "
	for i, from := range starts {
		to := len(whole)
		if i+1 < len(starts) {
			to = starts[i+1]
		} else if len(edges) < len(w.edges.Edges) {
			to = from
			for to < len(whole) && whole[to] != ' ' {
				to++
			}
		}
		if i == 0 {
			from = 0
		}
		c.plain = append(c.plain, oneSpace(whole[from:to]))
	}
	return c, nil
}

// beginning is as much of a text as a template can show.
func beginning(s string) string {
	const most = 8 * templateWords
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// oneSpace makes every stretch of white space one space; nothing is trimmed but
// for the end of a text, which gets one, so that any two pieces may be joined.
func oneSpace(s string) string {
	if k := strings.IndexFunc(s, unicode.IsSpace); k < 0 || k == len(s)-1 && s[k] == ' ' {
		return s // as most words are
	}
	plain := strings.Join(strings.Fields(s), " ")
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsSpace(last) {
		plain += " "
	}
	return plain
}

// template lays copies beside the medoid.
func (w *teller) template(c *found) ([]Part, error) {
	base, err := w.read(c.medoid)
	if err != nil || len(base.words) == 0 {
		return nil, err
	}
	l := newLayout(base)
	w.al.prepare(base.words)
	for k := range min(len(c.texts), templateTexts+1) {
		text := c.texts[k*len(c.texts)/min(len(c.texts), templateTexts+1)]
		if text == c.medoid {
			continue
		}
		other, err := w.read(text)
		if err != nil {
			return nil, err
		}
		if len(other.words) == 0 {
			continue
		}
		turn, pairs := w.al.align(other.words)
		other.plain = slices.Concat(other.plain[turn:], other.plain[:turn])
		l.lay(other.plain, slices.Clone(pairs))
	}
	return l.parts(), nil
}

// layout is a medoid's words with what other copies have beside them.
type layout struct {
	plain  []string
	votes  []int // by word: copies that have it
	copies []aside
}

// aside is one copy: where it has each word of the medoid, or -1.
type aside struct {
	plain []string
	at    []int32
}

func newLayout(base copyOf) *layout {
	return &layout{plain: base.plain, votes: make([]int, len(base.plain))}
}

func (l *layout) lay(plain []string, pairs []match) {
	a := aside{plain, make([]int32, len(l.plain))}
	for k := range a.at {
		a.at[k] = -1
	}
	for _, m := range pairs {
		a.at[m.A] = m.B
		l.votes[m.A]++
	}
	l.copies = append(l.copies, a)
}

// fixed tells whether a word belongs to the template: two thirds of the copies
// have it.
func (l *layout) fixed(k int) bool { return 3*l.votes[k] >= 2*len(l.copies) }

// parts cuts the medoid at words that are not fixed, and where copies have more.
func (l *layout) parts() []Part {
	var out []Part
	var text []string
	flush := func() {
		if len(text) > 0 {
			out = append(out, Part{Text: strings.TrimSpace(strings.Join(text, ""))})
			text = nil
		}
	}
	for k := 0; k <= len(l.plain); {
		if l.settled(k) {
			if k == len(l.plain) {
				break
			}
			text = append(text, l.plain[k])
			k++
			continue
		}
		end := k
		for end < len(l.plain) && !l.fixed(end) {
			end++
		}
		if values := l.values(k-1, end); len(values) > 1 {
			flush()
			out = append(out, Part{Slot: values})
		} else {
			text = append(text, l.plain[k:end]...)
		}
		if end == k && k < len(l.plain) { // an insertion before a fixed word
			text = append(text, l.plain[k])
		}
		k = max(end, k+1)
		if end == len(l.plain) {
			break
		}
	}
	flush()
	return out
}

// settled tells whether word k is fixed and stands beside the word before it in
// nearly all copies; the end of the text counts as a word.
func (l *layout) settled(k int) bool {
	if k < len(l.plain) && !l.fixed(k) {
		return false
	}
	if k > 0 && !l.fixed(k-1) {
		return true // what stands between is in the slot before
	}
	wider := 0
	for c := range l.copies {
		if from, to, ok := l.copies[c].between(k-1, k); ok && to > from {
			wider++
		}
	}
	return wider == 0 || 4*wider < len(l.copies)
}

// between gives the copy's words between two words of the medoid, of which the
// first may be the beginning (-1) and the second the end; false if it lacks one.
func (a *aside) between(before, after int) (from, to int32, ok bool) {
	to = int32(len(a.plain))
	if before >= 0 {
		from = a.at[before] + 1
		ok = from > 0
	} else {
		ok = true
	}
	if after < len(a.at) {
		to = a.at[after]
	}
	return from, to, ok && to >= from
}

// values gives what stands between two fixed words, the medoid's first.
func (l *layout) values(before, after int) []string {
	values := []string{clip(strings.Join(l.plain[before+1:after], ""))}
	for _, c := range l.copies {
		from, to, ok := c.between(before, after)
		if !ok {
			continue
		}
		if v := clip(strings.Join(c.plain[from:to], "")); !slices.Contains(values, v) && len(values) < maxValues {
			values = append(values, v)
		}
	}
	return values
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= maxValue {
		return s
	}
	return string([]rune(s)[:maxValue-1]) + "…"
}
