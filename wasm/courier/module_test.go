// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/molecule-man/go-brrr"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release/releasetest"
	"lapwing/wasm/ready"
	"lapwing/wasm/wasmtest"
	"lapwing/wasm/wire"
)

const now = 1_800_000_000

// guest is an instance of the module.
type guest struct {
	t *testing.T
	m api.Module
}

func start(t *testing.T) *guest {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { r.Close(ctx) })
	wasi_snapshot_preview1.MustInstantiate(ctx, r)
	m, err := r.InstantiateWithConfig(ctx, wasmtest.Courier(t), wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	return &guest{t, m}
}

// call makes a request and gives the answer's content.
func (g *guest) call(name string, request []byte) ([]byte, error) {
	g.t.Helper()
	ctx := context.Background()
	at, err := g.m.ExportedFunction("buffer").Call(ctx, uint64(len(request)))
	if err != nil || !g.m.Memory().Write(uint32(at[0]), request) {
		g.t.Fatalf("buffer of %d bytes: %v", len(request), err)
	}
	answer, err := g.m.ExportedFunction(name).Call(ctx, uint64(len(request)))
	if err != nil {
		g.t.Fatalf("%s: %v", name, err)
	}
	head, _ := g.m.Memory().Read(uint32(answer[0]), 4)
	b, ok := g.m.Memory().Read(uint32(answer[0]), 4+binary.LittleEndian.Uint32(head))
	if !ok {
		g.t.Fatalf("%s: an answer outside of memory", name)
	}
	return wire.OpenAnswer(bytes.Clone(b))
}

func (g *guest) must(name string, request []byte) []byte {
	g.t.Helper()
	content, err := g.call(name, request)
	if err != nil {
		g.t.Fatalf("%s: %v", name, err)
	}
	return content
}

// update goes through one attempt, as the extension does.
func (g *guest) update(d *releasetest.Device, server releasetest.Server, at int64) *wire.Result {
	g.t.Helper()
	g.must("open", wire.AppendOpen(nil, &wire.Packaging{
		Root: d.Packaged.Root, Release: d.Packaged.Release, Program: d.Packaged.Program, Built: d.Packaged.Built, State: d.State,
	}))
	content := g.must("begin", wire.AppendBegin(nil, at, false))
	for {
		w, err := wire.ParseWant(content)
		if err != nil {
			g.t.Fatal(err)
		}
		var body []byte
		ok := true
		switch w.What {
		case wire.WantNothing:
			r, err := wire.ParseResult(g.must("result", nil))
			if err != nil {
				g.t.Fatal(err)
			}
			return r
		case wire.WantStored:
			body = d.InUse()
		default:
			if body, ok = server(w.Path); len(body) > int(w.MaxBytes) {
				ok = false // a host stops reading there
			}
		}
		if ok {
			content = g.must("got", body)
		} else {
			content = g.must("failed", nil)
		}
	}
}

func TestTheModuleFollowsTheRulesOfPackageRelease(t *testing.T) {
	first := packtest.Generate(1, 300)
	p := releasetest.NewPublisher(first, now)
	p.Publish(packtest.NextDay(first, 2), now+3600)
	g := start(t)
	for _, c := range []struct {
		name   string
		server releasetest.Server
		want   uint8
	}{
		{"an honest server", p.Serve, 2},
		{"a server that is down", func(string) ([]byte, bool) { return nil, false }, 0},
		{"a server that answers with noise", func(string) ([]byte, bool) { return []byte("noise"), true }, 0},
		{"a server that flips a bit of everything", func(path string) ([]byte, bool) {
			b, ok := p.Serve(path)
			if b = bytes.Clone(b); len(b) > 10 {
				b[len(b)/2] ^= 4
			}
			return b, ok
		}, 0},
	} {
		in, out := releasetest.NewDevice(p), releasetest.NewDevice(p)
		want := out.Poll(c.server, now+7200)
		got := g.update(in, c.server, now+7200)
		if got.Outcome != c.want || got.Outcome != uint8(want.Outcome) {
			t.Errorf("%s: outcome %d in the module, %d natively, want %d", c.name, got.Outcome, want.Outcome, c.want)
		}
		if got.Saved == wire.SavedBoth && !bytes.Equal(got.Pack, want.Save.Pack) {
			t.Errorf("%s: the module would store another pack than package release", c.name)
		}
		if (got.Refusal == nil) != (want.Err == nil) {
			t.Errorf("%s: fault %v in the module, %v natively", c.name, got.Refusal, want.Err)
		}
	}
}

func TestReleasesEndInTheModuleAsTheySay(t *testing.T) {
	all, err := releasetest.Scenarios("../../testdata/releases")
	if err != nil || len(all) == 0 {
		t.Fatalf("%d scenarios: %v", len(all), err)
	}
	g := start(t)
	for _, s := range all {
		d := &releasetest.Device{Packaged: s.Packaged, PackagedPack: s.Pack}
		want := d.Poll(s.Serve, s.Now)
		got := g.update(&releasetest.Device{Packaged: s.Packaged, PackagedPack: s.Pack}, s.Serve, s.Now)
		if got.Outcome != uint8(want.Outcome) || got.Status.Version != s.Version || got.Whole != s.Whole {
			t.Errorf("%s: outcome %d, version %d, whole %v; want %v, %d, %v", s.Name, got.Outcome, got.Status.Version, got.Whole, want.Outcome, s.Version, s.Whole)
		}
		rule := ""
		if got.Refusal != nil {
			rule = got.Refusal.Object + ": " + got.Refusal.Rule
		}
		if rule != s.Refusal {
			t.Errorf("%s: refusal %q, want %q", s.Name, rule, s.Refusal)
		}
	}
}

func TestPrepareGivesWhatTheScoringModuleLoads(t *testing.T) {
	p, err := pack.Canonical(packtest.Generate(1, 300))
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	want, err := ready.List(p, encoded)
	if err != nil {
		t.Fatal(err)
	}
	g := start(t)
	got := g.must("prepare", encoded)
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes, natively %d others: what is prepared in the browser must be what is tested here", len(got), len(want))
	}
	r, err := wire.OpenReady(got)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scorer.Load(r.Image); err != nil {
		t.Error(err)
	}
	if _, err := g.call("prepare", []byte("no pack")); err == nil {
		t.Error("noise was prepared, want an error: a broken list is never half used")
	}
}

func TestTheModuleImportsTheFunctionsThatHostsGive(t *testing.T) {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	m, err := r.CompileModule(ctx, wasmtest.Courier(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range m.ImportedFunctions() {
		_, name, _ := f.Import()
		got = append(got, name)
	}
	slices.Sort(got)
	// The six beyond those of the scoring module come with package os, which Go's
	// cryptography imports; hosts answer them with "no such file".
	want := "args_get args_sizes_get clock_time_get environ_get environ_sizes_get fd_close fd_fdstat_get fd_fdstat_set_flags " +
		"fd_prestat_dir_name fd_prestat_get fd_read fd_write poll_oneoff proc_exit random_get sched_yield"
	if s := strings.Join(slices.Compact(got), " "); s != want {
		t.Errorf("imports %s, want %s", s, want)
	}
}

func TestTheModuleIsTheSameBytesFromAnotherDirectory(t *testing.T) {
	if !bytes.Equal(wasmtest.Elsewhere(t, "courier"), wasmtest.Courier(t)) {
		t.Error("two builds of the same source in two directories differ")
	}
}

func TestTheModuleIsSmall(t *testing.T) {
	const most = 800_000 // sealing included, once it is
	var compressed bytes.Buffer
	w, err := brrr.NewWriter(&compressed, 11)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(wasmtest.Courier(t)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("courier module: %d bytes after brotli", compressed.Len())
	if compressed.Len() > most {
		t.Errorf("%d bytes after brotli, want at most %d", compressed.Len(), most)
	}
}
