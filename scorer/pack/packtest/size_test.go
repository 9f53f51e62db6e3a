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

// TestWordsAreAsPredictableAsRealOnes compares rows of a length, a phrase and
// three bytes with what the same rows take with phrases from prose and menus.
func TestWordsAreAsPredictableAsRealOnes(t *testing.T) {
	for n, want := range map[int]float64{10_000: 9.99, 100_000: 9.35} {
		p := packtest.Generate(1, n)
		var rows []byte
		for _, pat := range p.Patterns {
			rows = append(rows, byte(len(pat.Expr)))
			rows = append(rows, pat.Expr...)
			rows = append(rows, pat.Lang[0]^pat.Lang[1]<<1, byte(pat.Indicator), byte(pat.Indicator>>8))
		}
		got := float64(gzipped(t, rows)) / float64(n)
		t.Logf("%d entries: %.2f bytes each, want %.2f", n, got, want)
		if got < 0.98*want || got > 1.1*want {
			t.Errorf("%d entries: gzip makes %.2f bytes of each, want about %.2f: sizes would flatter or scare", n, got, want)
		}
	}
}

func TestPacksAndDeltasStaySmall(t *testing.T) {
	for _, c := range []struct{ entries, pack, delta int }{{10_000, 84_000, 960}, {100_000, 700_000, 7_500}} {
		old := packtest.Generate(1, c.entries)
		b, err := pack.Encode(old)
		if err != nil {
			t.Fatal(err)
		}
		delta, err := pack.Diff(old, packtest.NextDay(old, 7))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d entries: pack %d bytes, gzip'd %d; a day's delta %d, gzip'd %d",
			c.entries, len(b), gzipped(t, b), len(delta), gzipped(t, delta))
		if got := gzipped(t, b); got > c.pack {
			t.Errorf("a pack of %d entries takes %d bytes, want at most %d", c.entries, got, c.pack)
		}
		if got := gzipped(t, delta); got > c.delta {
			t.Errorf("a day's delta of %d entries takes %d bytes, want at most %d", c.entries, got, c.delta)
		}
	}
}

func TestWordingStaysSmall(t *testing.T) {
	b, err := pack.Encode(&pack.Pack{Name: "x", Version: 1, Wording: []pack.Wording{packtest.Wording(1, 20_000)}})
	if err != nil {
		t.Fatal(err)
	}
	got := gzipped(t, b)
	t.Logf("20000 features: %d bytes, gzip'd %d", len(b), got)
	if got > 60_000 {
		t.Errorf("20000 features take %d bytes, want at most 60000", got)
	}
}

func TestTheSameSeedGivesTheSamePack(t *testing.T) {
	var packs [2][]byte
	for i := range packs {
		b, err := pack.Encode(packtest.NextDay(packtest.Generate(3, 500), 4))
		if err != nil {
			t.Fatal(err)
		}
		packs[i] = b
	}
	if !bytes.Equal(packs[0], packs[1]) {
		t.Error("two runs give two packs")
	}
}
