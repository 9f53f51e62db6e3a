// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"lapwing/server/distribute"
)

// conn is a connection inside the gate. It hides where it comes from, notes
// when it last made progress, and saves two kinds of work per request: setting
// timers that are put off again before they fire, and writing a large answer
// in two calls.
//
// One goroutine reads and writes it; the gate only closes it.
type conn struct {
	net.Conn
	gate  *gate
	share *share

	inOpen, inShare int          // guarded by gate.mu: places in the gate's lists
	gone            bool         // guarded by gate.mu: not in them any more
	progress        atomic.Int64 // tick of acceptance or of the last write

	read, write lazyDeadline

	answer *distribute.Answer // is being written; see follows
	held   []byte             // the first piece of it, not yet sent
	vec    [2][]byte
	file   fileSender
}

// nowhere is where every connection comes from, as far as anybody behind the
// gate can see.
var nowhere = &net.TCPAddr{IP: net.IPv4zero}

func (c *conn) RemoteAddr() net.Addr { return nowhere }
func (c *conn) LocalAddr() net.Addr  { return nowhere }

func (c *conn) Close() error {
	c.gate.mu.Lock()
	c.gate.forget(c)
	c.gate.mu.Unlock()
	return c.Conn.Close()
}

// lazyDeadline is a deadline that is only told to the system when it comes
// nearer. fasthttp moves each deadline forward once per request, thousands of
// times before one is ever reached; telling the system each time costs a
// twelfth of a small answer.
type lazyDeadline struct {
	want time.Time // what was asked for
	told time.Time // what the system has; never later than want, unless zero
}

func (d *lazyDeadline) set(t time.Time, tell func(time.Time) error) error {
	d.want = t
	if !d.told.IsZero() && (t.IsZero() || !t.Before(d.told)) {
		return nil // the system's comes first; due will look again
	}
	if d.told.IsZero() && t.IsZero() {
		return nil
	}
	d.told = t
	return tell(t)
}

// due reports whether a timeout is what was asked for. If not it tells the
// system the later deadline, and the caller goes on.
func (d *lazyDeadline) due(err error, tell func(time.Time) error) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return true
	}
	if !d.want.IsZero() && !time.Now().Before(d.want) {
		return true
	}
	d.told = d.want
	return tell(d.want) != nil
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.read.set(t, c.Conn.SetReadDeadline) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.write.set(t, c.Conn.SetWriteDeadline) }

func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

func (c *conn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err == nil || n > 0 || c.read.due(err, c.Conn.SetReadDeadline) {
			return n, err
		}
	}
}

// follows announces that an answer with a large body is written next.
// fasthttp fills its write buffer with the header and the beginning of the
// body, writes that, then the rest; the conn holds the first piece back until
// the second comes and sends both together, the second from a file in memory
// if the answer has one. The body must be more than the buffer can take, so
// that there is a second piece.
func (c *conn) follows(a *distribute.Answer) { c.answer = a }

func (c *conn) Write(p []byte) (n int, err error) {
	if c.answer != nil && len(c.held) == 0 {
		c.held = append(c.held, p...)
		return len(p), nil
	}
	if c.answer != nil {
		n, err = c.writeBoth(p)
		c.answer, c.held = nil, c.held[:0]
	} else {
		n, err = c.writeAll(p)
	}
	c.progress.Store(c.gate.now.Load())
	return n, err
}

// writeBoth sends what was held back and p, the tail of the answer's body.
func (c *conn) writeBoth(p []byte) (int, error) {
	if f := c.answer.File; f != nil && len(p) <= len(c.answer.Body) {
		if sent, ok, err := c.sendFile(f, int64(len(c.answer.Body)-len(p)), len(p)); ok {
			return sent, err
		}
	}
	c.vec = [2][]byte{c.held, p}
	pieces := net.Buffers(c.vec[:])
	_, err := pieces.WriteTo(c.Conn)
	// WriteTo takes off the front what it has sent; after a timeout that was
	// not asked for, the rest follows.
	if err != nil && !c.write.due(err, c.Conn.SetWriteDeadline) {
		err = nil
		for len(pieces) > 0 && err == nil {
			var n int
			n, err = c.writeAll(pieces[0])
			if pieces[0] = pieces[0][n:]; len(pieces[0]) == 0 {
				pieces = pieces[1:]
			}
		}
	}
	left := 0
	for _, piece := range pieces {
		left += len(piece)
	}
	c.vec = [2][]byte{}
	return max(0, len(p)-left), err
}

func (c *conn) writeAll(p []byte) (int, error) {
	sent := 0
	for {
		n, err := c.Conn.Write(p[sent:])
		sent += n
		if err == nil || c.write.due(err, c.Conn.SetWriteDeadline) {
			return sent, err
		}
	}
}
