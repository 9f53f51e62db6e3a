// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"

	"lapwing/scorer/seal"
	"lapwing/server/collect/store"
)

// StreamTitle begins a stream of stored rows, as it is fetched from a server or
// carried on a stick. Each row follows as
//
//	sequence (8) | day since 1970-01-01 (4) | length (4) | that many bytes
//
// with numbers in big-endian order. The bytes are an envelope; 16 of them are
// the id of a report that was withdrawn.
const StreamTitle = "lapwing reports v1\n"

const rowHead = 8 + 4 + 4

// AppendRow writes a row behind b.
func AppendRow(b []byte, row store.Row) []byte {
	body := row.Blob
	if body == nil {
		body = row.ID[:]
	}
	b = binary.BigEndian.AppendUint64(b, row.Sequence)
	b = binary.BigEndian.AppendUint32(b, uint32(row.Day))
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return append(b, body...)
}

// Export writes all rows behind a sequence number, as a stream. It reads a few at a
// time, so that the store goes on meanwhile.
func Export(ctx context.Context, s *store.Store, after uint64, to io.Writer) (rows int, err error) {
	w := bufio.NewWriter(to)
	if _, err := w.WriteString(StreamTitle); err != nil {
		return 0, err
	}
	for {
		before := rows
		var b []byte
		for row, err := range s.After(ctx, after, 256) {
			if err != nil {
				return rows, err
			}
			b = AppendRow(b[:0], row)
			if _, err := w.Write(b); err != nil {
				return rows, err
			}
			after = row.Sequence
			rows++
		}
		if rows == before {
			return rows, w.Flush()
		}
	}
}

// ReadStream gives the rows of a stream, which may come from anybody: it is
// bounded, and whether an envelope can be opened is another question. An error
// is the last thing that is given.
func ReadStream(from io.Reader) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		r := bufio.NewReader(from)
		title := make([]byte, len(StreamTitle))
		if _, err := io.ReadFull(r, title); err != nil || string(title) != StreamTitle {
			yield(store.Row{}, fmt.Errorf("reading reports: want %q at the beginning", StreamTitle))
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

func readRow(r io.Reader) (row store.Row, err error) {
	var head [rowHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("reading reports: the stream is cut short")
		}
		return row, err
	}
	row.Sequence = binary.BigEndian.Uint64(head[:])
	row.Day = store.Day(binary.BigEndian.Uint32(head[8:]))
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
		row.ID = store.ID(body)
		return row, nil
	}
	header, err := seal.ParseHeader(body)
	if err != nil {
		return row, fmt.Errorf("reading reports: row %d: %v", row.Sequence, err)
	}
	row.ID, row.Blob = header.ID, body
	return row, nil
}
