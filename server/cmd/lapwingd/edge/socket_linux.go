// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket reads and writes a TCP connection by system calls of its own instead
// of net's, for two reasons. A large answer leaves without being copied:
// header and file in two calls. And the calls are raw: the scheduler is not
// told. To it a call of more than 20 µs looks blocked; it then takes the
// processor away from the thread, gives it to another, and looks again every
// 20 µs, which on one core took a quarter of the time. None of these calls
// blocks: the socket is in non-blocking mode, the file is in memory.
//
// The fields are what a step needs between two calls; the steps are kept, so
// that nothing is allocated for them. One goroutine uses a socket.
type socket struct {
	raw               syscall.RawConn
	reading, writing  func(fd uintptr) bool
	in, out           []byte
	got, sent         int
	readErr, writeErr error
	file              *os.File // to be sent after out; nil for none
	offset            int64
	left              int
}

// newSocket gives nil for what is no TCP connection.
func newSocket(c net.Conn) *socket {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil
	}
	s := &socket{raw: raw}
	s.reading, s.writing = s.stepRead, s.stepWrite
	return s
}

// read is net.Conn's Read.
func (s *socket) read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	s.in, s.got, s.readErr = p, 0, nil
	err := s.raw.Read(s.reading)
	s.in = nil
	if err == nil {
		err = s.readErr
	}
	return s.got, err
}

func (s *socket) stepRead(fd uintptr) bool {
	for {
		n, _, e := unix.RawSyscall(unix.SYS_READ, fd, uintptr(unsafe.Pointer(&s.in[0])), uintptr(len(s.in)))
		switch {
		case e == unix.EINTR:
			continue
		case e == unix.EAGAIN:
			return false // waits until there is something to read
		case e != 0:
			s.readErr = os.NewSyscallError("read", e)
		case n == 0:
			s.readErr = io.EOF
		default:
			s.got = int(n)
		}
		return true
	}
}

// write is net.Conn's Write.
func (s *socket) write(p []byte) (int, error) {
	n, _, err := s.send(p, nil, 0, 0)
	return n, err
}

// send writes p and then n bytes of f from offset on. It reports how much of
// both was sent.
func (s *socket) send(p []byte, f *os.File, offset int64, n int) (ofP, ofFile int, err error) {
	s.out, s.sent, s.writeErr = p, 0, nil
	s.file, s.offset, s.left = f, offset, n
	err = s.raw.Write(s.writing)
	runtime.KeepAlive(f)
	s.out, s.file = nil, nil
	if err == nil {
		err = s.writeErr
	}
	return s.sent, n - s.left, err
}

// stepWrite sends what the socket takes at the moment; false waits until it
// takes more.
func (s *socket) stepWrite(fd uintptr) bool {
	flags := uintptr(unix.MSG_NOSIGNAL)
	if s.left > 0 {
		flags |= unix.MSG_MORE // the file follows: no packet for the header alone
	}
	for s.sent < len(s.out) {
		rest := s.out[s.sent:]
		n, _, e := unix.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&rest[0])), uintptr(len(rest)), flags, 0, 0)
		switch {
		case e == unix.EINTR:
		case e == unix.EAGAIN:
			return false
		case e != 0:
			s.writeErr = os.NewSyscallError("write", e)
			return true
		default:
			s.sent += int(n)
		}
	}
	for s.left > 0 {
		n, _, e := unix.RawSyscall6(unix.SYS_SENDFILE, fd, s.file.Fd(), uintptr(unsafe.Pointer(&s.offset)), uintptr(s.left), 0, 0)
		switch {
		case e == unix.EINTR:
		case e == unix.EAGAIN:
			return false
		case e != 0:
			s.writeErr = os.NewSyscallError("sendfile", e)
			return true
		case n == 0:
			s.writeErr = io.ErrUnexpectedEOF // the file is sealed at its length, so never
			return true
		default:
			s.left -= int(n)
		}
	}
	return true
}
