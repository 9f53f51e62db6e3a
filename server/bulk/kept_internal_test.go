// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"reflect"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

func FuzzKeptRecord(f *testing.F) {
	f.Add([]byte{}, "id", "problem", "text", uint16(3))
	f.Add([]byte{1, 0, 0, 0, 1}, "", "", "Ω and \xff", uint16(9999))
	f.Fuzz(func(t *testing.T, raw []byte, id, problem, text string, score uint16) {
		_ = new(Block).takeKept(raw) // whatever the disk gives back
		r := &Record{Line: 7, Problem: problem, Verdict: scorer.Verdict{Level: scorer.High, Score: score, Reasons: []scorer.Reason{
			{Indicator: scorer.WordingHint, Points: 1},
			{Indicator: int(score), Points: 200, Spans: []scorer.Span{{Field: scorer.URL, Start: 5, End: uint32(score) + 5}}},
		}}}
		if id != "" {
			r.ID = []byte(id)
		}
		l := &scorer.Listing{Kind: pack.Kind(3), Lang: text}
		l.Text[scorer.Title], l.Text[scorer.URL] = text, id
		ends, out := keepRecord(nil, nil, text, r, l)
		ends, out = keepRecord(ends, out, "second", r, l)
		var b Block
		if err := b.takeKept(out[:ends[0]]); err != nil {
			t.Fatal(err)
		}
		if problem != "" {
			r.Verdict, l = scorer.Verdict{}, &scorer.Listing{}
		}
		if !reflect.DeepEqual(&b.records[0], r) || !reflect.DeepEqual(&b.listings[0], l) || b.keptFile != text {
			t.Errorf("got %+v, %+v back, want %+v, %+v", b.records[0], b.listings[0], r, l)
		}
		if err := b.takeKept(out); err != nil || len(b.records) != 3 || b.file != "second" {
			t.Errorf("two more: %v, %d records", err, len(b.records))
		}
	})
}
