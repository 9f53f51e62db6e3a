// SPDX-License-Identifier: Apache-2.0

package packtest_test

import (
	"testing"

	"lapwing/scorer/normal"
	"lapwing/scorer/pack/packtest"
)

func TestPhrasesAreInNormalForm(t *testing.T) {
	for _, pat := range packtest.Generate(5, 5_000).Patterns {
		if got := normal.Fold(pat.Expr); got != pat.Expr {
			t.Errorf("%s: %q is %q in normal form: an engine would never match it", pat.Lang, pat.Expr, got)
		}
	}
}
