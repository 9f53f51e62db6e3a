// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	std "crypto/sha256"
	"testing"
)

func TestSHA256AgreesWithTheStandardLibrary(t *testing.T) {
	for n := range 56 {
		msg := make([]byte, n)
		for i := range msg {
			msg[i] = byte(i*7 + n)
		}
		if got, want := sha256(msg), std.Sum256(msg); got != want {
			t.Errorf("sha256 of %d bytes = %x, want %x", n, got, want)
		}
	}
}
