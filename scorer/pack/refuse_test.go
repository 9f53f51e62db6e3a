// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"lapwing/scorer/pack"
)

func TestEncodeSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *pack.Pack)
		want   pack.Error
	}{
		"no name":             {func(p *pack.Pack) { p.Name = "" }, pack.Error{Section: pack.InHeader, Entry: -1, Fault: pack.BadText}},
		"name with a space":   {func(p *pack.Pack) { p.Name = "a b" }, pack.Error{Section: pack.InHeader, Entry: -1, Fault: pack.BadText}},
		"version 0":           {func(p *pack.Pack) { p.Version = 0 }, pack.Error{Section: pack.InHeader, Entry: -1, Fault: pack.BadNumber}},
		"30 February":         {func(p *pack.Pack) { p.Created = "2026-02-30" }, pack.Error{Section: pack.InHeader, Entry: -1, Fault: pack.BadDate}},
		"29 February":         {func(p *pack.Pack) { p.Created = "2100-02-29" }, pack.Error{Section: pack.InHeader, Entry: -1, Fault: pack.BadDate}},
		"ID without a family": {func(p *pack.Pack) { p.Indicators[0].ID = "a" }, pack.Error{Section: pack.InIndicators, Entry: 0, Fault: pack.BadText}},
		"weight over its band": {func(p *pack.Pack) { p.Indicators[0].Weight = 13 },
			pack.Error{Section: pack.InIndicators, Entry: 0, Fault: pack.BadNumber}},
		"unknown kind": {func(p *pack.Pack) { p.Indicators[0].Kinds = 1 << pack.NumKinds },
			pack.Error{Section: pack.InIndicators, Entry: 0, Fault: pack.BadNumber}},
		"ID twice": {func(p *pack.Pack) { p.Indicators[1].ID = p.Indicators[0].ID },
			pack.Error{Section: pack.InIndicators, Entry: 1, Fault: pack.OutOfOrder}},
		"indicator that is not there": {func(p *pack.Pack) { p.Patterns[2].Indicator = 2 },
			pack.Error{Section: pack.InPatterns, Entry: 2, Fault: pack.NoSuchIndicator}},
		"pattern twice": {func(p *pack.Pack) { p.Patterns[1] = p.Patterns[0] },
			pack.Error{Section: pack.InPatterns, Entry: 1, Fault: pack.OutOfOrder}},
		"pattern too long": {func(p *pack.Pack) { p.Patterns[0].Expr = strings.Repeat("a", pack.MaxExpr+1) },
			pack.Error{Section: pack.InPatterns, Entry: 0, Fault: pack.BadText}},
		"pattern with a zero byte": {func(p *pack.Pack) { p.Patterns[0].Expr = "a\x00" },
			pack.Error{Section: pack.InPatterns, Entry: 0, Fault: pack.BadText}},
		"pattern not UTF-8": {func(p *pack.Pack) { p.Patterns[0].Expr = "a\xff" },
			pack.Error{Section: pack.InPatterns, Entry: 0, Fault: pack.BadText}},
		"protected word twice": {func(p *pack.Pack) { p.Protected[1] = p.Protected[0] },
			pack.Error{Section: pack.InProtected, Entry: 1, Fault: pack.OutOfOrder}},
		"text not UTF-8": {func(p *pack.Pack) { p.Texts[0].Text = "\xc3" },
			pack.Error{Section: pack.InTexts, Entry: 0, Fault: pack.BadText}},
		"rule twice": {func(p *pack.Pack) { p.Policy.Levels[1] = p.Policy.Levels[0] },
			pack.Error{Section: pack.InPolicy, Entry: 1, Fault: pack.OutOfOrder}},
		"weights missing": {func(p *pack.Pack) { p.Wording[0].Weights = nil },
			pack.Error{Section: pack.InWording, Entry: 0, Fault: pack.BadNumber}},
		"features unsorted": {func(p *pack.Pack) { p.Wording[0].Features[1] = 1 },
			pack.Error{Section: pack.InWording, Entry: 0, Fault: pack.OutOfOrder}},
		"hash of 29 bits": {func(p *pack.Pack) { p.Wording[0].Features[2] = 1 << 28 },
			pack.Error{Section: pack.InWording, Entry: 0, Fault: pack.OutOfOrder}},
	} {
		t.Run(name, func(t *testing.T) {
			p := small()
			c.change(p)
			_, err := pack.Encode(p)
			var got *pack.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want an error", err)
			}
			if *got != c.want {
				t.Errorf("got %v, want %v", got, &c.want)
			}
		})
	}
}

func TestDecodeRefusesWhatIsNotCanonical(t *testing.T) {
	valid := encode(t, documented())
	for name, c := range map[string]struct {
		old, new string
		want     pack.Fault
	}{
		"other magic":                 {"LAPWING", "lapwing", pack.NotAPack},
		"later format":                {"LAPWING\x01", "LAPWING\x02", pack.UnknownVersion},
		"number longer than need be":  {"demo\x07", "demo\x87\x00", pack.NotShortest},
		"language that nobody uses":   {"\x02\x00\x00\x04\x00en\x00", "\x03\x00\x00\x00\x07\x00en\x00fr\x00", pack.NotShortest},
		"languages out of order":      {"\x02\x00\x00\x04\x00en\x00", "\x02\x00\x00\x04en\x00\x00", pack.OutOfOrder},
		"repeats less than it can":    {"\x02\x00\x0a\x16paid each day\x00", "\x02\x00\x09\x17paid each day\x00 ", pack.NotShortest},
		"repeats more than there is":  {"\x02\x00\x0a\x16", "\x02\x00\x0e\x16", pack.CutShort},
		"first string repeats":        {"\x02\x00\x0a\x16", "\x02\x01\x0a\x16", pack.CutShort},
		"bits after the last feature": {"\xfb\x0f\xfd", "\xfb\x8f\xfd", pack.NotShortest},
		"name longer than its bound":  {"\x04demo", "\x7fdemo", pack.TooMany},
	} {
		t.Run(name, func(t *testing.T) {
			b := bytes.Replace(valid, []byte(c.old), []byte(c.new), 1)
			if bytes.Equal(b, valid) {
				t.Fatal("the example has changed: nothing to replace")
			}
			_, err := pack.Decode(b)
			var got *pack.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want an error", err)
			}
			if got.Fault != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestApplyRefusesAnotherBase(t *testing.T) {
	old, next := small(), small()
	next.Version++
	delta, err := pack.Diff(old, next)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pack.Apply(next, delta)
	var got *pack.Error
	if !errors.As(err, &got) || got.Fault != pack.WrongBase {
		t.Errorf("got %v, want %v", err, pack.WrongBase)
	}
}

func TestDiffRefusesAnotherName(t *testing.T) {
	next := small()
	next.Name = "other"
	if _, err := pack.Diff(small(), next); err == nil {
		t.Error("got a delta between lists of two names")
	}
}

func TestErrorsTellWhere(t *testing.T) {
	err := &pack.Error{Section: pack.InPatterns, Entry: 4, Fault: pack.BadText}
	if got, want := err.Error(), "pack: patterns: entry 4: empty, too long, not UTF-8, or with forbidden characters"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
