// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/sha256"
	"math/rand/v2"
	"testing"
)

// An internal test: natively, nothing else calls it.
func TestTheModulesSHA256IsTheLibrarys(t *testing.T) {
	b := make([]byte, 3*hashedAtOnce+500)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	lengths := []int{hashedAtOnce - 1, hashedAtOnce, hashedAtOnce + 1, 2 * hashedAtOnce, 2*hashedAtOnce + 64, len(b)}
	for n := range 400 {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		if got, want := unrolledSHA256(b[:n]), Hash(sha256.Sum256(b[:n])); got != want {
			t.Fatalf("%d bytes: got %v, want %v", n, got, want)
		}
	}
}

func FuzzTheModulesSHA256(f *testing.F) {
	f.Add([]byte("abc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, want := unrolledSHA256(b), Hash(sha256.Sum256(b)); got != want {
			t.Fatalf("%x: got %v, want %v", b, got, want)
		}
	})
}

func BenchmarkUnrolledSHA256(b *testing.B) {
	data := make([]byte, 1_500_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		unrolledSHA256(data)
	}
}

func BenchmarkSHA256OfTheLibrary(b *testing.B) {
	data := make([]byte, 1_500_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		sha256.Sum256(data)
	}
}
