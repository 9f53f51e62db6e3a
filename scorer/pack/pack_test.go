// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"reflect"
	"testing"

	"lapwing/scorer/pack"
)

// small is a pack with something in every section.
func small() *pack.Pack {
	return &pack.Pack{
		Name: "demo", Version: 7, Created: "2026-11-23",
		Indicators: []pack.Indicator{
			{ID: "documents.keeps-passport", Dimension: pack.CoerciveRecruitment, Strength: pack.Strong, Weight: 9,
				Kinds: 1<<pack.Job | 1<<pack.AuPair, Status: pack.Active, Expires: "2027-11-23",
				Sources: []string{"ILO indicators of forced labour, 2012"}},
			{ID: "pay.per-day", Dimension: pack.DeceptiveRecruitment, Strength: pack.Weak, Weight: 2, Kinds: 1 << pack.Job},
		},
		Patterns: []pack.Pattern{
			{Indicator: 1, Lang: "en", Expr: "paid each day"},
			{Indicator: 1, Lang: "en", Expr: "paid each evening"},
			{Indicator: 0, Lang: "en", Expr: "we keep your passport"},
			{Indicator: 0, Role: pack.Unless, Lang: "es", Expr: "копия паспорта"},
		},
		Protected: []string{"girl", "girls"},
		Texts:     []pack.Text{{Lang: "en", Key: "pay.per-day/title", Text: "Paid by the day"}},
		Documents: []pack.Document{{Name: "helpline/xx", JSON: `{"number":"000"}`}},
		Policy: pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12,
			Levels: []pack.LevelRule{{Notice: 4, Elevated: 9, High: 16}, {Kind: pack.Job, Lang: "en", Notice: 5, Elevated: 10, High: 18}}},
		Wording: []pack.Wording{{Lang: "en", Kinds: 1 << pack.Job, Features: []uint32{3, 70000, 1<<28 - 1},
			Weights: []int8{-3, 0, 127}, Bias: -40, Doc: [2]int32{100, 200}, Window: [2]int32{50, 1 << 30}}},
	}
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	b, err := pack.Encode(small())
	if err != nil {
		t.Fatal(err)
	}
	got, err := pack.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if want := small(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestEveryShorterInputIsRefused(t *testing.T) {
	b, err := pack.Encode(small())
	if err != nil {
		t.Fatal(err)
	}
	for n := range b {
		if _, err := pack.Decode(b[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were taken for a pack", n, len(b))
		}
	}
	if _, err := pack.Decode(append(b, 0)); err == nil {
		t.Fatal("a byte after the end was accepted")
	}
}

func FuzzDecode(f *testing.F) {
	b, err := pack.Encode(small())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	b, err = pack.Encode(&pack.Pack{Name: "empty", Version: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := pack.Decode(b)
		if err != nil {
			return
		}
		again, err := pack.Encode(p)
		if err != nil {
			t.Fatalf("a decoded pack does not encode: %v", err)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("two encodings of one pack:\n%x\n%x", b, again)
		}
	})
}
