// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"io"
)

// readAll is the reader: it opens one input after the other and sends its
// blocks to the workers and, in the same order, to the writer.
func (r *run) readAll(ctx context.Context) {
	defer close(r.work)
	defer close(r.ordered)
	o := &opener{
		ctx: ctx, format: r.In, fields: r.fields, extract: r.Extract,
		plain: r.Plain, maxLine: r.MaxLine,
		load: r.load, stdin: r.Stdin, read: &r.read,
	}
	at := r.start
	for k := range r.Inputs {
		if k < r.start.File {
			r.read.Add(max(r.Inputs[k].Size, 0))
			continue
		}
		at.File = k
		if !r.readInput(ctx, o, r.Inputs[k], at) {
			return
		}
		at = Position{}
	}
}

// readInput sends one input's blocks; false says that the run is over.
func (r *run) readInput(ctx context.Context, o *opener, in Input, at Position) bool {
	src, err := o.open(in, at)
	if err != nil {
		b, ok := r.block(ctx, in)
		if !ok {
			return false
		}
		b.fault(0, in.Path+": "+err.Error())
		b.next = Position{File: at.File + 1}
		r.send(b)
		return true
	}
	defer src.finish()
	for {
		b, ok := r.block(ctx, in)
		if !ok {
			return false
		}
		err := src.fill(b)
		if err != nil && err != io.EOF {
			b.fault(b.next.Line+1, readProblem(err))
		}
		if err != nil {
			b.next = Position{File: at.File + 1}
		}
		if ctx.Err() != nil {
			b.release()
			return false
		}
		r.send(b)
		if err != nil {
			return true
		}
	}
}

// block gives an empty block once one may be in flight.
func (r *run) block(ctx context.Context, in Input) (*Block, bool) {
	select {
	case r.tokens <- struct{}{}:
	case <-ctx.Done():
		return nil, false
	}
	b := r.pool.get()
	if len(r.Inputs) > 1 {
		b.file = in.Path
	}
	return b, true
}

// send hands b on. An empty block goes the same way: it may carry the news
// that an input has ended to the journal.
func (r *run) send(b *Block) {
	r.load.enter()
	r.work <- b
	r.ordered <- b
}
