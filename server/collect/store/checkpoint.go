// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"sync/atomic"
)

// checkpointer moves what is in SQLite's write-ahead log to where it belongs,
// beside the writer instead of in the middle of a transaction, where SQLite does
// it: there it stops all who wait for as long as a busy disk takes to write
// thousands of pages.
//
// The log can begin anew only when nothing is left to move, and while reports
// come there always is something. So it goes in two steps: the bulk is moved
// beside the writer, and then the writer itself moves what has come meanwhile,
// which is little.
type checkpointer struct {
	db    *sql.DB
	state atomic.Int32
	due   chan struct{} // one place
	done  chan struct{} // closed when the goroutine has ended

	written int // since the log was begun, about; the writer's
}

// The states.
const (
	idle   = iota // there is not enough to move
	moving        // the goroutine is at it
	moved         // it has done its part
)

// enough is how many bytes of the log are worth moving.
const enough = 12 << 20

func newCheckpointer(path string) (*checkpointer, error) {
	db, err := connect(path, "rw")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	c := &checkpointer{db: db, due: make(chan struct{}, 1), done: make(chan struct{})}
	go func() {
		defer close(c.done)
		for range c.due {
			c.move(func(query string) *sql.Row { return c.db.QueryRow(query) })
			c.state.Store(moved)
		}
	}()
	return c, nil
}

// move asks for what can be moved without waiting for anybody. It does not
// matter when that fails: the log is kept, and the next turn tries again. If the
// disk is full, the writer notices.
func (c *checkpointer) move(query func(string) *sql.Row) {
	var busy, inLog, done int
	query("PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &inLog, &done)
}

// wrote is called by the writer after each transaction.
func (c *checkpointer) wrote(batch []*request, conn *sql.Conn) {
	for _, r := range batch {
		c.written += len(r.blob) + 2*pageSize // the index of ids, and what the rows share
	}
	switch c.state.Load() {
	case idle:
		if c.written >= enough {
			c.state.Store(moving)
			c.due <- struct{}{}
		}
	case moved:
		c.move(func(query string) *sql.Row { return conn.QueryRowContext(context.Background(), query) })
		c.written = 0
		c.state.Store(idle)
	}
}

// close waits for the goroutine.
func (c *checkpointer) close() error {
	close(c.due)
	<-c.done
	return c.db.Close()
}
