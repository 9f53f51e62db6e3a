// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lapwing/server/collect/stream"
)

// What is stored is what travels: see package stream.
type (
	ID  = stream.ID
	Day = stream.Day
	Row = stream.Row
)

// ErrUnavailable says that the store cannot take anything at the moment: the
// queue or the disk is full, the file is locked, damaged or not there.
var ErrUnavailable = errors.New("the store of reports takes nothing at the moment")

// A Quota decides how many new rows there may be, and for whom. Both methods
// are called from the writing goroutine alone. What was taken for a row that turned
// out not to be new is given back, so that sending one report a thousand times
// uses up nothing.
type Quota interface {
	Take(kind Kind, client uint64) bool
	Return(kind Kind, client uint64)
}

// Kind is what is asked of the store.
type Kind uint8

// The kinds.
const (
	Put Kind = iota
	Withdraw
)

// Outcome is what became of a request. Whoever sent it is told the same in any case.
type Outcome uint8

// The outcomes.
const (
	Stored Outcome = iota
	Repeated
	Limited
	Withdrawn
	NumOutcomes
)

func (o Outcome) String() string {
	return [NumOutcomes]string{"stored", "repeated", "limited", "withdrawn"}[o]
}

// Options of a store.
type Options struct {
	// MaxBatch is the most requests in one transaction; 1 syncs the disk for
	// each of them, which is what the rest is measured against.
	MaxBatch int
	// Bytes is the most that the file may measure; 0 for no limit. It holds for
	// SQLite; PostgreSQL's operator has other means.
	Bytes int64
	// Quota may be nil for none.
	Quota Quota
	// Fault, if not nil, is told when the store stops or starts to take
	// reports; err is nil when it starts.
	Fault func(err error)
}

const (
	standardBatch = 256
	queueLength   = 4096
	// Between two tries to open or write again what has failed.
	pause = time.Second
	// After a deletion, how long until the write-ahead log is emptied.
	scrubDelay = time.Second
)

// Store is safe for concurrent use.
type Store struct {
	where   string
	options Options
	queue   chan *request
	closing sync.RWMutex  // held for reading while something enters the queue
	quit    chan struct{} // closed by Close, with closing held for writing
	done    chan struct{} // closed when the writer has ended
	once    sync.Once
	pool    sync.Pool // of *request

	fault atomic.Pointer[error]      // why nothing can be stored; nil while it can
	count [NumOutcomes]atomic.Uint64 // see Count
	read  atomic.Pointer[engineBox]  // the engine in use, for readers; swapped by the writer
	alive sync.RWMutex               // held for reading while read is used, for writing while it is closed
}

type engineBox struct{ engine }

// Open opens a store, and makes it where there is none. A store that cannot be
// opened is no error: everything is then answered with ErrUnavailable until it
// can, and Ready says why. An address that makes no sense is one.
func Open(where string, o Options) (*Store, error) {
	if where == "" {
		return nil, errors.New("opening store: no path")
	}
	if isPostgres(where) {
		if err := checkPostgres(where); err != nil {
			return nil, err
		}
	}
	if o.MaxBatch <= 0 {
		o.MaxBatch = standardBatch
	}
	s := &Store{
		where: where, options: o, queue: make(chan *request, queueLength),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	s.pool.New = func() any { return &request{answer: make(chan error, 1)} }
	w := &writer{Store: s}
	w.open()
	go w.run()
	return s, nil
}

func isPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// Put stores an envelope. It may be changed once Put returns, and not before.
func (s *Store) Put(id ID, day Day, envelope []byte, client uint64) (Outcome, error) {
	return s.ask(func(r *request) {
		r.kind, r.id, r.day, r.blob, r.client = Put, id, day, envelope, client
	})
}

// Withdraw deletes the envelope of an id, and remembers the id.
func (s *Store) Withdraw(id ID, day Day, client uint64) (Outcome, error) {
	return s.ask(func(r *request) {
		r.kind, r.id, r.day, r.blob, r.client = Withdraw, id, day, nil, client
	})
}

func (s *Store) ask(fill func(*request)) (Outcome, error) {
	r := s.pool.Get().(*request)
	defer func() {
		r.blob = nil
		s.pool.Put(r)
	}()
	r.outcome = Stored
	fill(r)
	if err := s.enqueue(r); err != nil {
		return 0, err
	}
	if err := <-r.answer; err != nil {
		return 0, err
	}
	s.count[r.outcome].Add(1)
	return r.outcome, nil
}

// enqueue does not wait: when there are more than the writer can take, those
// who come last are told to come again.
func (s *Store) enqueue(r *request) error {
	s.closing.RLock()
	defer s.closing.RUnlock()
	select {
	case <-s.quit:
		return ErrUnavailable
	default:
	}
	select {
	case s.queue <- r:
		return nil
	default:
		return fmt.Errorf("%w: too many wait", ErrUnavailable)
	}
}

// After gives up to limit rows behind a sequence number, in order.
func (s *Store) After(ctx context.Context, sequence uint64, limit int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s.alive.RLock()
		defer s.alive.RUnlock()
		e := s.read.Load()
		if e == nil {
			yield(Row{}, s.absent())
			return
		}
		err := e.after(ctx, sequence, limit, func(r Row) bool { return yield(r, nil) })
		if err != nil {
			yield(Row{}, fmt.Errorf("%w: %v", ErrUnavailable, err))
		}
	}
}

// expireStep is how many rows are deleted in one transaction: few enough that
// reports that come meanwhile do not wait for long.
const expireStep = 200

// Expire deletes all rows of days before the one given, withdrawn ids among
// them, and gives their number.
func (s *Store) Expire(before Day) (deleted int, err error) {
	for {
		n := 0
		r := &request{answer: make(chan error, 1), work: func(e engine) (err error) {
			n, err = e.expire(before, expireStep)
			return err
		}}
		if err := s.enqueue(r); err != nil {
			return deleted, err
		}
		if err := <-r.answer; err != nil {
			return deleted, err
		}
		deleted += n
		if n < expireStep {
			return deleted, nil
		}
	}
}

// Backup writes a copy of all that is stored to a new file, while the store is
// used. What was deleted before is not in it.
func (s *Store) Backup(ctx context.Context, path string) error {
	s.alive.RLock()
	defer s.alive.RUnlock()
	e := s.read.Load()
	if e == nil {
		return s.absent()
	}
	return e.backup(ctx, path)
}

// absent says why there is no engine: it has failed, or the store was closed.
func (s *Store) absent() error {
	if err := s.Ready(); err != nil {
		return err
	}
	return ErrUnavailable
}

// Ready gives the reason why nothing can be stored, or nil.
func (s *Store) Ready() error {
	if e := s.fault.Load(); e != nil {
		return fmt.Errorf("%w: %v", ErrUnavailable, *e)
	}
	return nil
}

// Count gives how many requests ended so since the store was opened.
func (s *Store) Count(o Outcome) uint64 { return s.count[o].Load() }

// Close answers what waits and closes the store.
func (s *Store) Close() error {
	s.once.Do(func() {
		s.closing.Lock()
		defer s.closing.Unlock()
		close(s.quit)
	})
	<-s.done
	return nil
}
