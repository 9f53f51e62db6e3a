// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store"
)

// killed kills the server at random moments while clients post, starts it again
// on the same store, and at the end looks for all that was acknowledged.
func killed(binary, where string, kills int) error {
	var mu sync.Mutex
	acknowledged := map[store.ID]bool{} // guarded by mu
	sent := 0                           // guarded by mu
	next := func() uint64 {
		mu.Lock()
		defer mu.Unlock()
		sent++
		return uint64(sent)
	}
	for range kills {
		server, err := collecttest.Start(binary, "--role", "collect", "--reports", where, "--reports-work", "1",
			"--reports-per-hour", "0", "--reports-per-network", "0")
		if err != nil {
			return err
		}
		var clients sync.WaitGroup
		for range 16 {
			clients.Go(func() {
				c, err := dial(server.Addr)
				for err == nil {
					n := next()
					if err = c.post(collecttest.Post("/v1/reports", collecttest.Envelope(n, seal.SmallEnvelope, 1))); err == nil {
						mu.Lock()
						acknowledged[seal.IDOf(collecttest.Code(n))] = true
						mu.Unlock()
					}
				}
			})
		}
		time.Sleep(time.Duration(rand.Int64N(int64(150 * time.Millisecond))))
		server.Kill()
		clients.Wait()
	}
	there, lost, err := missing(where, acknowledged)
	if err != nil {
		return err
	}
	fmt.Printf("killed %d times: %d reports sent, %d acknowledged, %d there, %d acknowledged and lost\n", kills, sent, len(acknowledged), there, lost)
	if lost > 0 {
		return fmt.Errorf("%d reports were acknowledged and are lost", lost)
	}
	return nil
}

// missing looks for what was acknowledged.
func missing(where string, acknowledged map[store.ID]bool) (there, lost int, err error) {
	s, err := store.Open(where, store.Options{})
	if err != nil {
		return 0, 0, err
	}
	defer s.Close()
	lost = len(acknowledged)
	for row, err := range s.After(context.Background(), 0, 1<<30) {
		if err != nil {
			return 0, 0, err
		}
		there++
		if acknowledged[row.ID] {
			lost--
		}
	}
	return there, lost, nil
}
