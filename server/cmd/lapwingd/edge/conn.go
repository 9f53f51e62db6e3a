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
// when it last made progress, and saves work that is done for every request:
// setting timers that are put off again before they fire, telling the scheduler
// of calls that do not block, copying a large answer.
//
// One goroutine reads and writes it; the gate only closes it.
type conn struct {
	net.Conn
	socket *socket // of Conn, or nil
	gate   *gate
	share  *share

	network uint64 // see Network

	inOpen, inShare int          // guarded by gate.mu: places in the gate's lists
	gone            bool         // guarded by gate.mu: not in them any more
	progress        atomic.Int64 // tick of acceptance or of the last write

	read, write lazyDeadline

	answer *distribute.Answer // is being written; see follows
	held   []byte             // the first piece of it, not yet sent
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
// nearer. fasthttp moves each deadline forward with every request, thousands of
// times before one is ever reached, and each time the system is told costs it a
// lock and a timer.
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

func (c *conn) Read(p []byte) (n int, err error) {
	for {
		if c.socket != nil {
			n, err = c.socket.read(p)
		} else {
			n, err = c.Conn.Read(p)
		}
		if err == nil || n > 0 || c.read.due(err, c.Conn.SetReadDeadline) {
			return n, err
		}
	}
}

// follows announces that an answer with a file is written next. fasthttp fills
// its write buffer with the header and the beginning of the body, writes that,
// then the rest; the conn holds the first piece back until the second comes,
// and sends that from the file. Bodies that have a file are longer than the
// buffer, so that there is a second piece.
func (c *conn) follows(a *distribute.Answer) {
	if c.socket != nil {
		c.answer = a
	}
}

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
	file, header := c.answer.File, c.held
	offset, sent := int64(len(c.answer.Body)-len(p)), 0
	for {
		ofHeader, ofFile, err := c.socket.send(header, file, offset+int64(sent), len(p)-sent)
		header, sent = header[ofHeader:], sent+ofFile
		if err == nil || c.write.due(err, c.Conn.SetWriteDeadline) {
			return sent, err
		}
	}
}

func (c *conn) writeAll(p []byte) (sent int, err error) {
	for {
		var n int
		if c.socket != nil {
			n, err = c.socket.write(p[sent:])
		} else {
			n, err = c.Conn.Write(p[sent:])
		}
		sent += n
		if err == nil || c.write.due(err, c.Conn.SetWriteDeadline) {
			return sent, err
		}
	}
}
