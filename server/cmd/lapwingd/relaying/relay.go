// SPDX-License-Identifier: Apache-2.0

package relaying

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"

	vm "github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"

	"lapwing/scorer/seal"
	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/collect"
	"lapwing/server/collect/ohttp"
	"lapwing/server/collect/store"
)

// Path is where both roles answer.
const Path = "/v1/ohttp"

const (
	// maxRequest is the largest envelope with what is around it.
	maxRequest = seal.LargeEnvelope + 1024
	// maxResponse is far more than a gateway of ours says.
	maxResponse = 4096
	// connections to the gateway at one time. Below what a gateway allows one client.
	connections = 48
	patience    = 15 * time.Second
)

// Relay is the role that carries sealed requests to a gateway.
type Relay struct {
	gateway string
	client  *fasthttp.Client
	metrics *vm.Set
	carried *vm.Counter
	limited *vm.Counter
	failed  *vm.Counter

	mu     sync.Mutex
	limits *collect.Limits // guarded by mu
}

// NewRelay makes a relay to the gateway at an address; limits count requests.
func NewRelay(gateway string, limits *collect.Limits) (*Relay, error) {
	u, err := url.Parse(gateway)
	if err != nil || u.Host == "" || u.Path == "" || u.User != nil || u.Scheme != "https" && !(u.Scheme == "http" && u.Hostname() == "127.0.0.1") {
		return nil, errors.New("want the https address of a gateway, as https://reports.example" + Path)
	}
	set := vm.NewSet()
	end := func(name string) *vm.Counter {
		return set.NewCounter(fmt.Sprintf("lapwingd_relayed_total{end=%q}", name))
	}
	return &Relay{
		gateway: gateway, limits: limits, metrics: set,
		carried: end("carried"), limited: end("limited"), failed: end("failed"),
		client: &fasthttp.Client{
			NoDefaultUserAgentHeader: true, MaxConnsPerHost: connections, MaxConnWaitTimeout: patience,
			ReadTimeout: patience, WriteTimeout: patience, MaxIdleConnDuration: 10 * time.Second, MaxResponseBodySize: maxResponse,
			// A connection that the gateway has closed meanwhile is no reason to
			// fail: what is sent twice is stored once.
			RetryIfErr: func(_ *fasthttp.Request, attempts int, _ error) (bool, bool) { return true, attempts < 2 },
		},
	}, nil
}

// Name is part of edge.Role.
func (r *Relay) Name() string { return "relay" }

// Ready is part of edge.Role.
func (r *Relay) Ready() error { return nil }

// Close is part of edge.Role.
func (r *Relay) Close(context.Context) error {
	r.client.CloseIdleConnections()
	return nil
}

// WritePrometheus adds the role's numbers to the server's.
func (r *Relay) WritePrometheus(w io.Writer) { r.metrics.WritePrometheus(w) }

// Routes is part of edge.Role.
func (r *Relay) Routes() []edge.Route {
	return []edge.Route{
		{Method: fasthttp.MethodPost, Path: Path, MaxBody: maxRequest, Handle: r.carry},
		{Method: fasthttp.MethodOptions, Path: Path, Handle: preflight},
	}
}

func (r *Relay) carry(ctx *fasthttp.RequestCtx) {
	if string(ctx.Request.Header.ContentType()) != ohttp.RequestType || len(ctx.Request.Header.Peek(fasthttp.HeaderContentEncoding)) > 0 {
		refuse(ctx, fasthttp.StatusUnsupportedMediaType, "want "+ohttp.RequestType)
		return
	}
	if !r.allowed(edge.Network(ctx)) {
		r.limited.Inc()
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, "3600")
		refuse(ctx, fasthttp.StatusTooManyRequests, "as much as one network may send in an hour")
		return
	}
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	// A new request: nothing of the client's goes on by oversight.
	request.SetRequestURI(r.gateway)
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType(ohttp.RequestType)
	request.SetBodyRaw(ctx.PostBody())
	if err := r.client.DoTimeout(request, response, patience); err != nil {
		r.failed.Inc()
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, "60")
		refuse(ctx, fasthttp.StatusBadGateway, "the gateway does not answer; send it again later")
		return
	}
	r.answer(ctx, response)
}

// allowed counts one request.
func (r *Relay) allowed(network uint64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.limits.Take(store.Put, network)
}

// answer carries back status, type and body, and nothing else.
func (r *Relay) answer(ctx *fasthttp.RequestCtx, response *fasthttp.Response) {
	head(ctx)
	kind := response.Header.ContentType()
	code := response.StatusCode()
	if code == fasthttp.StatusOK && bytes.Equal(kind, []byte(ohttp.ResponseType)) || bytes.Equal(kind, []byte(problemType)) {
		r.carried.Inc()
		ctx.Response.Header.SetContentTypeBytes(kind)
		ctx.SetStatusCode(code)
		ctx.SetBody(response.Body())
		return
	}
	r.failed.Inc()
	switch code {
	case fasthttp.StatusBadRequest, fasthttp.StatusRequestEntityTooLarge, fasthttp.StatusUnsupportedMediaType:
		refuse(ctx, code, "the gateway refuses it")
	default:
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, "60")
		refuse(ctx, fasthttp.StatusBadGateway, "the gateway is out of order; send it again later")
	}
}

func refuse(ctx *fasthttp.RequestCtx, code int, text string) {
	head(ctx)
	ctx.Response.Header.SetContentType("text/plain; charset=utf-8")
	ctx.SetStatusCode(code)
	ctx.SetBodyString(text + "\n")
}

func head(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set(fasthttp.HeaderAccessControlAllowOrigin, "*")
}

// preflight lets a browser send message/ohttp-req from an extension that has no
// permission for this host.
func preflight(ctx *fasthttp.RequestCtx) {
	head(ctx)
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderAccessControlAllowMethods, "POST")
	h.Set(fasthttp.HeaderAccessControlAllowHeaders, "Content-Type")
	h.Set(fasthttp.HeaderAccessControlMaxAge, "86400")
	ctx.SetStatusCode(fasthttp.StatusNoContent)
}
