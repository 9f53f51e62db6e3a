// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// tallies counts answers by status; 0 stands for a closed connection.
type tallies [600]int64

// tally is that of all clients.
type tally struct {
	mu     sync.Mutex
	all    tallies // guarded by mu
	failed atomic.Pointer[error]
}

func (t *tally) add(one *tallies) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for code, n := range one {
		t.all[code] += n
	}
}

func (a *attack) print() {
	total := int64(0)
	for _, n := range a.all {
		total += n
	}
	fmt.Printf("%d malformed posts in %v, %.0f a second:", total, a.took.Round(time.Second), float64(total)/a.took.Seconds())
	for code, n := range a.all {
		switch {
		case n > 0 && code == 0:
			fmt.Printf(" closed %d", n)
		case n > 0:
			fmt.Printf(" %d %d", code, n)
		}
	}
	fmt.Println()
}

// client sends bursts, each on a connection of its own.
type client struct {
	tallies
	addr    string
	maker   *maker
	sent    int64
	from    net.IP
	request []byte
	answer  []byte
}

func newClient(addr string, seed uint64, i int) *client {
	return &client{addr: addr, maker: newMaker(seed, uint64(i)), from: net.IPv4(127, 1, byte(i>>6), byte(1+i&63)), answer: make([]byte, 1<<16)}
}

// burst sends some posts with sound framing and then one without, all at once
// or in pieces, and counts what comes back.
func (c *client) burst() error {
	c.request = c.request[:0]
	n := c.maker.IntN(1 << c.maker.IntN(8)) // mostly few, sometimes a hundred
	for range n {
		c.request = c.maker.framed(c.request)
	}
	c.request = c.maker.broken(c.request)
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: c.from}, Timeout: 20 * time.Second}
	conn, err := d.Dial("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("the server does not accept connections any more: %w", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	go c.write(conn, c.request, c.maker.IntN(16) == 0)
	return c.count(conn)
}

// write sends a burst. The server may close the connection before all is sent.
func (c *client) write(conn net.Conn, b []byte, inPieces bool) {
	for inPieces && len(b) > 0 {
		n := 1 + rand.IntN(len(b))
		if _, err := conn.Write(b[:n]); err != nil {
			return
		}
		b = b[n:]
	}
	conn.Write(b)
	conn.(*net.TCPConn).CloseWrite()
}

var statusLine = []byte("HTTP/1.1 ")

// count reads until the server has closed the connection.
func (c *client) count(conn net.Conn) error {
	held := 0 // bytes of an answer that may go on
	answers := int64(0)
	for {
		n, err := conn.Read(c.answer[held:])
		b := c.answer[:held+n]
		for {
			at := bytes.Index(b, statusLine)
			if at < 0 || len(b) < at+len(statusLine)+3 {
				break
			}
			var code int
			fmt.Sscanf(string(b[at+len(statusLine):][:3]), "%d", &code)
			if code < 200 || code >= len(c.tallies) || code == 202 {
				if code != 100 {
					return fmt.Errorf("a malformed post was answered with %q", b[at:min(len(b), at+200)])
				}
			} else {
				c.tallies[code]++
				answers++
			}
			b = b[at+len(statusLine):]
		}
		b = b[max(0, len(b)-len(statusLine)-3):]
		held = copy(c.answer, b)
		if err != nil {
			if answers == 0 {
				c.tallies[0]++
				answers++
			}
			c.sent += answers
			if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
				return nil
			}
			return err
		}
	}
}

// exchange sends one request and reads the first part of its answer.
func exchange(addr string, request []byte) ([]byte, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.Write(request); err != nil {
		return nil, err
	}
	b := make([]byte, 1024)
	n, err := conn.Read(b)
	return b[:n], err
}
