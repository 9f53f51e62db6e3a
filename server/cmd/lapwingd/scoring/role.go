// SPDX-License-Identifier: Apache-2.0

package scoring

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	vm "github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/bulk/callers"
	"lapwing/server/cmd/lapwingd/edge"
)

// Path is where the role answers.
const Path = "/v1/score"

// Config is everything that the role needs. Nothing has a default here: the
// program's settings hold them, with their reasons.
type Config struct {
	Pack    *pack.Pack
	List    string // what verdicts call it
	Engine  bulk.Engine
	Callers *callers.Callers
	Log     *slog.Logger

	Workers      int           // blocks that are scored at one time, by all requests together
	Requests     int           // at one time
	PerCaller    int           // requests of one caller at one time
	RequestBytes int64         // of one request's body
	RequestTime  time.Duration // for one request, from its head to its last verdict
	LineBytes    int
	Stall        time.Duration // a caller may send nothing, or take nothing, for so long
	Grace        time.Duration // for requests to come to an end once the server stops
}

// Role implements edge.Role.
type Role struct {
	Config
	engine  bulk.Engine // bounded by Workers
	metrics counters

	mu      sync.Mutex
	open    int                // guarded by mu: requests under way
	of      map[string]int     // guarded by mu: the same by caller
	streams map[*stream]func() // guarded by mu: how to cut each off
	stopped chan struct{}      // closed when requests are to come to an end
	stop    func()             // closes it, once
}

// New makes the role.
func New(c Config) *Role {
	r := &Role{Config: c, of: map[string]int{}, streams: map[*stream]func(){}, stopped: make(chan struct{})}
	r.stop = sync.OnceFunc(func() { close(r.stopped) })
	r.engine = &bounded{c.Engine, make(chan struct{}, c.Workers)}
	r.metrics = newCounters(r)
	return r
}

// Name is part of edge.Role.
func (r *Role) Name() string { return "score" }

// Ready is part of edge.Role.
func (r *Role) Ready() error { return nil }

// Routes is part of edge.Role.
func (r *Role) Routes() []edge.Route {
	return []edge.Route{{
		Method: fasthttp.MethodPost, Path: Path, Streams: true,
		MaxBody: 1, // the rest is read and bounded by the stream
		Timeout: r.Stall, Handle: r.handle,
	}}
}

// Drain lets requests end soon: what was read is answered, what comes is not
// read any more, and who keeps the server waiting is cut off after the grace.
func (r *Role) Drain() {
	r.stop()
	time.AfterFunc(r.Grace, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, cut := range r.streams {
			cut()
		}
	})
}

// Close is part of edge.Role.
func (r *Role) Close(context.Context) error {
	r.stop()
	return nil
}

// WritePrometheus adds the role's numbers to the server's.
func (r *Role) WritePrometheus(w io.Writer) { r.metrics.set.WritePrometheus(w) }

// handle answers everything that can be answered before the body is read, and
// leaves the rest to a stream.
func (r *Role) handle(ctx *fasthttp.RequestCtx) {
	if err := r.Callers.Refresh(time.Now()); err != nil {
		r.Log.Error("the callers stay as they were", "error", err)
	}
	// There may be a body on its way that nobody will read.
	ctx.SetConnectionClose()
	key, _ := strings.CutPrefix(string(ctx.Request.Header.Peek(fasthttp.HeaderAuthorization)), "Bearer ")
	name, ok := r.Callers.Caller(strings.TrimSpace(key))
	encoding := ctx.Request.Header.Peek(fasthttp.HeaderContentEncoding)
	switch {
	case !ctx.Request.Header.IsHTTP11():
		r.refuse(ctx, fasthttp.StatusHTTPVersionNotSupported, "answers of unknown length need HTTP/1.1")
	case !ok:
		ctx.Response.Header.Set(fasthttp.HeaderWWWAuthenticate, `Bearer realm="score"`)
		r.refuse(ctx, fasthttp.StatusUnauthorized, "send a key: Authorization: Bearer "+callers.Prefix+"…")
	case len(encoding) > 0 && string(encoding) != "identity":
		r.refuse(ctx, fasthttp.StatusUnsupportedMediaType, "send the lines as they are, without Content-Encoding")
	case int64(ctx.Request.Header.ContentLength()) > r.RequestBytes:
		r.refuse(ctx, fasthttp.StatusRequestEntityTooLarge, "send the listings in several requests")
	default:
		r.admit(ctx, name)
	}
}

// admit starts a stream if there is a place for it.
func (r *Role) admit(ctx *fasthttp.RequestCtx, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.stopped:
		r.refuseFor(ctx, fasthttp.StatusServiceUnavailable, "60", "the server is stopping")
		return
	default:
	}
	if r.of[name] >= r.PerCaller {
		r.refuseFor(ctx, fasthttp.StatusTooManyRequests, "5", "this caller's other requests come first")
		return
	}
	if r.open >= r.Requests {
		r.refuseFor(ctx, fasthttp.StatusServiceUnavailable, "5", "the server scores as much as it can")
		return
	}
	r.open++
	r.of[name]++
	s := newStream(r, ctx, name)
	r.streams[s] = s.cancel
	h := &ctx.Response.Header
	h.SetContentType("application/x-ndjson")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	ctx.Response.ImmediateHeaderFlush = true
	ctx.SetBodyStream(s, -1)
}

// leave gives a stream's place back.
func (r *Role) leave(s *stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.streams, s)
	r.open--
	if r.of[s.caller]--; r.of[s.caller] == 0 {
		delete(r.of, s.caller)
	}
}

func (r *Role) refuseFor(ctx *fasthttp.RequestCtx, code int, seconds, why string) {
	ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, seconds)
	r.refuse(ctx, code, why)
}

func (r *Role) refuse(ctx *fasthttp.RequestCtx, code int, why string) {
	h := &ctx.Response.Header
	h.SetContentType("text/plain; charset=utf-8")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	ctx.SetStatusCode(code)
	r.metrics.refused.Inc()
	text := fasthttp.StatusMessage(code) + ": " + why + "\n"
	if ctx.Request.Header.IsHTTP11() && ctx.RequestBodyStream() != nil {
		ctx.SetBodyStream(&refusal{text, newBody(r, ctx, nil)}, -1)
	} else {
		ctx.SetBodyString(text)
	}
}

// bounded lets so many blocks be scored at one time, whichever request they
// belong to, so that handing out releases keeps its share of the machine.
type bounded struct {
	bulk.Engine
	places chan struct{}
}

func (b *bounded) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	select {
	case b.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-b.places }()
	return b.Engine.Score(ctx, listings, verdicts)
}

// counters are the role's numbers; none has a label that a caller can choose.
type counters struct {
	set                       *vm.Set
	refused, ended, cut       *vm.Counter
	listings, problems, bytes *vm.Counter
}

func newCounters(r *Role) counters {
	set := vm.NewSet()
	set.NewGauge("lapwingd_score_requests", func() float64 {
		r.mu.Lock()
		defer r.mu.Unlock()
		return float64(r.open)
	})
	return counters{
		set:      set,
		refused:  set.NewCounter(`lapwingd_score_requests_total{end="refused"}`),
		ended:    set.NewCounter(`lapwingd_score_requests_total{end="whole"}`),
		cut:      set.NewCounter(`lapwingd_score_requests_total{end="cut off"}`),
		listings: set.NewCounter("lapwingd_score_listings_total"),
		problems: set.NewCounter("lapwingd_score_errors_total"),
		bytes:    set.NewCounter("lapwingd_score_bytes_total"),
	}
}
