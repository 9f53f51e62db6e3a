// SPDX-License-Identifier: Apache-2.0

package scoring

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

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

func newBody(r *Role, ctx *fasthttp.RequestCtx, done <-chan struct{}) *body {
	return &body{
		from: ctx.RequestBodyStream(), conn: ctx.Conn(), stall: r.Stall, done: done, stopped: r.stopped,
		left: r.RequestBytes, most: r.RequestBytes, declared: int64(ctx.Request.Header.ContentLength()),
	}
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
