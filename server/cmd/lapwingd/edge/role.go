// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/valyala/fasthttp"
)

// Role is one duty that the server has besides handing out releases:
// collecting reports, scoring in bulk. A Role lives in a package that knows
// nothing of HTTP; what is here is its adapter.
type Role interface {
	// Name stands in logs and metrics.
	Name() string
	// Routes are asked for once, before the server starts.
	Routes() []Route
	// Ready gives the reason why the role cannot do its work at the moment.
	Ready() error
	// Close is called when no request runs any more; what was accepted is made
	// durable before it returns.
	Close(context.Context) error
}

// Drainer is a Role whose requests last: Drain is called when the server begins
// to stop, and makes them come to an end.
type Drainer interface{ Drain() }

// Measured is a Role with numbers of its own, in the format of Prometheus.
type Measured interface{ WritePrometheus(io.Writer) }

// Route is one method on one path, spelled exactly.
type Route struct {
	Method string
	Path   string
	// Query is for a route that takes ?name=value behind its path; without it,
	// such a request is to a path that does not exist.
	Query bool
	// MaxBody is the most that a request's body may measure; a longer one is
	// answered with 413 before it is read. For a route that Streams it is how
	// much is read before Handle is called, and Handle bounds the rest.
	MaxBody int
	// Streams makes Handle read the body from ctx.RequestBodyStream.
	Streams bool
	// Timeout is for receiving the body; 0 for the server's ReadTimeout.
	Timeout time.Duration
	// Handle answers. Nothing of ctx may be kept after it returns. It cannot
	// learn who asks, but for Network's tag, and must not log anything of the
	// request.
	Handle fasthttp.RequestHandler
}

// routes is the table of all roles' routes, by path and method.
type routes map[string]map[string]Route

func newRoutes(roles []Role) routes {
	table := routes{}
	for _, role := range roles {
		for _, r := range role.Routes() {
			if table[r.Path] == nil {
				table[r.Path] = map[string]Route{}
			}
			table[r.Path][r.Method] = r
		}
	}
	return table
}

// find gives the methods of the path that a request names.
func (t routes) find(uri []byte) (map[string]Route, bool) {
	if methods, ok := t[string(uri)]; ok {
		return methods, true
	}
	path, _, asked := bytes.Cut(uri, []byte("?"))
	methods, ok := t[string(path)]
	if !asked || !ok {
		return nil, false
	}
	for _, r := range methods {
		if !r.Query {
			return nil, false
		}
	}
	return methods, true
}

// config is what fasthttp asks once it has read a request's head: how much
// more to read. Where no route takes a body, one byte is already too many.
func (t routes) config(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if r, ok := t[string(h.RequestURI())][string(h.Method())]; ok {
		return fasthttp.RequestConfig{MaxRequestBodySize: max(1, r.MaxBody), ReadTimeout: r.Timeout}
	}
	return fasthttp.RequestConfig{}
}

func (t routes) stream() bool {
	for _, methods := range t {
		for _, r := range methods {
			if r.Streams {
				return true
			}
		}
	}
	return false
}
