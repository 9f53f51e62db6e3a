// SPDX-License-Identifier: Apache-2.0

package relaying

import (
	"context"
	"errors"
	"fmt"
	"io"

	vm "github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"lapwing/server/cmd/lapwingd/collecting"
	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/collect"
	"lapwing/server/collect/ohttp"
)

// RFC 9458 section 5.3 and RFC 9457: how a gateway says that a key is unknown.
const (
	problemType = "application/problem+json"
	keyProblem  = `{"type":"https://iana.org/assignments/http-problem-types#ohttp-key","title":"key identifier unknown"}`
)

// Gateway is the role that opens what a relay brings.
type Gateway struct {
	gateway   *ohttp.Gateway
	collector *collect.Collector
	metrics   *vm.Set
	opened    *vm.Counter
	refused   *vm.Counter
}

// NewGateway makes a gateway before a collector.
func NewGateway(gateway *ohttp.Gateway, collector *collect.Collector) *Gateway {
	set := vm.NewSet()
	end := func(name string) *vm.Counter {
		return set.NewCounter(fmt.Sprintf("lapwingd_gateway_total{end=%q}", name))
	}
	return &Gateway{gateway: gateway, collector: collector, metrics: set, opened: end("opened"), refused: end("refused")}
}

// Name is part of edge.Role.
func (g *Gateway) Name() string { return "gateway" }

// Ready is part of edge.Role; the collector's own role says whether it is.
func (g *Gateway) Ready() error { return nil }

// Close is part of edge.Role.
func (g *Gateway) Close(context.Context) error { return nil }

// WritePrometheus adds the role's numbers to the server's.
func (g *Gateway) WritePrometheus(w io.Writer) { g.metrics.WritePrometheus(w) }

// Routes is part of edge.Role.
func (g *Gateway) Routes() []edge.Route {
	return []edge.Route{{Method: fasthttp.MethodPost, Path: Path, MaxBody: maxRequest, Handle: g.open}}
}

func (g *Gateway) open(ctx *fasthttp.RequestCtx) {
	if string(ctx.Request.Header.ContentType()) != ohttp.RequestType || len(ctx.Request.Header.Peek(fasthttp.HeaderContentEncoding)) > 0 {
		refuse(ctx, fasthttp.StatusUnsupportedMediaType, "want "+ohttp.RequestType)
		return
	}
	plain, answer, err := g.gateway.Open(ctx.PostBody())
	if errors.Is(err, ohttp.ErrUnknownKey) {
		g.refused.Inc()
		head(ctx)
		ctx.Response.Header.SetContentType(problemType)
		ctx.SetStatusCode(fasthttp.StatusBadRequest)
		ctx.SetBodyString(keyProblem)
		return
	}
	if err != nil {
		g.refused.Inc()
		refuse(ctx, fasthttp.StatusBadRequest, err.Error())
		return
	}
	g.opened.Inc()
	sealed, err := answer.Seal(padded(g.inner(plain).Bytes()))
	if err != nil {
		refuse(ctx, fasthttp.StatusInternalServerError, "not answered")
		return
	}
	head(ctx)
	ctx.Response.Header.SetContentType(ohttp.ResponseType)
	ctx.Response.SetBodyRaw(sealed)
}

// padded fills an answer up with zeros, as RFC 9292 allows: from its length the
// relay could otherwise tell what came of a request.
func padded(b []byte) []byte {
	const step = 512 // longer than any answer of ours
	return append(b, make([]byte, (step-len(b)%step)%step)...)
}

// inner answers the request that was inside: sealed, so that the relay does
// not learn what came of it.
func (g *Gateway) inner(plain []byte) *ohttp.Response {
	r, err := ohttp.ParseRequest(plain)
	if err != nil {
		return response(fasthttp.StatusBadRequest, err.Error())
	}
	do := map[string]func([]byte, uint64) error{
		collecting.ReportsPath: g.collector.Report, collecting.WithdrawalsPath: g.collector.Withdraw,
	}[r.Path]
	switch {
	case do == nil:
		return response(fasthttp.StatusNotFound, "want "+collecting.ReportsPath+" or "+collecting.WithdrawalsPath)
	case r.Method != fasthttp.MethodPost:
		return response(fasthttp.StatusMethodNotAllowed, "want POST")
	case ohttp.Get(r.Header, "content-type") != collecting.ContentType || ohttp.Get(r.Header, "content-encoding") != "":
		return response(fasthttp.StatusUnsupportedMediaType, "want "+collecting.ContentType)
	}
	const nowhere = 0 // the network is the relay's, which counts on its side
	return response(collecting.Outcome(do(r.Content, nowhere)))
}

func response(code int, text string) *ohttp.Response {
	r := &ohttp.Response{Status: code, Header: []ohttp.Field{{Name: "content-type", Value: "text/plain; charset=utf-8"}}, Content: []byte(text + "\n")}
	if code == fasthttp.StatusServiceUnavailable {
		r.Header = append(r.Header, ohttp.Field{Name: "retry-after", Value: collecting.RetryAfter})
	}
	return r
}
