// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"lapwing/server/distribute"
)

// handle answers one request. fasthttp does not recover from panics: without
// the deferred call one faulty request would end the server for all.
func (s *Server) handle(ctx *fasthttp.RequestCtx) {
	defer s.rescue(ctx)
	uri := ctx.Request.Header.RequestURI()
	if len(s.routes) > 0 {
		if methods, ok := s.routes.find(uri); ok {
			s.handleRole(ctx, methods)
			return
		}
	}
	if !s.gather(ctx, 0) {
		return
	}
	a, err := s.site.Get(uri, ctx.Request.Header.Peek(fasthttp.HeaderAcceptEncoding))
	switch {
	case err != nil:
		s.log.Error("object cannot be served", "error", err)
		s.refuse(ctx, fasthttp.StatusInternalServerError)
	case a == nil && s.site != nil && !s.site.Ready() && strings.HasPrefix(string(uri), "/v1/"):
		ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, "60")
		s.refuse(ctx, fasthttp.StatusServiceUnavailable)
	case a == nil:
		s.refuse(ctx, fasthttp.StatusNotFound)
	case !ctx.IsGet() && !ctx.IsHead():
		ctx.Response.Header.Set(fasthttp.HeaderAllow, "GET, HEAD")
		s.refuse(ctx, fasthttp.StatusMethodNotAllowed)
	default:
		s.send(ctx, a)
	}
}

// send hands out bytes that were made ready when the release was read.
func (s *Server) send(ctx *fasthttp.RequestCtx, a *distribute.Answer) {
	h := &ctx.Response.Header
	for i := range a.Header {
		h.SetCanonical(a.Header[i].Name, a.Header[i].Value)
	}
	ctx.Response.SetBodyRaw(a.Body)
	if a.File != nil && ctx.IsGet() {
		if c, ok := ctx.Conn().(*conn); ok {
			c.follows(a)
		}
	}
	s.metrics.served(a)
}

func (s *Server) handleRole(ctx *fasthttp.RequestCtx, methods map[string]Route) {
	r, ok := methods[string(ctx.Method())]
	if !ok {
		ctx.Response.Header.Set(fasthttp.HeaderAllow, strings.Join(slices.Sorted(maps.Keys(methods)), ", "))
		s.refuse(ctx, fasthttp.StatusMethodNotAllowed)
		return
	}
	if !r.Streams && !s.gather(ctx, r.MaxBody) {
		return
	}
	r.Handle(ctx)
	s.metrics.answered(ctx.Response.StatusCode())
}

// refuse answers with a code and its name. Nothing of the request comes back.
func (s *Server) refuse(ctx *fasthttp.RequestCtx, code int) {
	h := &ctx.Response.Header
	h.SetContentType("text/plain; charset=utf-8")
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	ctx.Response.SetStatusCode(code)
	ctx.Response.SetBodyString(fasthttp.StatusMessage(code) + "\n")
	s.metrics.answered(code)
}

// rescue answers a request whose handler panicked, and logs where. The value
// of the panic stays out of the log: it may hold bytes of the request.
func (s *Server) rescue(ctx *fasthttp.RequestCtx) {
	cause := recover()
	if cause == nil {
		return
	}
	s.metrics.panics.Inc()
	s.log.Error("a handler panicked", "type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
	if c, ok := ctx.Conn().(*conn); ok {
		c.follows(nil)
	}
	ctx.Response.Reset()
	ctx.SetConnectionClose()
	s.refuse(ctx, fasthttp.StatusInternalServerError)
}

// fault answers what could not be read as a request.
func (s *Server) fault(ctx *fasthttp.RequestCtx, err error) {
	code := fasthttp.StatusBadRequest
	var small *fasthttp.ErrSmallBuffer
	var timeout net.Error
	switch {
	case errors.As(err, &small):
		code = fasthttp.StatusRequestHeaderFieldsTooLarge
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		code = fasthttp.StatusRequestEntityTooLarge
	case errors.As(err, &timeout) && timeout.Timeout():
		code = fasthttp.StatusRequestTimeout
	}
	ctx.Response.Reset()
	s.refuse(ctx, code)
}
