// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/hpke"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"lapwing/scorer"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release/releasetest"
	"lapwing/scorer/seal"
	"lapwing/wasm/wasmtest"
	"lapwing/wasm/wire"
)

const bits = 8

// opened is a module that has found intake keys, and the reviewer who has theirs.
func opened(t *testing.T, g *guest) hpke.PrivateKey {
	t.Helper()
	private, err := hpke.MLKEM768X25519().NewPrivateKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	first := packtest.Generate(1, 20)
	p := releasetest.NewPublisher(first, now)
	p.Intake = (&seal.Intake{Work: bits, Retention: 90, Keys: []seal.Key{{Name: "intake-2026-11", Public: private.PublicKey().Bytes()}}}).Encode()
	p.Publish(packtest.NextDay(first, 2), now+3600)
	r := g.update(releasetest.NewDevice(p), p.Serve, now+7200)
	if r.Outcome != 2 || !bytes.Equal(r.Status.Intake, p.Intake) {
		t.Fatalf("no keys: %+v", r)
	}
	return private
}

func draftOf(id [16]byte) *wire.Draft {
	d := &wire.Draft{
		ID: id, Sort: uint8(seal.Flagged), Day: "2026-11-24", List: "x-1+1a2b3c4d", Release: 2, Program: "1.0.0", Site: "jobs.example",
		Verdict: &wire.Judged{Level: 2, Score: 3725, Reasons: []wire.JudgedReason{{Indicator: "a.b", Points: 9, Spans: []scorer.Span{{Field: scorer.Body, Start: 26, End: 44}}}}},
	}
	d.Text[scorer.Body].Text = "Write to anna@mail.example and your passport to us"
	return d
}

func TestAReportIsSealedInTheModule(t *testing.T) {
	g := start(t)
	private := opened(t, g)
	in, err := wire.ParseIntake(g.must("intake", wire.AppendBare(nil)))
	if err != nil || in.Work != bits || in.Retention != 90 || in.Keys != 1 || in.Version != 2 {
		t.Fatalf("intake %+v, %v", in, err)
	}
	drawn := g.must("code", wire.AppendBare(nil))
	code, id := [16]byte(drawn), [16]byte(drawn[16:])
	if id != seal.IDOf(code) || code == [16]byte{} {
		t.Fatalf("code %x has id %x", code, id)
	}
	d := draftOf(id)
	lists, err := wire.ParseRedactions(g.must("redact", wire.AppendRedact(nil, []string{d.Text[scorer.Body].Text})))
	if err != nil {
		t.Fatal(err)
	}
	d.Text[scorer.Body].Redact = lists[0]
	over, report, err := wire.ParseComposed(g.must("compose", wire.AppendDraft(nil, d)))
	if err != nil || over != 0 || !strings.Contains(string(report), `"Write to [e-mail] and your passport to us"`) {
		t.Fatalf("composed %s, %d too long, %v", report, over, err)
	}
	report = bytes.Clone(report)
	envelope := g.must("seal", wire.AppendSeal(nil, id, report))
	for start := uint64(0); ; start += 16 {
		found, err := wire.ParseFound(g.must("work", wire.AppendSearch(nil, &wire.Search{Start: start, Tries: 16, Bits: bits, Envelope: envelope})))
		if err != nil {
			t.Fatal(err)
		}
		if found != nil {
			envelope = bytes.Clone(found)
			break
		}
	}
	h, err := seal.ParseHeader(envelope)
	if err != nil || h.ID != id || h.Release != in.Note || !seal.CheckWork(envelope, bits) {
		t.Fatalf("header %+v, %v", h, err)
	}
	got, err := seal.Open(envelope, private)
	if err != nil || !bytes.Equal(got, report) {
		t.Errorf("opened %q, %v; want the bytes that were shown", got, err)
	}
}

func TestTheModuleSaysByHowMuchAReportIsTooLong(t *testing.T) {
	g := start(t)
	opened(t, g)
	d := draftOf([16]byte{1})
	for _, n := range []int{seal.MaxReport, seal.MaxReport - 800} { // more than a report, more than fits with one key
		d.Text[scorer.Title].Text = strings.Repeat("a", n)
		over, _, err := wire.ParseComposed(g.must("compose", wire.AppendDraft(nil, d)))
		if err != nil || over <= 0 {
			t.Fatalf("a title of %d: %d bytes too long, %v", n, over, err)
		}
		d.Text[scorer.Title].Text = strings.Repeat("a", n-over)
		over, report, err := wire.ParseComposed(g.must("compose", wire.AppendDraft(nil, d)))
		if err != nil || over != 0 || len(report) != seal.Room(seal.LargeEnvelope, 1) {
			t.Errorf("shortened by that: %d bytes, %d too long, %v", len(report), over, err)
		}
	}
}

func TestWithoutKeysNothingIsSealed(t *testing.T) {
	g := start(t)
	p := releasetest.NewPublisher(packtest.Generate(1, 20), now)
	g.update(releasetest.NewDevice(p), p.Serve, now+7200)
	for name, request := range map[string][]byte{"intake": wire.AppendBare(nil), "seal": wire.AppendSeal(nil, [16]byte{1}, []byte("x"))} {
		_, err := g.call(name, request)
		var e *wire.Error
		if !errors.As(err, &e) || e.Status != wire.NoPack {
			t.Errorf("%s: %v, want to be told that there are no keys", name, err)
		}
	}
}

// TestWithoutRandomnessTheModuleSealsNothing stubs the host's random_get.
func TestWithoutRandomnessTheModuleSealsNothing(t *testing.T) {
	const noSys = 52
	for name, stub := range map[string]func(m api.Module, at, n uint32) uint32{
		"fails":        func(api.Module, uint32, uint32) uint32 { return noSys },
		"does nothing": func(api.Module, uint32, uint32) uint32 { return 0 },
		"gives a constant": func(m api.Module, at, n uint32) uint32 {
			m.Memory().Write(at, bytes.Repeat([]byte{0x5a}, int(n)))
			return 0
		},
	} {
		g, broken := startWith(t, stub)
		opened(t, g)
		d := draftOf([16]byte{1})
		_, report, err := wire.ParseComposed(g.must("compose", wire.AppendDraft(nil, d)))
		if err != nil {
			t.Fatal(err)
		}
		report = bytes.Clone(report)
		*broken = true
		if envelope, err := g.call("seal", wire.AppendSeal(nil, d.ID, report)); err == nil {
			t.Errorf("random_get %s: sealed %d bytes, want a refusal: whoever guesses the key reads the report", name, len(envelope))
		}
		if code, err := g.call("code", wire.AppendBare(nil)); err == nil {
			t.Errorf("random_get %s: drew the code %x, want a refusal", name, code)
		}
	}
}

// startWith starts a module whose randomness is a stub once the flag is set.
func startWith(t *testing.T, stub func(m api.Module, at, n uint32) uint32) (*guest, *bool) {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { r.Close(ctx) })
	b := r.NewHostModuleBuilder(wasi_snapshot_preview1.ModuleName)
	wasi_snapshot_preview1.NewFunctionExporter().ExportFunctions(b)
	broken := false
	var fill byte
	b.NewFunctionBuilder().WithFunc(func(_ context.Context, m api.Module, at, n uint32) uint32 {
		if broken {
			return stub(m, at, n)
		}
		for i := range n { // good enough for a test
			fill = fill*31 + 17
			m.Memory().WriteByte(at+i, fill)
		}
		return 0
	}).Export("random_get")
	if _, err := b.Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	m, err := r.InstantiateWithConfig(ctx, wasmtest.Courier(t), wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	return &guest{t, m}, &broken
}

func TestNoiseAboutReportsIsRefused(t *testing.T) {
	g := start(t)
	opened(t, g)
	for _, name := range []string{"intake", "code", "redact", "compose", "seal", "work", "wrap", "unwrap"} {
		for _, request := range [][]byte{nil, {2}, []byte("noise"), bytes.Repeat([]byte{wire.Version}, 5000)} {
			_, err := g.call(name, request)
			var e *wire.Error
			if !errors.As(err, &e) || reflect.DeepEqual(e.Status, wire.Fault) {
				t.Errorf("%s of %.10q: %v, want it refused, and the module sound", name, request, err)
			}
		}
	}
}
