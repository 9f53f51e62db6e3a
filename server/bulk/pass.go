// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"time"
)

// stage is what a pass over the listings does: where blocks come from, what
// workers do with them, what the writer does with them, in order.
type stage struct {
	read func(context.Context)
	work func(context.Context, *lookup, *Block) error
	put  func(*Block) error
}

func (r *run) pass(ctx context.Context, s stage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r.work, r.ordered = make(chan *Block, cap(r.tokens)), make(chan *Block, cap(r.tokens))
	go s.read(ctx)
	workers := make(chan struct{}, r.Workers)
	for range r.Workers {
		go func() {
			r.workAll(ctx, s.work)
			workers <- struct{}{}
		}()
	}
	err := r.writeAll(cancel, s.put)
	for range r.Workers {
		<-workers
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// workAll is one worker.
func (r *run) workAll(ctx context.Context, work func(context.Context, *lookup, *Block) error) {
	u := &lookup{cache: r.Cache}
	for b := range r.work {
		if err := ctx.Err(); err != nil {
			b.failed = err
			close(b.scored)
		} else {
			b.failed = work(ctx, u, b)
		}
		close(b.done)
	}
}

// writeAll puts the blocks out in order. After a failure it goes on taking
// blocks, so that nobody waits for it, and throws them away.
func (r *run) writeAll(cancel func(), put func(*Block) error) error {
	var failed error
	last, told := time.Now(), time.Now()
	for b := range r.ordered {
		<-b.done
		if failed == nil {
			if failed = b.failed; failed == nil {
				failed = put(b)
			}
			if failed == nil && r.journal != nil && time.Since(last) > r.JournalEvery {
				failed = r.checkpoint(b.next)
				last = time.Now()
			}
			if failed != nil {
				cancel()
			}
		}
		if r.Progress != nil && time.Since(told) > progressEvery {
			r.tell(false)
			told = time.Now()
		}
		b.release()
		r.load.leave()
		<-r.tokens
	}
	if r.Progress != nil && failed == nil {
		r.tell(true)
	}
	return failed
}

const progressEvery = 100 * time.Millisecond
