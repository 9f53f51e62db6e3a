// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"strings"
	"testing"

	"lapwing/scorer/normal"
)

func TestNotableWordsAreInNormalForm(t *testing.T) {
	for _, c := range classWords {
		for _, w := range strings.Fields(c.words) {
			w, _, _ = strings.Cut(w, "=")
			if got := normal.Fold(w); got != w {
				t.Errorf("class %d has %q, whose normal form is %q: it would never be found", c.class, w, got)
			}
		}
	}
}
