// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store"
)

// result is one round.
type result struct {
	perSecond         float64
	p50, p99, longest time.Duration
	memory            int
	cpu               time.Duration // of the server, for a report
}

// client sends requests on one connection, one after the other.
type client struct {
	conn   net.Conn
	answer [1024]byte
}

func dial(addr string) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	return &client{conn: conn}, err
}

var (
	accepted = []byte("HTTP/1.1 202 ")
	whole    = []byte("\r\n\r\nok\n")
)

// post returns nil once the report was acknowledged.
func (c *client) post(request []byte) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	for n := 0; n < len(c.answer); {
		m, err := c.conn.Read(c.answer[n:])
		if n += m; bytes.HasPrefix(c.answer[:n], accepted) && bytes.HasSuffix(c.answer[:n], whole) {
			return nil
		}
		if err != nil {
			return err
		}
		if bytes.Contains(c.answer[:n], []byte("\r\n\r\n")) && !bytes.HasPrefix(c.answer[:n], accepted) {
			break
		}
	}
	return errors.New("the answer is not the one for what was stored")
}

// measure lets clients post all reports to a server with an empty store, and
// counts afterwards what is there.
func measure(binary, where string, batch, clients int, posts [][]byte) (r result, err error) {
	server, err := collecttest.Start(binary, "--role", "collect", "--reports", where, "--reports-batch", strconv.Itoa(batch),
		"--reports-work", "1", "--reports-per-hour", "0", "--reports-per-network", "0",
		"--connections-per-client", "0", "--requests-per-connection", "0")
	if err != nil {
		return r, err
	}
	took, elapsed, err := load(server.Addr, clients, posts)
	if err == nil {
		_, r.memory, err = server.Memory()
	}
	if err == nil {
		r.cpu, err = server.CPU()
		r.cpu /= time.Duration(len(posts))
	}
	if err = errors.Join(err, server.Stop()); err != nil {
		return r, fmt.Errorf("%w\n%s", err, server.Log.String())
	}
	s, err := store.Open(where, store.Options{})
	if err != nil {
		return r, err
	}
	defer s.Close()
	stored := 0
	for _, err := range s.After(context.Background(), 0, len(posts)+1) {
		if err != nil {
			return r, err
		}
		stored++
	}
	if stored != len(posts) {
		return r, fmt.Errorf("%d reports were acknowledged, %d are there", len(posts), stored)
	}
	slices.Sort(took)
	r.perSecond = float64(len(posts)) / elapsed.Seconds()
	r.p50, r.p99, r.longest = took[len(took)/2], took[len(took)*99/100], took[len(took)-1]
	return r, nil
}

func load(addr string, clients int, posts [][]byte) (took []time.Duration, elapsed time.Duration, err error) {
	took = make([]time.Duration, len(posts))
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(clients)
	for range clients {
		done.Go(func() {
			c, err := dial(addr)
			ready.Done()
			<-start
			for err == nil {
				i := int(next.Add(1)) - 1
				if i >= len(posts) {
					c.conn.Close()
					return
				}
				begin := time.Now()
				err = c.post(posts[i])
				took[i] = time.Since(begin)
			}
			failed.Store(&err)
		})
	}
	ready.Wait()
	begin := time.Now()
	close(start)
	done.Wait()
	if err := failed.Load(); err != nil {
		return nil, 0, *err
	}
	return took, time.Since(begin), nil
}
