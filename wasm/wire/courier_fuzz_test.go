// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"testing"

	"lapwing/wasm/wire"
)

// results are answers of the courier module of every shape.
func results() []*wire.Result {
	status := wire.ListStatus{List: "lapwing", Version: 7, Issued: 1_800_000_000, Pack: [32]byte{1, 31: 2},
		Flags: wire.Packaged | wire.ClockSlow, Age: 86400, LastHead: 1_800_000_000}
	damaged := status
	damaged.Recovering = &wire.Refusal{Object: "stored state", Rule: "damaged", Sentence: "update: stored state: damaged"}
	damaged.Intake = []byte("invented keys")
	refused := &wire.Refusal{Object: "head", Rule: "expired", Sentence: "update: head: expired: got 2, want 1"}
	return []*wire.Result{
		{Outcome: 0, Refusal: refused, Status: damaged},
		{Outcome: 1, Poll: 3600, Saved: wire.SavedState, State: []byte("state"), Status: status},
		{Outcome: 2, Whole: true, Saved: wire.SavedBoth, State: []byte("state"), Pack: []byte("pack"), Status: status},
		{Status: wire.ListStatus{Age: -1, Issued: -1 << 62}},
	}
}

// Whatever bytes the courier module answers, a host reads values that encode to
// the same bytes again, or gets an error: one value, one encoding.
func FuzzCourierAnswer(f *testing.F) {
	for _, r := range results() {
		f.Add(wire.AppendResult(nil, r))
		f.Add(wire.AppendStatus(nil, &r.Status))
	}
	f.Add(wire.AppendWant(nil, wire.Want{}))
	f.Add(wire.AppendWant(nil, wire.Want{What: wire.WantObject, Object: "pack", Path: "v1/o/00", MaxBytes: 1 << 20, Gzip: 99}))
	f.Add(wire.AppendWant(nil, wire.Want{What: wire.WantStored, Object: "pack", MaxBytes: 85}))
	f.Fuzz(func(t *testing.T, content []byte) {
		if r, err := wire.ParseResult(content); err == nil && !bytes.Equal(wire.AppendResult(nil, r), content) {
			t.Errorf("result %+v has two encodings", r)
		}
		if s, err := wire.ParseStatus(content); err == nil && !bytes.Equal(wire.AppendStatus(nil, &s), content) {
			t.Errorf("status %+v has two encodings", s)
		}
		if w, err := wire.ParseWant(content); err == nil && !bytes.Equal(wire.AppendWant(nil, w), content) {
			t.Errorf("want %+v has two encodings", w)
		}
	})
}

// The same for what a host asks the module.
func FuzzCourierRequest(f *testing.F) {
	f.Add(wire.AppendOpen(nil, &wire.Packaging{Root: []byte("root"), Release: []byte("release"), Program: "0.2.0", Built: 1_800_000_000, State: []byte("state")}))
	f.Add(wire.AppendOpen(nil, &wire.Packaging{}))
	f.Add(wire.AppendStatusAt(nil, 1_800_000_000))
	f.Add(wire.AppendBegin(nil, -1, true))
	f.Add(wire.AppendBegin(nil, 1_800_000_000, false))
	f.Fuzz(func(t *testing.T, request []byte) {
		if p, err := wire.ParseOpen(request); err == nil && !bytes.Equal(wire.AppendOpen(nil, &p), request) {
			t.Errorf("packaging %+v has two encodings", p)
		}
		if now, err := wire.ParseStatusAt(request); err == nil && !bytes.Equal(wire.AppendStatusAt(nil, now), request) {
			t.Errorf("time %d has two encodings", now)
		}
		if now, lost, err := wire.ParseBegin(request); err == nil && !bytes.Equal(wire.AppendBegin(nil, now, lost), request) {
			t.Errorf("time %d, lost %v has two encodings", now, lost)
		}
	})
}

func TestCourierAnswersAreReadBack(t *testing.T) {
	for i, want := range results() {
		got, err := wire.ParseResult(wire.AppendResult(nil, want))
		if err != nil {
			t.Fatalf("result %d: %v", i, err)
		}
		if again := wire.AppendResult(nil, got); !bytes.Equal(again, wire.AppendResult(nil, want)) {
			t.Errorf("result %d: got %+v, want %+v", i, got, want)
		}
	}
}
