// SPDX-License-Identifier: Apache-2.0

package store

import (
	"errors"
	"time"
)

// writer is the goroutine that alone changes the store. All that waits while
// one transaction is synced goes into the next: the more ask at once, the
// less each costs.
type writer struct {
	*Store
	engine engine    // nil while there is none
	opened time.Time // when opening was last tried
	scrub  bool      // there is something to scrub
	batch  []*request
	rest   []*request
}

func (w *writer) run() {
	defer close(w.done)
	tick := time.NewTicker(scrubDelay)
	defer tick.Stop()
	for {
		select {
		case r := <-w.queue:
			w.serve(r)
		case <-tick.C:
			w.idle()
		case <-w.quit:
			for {
				select {
				case r := <-w.queue:
					w.serve(r)
				default:
					w.shut()
					return
				}
			}
		}
	}
}

// serve takes first and whatever waits behind it.
func (w *writer) serve(first *request) {
	w.batch = append(w.batch[:0], first)
	for len(w.batch) < w.options.MaxBatch {
		select {
		case r := <-w.queue:
			w.batch = append(w.batch, r)
			continue
		default:
		}
		break
	}
	if w.engine == nil && time.Since(w.opened) >= pause {
		w.open()
	}
	w.rest = w.rest[:0]
	for _, r := range w.batch {
		switch {
		case w.engine == nil:
			r.answer <- w.absent()
		case r.work != nil:
			err := w.noted(r.work(w.engine))
			w.scrub = true
			r.answer <- err
		case w.admit(r):
			w.rest = append(w.rest, r)
		default:
			r.outcome = Limited
			r.answer <- nil
		}
	}
	if len(w.rest) > 0 {
		w.commit(w.rest)
	}
}

// admit takes from the quota what a request may need.
func (w *writer) admit(r *request) bool {
	r.taken, r.known = false, false
	if w.options.Quota == nil {
		return true
	}
	r.taken = w.options.Quota.Take(r.kind, r.client)
	r.known = !r.taken
	return r.taken || r.kind == Withdraw
}

func (w *writer) commit(batch []*request) {
	var err error = ErrUnavailable
	if w.engine != nil { // work of the same batch may have closed it
		err = w.noted(w.engine.apply(batch))
	}
	for _, r := range batch {
		fresh := err == nil && (r.outcome == Stored || r.outcome == Withdrawn)
		if r.taken && !fresh {
			w.options.Quota.Return(r.kind, r.client)
		}
		w.scrub = w.scrub || r.kind == Withdraw
		r.answer <- err
	}
}

// noted remembers whether the store works.
func (w *writer) noted(err error) error {
	if err == nil {
		w.recovered()
		return nil
	}
	w.failed(err)
	if w.engine.lasting(err) {
		w.shut()
	}
	return errors.Join(ErrUnavailable, err)
}

func (w *writer) failed(err error) {
	if w.fault.Swap(&err) == nil && w.options.Fault != nil {
		w.options.Fault(err)
	}
}

func (w *writer) recovered() {
	if w.fault.Load() != nil {
		w.fault.Store(nil)
		if w.options.Fault != nil {
			w.options.Fault(nil)
		}
	}
}

func (w *writer) open() {
	w.opened = time.Now()
	e, err := openEngine(w.where, w.options)
	if err != nil {
		w.failed(err)
		return
	}
	w.engine, w.scrub = e, true
	w.read.Store(&engineBox{e})
	w.recovered()
}

func (w *writer) shut() {
	if w.engine == nil {
		return
	}
	w.read.Store(nil)
	w.alive.Lock() // until nobody reads any more
	w.engine.close()
	w.alive.Unlock()
	w.engine, w.opened = nil, time.Now()
}

// idle is for what nobody waits for: emptying the log after deletions, and
// finding out whether a store that had failed works again, since balancers ask
// Ready before they send anybody here.
func (w *writer) idle() {
	switch {
	case w.engine == nil:
		if time.Since(w.opened) >= pause {
			w.open()
		}
	case w.fault.Load() != nil:
		w.noted(w.engine.probe())
	case w.scrub:
		w.scrub = w.engine.scrub()
	}
}

func openEngine(where string, o Options) (engine, error) {
	if isPostgres(where) {
		return openPostgres(where)
	}
	return openSQLite(where, o)
}
