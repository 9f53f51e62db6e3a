// SPDX-License-Identifier: Apache-2.0

package collecting

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	vm "github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"lapwing/scorer/seal"
	"lapwing/server/bulk/callers"
	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/collect"
	"lapwing/server/collect/store"
	"lapwing/server/collect/stream"
)

// The paths on which the role answers.
const (
	ReportsPath     = "/v1/reports"
	WithdrawalsPath = "/v1/withdrawals"
	PullPath        = "/v1/reports/pull"
)

// Config is everything that the role needs.
type Config struct {
	Collector *collect.Collector
	Readers   *callers.Callers // who may fetch; nil for nobody
	Log       *slog.Logger
}

// Role implements edge.Role.
type Role struct {
	Config
	metrics *vm.Set
	stop    context.CancelFunc
	kept    chan struct{} // closed when nothing is deleted any more
}

// New makes the role, and begins to delete what is past its time.
func New(c Config) *Role {
	ctx, stop := context.WithCancel(context.Background())
	r := &Role{Config: c, metrics: vm.NewSet(), stop: stop, kept: make(chan struct{})}
	for outcome := range store.NumOutcomes {
		r.metrics.NewGauge(fmt.Sprintf("lapwingd_reports_total{end=%q}", outcome), func() float64 {
			return float64(c.Collector.Store.Count(outcome))
		})
	}
	r.metrics.NewGauge(`lapwingd_reports_total{end="refused"}`, func() float64 { return float64(c.Collector.Refused()) })
	r.metrics.NewGauge("lapwingd_reports_ready", func() float64 {
		if r.Ready() != nil {
			return 0
		}
		return 1
	})
	go func() {
		defer close(r.kept)
		c.Collector.Keep(ctx, time.Hour)
	}()
	return r
}

// Name is part of edge.Role.
func (r *Role) Name() string { return "collect" }

// Ready is part of edge.Role.
func (r *Role) Ready() error { return r.Collector.Store.Ready() }

// WritePrometheus adds the role's numbers to the server's.
func (r *Role) WritePrometheus(w io.Writer) { r.metrics.WritePrometheus(w) }

// Close is part of edge.Role.
func (r *Role) Close(context.Context) error {
	r.stop()
	<-r.kept
	return r.Collector.Store.Close()
}

// Routes is part of edge.Role.
func (r *Role) Routes() []edge.Route {
	routes := []edge.Route{
		{Method: fasthttp.MethodPost, Path: ReportsPath, MaxBody: seal.LargeEnvelope, Handle: r.post(r.Collector.Report)},
		{Method: fasthttp.MethodPost, Path: WithdrawalsPath, MaxBody: 16, Handle: r.post(r.Collector.Withdraw)},
		{Method: fasthttp.MethodOptions, Path: ReportsPath, Handle: preflight},
		{Method: fasthttp.MethodOptions, Path: WithdrawalsPath, Handle: preflight},
	}
	if r.Readers != nil {
		routes = append(routes, edge.Route{Method: fasthttp.MethodGet, Path: PullPath, Query: true, Handle: r.pull})
	}
	return routes
}

// post answers with what came of a body. The body is the request's own memory:
// the collector has done with it when it returns.
func (r *Role) post(do func([]byte, uint64) error) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if string(ctx.Request.Header.ContentType()) != ContentType || len(ctx.Request.Header.Peek(fasthttp.HeaderContentEncoding)) > 0 {
			answer(ctx, fasthttp.StatusUnsupportedMediaType, wrongType)
			return
		}
		code, text := Outcome(do(ctx.PostBody(), edge.Network(ctx)))
		answer(ctx, code, text)
	}
}

// Outcome says what came of a report or a withdrawal, as a status and a text.
func Outcome(err error) (code int, text string) {
	var refusal *collect.Refusal
	switch {
	case err == nil:
		return fasthttp.StatusAccepted, "ok"
	case errors.As(err, &refusal):
		return fasthttp.StatusBadRequest, refusal.Why
	default: // the operator is told by the store; the sender needs to know only when to come again
		return fasthttp.StatusServiceUnavailable, "not stored; send it again later"
	}
}

// RetryAfter is said with every 503, in seconds.
const RetryAfter = "60"

// ContentType is what both kinds of posts are.
const ContentType = "application/octet-stream"

// wrongType is said to a post of another type, or with an encoding.
const wrongType = "want " + ContentType + ", and no encoding"

func answer(ctx *fasthttp.RequestCtx, code int, text string) {
	head(ctx)
	if code == fasthttp.StatusServiceUnavailable {
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, RetryAfter)
	}
	ctx.Response.Header.SetContentType("text/plain; charset=utf-8")
	ctx.SetStatusCode(code)
	ctx.SetBodyString(text + "\n")
}

// head is what all answers have. They may be read from any page: they say the
// same to everybody, and no cookie or other credential changes them.
func head(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set(fasthttp.HeaderAccessControlAllowOrigin, "*")
}

// preflight lets a browser send application/octet-stream from an extension
// that has no permission for this host.
func preflight(ctx *fasthttp.RequestCtx) {
	head(ctx)
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderAccessControlAllowMethods, "POST")
	h.Set(fasthttp.HeaderAccessControlAllowHeaders, "Content-Type")
	h.Set(fasthttp.HeaderAccessControlMaxAge, "86400")
	ctx.SetStatusCode(fasthttp.StatusNoContent)
}

const (
	maxRows = 1000
	// An answer ends at the first row that takes it beyond so many bytes; whoever
	// fetches asks again from there.
	enough = 4 << 20
	// patience is how long the store may take to give them.
	patience = 30 * time.Second
)

// pull gives stored rows to a reviewer. An answer without rows is the last.
func (r *Role) pull(ctx *fasthttp.RequestCtx) {
	if err := r.Readers.Refresh(time.Now()); err != nil {
		r.Log.Error("the readers of reports stay as they were", "error", err)
	}
	key, _ := strings.CutPrefix(string(ctx.Request.Header.Peek(fasthttp.HeaderAuthorization)), "Bearer ")
	if _, ok := r.Readers.Caller(strings.TrimSpace(key)); !ok {
		ctx.Response.Header.Set(fasthttp.HeaderWWWAuthenticate, `Bearer realm="reports"`)
		answer(ctx, fasthttp.StatusUnauthorized, "send a key: Authorization: Bearer …")
		return
	}
	after, err1 := number(ctx, "after", 0, 1<<63-1)
	limit, err2 := number(ctx, "limit", maxRows, maxRows)
	if err := errors.Join(err1, err2); err != nil {
		answer(ctx, fasthttp.StatusBadRequest, err.Error())
		return
	}
	until, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	body := []byte(stream.Title)
	for row, err := range r.Collector.Store.After(until, after, int(limit)) {
		if err != nil {
			code, text := Outcome(err)
			answer(ctx, code, text)
			return
		}
		if body = stream.Append(body, row); len(body) >= enough {
			break
		}
	}
	head(ctx)
	ctx.Response.Header.SetContentType("application/octet-stream")
	ctx.Response.SetBodyRaw(body)
}

// number reads a value of the query; standard stands for one that is not there.
func number(ctx *fasthttp.RequestCtx, name string, standard, most uint64) (uint64, error) {
	text := ctx.QueryArgs().Peek(name)
	if len(text) == 0 {
		return standard, nil
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil || n > most {
		return 0, fmt.Errorf("%s: want a whole number up to %d", name, most)
	}
	return n, nil
}
