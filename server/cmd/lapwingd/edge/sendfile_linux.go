// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"net"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// fileSender sends the held header and part of a file to the socket. Its
// fields are what step needs between two calls, and step is kept, so that
// sending allocates nothing.
type fileSender struct {
	step   func(fd uintptr) bool
	header []byte
	from   int
	offset int64
	left   int
	err    error
}

// sendFile sends c.held and n bytes of f from offset on. It reports how many
// of the n were sent, and false if this connection cannot do so.
func (c *conn) sendFile(f *os.File, offset int64, n int) (int, bool, error) {
	tcp, ok := c.Conn.(*net.TCPConn)
	if !ok {
		return 0, false, nil
	}
	socket, err := tcp.SyscallConn()
	if err != nil {
		return 0, false, nil
	}
	s := &c.file
	if s.step == nil {
		s.step = s.send
	}
	s.header, s.from, s.offset, s.left, s.err = c.held, int(f.Fd()), offset, n, nil
	for {
		err = socket.Write(s.step)
		if err == nil {
			err = s.err
		}
		if err == nil || c.write.due(err, c.Conn.SetWriteDeadline) {
			runtime.KeepAlive(f)
			return n - s.left, true, err
		}
	}
}

// send does what the socket takes at the moment; false waits until it takes more.
func (s *fileSender) send(fd uintptr) bool {
	for len(s.header) > 0 {
		// MSG_MORE: the body follows, do not send a packet for the header alone.
		n, err := unix.SendmsgN(int(fd), s.header, nil, nil, unix.MSG_MORE)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return s.stop(err)
		}
		s.header = s.header[n:]
	}
	for s.left > 0 {
		n, err := unix.Sendfile(int(fd), s.from, &s.offset, s.left)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return s.stop(err)
		}
		if n == 0 {
			s.err = unix.EIO // the file is shorter than the answer; it is sealed, so never
			return true
		}
		s.left -= n
	}
	return true
}

// stop waits where the socket is full, and gives up on anything else.
func (s *fileSender) stop(err error) bool {
	if err == unix.EAGAIN {
		return false
	}
	s.err = err
	return true
}
