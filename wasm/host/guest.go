// SPDX-License-Identifier: Apache-2.0

package host

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"lapwing/scorer"
	"lapwing/wasm/wire"
)

// requestSize is about how many bytes of listings are sent in one request, so
// that the guest's memory stays small.
const requestSize = 256 << 10

// guest is one instance. One goroutine uses it at a time: whoever acquired it.
type guest struct {
	host      *Host
	module    api.Module
	functions map[string]api.Function
	stack     [1]uint64 // for parameters and results

	loaded    *loaded // what it has, or nil
	broken    string  // why it is of no more use, or ""
	lastWords strings.Builder
}

// guestKey is where a call's context holds its *guest for the functions of wasi.go.
type guestKey struct{}

// start makes an instance and initialises it.
func (h *Host) start(ctx context.Context) (*guest, error) {
	g := &guest{host: h, functions: make(map[string]api.Function, len(exports))}
	ctx, done := g.bound(ctx)
	defer done()
	// No start function: _initialize is called below, once its exports are at hand.
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	module, err := h.runtime.InstantiateModule(ctx, h.compiled, config)
	if err != nil {
		return nil, g.broke(ctx, err)
	}
	g.module = module
	for _, e := range exports {
		g.functions[e.name] = module.ExportedFunction(e.name)
	}
	if _, err := g.functions["_initialize"].Call(ctx); err != nil {
		err = g.broke(ctx, err)
		g.close()
		return nil, err
	}
	version, err := g.invoke(ctx, "abi_version")
	if err == nil && version != wire.Version {
		err = g.fault(fmt.Sprintf("the module speaks version %d of the ABI, this program %d: update both", version, wire.Version))
	}
	if err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

func (g *guest) close() {
	if g.module != nil {
		_ = g.module.Close(context.Background())
	}
}

// bound gives the context of a call: it tells the functions of wasi.go whose call it
// is, and ends after CallTimeout where nobody vouches for the module.
func (g *guest) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = context.WithValue(ctx, guestKey{}, g)
	if g.host.trusted {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, g.host.options.CallTimeout)
}

// load gives the guest a list.
func (g *guest) load(ctx context.Context, next *loaded) error {
	if len(next.pack) > wire.MaxPack {
		return &wire.Error{Status: wire.PackRefused, Sentence: fmt.Sprintf("%d bytes are more than a list may have", len(next.pack))}
	}
	content, err := g.call(ctx, "load", next.pack)
	if err != nil {
		return err
	}
	summary, err := wire.ParseSummary(content)
	if err != nil {
		return g.fault(err.Error())
	}
	if next.summary != (wire.Summary{}) && next.summary != summary {
		return g.fault("another instance read the same list differently")
	}
	next.summary = summary
	g.loaded = next
	return nil
}

// score sends listings in requests of about requestSize.
func (g *guest) score(ctx context.Context, listings []scorer.Listing) ([]scorer.Verdict, error) {
	verdicts := make([]scorer.Verdict, 0, len(listings))
	for from := 0; from < len(listings); {
		size, to := wire.ListingSize(&listings[from]), from+1
		if size > wire.MaxRequest-wire.RequestOverhead {
			return nil, fmt.Errorf("listing %d of %d bytes is longer than a request may be (%d)", from, size, wire.MaxRequest)
		}
		for ; to < len(listings); to++ {
			more := wire.ListingSize(&listings[to])
			if size+more > requestSize {
				break
			}
			size += more
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch := listings[from:to]
		content, err := g.send(ctx, "score", size+wire.RequestOverhead, func(room []byte) []byte {
			return wire.AppendListings(room, batch)
		})
		if err != nil {
			return nil, err
		}
		some, err := wire.Verdicts(content, batch, g.loaded.summary.Indicators)
		if err != nil {
			return nil, g.fault(err.Error())
		}
		verdicts = append(verdicts, some...)
		from = to
	}
	return verdicts, nil
}

// call makes a request of bytes that are at hand.
func (g *guest) call(ctx context.Context, name string, request []byte) ([]byte, error) {
	return g.send(ctx, name, len(request), func(room []byte) []byte { return append(room, request...) })
}

// send makes a request: write appends it to the guest's own memory, at most size
// bytes of it. The answer's content is the guest's memory too: it must be read
// before the next call.
func (g *guest) send(ctx context.Context, name string, size int, write func(room []byte) []byte) ([]byte, error) {
	ctx, done := g.bound(ctx)
	defer done()
	at, err := g.invoke(ctx, "buffer", uint32(size))
	if err != nil {
		return nil, err
	}
	memory := g.module.Memory()
	room, ok := memory.Read(at, uint32(size))
	if at == 0 || !ok {
		return nil, g.fault(fmt.Sprintf("no buffer of %d bytes", size))
	}
	request := write(room[:0:size])
	at, err = g.invoke(ctx, name, uint32(len(request)))
	if err != nil {
		return nil, err
	}
	head, ok := memory.Read(at, 4)
	if !ok {
		return nil, g.fault("an answer outside of memory")
	}
	length, err := wire.AnswerSize(head)
	if err != nil {
		return nil, g.fault("an answer of an impossible length")
	}
	answer, ok := memory.Read(at, uint32(length))
	if !ok {
		return nil, g.fault("an answer that reaches out of memory")
	}
	content, err := wire.OpenAnswer(answer)
	var refused *wire.Error
	if err != nil && (!errors.As(err, &refused) || refused.Status == wire.Fault) {
		return nil, g.fault(err.Error())
	}
	return content, err
}

// invoke calls an export that gives one number.
func (g *guest) invoke(ctx context.Context, name string, params ...uint32) (uint32, error) {
	if g.broken != "" {
		return 0, g.fault(g.broken)
	}
	for i, p := range params {
		g.stack[i] = uint64(p)
	}
	if err := g.functions[name].CallWithStack(ctx, g.stack[:]); err != nil {
		return 0, g.broke(ctx, err)
	}
	return uint32(g.stack[0]), nil
}

// broke says, of a call that did not come back, why.
func (g *guest) broke(ctx context.Context, err error) error {
	var exit *sys.ExitError
	why := err.Error()
	if first, _, ok := strings.Cut(why, "\n"); ok {
		why = first // the rest is a stack trace of the guest
	}
	if errors.As(err, &exit) {
		switch {
		case ctx.Err() == context.DeadlineExceeded:
			why = fmt.Sprintf("no answer within %s", g.host.options.CallTimeout)
		case ctx.Err() != nil:
			_ = g.fault("interrupted")
			return ctx.Err()
		default:
			why = fmt.Sprintf("the module gave up with code %d", exit.ExitCode())
		}
	}
	if words := strings.TrimSpace(g.lastWords.String()); words != "" {
		why += ": " + words
	}
	return g.fault(why)
}

// fault marks the instance as one to throw away.
func (g *guest) fault(why string) error {
	g.broken = strings.TrimPrefix(why, wire.Fault.String()+": ")
	return &wire.Error{Status: wire.Fault, Sentence: g.broken}
}
