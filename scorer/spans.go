// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

// maxSpans is the most passages that a reason shows.
const maxSpans = 8

// spanRef is a passage on its way to a Span: bytes of a field.
type spanRef struct {
	field    Field
	from, to int
	reason   int
}

// reasons lists what fired, with passages in the text as it was given, in the
// memory of list.
func (sc *scratch) reasons(s *Scorer, l *Listing, h *hint, list []Reason) []Reason {
	if n := len(sc.ids) + 1; cap(list) < n {
		list = append(make([]Reason, 0, n), list[:cap(list)]...)[:0]
	}
	for _, id := range sc.ids {
		ind := &s.pack.Indicators[id]
		r := nextReason(&list)
		r.Indicator, r.Points = int(id), 0
		if ind.Status == pack.Active {
			r.Points = ind.Weight
		}
	}
	sortBy(len(list), func(i, j int) bool {
		return list[i].Points > list[j].Points || list[i].Points == list[j].Points && list[i].Indicator < list[j].Indicator
	}, func(i, j int) { list[i], list[j] = list[j], list[i] })
	if h.level > 0 {
		r := nextReason(&list)
		r.Indicator, r.Points = WordingHint, 0
	}
	sc.collectSpans(l, list, h)
	sc.writeSpans(l, list)
	return list
}

// nextReason makes the list, which has room, one longer; the memory of spans stays.
func nextReason(list *[]Reason) *Reason {
	*list = (*list)[:len(*list)+1]
	r := &(*list)[len(*list)-1]
	r.Spans = r.Spans[:0]
	return r
}

func (sc *scratch) collectSpans(l *Listing, list []Reason, h *hint) {
	w := &sc.windows
	w.spans = w.spans[:0]
	for k := range list {
		id := list[k].Indicator
		if id == WordingHint {
			for _, p := range h.passages[:h.count] {
				w.spans = append(w.spans, sc.ref(l, p.first, p.last, k))
			}
			continue
		}
		from := len(w.spans)
		for a := sc.fired[id].head; a >= 0; a = sc.hits[a].next {
			if x := &sc.hits[a]; !x.unless && !x.gone {
				w.spans = append(w.spans, sc.ref(l, x.first, x.last, k))
			}
		}
		sortSpans(w.spans[from:])
		w.spans = append(w.spans[:from], disjoint(w.spans[from:])...)
		if len(w.spans) > from+maxSpans {
			w.spans = w.spans[:from+maxSpans]
		}
	}
	sortSpans(w.spans)
}

func sortSpans(spans []spanRef) {
	sortBy(len(spans), func(i, j int) bool {
		a, b := &spans[i], &spans[j]
		if a.field != b.field {
			return a.field < b.field
		}
		if a.from != b.from {
			return a.from < b.from
		}
		if a.to != b.to {
			return a.to < b.to
		}
		return a.reason < b.reason
	}, func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
}

// disjoint joins sorted passages of one reason that overlap.
func disjoint(spans []spanRef) []spanRef {
	kept := spans[:0]
	for _, x := range spans {
		if n := len(kept); n > 0 && kept[n-1].field == x.field && x.from < kept[n-1].to {
			kept[n-1].to = max(kept[n-1].to, x.to)
			continue
		}
		kept = append(kept, x)
	}
	return kept
}

// ref finds the words first..last in the field as it was given.
func (sc *scratch) ref(l *Listing, first, last uint32, reason int) spanRef {
	f := sc.field(first)
	t := &sc.fields[f]
	marks := sc.buf.Marks[t.marks[0]:t.marks[1]]
	from, to := normal.Origin(l.Text[f], marks, sc.edges[2*first]-sc.sign(first, last), sc.edges[2*last+1])
	return spanRef{f, from, to, reason}
}

// sign is 1 where a sign stands before word first that belongs to it, as in
// "$40", "+34 600 …", "(555) 010-0199" and "@name".
func (sc *scratch) sign(first, last uint32) uint32 {
	text, start := sc.buf.Text, sc.edges[2*first]
	digit := text[start]-'0' < 10
	switch text[start-1] {
	case '@':
		return 1
	case '$', '+':
		if digit {
			return 1
		}
	case '(':
		for _, c := range text[start:sc.edges[2*last+1]] {
			if digit && c == ')' {
				return 1
			}
		}
	}
	return 0
}

// writeSpans turns bytes into code points, in one pass over each field.
func (sc *scratch) writeSpans(l *Listing, list []Reason) {
	var field Field
	at, points := 0, 0
	for i, x := range sc.windows.spans {
		if i == 0 || x.field != field {
			field, at, points = x.field, 0, 0
		}
		text := l.Text[field]
		points += normal.Points(text[at:x.from])
		at = x.from
		size := normal.Points(text[x.from:x.to])
		r := &list[x.reason]
		r.Spans = append(r.Spans, Span{field, uint32(points), uint32(points + size)})
	}
}
