// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"lapwing/scorer"
)

// csvRecords is RFC 4180 with what people make of it: the separator is a comma,
// a semicolon or a tab, lines end in LF or CRLF, a quote inside an unquoted
// cell is a character, and a record may have fewer or more cells than the header.
type csvRecords struct {
	csvLayout

	// How far last has come in this block.
	at, end int
	closed  int // just behind the last closing quote
	quoted  bool
}

// csvLayout is what the header says. Workers share it.
type csvLayout struct {
	comma byte
	slots []Slot // per column
}

// newCSV makes the reader of records under a header line.
func newCSV(header []byte, fields Fields) (*csvRecords, error) {
	c := &csvRecords{csvLayout: csvLayout{comma: sniffComma(header)}}
	var names []string
	for cells := header; ; {
		cell, rest, more := c.cell(cells)
		names = append(names, string(cell))
		if !more {
			break
		}
		cells = rest
	}
	slots, err := fields.header(names)
	c.slots = slots
	return c, err
}

// sniffComma gives the separator that the header has most of.
func sniffComma(header []byte) byte {
	best, most := byte(','), bytes.Count(header, []byte{','})
	for _, c := range []byte{';', '\t'} {
		if n := bytes.Count(header, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// maxHeader is the most bytes that a header line may have.
const maxHeader = 1 << 20

// readHeader takes the header line from r, with its line feed.
func readHeader(r io.ByteReader) ([]byte, error) {
	var header []byte
	quoted := false
	for {
		c, err := r.ReadByte()
		if err == io.EOF && len(header) > 0 {
			return header, nil
		}
		if err == io.EOF {
			return nil, errors.New("the file is empty: a header line with the names of the columns is wanted")
		}
		if err != nil {
			return nil, err
		}
		if header = append(header, c); len(header) > maxHeader {
			return nil, fmt.Errorf("the header line is longer than %d bytes: is this CSV?", maxHeader)
		}
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n' && !quoted:
			return header, nil
		}
	}
}

func (c *csvRecords) restart() { c.at, c.end, c.closed, c.quoted = 0, 0, -1, false }

func (c *csvRecords) parser() parser { return c.csvLayout }

func (csvLayout) overlong() string {
	return fmt.Sprintf("the record is longer than %d bytes; is a quote left open?", MaxLine)
}

// last follows the quotes: a line feed inside of them ends no record. A quote
// counts as opening only at the beginning of a cell.
func (c *csvRecords) last(data []byte) int {
	for c.at < len(data) {
		if c.quoted {
			n := bytes.IndexByte(data[c.at:], '"')
			if n < 0 {
				c.at = len(data)
				break
			}
			// Two quotes in a row close and open again, which comes to the same.
			c.at += n + 1
			c.closed, c.quoted = c.at, false
			continue
		}
		n := bytes.IndexByte(data[c.at:], '"')
		if n < 0 {
			n = len(data) - c.at
		}
		if k := bytes.LastIndexByte(data[c.at:c.at+n], '\n'); k >= 0 {
			c.end = c.at + k + 1
		}
		if c.at += n; c.at < len(data) {
			c.quoted = c.opens(data, c.at)
			c.at++
		}
	}
	return c.end
}

// opens tells whether the quote at k opens a cell, or opens it again.
func (c *csvRecords) opens(data []byte, k int) bool {
	return k == 0 || k == c.closed || data[k-1] == c.comma || data[k-1] == '\n'
}

func (c csvLayout) parse(b *Block) {
	line := b.first
	for rest := b.data; len(rest) > 0; {
		if n := blankLine(rest); n > 0 {
			rest = rest[n:]
			line++
			continue
		}
		r, l := b.add(line)
		used := c.record(rest, r, l)
		line += int64(bytes.Count(rest[:used], newline))
		rest = rest[used:]
		if used > MaxLine {
			r.Problem = c.overlong()
		} else if r.Problem == "" && missesText(l) {
			r.Problem = noText
		}
	}
}

// blankLine gives the length of an empty line at the head of b, or 0.
func blankLine(b []byte) int {
	if b[0] == '\n' {
		return 1
	}
	if len(b) > 1 && b[0] == '\r' && b[1] == '\n' {
		return 2
	}
	return 0
}

// record reads one record and gives its length.
func (c csvLayout) record(data []byte, r *Record, l *scorer.Listing) int {
	rest := data
	for column := 0; ; column++ {
		cell, after, more := c.cell(rest)
		if column < len(c.slots) {
			setCell(r, l, c.slots[column], cell)
		}
		rest = after
		if !more {
			return len(data) - len(rest)
		}
	}
}

// cell takes the first cell; more says that another follows in this record.
// Doubled quotes are undone in place.
func (c csvLayout) cell(data []byte) (cell, rest []byte, more bool) {
	if len(data) > 0 && data[0] == '"' {
		return c.quotedCell(data)
	}
	n := bytes.IndexByte(data, '\n')
	lineEnd := n >= 0
	if !lineEnd {
		n = len(data)
	}
	if k := bytes.IndexByte(data[:n], c.comma); k >= 0 {
		return data[:k], data[k+1:], true
	}
	cell = bytes.TrimSuffix(data[:n], []byte{'\r'})
	if lineEnd {
		n++
	}
	return cell, data[n:], false
}

func (c csvLayout) quotedCell(data []byte) (cell, rest []byte, more bool) {
	cell = data[1:1]
	rest = data[1:]
	for {
		n := bytes.IndexByte(rest, '"')
		if n < 0 { // left open: the rest is the cell
			return append(cell, rest...), nil, false
		}
		if n+1 < len(rest) && rest[n+1] == '"' {
			cell = append(cell, rest[:n+1]...)
			rest = rest[n+2:]
			continue
		}
		cell = append(cell, rest[:n]...)
		rest = rest[n+1:]
		break
	}
	// What stands between the closing quote and the separator belongs to the
	// cell; it begins with no quote, since the loop took all of these.
	tail, rest, more := c.cell(rest)
	return append(cell, tail...), rest, more
}
