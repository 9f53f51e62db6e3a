// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"errors"

	"github.com/valyala/fasthttp"
)

// handleAdmin answers the operator's own listener, which strangers must not
// reach: /healthz (the process runs), /readyz (send it requests), /metrics.
func (s *Server) handleAdmin(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("text/plain; charset=utf-8")
	switch string(ctx.Request.Header.RequestURI()) {
	case "/healthz":
		ctx.SetBodyString("ok\n")
	case "/readyz":
		if err := s.ready(); err != nil {
			ctx.SetStatusCode(fasthttp.StatusServiceUnavailable)
			ctx.SetBodyString(err.Error() + "\n")
			return
		}
		ctx.SetBodyString("ok\n")
	case "/metrics":
		s.metrics.write(ctx)
		for _, role := range s.config.Roles {
			if m, ok := role.(Measured); ok {
				m.WritePrometheus(ctx)
			}
		}
	default:
		ctx.SetStatusCode(fasthttp.StatusNotFound)
	}
}

// ready gives the reason why balancers should send requests elsewhere.
func (s *Server) ready() error {
	if s.draining.Load() {
		return errors.New("stopping")
	}
	if s.site != nil && !s.site.Ready() {
		return errors.New("no release to hand out")
	}
	for _, role := range s.config.Roles {
		if err := role.Ready(); err != nil {
			return err
		}
	}
	return nil
}
