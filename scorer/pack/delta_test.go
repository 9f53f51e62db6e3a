// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
)

func TestApplyGivesTheNextPack(t *testing.T) {
	old := packtest.Generate(1, 2000)
	next := packtest.NextDay(old, 2)
	checkDelta(t, old, next)
}

// checkDelta says whether Diff and Apply lead from old to next.
func checkDelta(t testing.TB, old, next *pack.Pack) {
	t.Helper()
	delta, err := pack.Diff(old, next)
	if err != nil {
		t.Fatalf("diff: %v", err)
	}
	if old, err = pack.Canonical(old); err != nil {
		t.Fatal(err)
	}
	got, err := pack.Apply(old, delta)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	if !bytes.Equal(encode(t, got), encode(t, next)) {
		t.Fatalf("applying the delta gives another pack\ngot  %+v\nwant %+v", got, next)
	}
}

func encode(t testing.TB, p *pack.Pack) []byte {
	t.Helper()
	b, err := pack.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDeltaCarriesEverySection(t *testing.T) {
	old := documented()
	next := small()
	next.Version = 8
	checkDelta(t, old, next)
	checkDelta(t, next, old)
}

func TestPatternsFollowTheirIndicator(t *testing.T) {
	old, next := small(), small()
	next.Version++
	// One more indicator in front moves all others by one place.
	next.Indicators = append(next.Indicators, pack.Indicator{ID: "aupair.first", Weight: 1})
	checkDelta(t, old, next)
	delta, err := pack.Diff(old, next)
	if err != nil {
		t.Fatal(err)
	}
	if len(delta) > 64 {
		t.Errorf("a new indicator without patterns takes %d bytes: are all patterns in the delta?", len(delta))
	}
}

func TestAnIndicatorGoesAndAnotherComes(t *testing.T) {
	old, next := small(), small()
	// Of a, b, c becomes b, x, c: b moves, c stays where it is.
	ids := func(list ...string) (out []pack.Indicator) {
		for _, id := range list {
			out = append(out, pack.Indicator{ID: id, Weight: 1})
		}
		return out
	}
	old.Indicators, next.Indicators = ids("f.a", "f.b", "f.c"), ids("f.b", "f.c", "f.bb")
	old.Patterns = []pack.Pattern{{Indicator: 0, Expr: "a"}, {Indicator: 1, Expr: "b"}, {Indicator: 2, Expr: "c"}}
	next.Patterns = []pack.Pattern{{Indicator: 0, Expr: "b"}, {Indicator: 1, Expr: "c"}, {Indicator: 2, Expr: "bb"}}
	checkDelta(t, old, next)
	checkDelta(t, next, old)
}

func FuzzApply(f *testing.F) {
	old, next := packtest.Generate(1, 50), small()
	next.Name = old.Name
	for _, p := range []*pack.Pack{packtest.NextDay(packtest.Generate(1, 400), 1), next, old} {
		delta, err := pack.Diff(old, p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(delta)
	}
	before := encode(f, old)
	f.Fuzz(func(t *testing.T, delta []byte) {
		p, err := pack.Apply(old, delta)
		if err == nil {
			b := encode(t, p)
			if again, err := pack.Decode(b); err != nil || !bytes.Equal(encode(t, again), b) {
				t.Fatalf("the result does not survive encoding: %v", err)
			}
		}
		if !bytes.Equal(encode(t, old), before) {
			t.Fatal("Apply changed the old pack")
		}
	})
}
