// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"lapwing/scorer/pack"
)

// documented is the pack of the example in the package comment.
func documented() *pack.Pack {
	return &pack.Pack{
		Name: "demo", Version: 7, Created: "2026-11-23",
		Indicators: []pack.Indicator{{ID: "pay.per-day", Dimension: pack.DeceptiveRecruitment, Strength: pack.Weak,
			Weight: 2, Kinds: 1 << pack.Job, Status: pack.Active, Sources: []string{"ILO, 2012"}, Expires: "2027-11-23"}},
		Patterns: []pack.Pattern{
			{Lang: "en", Expr: "paid each day"},
			{Lang: "en", Expr: "paid each evening", Role: pack.Unless},
		},
		Protected: []string{"girl"},
		Texts:     []pack.Text{{Lang: "en", Key: "pay.per-day/title", Text: "Paid by the day"}},
		Documents: []pack.Document{{Name: "helpline/xx", JSON: `{}`}},
		Policy:    pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12, Levels: []pack.LevelRule{{Notice: 4, Elevated: 9, High: 160}}},
		Wording: []pack.Wording{{Lang: "en", Kinds: 1 << pack.Job, Bias: -40, Doc: [2]int32{100, 200}, Window: [2]int32{50, 90},
			Features: []uint32{5, 70000, 1<<28 - 1}, Weights: []int8{-3, 0, 127}}},
	}
}

func TestDocumentedExampleIsReal(t *testing.T) {
	want := encode(t, documented())
	got := exampleBytes(t)
	if got != hex.EncodeToString(want) {
		t.Errorf("the example in doc.go has the bytes\n%s\nwant\n%x", got, want)
	}
}

// exampleBytes collects the hexadecimal columns of the example in doc.go: what
// stands between the tab and two spaces.
func exampleBytes(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, example, ok := strings.Cut(string(src), "// # Example\n")
	if !ok {
		t.Fatal("doc.go has no example")
	}
	var b strings.Builder
	for line := range strings.Lines(example) {
		line, ok := strings.CutPrefix(line, "//\t")
		if !ok {
			continue
		}
		digits, _, _ := strings.Cut(line, "  ")
		b.WriteString(strings.ReplaceAll(strings.TrimSpace(digits), " ", ""))
	}
	return b.String()
}
