// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"reflect"
	"testing"

	"lapwing/scorer"
	"lapwing/wasm/wire"
)

func draft() *wire.Draft {
	d := &wire.Draft{
		ID: [16]byte{1, 2, 3}, Sort: 3, Day: "2026-11-24", List: "lapwing-7+1a2b3c4d", Release: 300, Program: "0.2.0",
		Site: "jobs.example", Address: "https://jobs.example/?a", Region: "DE-BE", Kind: 1, Language: "de",
		Verdict: &wire.Judged{Level: 2, Score: 3725, Reasons: []wire.JudgedReason{
			{Indicator: "pay.too-high", Points: 9, Spans: []scorer.Span{{Field: scorer.Body, Start: 200, End: 431}}},
		}},
		Note: wire.Passage{Text: "Schön"},
	}
	for f := range d.Text {
		d.Text[f] = wire.Passage{Text: scorer.Field(f).String(), Redact: []wire.Redaction{{Kind: 1, Start: 0, End: 2}, {Kind: 4, Start: 2, End: 3}}}
	}
	return d
}

func TestReportsCrossTheBoundaryUnchanged(t *testing.T) {
	without := draft()
	without.Verdict = nil
	for _, want := range []*wire.Draft{draft(), without} {
		got, err := wire.ParseDraft(wire.AppendDraft(nil, want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	in := &wire.Intake{Note: [32]byte{9}, Version: 7, Work: 20, Retention: 90, Keys: 2, Relay: "https://relay.example/", Config: []byte{1}}
	if got, err := wire.ParseIntake(wire.AppendIntake(nil, in)); err != nil || !reflect.DeepEqual(got, in) {
		t.Errorf("got %+v, %v; want %+v", got, err, in)
	}
	lists := [][]wire.Redaction{nil, draft().Text[0].Redact}
	answer := wire.AppendCount(nil, len(lists))
	for _, l := range lists {
		answer = wire.AppendRedactions(answer, l)
	}
	if got, err := wire.ParseRedactions(answer); err != nil || !reflect.DeepEqual(got, lists) {
		t.Errorf("got %v, %v; want %v", got, err, lists)
	}
}

func TestRedactionsThatOverlapAreRefused(t *testing.T) {
	for name, list := range map[string][]wire.Redaction{
		"overlapping": {{Start: 0, End: 3}, {Start: 2, End: 4}},
		"backwards":   {{Start: 5, End: 6}, {Start: 1, End: 2}},
		"empty":       {{Start: 5, End: 5}},
	} {
		d := draft()
		d.Note.Redact = list
		if _, err := wire.ParseDraft(wire.AppendDraft(nil, d)); err == nil {
			t.Errorf("%s: accepted %v, want an error: package seal relies on their order", name, list)
		}
	}
}

// Whatever bytes a host sends about reports, the guest reads what encodes to the
// same bytes again, or gives an error.
func FuzzReportRequest(f *testing.F) {
	f.Add(wire.AppendDraft(nil, draft()))
	f.Add(wire.AppendRedact(nil, []string{"a", ""}))
	f.Add(wire.AppendSeal(nil, [16]byte{1}, []byte("report")))
	f.Add(wire.AppendWrap(nil, &wire.Wrapping{To: 1, Host: "a", Content: []byte("b")}))
	f.Add(wire.AppendUnwrap(nil, &wire.Wrapped{Answer: []byte("b")}))
	f.Add(wire.AppendSearch(nil, &wire.Search{Start: 1 << 40, Tries: 9, Bits: 20, Envelope: make([]byte, 4096)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := wire.ParseDraft(b); err == nil && !bytes.Equal(wire.AppendDraft(nil, d), b) {
			t.Errorf("draft %+v has two encodings", d)
		}
		if texts, err := wire.ParseRedact(b); err == nil && !bytes.Equal(wire.AppendRedact(nil, texts), b) {
			t.Errorf("texts %q have two encodings", texts)
		}
		if id, report, err := wire.ParseSeal(b); err == nil && !bytes.Equal(wire.AppendSeal(nil, id, report), b) {
			t.Errorf("report %q has two encodings", report)
		}
		if w, err := wire.ParseWrap(b); err == nil && !bytes.Equal(wire.AppendWrap(nil, &w), b) {
			t.Errorf("wrapping %+v has two encodings", w)
		}
		if w, err := wire.ParseUnwrap(b); err == nil && !bytes.Equal(wire.AppendUnwrap(nil, w), b) {
			t.Errorf("wrapped %+v has two encodings", w)
		}
		if s, err := wire.ParseSearch(b); err == nil && !bytes.Equal(wire.AppendSearch(nil, &s), b) {
			t.Errorf("search %+v has two encodings", s)
		}
	})
}

// Whatever bytes a guest answers about reports, the host gets values or an error.
func FuzzReportAnswer(f *testing.F) {
	f.Add(wire.AppendIntake(nil, &wire.Intake{Relay: "https://relay.example/", Config: []byte{1}}))
	f.Add(wire.AppendComposed(nil, 0, []byte("report")))
	f.Add(wire.AppendFound(nil, []byte("envelope")))
	f.Add(wire.AppendRedactions(wire.AppendCount(nil, 1), draft().Text[0].Redact))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := wire.ParseIntake(b); err == nil && !bytes.Equal(wire.AppendIntake(nil, v), b) {
			t.Errorf("intake %+v has two encodings", v)
		}
		if over, report, err := wire.ParseComposed(b); err == nil && !bytes.Equal(wire.AppendComposed(nil, over, report), b) {
			t.Errorf("report %q has two encodings", report)
		}
		if e, err := wire.ParseFound(b); err == nil && !bytes.Equal(wire.AppendFound(nil, e), b) {
			t.Errorf("envelope %q has two encodings", e)
		}
		_, _ = wire.ParseRedactions(b)
	})
}
