// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
)

// entries is the size of the list that issue and design speak of.
const entries = 100_000

func BenchmarkEncode100k(b *testing.B) {
	// As a client does after Apply: the strings lie side by side.
	p, err := pack.Decode(encode(b, packtest.Generate(1, entries)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		encode(b, p)
	}
}

func BenchmarkDecode100k(b *testing.B) {
	data := encode(b, packtest.Generate(1, entries))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pack.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApply100k(b *testing.B) {
	old := packtest.Generate(1, entries)
	delta, err := pack.Diff(old, packtest.NextDay(old, 2))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pack.Apply(old, delta); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPatch100k(b *testing.B) {
	p := packtest.Generate(1, entries)
	old := encode(b, p)
	delta, err := pack.Diff(p, packtest.NextDay(p, 2))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pack.Patch(old, delta); err != nil {
			b.Fatal(err)
		}
	}
}
