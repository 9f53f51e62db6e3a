// SPDX-License-Identifier: Apache-2.0

package scoring

import (
	"errors"
	"io"
	"net"
	"time"
)

// answer writes the answer's body and gives the caller so much time for each
// piece of it.
type answer struct {
	to    io.Writer
	conn  net.Conn
	stall time.Duration
	n     int64
}

// piece is the most that has to be taken within one stall.
const piece = 64 << 10

func (a *answer) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		if err := a.conn.SetWriteDeadline(time.Now().Add(a.stall)); err != nil {
			return written, err
		}
		n, err := a.to.Write(p[written:min(len(p), written+piece)])
		written += n
		a.n += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// refusal is a short answer to a request whose body is still on its way: the
// body is thrown away for a moment, so that the answer arrives.
type refusal struct {
	text string
	body *body
}

func (*refusal) SupportsBodyWriteTo() bool { return true }
func (*refusal) Read([]byte) (int, error)  { return 0, errors.ErrUnsupported }

func (f *refusal) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, f.text)
	if err == nil {
		f.body.drain()
	}
	return int64(n), err
}
