// SPDX-License-Identifier: Apache-2.0

package collect_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"lapwing/scorer/seal"
	"lapwing/server/collect"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store"
	"lapwing/server/collect/stream"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// rig is a collector on an empty store.
type rig struct {
	*collect.Collector
	now time.Time
}

func newRig(t *testing.T, all, network int) *rig {
	t.Helper()
	r := &rig{now: noon}
	now := func() time.Time { return r.now }
	s, err := store.Open(filepath.Join(t.TempDir(), "reports.db"), store.Options{Quota: collect.NewLimits(all, network, now)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r.Collector = collect.New(collect.Config{Store: s, Work: 4, Retention: 90, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return r
}

func (r *rig) rows(t *testing.T) (rows []store.Row) {
	t.Helper()
	for row, err := range r.Store.After(context.Background(), 0, 1000) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestWellFormedReportsOfBothSizesAreStored(t *testing.T) {
	r := newRig(t, 0, 0)
	for n, size := range []int{seal.SmallEnvelope, seal.LargeEnvelope} {
		if err := r.Report(collecttest.Envelope(uint64(n), size, 4), 0); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	rows := r.rows(t)
	if len(rows) != 2 || len(rows[1].Blob) != seal.LargeEnvelope || rows[0].ID != seal.IDOf(collecttest.Code(0)) || rows[0].Day != stream.DayOf(noon) {
		t.Errorf("got %d rows; want both, as they were sent, with today's number", len(rows))
	}
}

func TestFaultyReportsAreRefusedWithTheirFault(t *testing.T) {
	r := newRig(t, 0, 0)
	for name, change := range map[string]func([]byte) []byte{
		"empty":              func([]byte) []byte { return nil },
		"cut short":          func(b []byte) []byte { return b[:4095] },
		"too long":           func(b []byte) []byte { return append(b, 0) },
		"another magic":      func(b []byte) []byte { b[0] = 'X'; return b },
		"a later version":    func(b []byte) []byte { b[4] = 2; return b },
		"the other size":     func(b []byte) []byte { b[5] = 1; return b },
		"no keys":            func(b []byte) []byte { b[6] = 0; return b },
		"more keys than fit": func(b []byte) []byte { b[6] = 4; return b },
		"too little work":    func(b []byte) []byte { return lazy(b) },
	} {
		var refusal *collect.Refusal
		if err := r.Report(change(collecttest.Envelope(1, seal.SmallEnvelope, 4)), 0); !errors.As(err, &refusal) || refusal.Why == "" {
			t.Errorf("%s: got %v, want a refusal that says why", name, err)
		}
	}
	if rows := r.rows(t); len(rows) > 0 {
		t.Errorf("%d faulty reports were stored", len(rows))
	}
	if r.Refused() != 9 {
		t.Errorf("%d were counted as refused, want 9", r.Refused())
	}
}

// lazy takes the work out of an envelope.
func lazy(b []byte) []byte {
	for seal.CheckWork(b, 4) {
		b[len(b)-1]++
	}
	return b
}

func TestCodeTakesAReportBackAndNothingElseDoes(t *testing.T) {
	r := newRig(t, 0, 0)
	if err := r.Report(collecttest.Envelope(1, seal.SmallEnvelope, 4), 0); err != nil {
		t.Fatal(err)
	}
	id := seal.IDOf(collecttest.Code(1))
	if err := r.Withdraw(id[:], 0); err != nil { // what every carrier knows
		t.Fatal(err)
	}
	if rows := r.rows(t); rows[0].Blob == nil {
		t.Error("the id was enough to take the report back")
	}
	code := collecttest.Code(1)
	if err := r.Withdraw(code[:], 0); err != nil {
		t.Fatal(err)
	}
	for _, row := range r.rows(t) {
		if row.Blob != nil {
			t.Error("the report is still there")
		}
	}
	var refusal *collect.Refusal
	if err := r.Withdraw(code[:15], 0); !errors.As(err, &refusal) {
		t.Errorf("15 bytes: got %v", err)
	}
}

func TestLimitsForgetAfterAnHour(t *testing.T) {
	r := newRig(t, 6, 2)
	send := func(from, to, network uint64) {
		t.Helper()
		for n := from; n < to; n++ {
			if err := r.Report(collecttest.Envelope(n, seal.SmallEnvelope, 4), network); err != nil {
				t.Errorf("report %d: %v; over a limit is answered like any other", n, err)
			}
		}
	}
	send(0, 5, 77) // of which two are stored
	send(10, 12, 78)
	send(20, 30, 0) // through a relay: two more, for the limit in all
	if got := len(r.rows(t)); got != 6 {
		t.Errorf("got %d rows, want 6", got)
	}
	send(0, 2, 79) // known: takes nobody's place
	r.now = r.now.Add(time.Hour)
	send(2, 5, 77)
	if got := len(r.rows(t)); got != 8 {
		t.Errorf("an hour later: got %d rows, want 8", got)
	}
	if got := r.Store.Count(store.Limited); got != 3+8+2+1 {
		t.Errorf("%d were over a limit, want 14", got)
	}
}

func TestWithdrawalsCannotUseUpThePlacesOfReports(t *testing.T) {
	r := newRig(t, 3, 0)
	for n := uint64(100); n < 200; n++ {
		code := collecttest.Code(n)
		if err := r.Withdraw(code[:], 5); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(r.rows(t)); got != 3 {
		t.Errorf("%d withdrawals of what never was are kept, want 3", got)
	}
	if err := r.Report(collecttest.Envelope(1, seal.SmallEnvelope, 4), 5); err != nil {
		t.Fatal(err)
	}
	if got := len(r.rows(t)); got != 4 {
		t.Error("a flood of withdrawals, which cost nothing, keeps reports out")
	}
}

func TestKeepDeletesWhatIsPastItsTime(t *testing.T) {
	r := newRig(t, 0, 0)
	for day := range uint64(3) {
		r.now = noon.AddDate(0, 0, int(day))
		if err := r.Report(collecttest.Envelope(day, seal.SmallEnvelope, 4), 0); err != nil {
			t.Fatal(err)
		}
	}
	r.now = noon.AddDate(0, 0, 91) // the first is 91 days old, the second 90
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { r.Keep(ctx, time.Hour); close(done) }()
	for range 100 {
		if len(r.rows(t)) == 2 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-done
	if rows := r.rows(t); len(rows) != 2 || rows[0].Day != stream.DayOf(noon)+1 {
		t.Errorf("got %d rows, want the two that are at most 90 days old", len(rows))
	}
}

func TestExportedStreamIsReadBack(t *testing.T) {
	r := newRig(t, 0, 0)
	for n := range uint64(300) {
		if err := r.Report(collecttest.Envelope(n, seal.SmallEnvelope, 4), 0); err != nil {
			t.Fatal(err)
		}
	}
	code := collecttest.Code(7)
	if err := r.Withdraw(code[:], 0); err != nil {
		t.Fatal(err)
	}
	var export bytes.Buffer
	if n, err := collect.Export(context.Background(), r.Store, 0, &export); err != nil || n != 300 {
		t.Fatalf("got %d rows, %v", n, err)
	}
	want := r.rows(t)
	for row, err := range stream.Read(bytes.NewReader(export.Bytes())) {
		if err != nil {
			t.Fatal(err)
		}
		if row.Sequence != want[0].Sequence || row.Day != want[0].Day || row.ID != want[0].ID || !bytes.Equal(row.Blob, want[0].Blob) {
			t.Errorf("row %d is not what was stored", row.Sequence)
		}
		want = want[1:]
	}
	if len(want) > 0 {
		t.Errorf("%d rows are missing", len(want))
	}
	for _, cut := range []int{0, 5, len(stream.Title) + 3, export.Len() - 1} {
		var last error
		for _, err := range stream.Read(bytes.NewReader(export.Bytes()[:cut])) {
			last = err
		}
		if last == nil {
			t.Errorf("cut after %d bytes: no error; reviewers would think that they have all", cut)
		}
	}
}
