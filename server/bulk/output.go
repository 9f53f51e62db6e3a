// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// output is where a run's bytes go: a stream, or a file that can be cut back
// to what a journal vouches for.
type output struct {
	w        io.Writer
	file     *os.File // nil for a stream
	offset   int64    // bytes handed to w
	compress func(io.Writer) (io.WriteCloser, error)
	frame    io.WriteCloser // the open gzip member or zstd frame, if any
}

func streamOutput(w io.Writer) *output { return &output{w: w} }

// fileOutput opens path to go on at offset; what stands behind is cut off.
// The name's ending says how to compress.
func fileOutput(path string, offset int64) (*output, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %v", path, plainPathError(err))
	}
	o := &output{w: f, file: f, offset: offset}
	switch filepath.Ext(strings.ToLower(path)) {
	case ".gz":
		o.compress = func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }
	case ".zst":
		o.compress = func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }
	}
	if err := o.cutBack(offset); err != nil {
		f.Close()
		return nil, fmt.Errorf("writing %s: %v", path, plainPathError(err))
	}
	return o, nil
}

func (o *output) cutBack(offset int64) error {
	info, err := o.file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	if info.Size() < offset {
		return fmt.Errorf("it has %d bytes, the journal speaks of %d; was it changed? Begin anew without --resume", info.Size(), offset)
	}
	if err := o.file.Truncate(offset); err != nil {
		return err
	}
	_, err = o.file.Seek(offset, io.SeekStart)
	return err
}

func (o *output) Write(p []byte) (int, error) {
	if o.compress == nil {
		return o.raw(p)
	}
	if o.frame == nil {
		frame, err := o.compress(writerFunc(o.raw))
		if err != nil {
			return 0, err
		}
		o.frame = frame
	}
	return o.frame.Write(p)
}

func (o *output) raw(p []byte) (int, error) {
	n, err := o.w.Write(p)
	o.offset += int64(n)
	return n, err
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// settle ends the open frame and makes sure that all up to the offset that it
// gives is on the disk. Frames and members follow each other freely.
func (o *output) settle() (int64, error) {
	if err := o.endFrame(); err != nil {
		return 0, err
	}
	if o.file != nil {
		if err := o.file.Sync(); err != nil {
			return 0, err
		}
	}
	return o.offset, nil
}

func (o *output) endFrame() error {
	if o.frame == nil {
		return nil
	}
	err := o.frame.Close()
	o.frame = nil
	return err
}

func (o *output) close() error {
	err := o.endFrame()
	if o.file != nil {
		if e := o.file.Close(); err == nil {
			err = e
		}
	}
	return err
}
