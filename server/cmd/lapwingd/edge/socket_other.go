// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package edge

import (
	"net"
	"os"
)

// socket is for Linux alone; elsewhere connections are net's.
type socket struct{}

func newSocket(net.Conn) *socket { return nil }

func (*socket) read([]byte) (int, error)  { panic("edge: no socket on this system") }
func (*socket) write([]byte) (int, error) { panic("edge: no socket on this system") }
func (*socket) send([]byte, *os.File, int64, int) (int, int, error) {
	panic("edge: no socket on this system")
}
