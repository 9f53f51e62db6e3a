// SPDX-License-Identifier: Apache-2.0

// Malformed posts rubbish to a collecting lapwingd, millions of times, and
// sees that nothing comes of it: the memory stays below a bound, the store stays
// as it was, and an honest report is taken afterwards.
//
//	go run ./server/collect/malformed [-count 1000000] [-clients 64] [-bound 134217728] [-seed 1]
//
// Rubbish is of every kind that requests.go lists: bodies, headers, lengths,
// chunks, and many requests at once on one connection. A post counts once the
// server has answered it, or has closed the connection over it.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync"
	"time"

	"lapwing/scorer/seal"
	"lapwing/server/collect"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store"
)

func main() {
	var a attack
	flag.Int64Var(&a.count, "count", 1_000_000, "posts")
	flag.IntVar(&a.clients, "clients", 64, "clients at one time")
	flag.IntVar(&a.bound, "bound", 128<<20, "most memory that the server may hold, in bytes")
	flag.Uint64Var(&a.seed, "seed", 1, "beginning of the random numbers: the same posts again")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix("malformed: ")
	dir, err := os.MkdirTemp("", "malformed")
	if err == nil {
		err = run(dir, &a)
		os.RemoveAll(dir)
	}
	if err != nil {
		log.Fatalf("error: %v", err)
	}
}

// kept is how many honest reports the store holds before.
const kept = 200

func run(dir string, a *attack) error {
	binary, err := collecttest.Build(dir)
	if err != nil {
		return err
	}
	where, key := filepath.Join(dir, "reports.db"), filepath.Join(dir, "gateway.key")
	if err := honest(binary, where, 0, kept); err != nil {
		return err
	}
	before, err := export(where)
	if err != nil {
		return err
	}
	if err := collecttest.GatewayKey(binary, key); err != nil {
		return err
	}
	// No post has 32 bits of work, by chance or otherwise.
	server, err := collecttest.Start(binary, "--role", "gateway", "--gateway-key", key, "--reports", where, "--reports-work", "32",
		"--read-timeout", "1s", "--log-level", "debug")
	if err != nil {
		return err
	}
	resting, _, err := server.Memory()
	if err == nil {
		err = a.run(server)
	}
	_, peak, err2 := server.Memory()
	if err3 := server.Stop(); err == nil {
		err = err3
	}
	if err != nil || err2 != nil {
		return fmt.Errorf("%v %v\n%s", err, err2, server.Log.String())
	}
	a.print()
	fmt.Printf("memory: %.1f MB before, %.1f MB at most, bound %.1f MB\n", float64(resting)/1e6, float64(peak)/1e6, float64(a.bound)/1e6)
	if peak > a.bound {
		return fmt.Errorf("the server held %d bytes, the bound is %d", peak, a.bound)
	}
	after, err := export(where)
	if err != nil {
		return err
	}
	if !bytes.Equal(before, after) {
		return fmt.Errorf("the store has changed: %d bytes before, %d after", len(before), len(after))
	}
	fmt.Printf("the store has the same %d reports as before\n", kept)
	return honest(binary, where, kept, kept+20)
}

// honest posts reports as browsers do; each has to be taken.
func honest(binary, where string, from, to uint64) error {
	server, err := collecttest.Start(binary, "--role", "collect", "--reports", where, "--reports-work", "4")
	if err != nil {
		return err
	}
	defer server.Stop()
	for n := from; n < to; n++ {
		request := collecttest.Post("/v1/reports", collecttest.Envelope(n, seal.SmallEnvelope, 4))
		answer, err := exchange(server.Addr, request)
		if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 202 ")) {
			return fmt.Errorf("an honest report: %v, %q", err, answer)
		}
	}
	return nil
}

// export gives all that is stored.
func export(where string) ([]byte, error) {
	s, err := store.Open(where, store.Options{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var b bytes.Buffer
	_, err = collect.Export(context.Background(), s, 0, &b)
	return b.Bytes(), err
}

// attack is all posts of a run.
type attack struct {
	count   int64
	clients int
	bound   int
	seed    uint64

	tally
	began time.Time
	took  time.Duration
}

func (a *attack) run(server *collecttest.Server) error {
	a.began = time.Now()
	var clients sync.WaitGroup
	share := a.count / int64(a.clients)
	for i := range a.clients {
		clients.Go(func() {
			c := newClient(server.Addr, a.seed, i)
			for c.sent < share && a.failed.Load() == nil {
				if err := c.burst(); err != nil {
					a.failed.Store(&err)
				}
			}
			a.add(&c.tallies)
		})
	}
	done := make(chan struct{})
	go func() { clients.Wait(); close(done) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-done:
			a.took = time.Since(a.began)
			if err := a.failed.Load(); err != nil {
				return *err
			}
			return nil
		case <-tick.C:
			if now, _, err := server.Memory(); err != nil || now > a.bound {
				err = fmt.Errorf("the server holds %d bytes after %v: %v", now, time.Since(a.began).Round(time.Second), err)
				a.failed.Store(&err)
			}
		}
	}
}
