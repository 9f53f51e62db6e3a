// SPDX-License-Identifier: Apache-2.0

// The host's side of the scoring module. It starts an instance with the ten
// functions that the module may have, writes each request into the guest's one
// buffer, calls the export, and reads the answer at the address that the export
// gives, until the next call. It believes no byte of an answer before it has
// checked it: a guest that breaks costs an error and its instance, and what it
// said is not used. A verdict is a function of listing and pack alone, so the
// twin of this file gives the same bytes: wasm/host/host.go has one for Go,
// extension/background/scorer.js one for JavaScript. wasm/README.md is the ABI.

// Package host runs the scoring module under wazero, as many instances of it as
// there are callers, up to a bound.
//
// Call New once per module, Load for every list, Score from as many goroutines
// as you like, and Close at the end. A list that is refused leaves the one
// before it in place. An error of a guest is a *wire.Error; with status Fault its
// instance is gone, and the next call starts another.
//
// What bounds a guest: its memory (Options.MemoryPages), the length of requests
// and answers (package wire), and the ten functions of wasi.go, none of which
// waits, reads a file or reaches a network. What bounds its time depends on who
// vouches for it: the module whose hash is Options.Trusted is known to end every
// call, and runs three times as fast for that; any other is interrupted after
// Options.CallTimeout. The module is data to this package: read it from wherever
// the program keeps it.
package host

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero"

	"lapwing/scorer"
	"lapwing/wasm/wire"
)

// Options are optional: the zero value is a working choice for each.
type Options struct {
	// Trusted is the SHA-256 of the module that the program ships, which is known
	// to end every call. Zero: no module is.
	Trusted [sha256.Size]byte
	// CacheDir keeps compiled code from one process to the next: 20 ms instead of
	// 500 to start. It is created if need be. It holds machine code that is run, so
	// New refuses it if others may write to it. Empty: no cache.
	CacheDir string
	// Instances is how many instances there may be at a time, each about 3 MB and
	// the loaded list; they are started when needed. Zero: one per processor.
	Instances int
	// MemoryPages is how many pages of 64 KiB one instance may have. Zero: 4096, 256 MiB.
	MemoryPages uint32
	// CallTimeout is how long one call into a module that is not Trusted may take,
	// its start included. Zero: 10 seconds.
	CallTimeout time.Duration
}

// ErrClosed is what calls after Close give.
var ErrClosed = errors.New("scoring module: closed")

// Host is a compiled module and its instances. It is safe for concurrent use.
type Host struct {
	options  Options
	trusted  bool // the module is the one that Options.Trusted names
	runtime  wazero.Runtime
	cache    wazero.CompilationCache // nil without a cache directory
	compiled wazero.CompiledModule

	// slots holds an element per instance in use; Close fills it for good.
	slots  chan struct{}
	closed chan struct{} // closed by Close
	once   sync.Once     // for Close

	mu   sync.Mutex // guards idle
	idle []*guest   // instances that nobody uses, the last used at the end

	loading sync.Mutex             // held by Load, so that the last list loaded stays
	current atomic.Pointer[loaded] // only ever swapped; nil before the first Load
}

// loaded is a list that an instance has accepted. It does not change.
type loaded struct {
	pack    []byte
	summary wire.Summary
}

// New compiles a module and starts a first instance of it, to know that it can.
func New(ctx context.Context, module []byte, options Options) (*Host, error) {
	h := &Host{options: options.withDefaults(), closed: make(chan struct{})}
	h.slots = make(chan struct{}, h.options.Instances)
	h.trusted = sha256.Sum256(module) == h.options.Trusted
	if err := h.compile(ctx, module); err != nil {
		h.closeRuntime()
		return nil, fmt.Errorf("scoring module: %w", err)
	}
	g, err := h.start(ctx)
	if err != nil {
		h.closeRuntime()
		return nil, fmt.Errorf("starting scoring module: %w", err)
	}
	h.idle = append(h.idle, g)
	return h, nil
}

func (o Options) withDefaults() Options {
	if o.Instances <= 0 {
		o.Instances = runtime.GOMAXPROCS(0)
	}
	if o.MemoryPages == 0 {
		o.MemoryPages = 4096
	}
	if o.CallTimeout <= 0 {
		o.CallTimeout = 10 * time.Second
	}
	return o
}

// Load makes a list, as package ready makes it, the one that later calls of Score score with; the
// host keeps it, so it must not be changed. Calls under way finish with the one before.
func (h *Host) Load(pack []byte) error {
	h.loading.Lock()
	defer h.loading.Unlock()
	ctx := context.Background()
	g, err := h.acquire(ctx)
	if err != nil {
		return err
	}
	next := &loaded{pack: pack}
	err = g.load(ctx, next)
	h.release(g)
	if err != nil {
		return fmt.Errorf("loading list: %w", err)
	}
	h.current.Store(next)
	return nil
}

// Summary says which list is loaded; it is zero before the first Load.
func (h *Host) Summary() wire.Summary {
	if current := h.current.Load(); current != nil {
		return current.summary
	}
	return wire.Summary{}
}

// Score gives one verdict per listing, in the same order. All come from one
// list. When ctx ends, Score returns before its next request.
func (h *Host) Score(ctx context.Context, listings []scorer.Listing) ([]scorer.Verdict, error) {
	var verdicts []scorer.Verdict
	err := h.with(ctx, func(g *guest) (err error) {
		verdicts, err = g.score(ctx, listings)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("scoring: %w", err)
	}
	return verdicts, nil
}

// Catalog says what the numbers in verdicts mean, as the guest has it.
func (h *Host) Catalog(ctx context.Context) (*wire.Catalog, error) {
	return ask(ctx, h, wire.Query{What: wire.QueryCatalog}, wire.ParseCatalog)
}

// Texts gives the loaded list's texts in a language.
func (h *Host) Texts(ctx context.Context, lang string) ([]wire.Pair, error) {
	return ask(ctx, h, wire.Query{What: wire.QueryTexts, Argument: lang}, wire.ParsePairs)
}

// Documents gives the loaded list's documents whose names begin with prefix.
func (h *Host) Documents(ctx context.Context, prefix string) ([]wire.Pair, error) {
	return ask(ctx, h, wire.Query{What: wire.QueryDocuments, Argument: prefix}, wire.ParsePairs)
}

func ask[T any](ctx context.Context, h *Host, q wire.Query, parse func([]byte) (T, error)) (T, error) {
	var answer T
	err := h.with(ctx, func(g *guest) (err error) {
		content, err := g.call(ctx, "query", wire.AppendQuery(nil, q))
		if err != nil {
			return err
		}
		if answer, err = parse(content); err != nil {
			return g.fault(err.Error())
		}
		return nil
	})
	if err != nil {
		return answer, fmt.Errorf("asking scoring module: %w", err)
	}
	return answer, nil
}

// with runs f on an instance that has the current list.
func (h *Host) with(ctx context.Context, f func(*guest) error) error {
	current := h.current.Load()
	if current == nil {
		return &wire.Error{Status: wire.NoPack, Sentence: "load a list first"}
	}
	g, err := h.acquire(ctx)
	if err != nil {
		return err
	}
	defer h.release(g)
	if g.loaded != current {
		if err := g.load(ctx, current); err != nil {
			return err
		}
	}
	return f(g)
}

// Close waits for the calls under way and frees everything. It may be called twice.
func (h *Host) Close() error {
	var err error
	h.once.Do(func() {
		close(h.closed)
		for range cap(h.slots) {
			h.slots <- struct{}{}
		}
		err = h.closeRuntime()
	})
	return err
}
