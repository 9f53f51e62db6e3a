// SPDX-License-Identifier: Apache-2.0

package scoring

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"

	"github.com/valyala/fasthttp"

	"lapwing/server/bulk"
)

// stream is one request under way. fasthttp calls WriteTo to send the answer's
// body, on the goroutine that serves the connection, and Close after it. Only
// until then may the request's body be read.
type stream struct {
	role   *Role
	caller string
	ctx    context.Context
	cancel context.CancelFunc
	keep   func() bool // keeps the connection although ctx ends
	body   *body
	conn   net.Conn
}

func newStream(r *Role, ctx *fasthttp.RequestCtx, caller string) *stream {
	run, cancel := context.WithTimeout(context.Background(), r.RequestTime)
	conn := ctx.Conn()
	s := &stream{
		role: r, caller: caller, ctx: run, cancel: cancel, conn: conn,
		body: newBody(r, ctx, run.Done()),
	}
	s.keep = context.AfterFunc(run, s.hangUp)
	return s
}

// hangUp ends whatever waits for the caller. It goes below TLS, which would
// want to say goodbye on a connection that another goroutine uses.
func (s *stream) hangUp() {
	c := s.conn
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	c.Close()
}

// SupportsBodyWriteTo tells fasthttp to call WriteTo rather than Read.
func (s *stream) SupportsBodyWriteTo() bool { return true }

// Read is not called; it makes a stream a body.
func (s *stream) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

// WriteTo scores the body and writes the verdicts. After an error the answer
// lacks its last chunk, so that the caller knows.
func (s *stream) WriteTo(w io.Writer) (int64, error) {
	r := s.role
	out := &answer{to: w, conn: s.conn, stall: r.Stall}
	result, err := bulk.Run(s.ctx, bulk.Config{
		Pack: r.Pack, List: r.List, Engine: r.engine,
		Inputs: []bulk.Input{{Path: bulk.Stdin, Size: -1}}, Stdin: s.body,
		In: bulk.FormatJSONL, Plain: true, MaxLine: r.LineBytes,
		Out: bulk.FormatJSONL, Output: out, Workers: r.Workers,
	})
	if result != nil {
		r.metrics.listings.AddInt64(result.Listings)
		r.metrics.problems.AddInt64(result.Errors)
		r.metrics.bytes.AddInt64(result.Bytes)
	}
	if err != nil {
		r.metrics.cut.Inc()
		return out.n, err
	}
	r.metrics.ended.Inc()
	s.body.drain()
	return out.n, nil
}

// Close waits until nobody reads the request's body any more.
func (s *stream) Close() error {
	s.keep()
	s.cancel()
	if !s.body.rest() {
		s.hangUp() // a reader waits for the caller to send
		s.body.wait()
	}
	s.role.leave(s)
	return nil
}
