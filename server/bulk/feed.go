// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
)

// feed is where a cutter's bytes come from.
type feed interface {
	// read appends what comes next to dst. With mayPause it gives errPause
	// instead of waiting while nothing is being scored: what is there is then
	// scored, so that whoever waits for an answer before he goes on gets one.
	read(dst []byte, mayPause bool) ([]byte, error)
}

var errPause = errors.New("nothing has come yet, and the workers are idle")

// grow makes room for n more bytes, and no more than it must beyond doubling.
func grow(dst []byte, n int) []byte {
	if cap(dst)-len(dst) >= n {
		return dst
	}
	bigger := make([]byte, len(dst), max(len(dst)+n, min(2*cap(dst), MaxLine+blockSize)))
	copy(bigger, dst)
	return bigger
}

// fileFeed reads from something that does not make one wait.
type fileFeed struct {
	r io.Reader
}

func (f fileFeed) read(dst []byte, _ bool) ([]byte, error) {
	const least = 64 << 10
	room := blockSize + least - len(dst)
	dst = grow(dst, max(room, least))
	n, err := f.r.Read(dst[len(dst):cap(dst)])
	return dst[:len(dst)+n], err
}

// pipeFeed reads from a pipe or a connection, ahead of the cutter, in chunks
// of at most 64 KiB.
type pipeFeed struct {
	ctx    context.Context
	load   *load
	chunks chan chunk
	spare  chan []byte
}

type chunk struct {
	data []byte
	err  error
}

// newPipeFeed starts reading r; the reading ends with the first error, or with
// the Read that is under way when ctx ends.
func newPipeFeed(ctx context.Context, r io.Reader, load *load) *pipeFeed {
	const size, ahead = 64 << 10, 4
	f := &pipeFeed{ctx: ctx, load: load, chunks: make(chan chunk, ahead), spare: make(chan []byte, ahead+2)}
	for range ahead + 2 {
		f.spare <- make([]byte, size)
	}
	go f.pump(r)
	return f
}

func (f *pipeFeed) pump(r io.Reader) {
	for {
		var buf []byte
		select {
		case buf = <-f.spare:
		case <-f.ctx.Done():
			return
		}
		n, err := r.Read(buf[:cap(buf)])
		select {
		case f.chunks <- chunk{buf[:n], err}:
		case <-f.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

func (f *pipeFeed) read(dst []byte, mayPause bool) ([]byte, error) {
	for {
		select {
		case c := <-f.chunks:
			return f.take(dst, c)
		default:
		}
		var wake chan struct{}
		if mayPause {
			if f.load.idle() {
				return dst, errPause
			}
			wake = f.load.wake
		}
		select {
		case c := <-f.chunks:
			return f.take(dst, c)
		case <-wake:
		case <-f.ctx.Done():
			return dst, f.ctx.Err()
		}
	}
}

func (f *pipeFeed) take(dst []byte, c chunk) ([]byte, error) {
	dst = append(grow(dst, len(c.data)), c.data...)
	f.spare <- c.data
	if c.err != nil {
		f.chunks <- chunk{err: c.err} // it stays the answer
	}
	return dst, c.err
}

// load counts the blocks between the source and the sink.
type load struct {
	blocks atomic.Int64
	wake   chan struct{} // holds a token after blocks fell to 0
}

func newLoad() *load { return &load{wake: make(chan struct{}, 1)} }

func (l *load) enter()     { l.blocks.Add(1) }
func (l *load) idle() bool { return l.blocks.Load() == 0 }

func (l *load) leave() {
	if l.blocks.Add(-1) == 0 {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}
