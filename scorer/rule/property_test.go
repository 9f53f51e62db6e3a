// SPDX-License-Identifier: Apache-2.0

package rule_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapwing/scorer/rule"
)

// words are what generated expressions are made of: several scripts, and
// spellings that the normal form changes.
var words = []string{"keep", "Passport", "don't", "a", "5", "5,000", "ﬁne", "Straße", "Ёлка", "护照", "ก่อน", "١٢", "café", "of", "€", "don t"}

var stems = []string{"passp*", "Visas*", "докум*", "übern*"}

var entities = []string{"<phone>", "<age under 18>", "<pay over 5000>", "< money >", "<number over 0>"}

func segment(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		items := []string{rapid.SampledFrom(words).Draw(t, "first")}
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			items = append(items, item(depth).Draw(t, "item"))
		}
		return strings.Join(items, " ")
	})
}

func item(depth int) *rapid.Generator[string] {
	plain := rapid.SampledFrom(append(append(append([]string{}, words...), stems...), entities...))
	if depth == 0 {
		return plain
	}
	group := rapid.Custom(func(t *rapid.T) string {
		alts := rapid.SliceOfN(segment(depth-1), 1, 3).Draw(t, "alternatives")
		form := rapid.SampledFrom([]string{"()", "[]"}).Draw(t, "brackets")
		return form[:1] + strings.Join(alts, " | ") + form[1:]
	})
	return rapid.OneOf(plain, group)
}

func sequence() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := segment(2).Draw(t, "segment")
		for range rapid.IntRange(0, 2).Draw(t, "gaps") {
			text += rapid.SampledFrom([]string{" ... ", " ...1 ", " ...8 "}).Draw(t, "gap") + segment(2).Draw(t, "segment")
		}
		return text
	})
}

// TestEveryWrittenFormIsReadBack builds expressions from the grammar and checks
// that they are accepted and that their canonical form means the same.
func TestEveryWrittenFormIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := rapid.SliceOfN(sequence(), 1, 3).Draw(t, "sequences")
		expr := strings.Join(terms, rapid.SampledFrom([]string{" & ", " &! ", " + "}).Draw(t, "join"))
		if len(terms) > 1 && rapid.Bool().Draw(t, "counted") {
			expr = "2 of {" + strings.Join(terms, "; ") + "}"
		}
		p, err := rule.Parse(expr)
		if err != nil {
			if len(expr) > rule.MaxExpr/3 || strings.Contains(err.Error(), "more than") {
				t.Skip("over a bound")
			}
			t.Fatalf("Parse(%q): %v", expr, err)
		}
		checkRoundTrip(t, p)
	})
}
