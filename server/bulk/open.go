// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// source gives one input's listings, block by block.
type source interface {
	// fill puts the next listings into an empty block. It gives io.EOF with the
	// last ones, and any other error for a fault that ends the input.
	fill(b *Block) error
}

// opener makes sources of inputs.
type opener struct {
	ctx     context.Context
	format  Format
	fields  Fields
	extract Extractor
	plain   bool // nothing is decompressed
	maxLine int
	load    *load
	stdin   io.Reader
	read    *atomic.Int64 // bytes as stored that were read so far
}

// opened is a source with what is to be closed after it.
type opened struct {
	source
	close []func()
}

func (o *opened) finish() {
	for k := len(o.close) - 1; k >= 0; k-- {
		o.close[k]()
	}
}

// open opens an input at a position that an earlier run left off at, or at the
// zero position.
func (o *opener) open(in Input, at Position) (*opened, error) {
	s := &opened{}
	raw, file, err := o.raw(in, s)
	if err != nil {
		return nil, err
	}
	counted := &countingReader{raw, o.read}
	head := bufio.NewReaderSize(counted, 4<<10)
	stream, format, err := o.decide(in, head, s)
	if err == nil && format == FormatParquet {
		s.source, err = o.openParquet(in, file, s, at)
	} else if err == nil {
		err = o.openStream(in, stream, format, file != nil && stream == head, at, s)
	}
	if err != nil {
		s.finish()
		return nil, err
	}
	return s, nil
}

// raw opens the file itself; file is nil for what cannot be sought in.
func (o *opener) raw(in Input, s *opened) (io.Reader, *os.File, error) {
	if in.Path == Stdin {
		if f, ok := o.stdin.(*os.File); ok && in.Size >= 0 {
			return f, f, nil
		}
		return o.stdin, nil, nil
	}
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, nil, plainPathError(err)
	}
	s.close = append(s.close, func() { f.Close() })
	if in.Size < 0 {
		return f, nil, nil
	}
	return f, f, nil
}

// decide undoes compression and finds the format, by the name first.
func (o *opener) decide(in Input, head *bufio.Reader, s *opened) (*bufio.Reader, Format, error) {
	stream := head
	if !o.plain {
		var err error
		if stream, err = decompress(head, s); err != nil {
			return nil, "", err
		}
	}
	if o.format != FormatAuto && o.format != "" {
		return stream, o.format, nil
	}
	if format, ok := formatOf(in.Path); ok {
		return stream, format, nil
	}
	start, err := stream.Peek(512)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	format, ok := sniff(start)
	if !ok {
		return nil, "", errors.New("cannot tell the format; say it with --in")
	}
	return stream, format, nil
}

// maxWindow is the most memory that a zstd stream may ask for: what "zstd
// --long" uses.
const maxWindow = 128 << 20

func decompress(head *bufio.Reader, s *opened) (*bufio.Reader, error) {
	magic, err := head.Peek(4)
	if err != nil && err != io.EOF {
		return nil, plainPathError(err)
	}
	switch {
	case bytes.HasPrefix(magic, magicGzip):
		z, err := gzip.NewReader(head)
		if err != nil {
			return nil, fmt.Errorf("gzip: %v", err)
		}
		return bufio.NewReaderSize(z, 4<<10), nil
	case bytes.HasPrefix(magic, magicZstd):
		z, err := zstd.NewReader(head, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("zstd: %v", err)
		}
		s.close = append(s.close, z.Close)
		return bufio.NewReaderSize(z, 4<<10), nil
	}
	return head, nil
}

// openStream makes the source of a stream of bytes.
func (o *opener) openStream(in Input, r *bufio.Reader, format Format, seekable bool, at Position, s *opened) error {
	if format == FormatHTML {
		s.source = &pageSource{o: o, in: in, r: r, at: at}
		return nil
	}
	start := Position{File: at.File}
	if mark, _ := r.Peek(len(byteOrder)); bytes.Equal(mark, byteOrder) {
		r.Discard(len(byteOrder))
		start.Offset = int64(len(byteOrder))
	}
	c := &cutter{most: MaxLine}
	switch format {
	case FormatJSONL:
		f := newJSONLines(o.fields, o.maxLine)
		c.frame, c.parse, c.most = f, f, o.maxLine
	case FormatCSV:
		header, err := readHeader(r)
		if err != nil {
			return err
		}
		f, err := newCSV(bytes.TrimRight(header, "\r\n"), o.fields)
		if err != nil {
			return err
		}
		start.Offset += int64(len(header))
		start.Line = int64(bytes.Count(header, newline))
		c.frame, c.parse = f, f.parser()
	default:
		return fmt.Errorf("%s cannot be read", format)
	}
	if at.Offset > start.Offset {
		if _, err := io.CopyN(io.Discard, r, at.Offset-start.Offset); err != nil {
			return fmt.Errorf("going on at byte %d: %v", at.Offset, err)
		}
		start = at
	}
	c.pos = start
	if in.Size >= 0 {
		c.in = fileFeed{r}
	} else {
		c.in = newPipeFeed(o.ctx, r, o.load)
	}
	s.source = c
	return nil
}

// countingReader counts what was read of the stored bytes, for the progress.
type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// readProblem says what is wrong with an input that broke off.
func readProblem(err error) string {
	s := plainPathError(err).Error()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "the input ends early; is it whole?"
	}
	return strings.TrimSpace("reading: " + s)
}
