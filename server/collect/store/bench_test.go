// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"path/filepath"
	"sync/atomic"
	"testing"

	"lapwing/server/collect/store"
)

// BenchmarkPut stores reports of 64 clients, each waiting for its own.
func BenchmarkPut(b *testing.B) {
	s, err := store.Open(filepath.Join(b.TempDir(), "reports.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	blob := envelope(1)
	var next atomic.Uint64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1) * 0x9E3779B97F4A7C15 // ids are random
			if _, err := s.Put(id(n), 20000, blob, 0); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
