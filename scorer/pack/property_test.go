// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lapwing/scorer/pack"
)

// anyPack draws small packs whose entries often share keys with each other, so
// that two of them differ in every way that a delta must carry.
func anyPack() *rapid.Generator[*pack.Pack] {
	return rapid.Custom(func(t *rapid.T) *pack.Pack {
		p := &pack.Pack{
			Name: "any", Version: rapid.Uint32Range(1, 1<<32-1).Draw(t, "version"), Created: "2026-11-23",
			Policy: pack.Policy{FamilyCap: rapid.Uint8().Draw(t, "cap"), NearWords: 12},
		}
		lang := rapid.SampledFrom([]string{"", "de", "en", "zh"})
		for _, k := range numbers(t, "indicators", 6) {
			p.Indicators = append(p.Indicators, pack.Indicator{ID: fmt.Sprintf("f%d.x", k), Weight: rapid.Uint8Range(1, 3).Draw(t, "weight"),
				Kinds: rapid.Uint16Range(0, 1<<pack.NumKinds-1).Draw(t, "kinds"), Sources: rapid.SampledFrom([][]string{nil, {"a"}, {"a", "b"}}).Draw(t, "sources")})
		}
		if len(p.Indicators) > 0 {
			exprs := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "ab", "abc", "b", "b c", "ж", "жз", "工 作"}), 0, 12).Draw(t, "exprs")
			for _, e := range exprs {
				p.Patterns = append(p.Patterns, pack.Pattern{Expr: e, Lang: lang.Draw(t, "lang"), Role: pack.Role(rapid.Uint8Range(0, 1).Draw(t, "role")),
					Indicator: rapid.Uint32Range(0, uint32(len(p.Indicators)-1)).Draw(t, "indicator")})
			}
		}
		for _, k := range numbers(t, "protected", 5) {
			p.Protected = append(p.Protected, fmt.Sprint("word", k))
		}
		for _, k := range numbers(t, "texts", 8) {
			p.Texts = append(p.Texts, pack.Text{Lang: []string{"de", "en"}[k%2], Key: fmt.Sprint("k", k/2), Text: lang.Draw(t, "text")})
		}
		for _, k := range numbers(t, "documents", 5) {
			p.Documents = append(p.Documents, pack.Document{Name: fmt.Sprint("d", k), JSON: lang.Draw(t, "json")})
		}
		for _, k := range numbers(t, "levels", 4) {
			p.Policy.Levels = append(p.Policy.Levels, pack.LevelRule{Kind: pack.Kind(k), Lang: lang.Draw(t, "lang"), High: rapid.Uint16().Draw(t, "high")})
		}
		for _, k := range numbers(t, "models", 2) {
			p.Wording = append(p.Wording, anyModel(t, k))
		}
		return dedupe(p)
	})
}

// numbers draws some of 0 to n-1, in any order.
func numbers(t *rapid.T, label string, n int) []int {
	return rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 0, n, rapid.ID).Draw(t, label)
}

func anyModel(t *rapid.T, k int) pack.Wording {
	m := pack.Wording{Lang: "en", Kinds: uint16(k), Bias: rapid.Int32().Draw(t, "bias"), Window: [2]int32{rapid.Int32().Draw(t, "window"), 1}}
	hashes := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 1<<pack.FeatureBits-1), 0, 40, rapid.ID).Draw(t, "hashes")
	slices.Sort(hashes)
	for _, h := range hashes {
		m.Features = append(m.Features, h)
		m.Weights = append(m.Weights, rapid.Int8().Draw(t, "weight"))
	}
	return m
}

// dedupe removes patterns that were drawn twice.
func dedupe(p *pack.Pack) *pack.Pack {
	seen := map[pack.Pattern]bool{}
	p.Patterns = slices.DeleteFunc(p.Patterns, func(x pack.Pattern) bool {
		twice := seen[x]
		seen[x] = true
		return twice
	})
	if len(p.Patterns) == 0 {
		p.Patterns = nil
	}
	return p
}

func TestDecodeIsTheInverseOfEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPack().Draw(t, "pack")
		want, err := pack.Canonical(p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := pack.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pack.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		// Encoding once more tells nil lists and empty ones apart no more.
		again, err := pack.Encode(got)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("encoded again: %v\n%x\nwant\n%x", err, again, b)
		}
		if !reflect.DeepEqual(got.Patterns, want.Patterns) && len(got.Patterns)+len(want.Patterns) > 0 {
			t.Fatalf("patterns %+v, want %+v", got.Patterns, want.Patterns)
		}
	})
}

func TestCanonicalLeavesItsArgumentAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPack().Draw(t, "pack")
		indicators, patterns, texts := slices.Clone(p.Indicators), slices.Clone(p.Patterns), slices.Clone(p.Texts)
		if _, err := pack.Canonical(p); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p.Indicators, indicators) || !reflect.DeepEqual(p.Patterns, patterns) || !reflect.DeepEqual(p.Texts, texts) {
			t.Fatal("Canonical changed the pack that it was given")
		}
	})
}

func TestDeltaLeadsFromAnyPackToAnyOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, next := anyPack().Draw(t, "old"), anyPack().Draw(t, "next")
		old, err := pack.Canonical(old)
		if err != nil {
			t.Fatal(err)
		}
		before, err := pack.Encode(old)
		if err != nil {
			t.Fatal(err)
		}
		delta, err := pack.Diff(old, next)
		if err != nil {
			t.Fatalf("diff: %v", err)
		}
		got, err := pack.Apply(old, delta)
		if err != nil {
			t.Fatalf("apply: %v", err)
		}
		b, err := pack.Encode(got)
		if err != nil {
			t.Fatal(err)
		}
		want, err := pack.Encode(next)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, want) {
			t.Fatalf("the delta leads to %+v, want %+v", got, next)
		}
		if after, err := pack.Encode(old); err != nil || !bytes.Equal(after, before) {
			t.Fatal("Apply changed the old pack")
		}
	})
}
