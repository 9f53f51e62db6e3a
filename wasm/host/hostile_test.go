// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/wasm/host"
	"lapwing/wasm/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	forever = code(opLoop, noBlock, opBr, 0, opEnd, opUnreachable)
	trap    = code(opUnreachable)
	one     = []scorer.Listing{{Kind: pack.Job, Text: [scorer.NumFields]string{scorer.Title: "Night porter"}}}
)

// hurried makes the tests of guests that never answer short; nothing is measured.
var hurried = host.Options{Instances: 1, MemoryPages: 64, CallTimeout: 200 * time.Millisecond}

func open(t *testing.T, m *module, options host.Options) *host.Host {
	t.Helper()
	h, err := host.New(context.Background(), m.assemble(), options)
	if err != nil {
		t.Fatalf("a guest that starts well is refused: %v", err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return h
}

func TestWellBehavedGuestIsServed(t *testing.T) {
	h := open(t, wellBehaved(), hurried)
	if err := h.Load([]byte("any")); err != nil {
		t.Fatal(err)
	}
	if got := h.Summary(); got.Name != "test" || got.Indicators != 3 {
		t.Errorf("summary: got %+v", got)
	}
	verdicts, err := h.Score(context.Background(), one)
	if err != nil || len(verdicts) != 1 || verdicts[0].Level != scorer.None {
		t.Errorf("got %+v, %v, want one verdict without reasons", verdicts, err)
	}
}

// What is wrong before the first call is found by New, which starts an instance.
func TestModulesThatCannotServeAreRefused(t *testing.T) {
	without := func(export string) *module {
		m := wellBehaved()
		for i := range m.functions {
			if m.functions[i].export == export {
				m.functions[i].export = "other"
			}
		}
		return m
	}
	wrongTypes := wellBehaved()
	wrongTypes.functions[4].sig = sigWrong
	outside := wellBehaved()
	outside.imports = []importedFunction{{"env", "read_file", sigTwo}}
	hidden := wellBehaved()
	hidden.noMemory = true
	started := wellBehaved().with("_initialize", forever...)
	started.start = "_initialize"
	large := wellBehaved()
	large.pages = 65

	tests := map[string]struct {
		module *module
		want   string
	}{
		"no score":                 {without("score"), "exports no function score"},
		"no _initialize":           {without("_initialize"), "exports no function _initialize"},
		"score takes 64 bits":      {wrongTypes, "other parameters"},
		"memory not exported":      {hidden, "exports no memory"},
		"imports a file":           {outside, "env.read_file"},
		"imports a WASI file":      {wellBehaved().importing("path_open", sigFour), "path_open"},
		"another ABI version":      {wellBehaved().with("abi_version", constant(99)...), "version 99"},
		"loops in _initialize":     {wellBehaved().with("_initialize", forever...), "no answer within"},
		"loops when instantiated":  {started, "no answer within"},
		"traps in _initialize":     {wellBehaved().with("_initialize", trap...), "unreachable"},
		"more memory than allowed": {large, "memory"},
	}
	for name, tt := range tests {
		_, err := host.New(context.Background(), tt.module.assemble(), hurried)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one that says %q", name, err, tt.want)
		}
	}
	for name, junk := range map[string][]byte{
		"nothing": nil, "text": []byte("not a module"), "a module cut short": wellBehaved().assemble()[:60],
		"too long": make([]byte, 17<<20),
	} {
		if _, err := host.New(context.Background(), junk, hurried); err == nil {
			t.Errorf("%s was taken for a module", name)
		}
	}
}

// What a guest does wrong in a call costs the caller an error and the guest its
// instance; the host goes on, and with another instance.
func TestGuestsThatBreakCostAnErrorAndAnInstance(t *testing.T) {
	lying := func(content ...byte) *module {
		m := wellBehaved()
		m.data[scoreAt] = answer(content...)
		return m
	}
	long := wellBehaved()
	long.data[scoreAt] = []byte{0xff, 0xff, 0xff, 0xff, wire.Version, 0}
	beyond := wellBehaved()
	beyond.data[scoreAt] = []byte{0x00, 0x00, 0x10, 0x00, wire.Version, 0}
	fault := wellBehaved()
	fault.data[scoreAt] = wire.AppendError(nil, wire.Fault, "index out of range")

	tests := map[string]struct {
		module *module
		want   string
	}{
		"loops":                         {wellBehaved().with("score", forever...), "no answer within"},
		"loops in buffer":               {bufferThat(forever), "no answer within"},
		"traps":                         {wellBehaved().with("score", trap...), "unreachable"},
		"recurses without end":          {wellBehaved().with("score", code(opLocalGet, 0, opCall, 4)...), "stack"},
		"reads outside its memory":      {wellBehaved().with("score", code(constant(unfulfill), opI32Load, 0, 0)...), "memory"},
		"answers outside its memory":    {wellBehaved().with("score", constant(unfulfill)...), "outside of memory"},
		"answers at the edge":           {wellBehaved().with("score", constant(pageSize-3)...), "outside of memory"},
		"answers without end":           {long, "impossible length"},
		"answers beyond its memory":     {beyond, "out of memory"},
		"answers with zeroes":           {wellBehaved().with("score", constant(50000)...), "impossible length"},
		"has a buffer outside memory":   {bufferThat(constant(unfulfill)), "no buffer"},
		"has no buffer":                 {bufferThat(constant(0)), "no buffer"},
		"says that it broke":            {fault, "index out of range"},
		"gives no verdict":              {lying(0), "malformed"},
		"gives two verdicts for one":    {lying(2, 0, 0, 0, 0, 0, 0, 0, 0), "malformed"},
		"gives an unknown level":        {lying(1, 9, 0, 0, 0), "malformed"},
		"names an unknown indicator":    {lying(1, 1, 0, 0, 1, 4, 5, 0), "malformed"},
		"marks what is not there":       {lying(1, 1, 0, 0, 1, 1, 5, 1, 0, 5, 8), "malformed"},
		"claims a billion reasons":      {lying(1, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 3), "malformed"},
		"exits as if all was well":      {exitWith(0), "code 0"},
		"exits with an error":           {exitWith(3), "code 3"},
		"answers in another version":    {anotherVersion(), "version"},
		"answers behind a query's back": {lying(), "malformed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := open(t, tt.module, hurried)
			for round := range 2 { // the second on a new instance
				if err := h.Load([]byte("any")); err != nil && !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("round %d: load: %v", round, err)
				}
				_, err := h.Score(context.Background(), one)
				var broken *wire.Error
				if !errors.As(err, &broken) {
					t.Fatalf("round %d: got %v, want a *wire.Error: callers branch on it", round, err)
				}
				if broken.Status == wire.NoPack && h.Summary().Name == "" {
					return // it broke at the load, which is as good
				}
				if broken.Status != wire.Fault || !strings.Contains(broken.Sentence, tt.want) {
					t.Errorf("round %d: got %v, want a fault that says %q", round, err, tt.want)
				}
			}
		})
	}
}

// bufferThat misbehaves when it is asked for room.
func bufferThat(body []byte) *module { return wellBehaved().with("buffer", body...) }

func exitWith(status uint32) *module {
	return wellBehaved().importing("proc_exit", sigExit).
		with("score", code(constant(status), opCall, 0, constant(scoreAt))...)
}

func anotherVersion() *module {
	m := wellBehaved()
	m.data[scoreAt][4]++
	return m
}

// A list that is refused, or a request, is no fault: the instance serves on.
func TestRefusalKeepsTheInstance(t *testing.T) {
	m := wellBehaved()
	m.data[scoreAt] = wire.AppendError(nil, wire.BadRequest, "not today")
	h := open(t, m, hurried)
	if _, err := h.Score(context.Background(), one); statusOf(err) != wire.NoPack {
		t.Errorf("before a list is loaded: got %v, want %v", err, wire.NoPack)
	}
	if err := h.Load([]byte("any")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.Score(context.Background(), one); statusOf(err) != wire.BadRequest {
			t.Errorf("got %v, want %v", err, wire.BadRequest)
		}
	}
}

func statusOf(err error) wire.Status {
	var e *wire.Error
	if errors.As(err, &e) {
		return e.Status
	}
	return wire.NumStatuses
}

// A guest that takes all the memory that it can get gets no more than its share.
func TestMemoryIsBounded(t *testing.T) {
	// score(length): store what memory.grow(1000 pages) gave where the verdict's
	// score stands, so that it can be seen: -1 is a refusal.
	m := wellBehaved().with("score", code(
		constant(scoreAt+8), constant(1000), opMemoryGrow, 0, opI32Store, 0, 0, constant(scoreAt))...)
	h := open(t, m, hurried)
	if err := h.Load([]byte("any")); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Score(context.Background(), one); statusOf(err) != wire.Fault {
		t.Errorf("got %v, want the fault that -1 as a score is: memory.grow was granted", err)
	}
}

// The functions that the host gives must stand whatever they are called with.
func TestHostFunctionsStandBadArguments(t *testing.T) {
	far := constant(unfulfill)
	tests := map[string]*module{
		"args_get":            calling("args_get", sigTwo, far, far),
		"args_sizes_get":      calling("args_sizes_get", sigTwo, far, far),
		"clock_time_get":      calling("clock_time_get", sigClock, constant(0), []byte{opI64Const, 0}, far),
		"clock of nobody":     calling("clock_time_get", sigClock, constant(9), []byte{opI64Const, 0}, far),
		"environ_get":         calling("environ_get", sigTwo, far, far),
		"environ_sizes_get":   calling("environ_sizes_get", sigTwo, far, far),
		"fd_write to a file":  calling("fd_write", sigFour, constant(3), constant(0), constant(1), constant(0)),
		"fd_write from afar":  calling("fd_write", sigFour, constant(1), far, constant(1), constant(0)),
		"fd_write many":       calling("fd_write", sigFour, constant(1), constant(0), far, constant(0)),
		"fd_write to afar":    calling("fd_write", sigFour, constant(1), constant(0), constant(1), far),
		"poll_oneoff":         calling("poll_oneoff", sigFour, far, far, constant(1), far),
		"poll_oneoff many":    calling("poll_oneoff", sigFour, constant(0), constant(0), far, constant(0)),
		"poll_oneoff of none": calling("poll_oneoff", sigFour, constant(0), constant(0), constant(0), constant(0)),
		"random_get":          calling("random_get", sigTwo, far, constant(9)),
		"random_get of all":   calling("random_get", sigTwo, constant(0), far),
		"sched_yield":         calling("sched_yield", sigGive),
	}
	for name, m := range tests {
		t.Run(name, func(t *testing.T) {
			h := open(t, m, hurried)
			if err := h.Load([]byte("any")); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Score(context.Background(), one); err != nil {
				t.Errorf("a bad argument is the guest's to handle, got %v", err)
			}
		})
	}
}

// calling makes one call of a host function, drops its result and answers well.
func calling(name string, sig signature, arguments ...[]byte) *module {
	return wellBehaved().importing(name, sig).
		with("score", code(bytes.Join(arguments, nil), opCall, 0, opDrop, constant(scoreAt))...)
}

func TestLastWordsOfAGuestAreInTheErrorAndBounded(t *testing.T) {
	m := wellBehaved().importing("fd_write", sigFour).
		with("score", code(constant(2), constant(40000), constant(1), constant(0), opCall, 0, opDrop, opUnreachable)...)
	m.data[40000] = []byte{0x50, 0x9c, 0, 0, 0, 0x40, 0, 0} // 16384 bytes from 40016
	m.data[40016] = []byte("panic: out of luck")
	h := open(t, m, hurried)
	if err := h.Load([]byte("any")); err != nil {
		t.Fatal(err)
	}
	_, err := h.Score(context.Background(), one)
	if err == nil || !strings.Contains(err.Error(), "out of luck") {
		t.Errorf("got %v, want what the guest wrote before it died", err)
	}
	if err != nil && len(err.Error()) > 4000 {
		t.Errorf("the guest put %d bytes into an error message", len(err.Error()))
	}
}

// Nobody waits for a guest that loops: the caller's context ends its call.
func TestCallerMayLeave(t *testing.T) {
	options := hurried
	options.CallTimeout = time.Hour
	h := open(t, wellBehaved().with("score", forever...), options)
	if err := h.Load([]byte("any")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	if _, err := h.Score(ctx, one); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := h.Score(ctx, one); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: got %v, want %v", err, context.Canceled)
	}
}

func TestTrustedModuleIsServedToo(t *testing.T) {
	m := wellBehaved().assemble()
	h, err := host.New(context.Background(), m, host.Options{Trusted: sha256.Sum256(m)})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Load([]byte("any")); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Score(context.Background(), one); err != nil {
		t.Error(err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if err := h.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := h.Score(context.Background(), one); !errors.Is(err, host.ErrClosed) {
		t.Errorf("after Close: got %v, want %v", err, host.ErrClosed)
	}
	if err := h.Load([]byte("any")); !errors.Is(err, host.ErrClosed) {
		t.Errorf("after Close: got %v, want %v", err, host.ErrClosed)
	}
}
