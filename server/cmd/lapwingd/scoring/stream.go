// SPDX-License-Identifier: Apache-2.0

package scoring

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

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
	body   *body
	conn   net.Conn
}

func newStream(r *Role, ctx *fasthttp.RequestCtx, caller string) *stream {
	run, cancel := context.WithTimeout(context.Background(), r.RequestTime)
	conn := ctx.Conn()
	return &stream{
		role: r, caller: caller, ctx: run, cancel: cancel, conn: conn,
		body: &body{
			from: ctx.RequestBodyStream(), conn: conn, stall: r.Stall, done: run.Done(), stopped: r.stopped,
			left: r.RequestBytes, most: r.RequestBytes, declared: int64(ctx.Request.Header.ContentLength()),
		},
	}
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
	s.cancel()
	if !s.body.rest() {
		// A reader waits for the caller to send; this is how to end that.
		s.conn.Close()
		s.body.wait()
	}
	s.role.leave(s)
	return nil
}

// body is the request's body, within bounds. One goroutine reads it at a time.
type body struct {
	from          io.Reader // nil for a request without a body
	conn          net.Conn
	stall         time.Duration
	done, stopped <-chan struct{}
	left, most    int64
	declared      int64 // Content-Length, or less than 0
	whole         bool  // the end was read

	mu sync.Mutex // held while reading
}

// Ends of a body that are told to the caller, in the answer's last line.
var (
	errStopping = errors.New("the server is stopping; send the rest again")
	errClosed   = errors.New("the request is over")
)

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.done:
		return 0, errClosed
	case <-b.stopped:
		return 0, errStopping
	default:
	}
	if b.from == nil {
		return 0, io.EOF
	}
	if b.left == 0 {
		return 0, fmt.Errorf("the request is longer than %d bytes; send the rest in another", b.most)
	}
	n, err := b.next(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	var timeout net.Error
	switch {
	case err == io.EOF && b.declared >= 0 && b.most-b.left < b.declared:
		err = io.ErrUnexpectedEOF // fasthttp says io.EOF of a body that was cut short
	case err == io.EOF:
		b.whole = true
	case errors.As(err, &timeout) && timeout.Timeout():
		err = fmt.Errorf("nothing came for %v", b.stall)
	}
	return n, err
}

func (b *body) next(p []byte) (int, error) {
	if err := b.conn.SetReadDeadline(time.Now().Add(b.stall)); err != nil {
		return 0, err
	}
	return b.from.Read(p)
}

// Bounds on what is thrown away.
const (
	drainBytes = 8 << 20
	drainTime  = 2 * time.Second
)

// drain throws away what was sent beyond the end: if the connection were closed
// over it, the network would take back the last lines of the answer.
func (b *body) drain() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.from == nil || b.whole {
		return
	}
	b.stall = drainTime / 4
	until := time.Now().Add(drainTime)
	buf := make([]byte, 32<<10)
	for read := 0; read < drainBytes && time.Now().Before(until); {
		n, err := b.next(buf)
		if err != nil {
			return
		}
		read += n
	}
}

// rest reports whether nobody reads at this moment; nobody will later, since
// the stream's context has ended.
func (b *body) rest() bool {
	if !b.mu.TryLock() {
		return false
	}
	b.mu.Unlock()
	return true
}

func (b *body) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
}

// answer writes the answer's body and gives the caller so much time for each
// piece of it.
type answer struct {
	to    io.Writer
	conn  net.Conn
	stall time.Duration
	n     int64
}

// piece is the most that has to be taken within one stall.
const piece = 64 << 10

func (a *answer) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		if err := a.conn.SetWriteDeadline(time.Now().Add(a.stall)); err != nil {
			return written, err
		}
		n, err := a.to.Write(p[written:min(len(p), written+piece)])
		written += n
		a.n += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
