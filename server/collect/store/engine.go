// SPDX-License-Identifier: Apache-2.0

package store

import "context"

// engine is the database. The writer calls apply, expire, probe and scrub, one
// at a time; after and backup are called beside them, by many at once.
type engine interface {
	// apply does all requests in one transaction and notes the outcome of each.
	// When it returns nil, all of them are on the disk; otherwise none is
	// known to be.
	apply([]*request) error
	expire(before Day, limit int) (int, error)
	// probe writes a little, to see whether that can be done.
	probe() error
	// scrub removes what is left of deleted rows; again is true when it should
	// be tried again later.
	scrub() (again bool)
	after(ctx context.Context, sequence uint64, limit int, yield func(Row) bool) error
	backup(ctx context.Context, path string) error
	// lasting reports whether an error will stay until the engine is opened anew.
	lasting(error) bool
	close() error
}

// request is what somebody asks of the writer.
type request struct {
	kind    Kind
	id      ID
	day     Day
	blob    []byte
	client  uint64
	outcome Outcome
	taken   bool // of the quota
	// known restricts a withdrawal to an id that is stored: nobody may fill the
	// store with ids that never were.
	known  bool
	work   func(engine) error // something else than a Kind, on its own
	answer chan error         // one place
}
