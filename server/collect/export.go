// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"bufio"
	"context"
	"io"

	"lapwing/server/collect/store"
	"lapwing/server/collect/stream"
)

// Export writes all rows behind a sequence number, as a stream. It reads a few at a
// time, so that the store goes on meanwhile.
func Export(ctx context.Context, s *store.Store, after uint64, to io.Writer) (rows int, err error) {
	w := bufio.NewWriter(to)
	if _, err := w.WriteString(stream.Title); err != nil {
		return 0, err
	}
	for {
		before := rows
		var b []byte
		for row, err := range s.After(ctx, after, 256) {
			if err != nil {
				return rows, err
			}
			b = stream.Append(b[:0], row)
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
