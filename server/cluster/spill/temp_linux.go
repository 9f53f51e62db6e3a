// SPDX-License-Identifier: Apache-2.0

package spill

import (
	"os"

	"golang.org/x/sys/unix"
)

// temp makes a file without a name in dir.
func temp(dir string) (*os.File, error) {
	if dir == "" {
		dir = os.TempDir()
	}
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err == nil {
		return os.NewFile(uintptr(fd), dir+"/(temporary)"), nil
	}
	return named(dir) // some file systems cannot
}
