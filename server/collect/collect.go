// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"lapwing/scorer/seal"
	"lapwing/server/collect/store"
	"lapwing/server/collect/stream"
)

// Config is what a Collector needs.
type Config struct {
	Store *store.Store
	// Work is how many bits a report's proof of work must have: no more than
	// the list's releases say, or honest reports are refused.
	Work uint8
	// Retention is for how many days rows are kept.
	Retention int
	Now       func() time.Time
	Log       *slog.Logger
}

// Collector is safe for concurrent use.
type Collector struct {
	Config
	refused atomic.Uint64
}

// New makes a collector on a store, which the caller closes.
func New(c Config) *Collector { return &Collector{Config: c} }

// Refusal says what is wrong with what was sent. Sending it again is of no use.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

// Report stores an envelope and returns nil once it is durable, or need not be
// stored. network is the tag of where it comes from. The envelope is not kept
// beyond the call.
func (c *Collector) Report(envelope []byte, network uint64) error {
	header, err := seal.ParseHeader(envelope)
	if err != nil {
		return c.refuse("not an envelope of ours: " + err.Error())
	}
	if !seal.CheckWork(envelope, c.Work) {
		return c.refuse(fmt.Sprintf("its proof of work has fewer than %d bits", c.Work))
	}
	_, err = c.Store.Put(header.ID, c.today(), envelope, network)
	return err
}

// Withdraw deletes the report that a code belongs to, and returns nil once that
// is durable, whether there was one or not.
func (c *Collector) Withdraw(code []byte, network uint64) error {
	if len(code) != 16 {
		return c.refuse("want the 16 bytes of a withdrawal code")
	}
	_, err := c.Store.Withdraw(seal.IDOf([16]byte(code)), c.today(), network)
	return err
}

func (c *Collector) refuse(why string) error {
	c.refused.Add(1)
	return &Refusal{why}
}

// Refused counts what was not well-formed.
func (c *Collector) Refused() uint64 { return c.refused.Load() }

func (c *Collector) today() store.Day { return stream.DayOf(c.Now()) }

// Keep deletes what is older than the retention, now and then every so often,
// until ctx ends. A failure is logged and mended at the next turn.
func (c *Collector) Keep(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		today := c.today()
		if before := store.Day(c.Retention); today > before {
			n, err := c.Store.Expire(today - before)
			switch {
			case err != nil:
				c.Log.Error("reports past their time are not deleted yet", "error", err)
			case n > 0:
				c.Log.Info("deleted reports past their time", "count", n)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
