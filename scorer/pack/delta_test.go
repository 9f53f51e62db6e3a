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
