// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"lapwing/scorer/seal"
)

// Title is the first line of a stream. Another number behind the v is a later
// format, and refused.
const Title = "lapwing reports v1\n"

// ID names a report. The reporter's program draws it at random.
type ID [16]byte

// Day counts UTC days since 1970-01-01.
type Day uint32

// DayOf gives the day of a moment.
func DayOf(t time.Time) Day { return Day(t.Unix() / (24 * 60 * 60)) }

// String gives the day as 2026-11-24.
func (d Day) String() string {
	return time.Unix(int64(d)*24*60*60, 0).UTC().Format(time.DateOnly)
}

// A Row is one report as it is stored, or a withdrawal.
type Row struct {
	Sequence uint64 // from 1, never used twice by one store
	Day      Day    // on which it came
	ID       ID
	Blob     []byte // the envelope; nil for an id that was withdrawn
}

const rowHead = 8 + 4 + 4

// Append writes a row behind b.
func Append(b []byte, row Row) []byte {
	body := row.Blob
	if body == nil {
		body = row.ID[:]
	}
	b = binary.BigEndian.AppendUint64(b, row.Sequence)
	b = binary.BigEndian.AppendUint32(b, uint32(row.Day))
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return append(b, body...)
}

// Read gives the rows of a stream, which may come from anybody: it is
// bounded, and whether an envelope can be opened is another question. An error
// is the last thing that is given.
func Read(from io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := bufio.NewReader(from)
		title := make([]byte, len(Title))
		if _, err := io.ReadFull(r, title); err != nil || string(title) != Title {
			yield(Row{}, fmt.Errorf("reading reports: want %q at the beginning", Title))
			return
		}
		for {
			row, err := readRow(r)
			if err == io.EOF {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func readRow(r io.Reader) (row Row, err error) {
	var head [rowHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("reading reports: the stream is cut short")
		}
		return row, err
	}
	row.Sequence = binary.BigEndian.Uint64(head[:])
	row.Day = Day(binary.BigEndian.Uint32(head[8:]))
	length := binary.BigEndian.Uint32(head[12:])
	switch length {
	case uint32(len(row.ID)), seal.SmallEnvelope, seal.LargeEnvelope:
	default:
		return row, fmt.Errorf("reading reports: row %d: %d bytes are no envelope", row.Sequence, length)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return row, errors.New("reading reports: the stream is cut short")
	}
	if length == uint32(len(row.ID)) {
		row.ID = ID(body)
		return row, nil
	}
	header, err := seal.ParseHeader(body)
	if err != nil {
		return row, fmt.Errorf("reading reports: row %d: %v", row.Sequence, err)
	}
	row.ID, row.Blob = header.ID, body
	return row, nil
}
