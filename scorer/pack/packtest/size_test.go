// SPDX-License-Identifier: Apache-2.0

package packtest_test

import (
	"bytes"
	"compress/gzip"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
)

func gzipped(t testing.TB, b []byte) int {
	var buf bytes.Buffer
	w, _ := gzip.NewWriterLevel(&buf, 9)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Len()
}

func rows(p *pack.Pack) []byte {
	var b []byte
	for _, pat := range p.Patterns {
		b = append(b, byte(len(pat.Expr)))
		b = append(b, pat.Expr...)
		b = append(b, pat.Lang[0]^pat.Lang[1]<<1, byte(pat.Indicator), byte(pat.Indicator>>8))
	}
	return b
}

func TestSizes(t *testing.T) {
	for _, n := range []int{1000, 10000, 100000} {
		p := packtest.Generate(1, n)
		r := rows(p)
		b, err := pack.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d: rows %.2f gz %.3f; pack %.2f gz %d = %.3f", n, float64(len(r))/float64(n), float64(gzipped(t, r))/float64(n), float64(len(b))/float64(n), gzipped(t, b), float64(gzipped(t, b))/float64(n))
		if n == 1000 {
			for i := 0; i < n; i += 40 {
				t.Log(p.Patterns[i].Lang, p.Patterns[i].Expr)
			}
		}
	}
}

func TestDeltaSizes(t *testing.T) {
	for _, n := range []int{10000, 100000} {
		p := packtest.Generate(1, n)
		q := packtest.NextDay(p, 7)
		d, err := pack.Diff(p, q)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(n, len(d), gzipped(t, d))
	}
	for _, n := range []int{20000, 40000} {
		m := packtest.Wording(1, n)
		b, err := pack.Encode(&pack.Pack{Name: "x", Version: 1, Wording: []pack.Wording{m}})
		t.Log(n, len(b), gzipped(t, b), err)
	}
}
