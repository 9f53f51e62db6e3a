// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// framer finds where records end.
type framer interface {
	// last gives the end of the last whole record in data, or 0. It is called
	// with ever more data of one block, each time with what it had before.
	last(data []byte) int
	// restart forgets the block before.
	restart()
	// overlong says what is wrong with a record that is longer than the limit.
	overlong() string
}

// cutter cuts a stream into blocks of whole records, so that workers can parse
// them side by side. It copies each byte once, from the reader into the block.
type cutter struct {
	in     feed
	frame  framer
	parse  parser
	most   int    // bytes of one record
	rest   []byte // the beginning of a record that the last block could not hold
	pos    Position
	ended  bool
	failed error // the stream's fault, told once what came before it is out
}

// fill puts the next records into b. It gives io.EOF with the last block, or
// the stream's fault with what came before it.
func (c *cutter) fill(b *Block) error {
	b.parse, b.first = c.parse, c.pos.Line+1
	b.data = append(b.data, c.rest...)
	c.rest = c.rest[:0]
	c.frame.restart()
	for {
		cut := c.frame.last(b.data)
		if c.ended || cut > 0 && len(b.data) >= blockSize {
			return c.close(b, cut)
		}
		if cut == 0 && len(b.data) > c.most {
			return c.skip(b)
		}
		var err error
		b.data, err = c.in.read(b.data, cut > 0)
		switch {
		case errors.Is(err, errPause):
			return c.close(b, cut)
		case err != nil:
			c.ended = true
			if err != io.EOF {
				c.failed = err
			}
		}
	}
}

// close ends the block behind cut. At the stream's end the last record needs
// no line feed; after a fault it may be torn and is not used.
func (c *cutter) close(b *Block, cut int) error {
	over := c.ended && c.failed == nil
	if over && len(b.data)-cut <= c.most {
		cut = len(b.data)
	}
	c.rest = append(c.rest, b.data[cut:]...)
	b.data = b.data[:cut]
	c.advance(b.data)
	b.next = c.pos
	switch {
	case c.failed != nil:
		return c.failed
	case over && len(c.rest) == 0:
		return io.EOF
	}
	return nil
}

func (c *cutter) advance(past []byte) {
	c.pos.Offset += int64(len(past))
	c.pos.Line += int64(bytes.Count(past, newline))
}

// skip passes over a record that is too long: to the end of its first line.
// What follows that is kept, so that one stray quote does not swallow
// thousands of good records.
func (c *cutter) skip(b *Block) error {
	b.fault(c.pos.Line+1, c.frame.overlong())
	for {
		n := bytes.IndexByte(b.data, '\n')
		if n >= 0 {
			c.rest = append(c.rest, b.data[n+1:]...)
			c.advance(b.data[:n+1])
			break
		}
		c.advance(b.data)
		var err error
		if b.data, err = c.in.read(b.data[:0], false); err != nil {
			c.ended = true
			if err != io.EOF {
				c.failed = err
			}
			if len(b.data) == 0 {
				break
			}
		}
	}
	b.data = b.data[:0]
	b.next = c.pos
	if c.failed != nil {
		return c.failed
	}
	if c.ended && len(c.rest) == 0 {
		return io.EOF
	}
	return nil
}

var newline = []byte{'\n'}

// jsonLines is JSONL: a record is a line.
type jsonLines struct {
	fields  Fields
	most    int    // bytes of a line
	tooLong string // the problem of a longer one
}

func newJSONLines(fields Fields, most int) jsonLines {
	return jsonLines{fields, most, fmt.Sprintf("the line is longer than %d bytes", most)}
}

func (jsonLines) last(data []byte) int { return bytes.LastIndexByte(data, '\n') + 1 }
func (jsonLines) restart()             {}
func (j jsonLines) overlong() string   { return j.tooLong }

// parse reads a block's lines; blank ones are passed over.
func (j jsonLines) parse(b *Block) {
	line := b.first
	for rest := b.data; len(rest) > 0; line++ {
		n := bytes.IndexByte(rest, '\n')
		next := n + 1
		if n < 0 {
			n, next = len(rest), len(rest)
		}
		text := rest[:n]
		rest = rest[next:]
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		r, l := b.add(line)
		if len(text) > j.most {
			r.Problem = j.tooLong
			continue
		}
		decodeJSON(text, j.fields, r, l)
	}
}
