// SPDX-License-Identifier: Apache-2.0

package rule_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"lapwing/scorer/rule"
)

func TestCanonicalForm(t *testing.T) {
	for _, test := range []struct{ name, expr, want string }{
		{"words lose case and punctuation", `Don't  "WORRY", please`, "don t worry please"},
		{"a pattern of the design", "(we|company|agency) (keep|keeps|hold) ... your (passport|documents)", "(we|company|agency) (keep|keeps|hold) ... your (passport|documents)"},
		{"an optional word", "on [your] arrival", "on [your] arrival"},
		{"the default gap is not spelled out", "keep ...3 passport", "keep ... passport"},
		{"a wide gap", "keep...8 passport", "keep ...8 passport"},
		{"a number after a gap needs a space", "pay ... 5 days", "pay ... 5 days"},
		{"a stem takes the last word", "keep your passp*", "keep your passp*"},
		{"stems in a row", "return* docum*", "return* docum*"},
		{"a stem before punctuation", "(passp*, docum*)", "passp* docum*"},
		{"an entity", "call < phone >", "call <phone>"},
		{"a bounded entity", "<age under 018> girls", "<age under 18> girls"},
		{"joins", "a &  b &! c + d", "a & b &! c + d"},
		{"at least", "2 of {no experience; free housing;visa free }", "2 of {no experience; free housing; visa free}"},
		{"a number that is no at-least", "2 of the documents", "2 of the documents"},
		{"a group of one dissolves", "(the) (big house) now", "the big house now"},
		{"a choice within a choice", "((a|b)|c)", "(a|b|c)"},
		{"alternatives alike in normal form", "(Visa|visa|VISA) ready", "visa ready"},
		{"an optional choice within a group stays a word's", "(a [b]|c)", "(a [b]|c)"},
		{"a script without spaces", "扣押 (护照|身份证)原件", "扣 押 (护 照|身 份 证) 原 件"},
		{"a Cyrillic stem", "паспорт* забира*", "паспорт* забира*"},
		{"a hyphen between groups", "(live)-(in|out)", "live (in|out)"},
		{"lines", "keep\n  your passport", "keep your passport"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := rule.Parse(test.expr)
			if err != nil {
				t.Fatalf("Parse(%q): %v", test.expr, err)
			}
			if got.String() != test.want {
				t.Errorf("Parse(%q).String() = %q, want %q", test.expr, got.String(), test.want)
			}
			checkRoundTrip(t, got)
		})
	}
}

func TestTree(t *testing.T) {
	got, err := rule.Parse("we keep ...5 your passp* [<pay over 900>] &! the same day")
	if err != nil {
		t.Fatal(err)
	}
	want := rule.Pattern{Terms: []rule.Term{
		{Join: rule.Near, Sequence: rule.Sequence{
			Segments: []rule.Segment{
				{rule.Words("we keep")},
				{rule.Words("your"), rule.Stem("passp"), rule.Group{Optional: true, Alts: []rule.Segment{{rule.Entity{Class: rule.Pay, Op: rule.Over, N: 900}}}}},
			},
			Gaps: []int{5},
		}},
		{Join: rule.NotNear, Sequence: rule.Sequence{Segments: []rule.Segment{{rule.Words("the same day")}}}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}

func TestErrorsPointAtTheFault(t *testing.T) {
	for _, test := range []struct {
		name, expr string
		offset     int
		problem    string
	}{
		{"empty", "", 0, "no words"},
		{"only punctuation", " , - ", 0, "no words"},
		{"ends with a gap", "keep ...", 8, `nothing stands after "..."`},
		{"begins with a gap", "... keep", 0, `nothing stands before "..."`},
		{"two gaps", "keep ... ... passport", 9, `nothing stands before "..."`},
		{"gap too wide", "keep ...9 passport", 8, "a gap of 9 words"},
		{"gap of nothing", "keep ...0 passport", 8, "a gap of 0 words"},
		{"four dots", "keep .... passport", 5, "more than three dots"},
		{"gap runs into a word", "keep ...5th day", 8, "the gap's number runs into a word"},
		{"an ellipsis character", "keep … passport", 5, `the character "…"`},
		{"gap in a group", "(keep ... your|hold)", 6, `"..." inside a group`},
		{"open group", "(keep|hold your", 0, `"(" is not closed`},
		{"open option", "keep [your", 5, `"[" is not closed`},
		{"wrong bracket", "(keep|hold]", 10, `"(" is closed by "]"`},
		{"stray bracket", "keep) your", 4, `")" closes nothing`},
		{"empty alternative", "(keep||hold)", 6, "an alternative without words"},
		{"alternative of punctuation", "(keep|-)", 6, "an alternative without words"},
		{"alternative that can be nothing", "(keep|[hold])", 6, "an alternative that can be nothing"},
		{"everything optional", "[keep] [hold]", 0, "everything here is optional"},
		{"optional between gaps", "keep ... [your] ... passport", 9, "everything here is optional"},
		{"bar outside", "keep | hold", 5, `"|" outside a group`},
		{"short stem", "pas*", 3, `the stem "pas*" is too short`},
		{"short Cyrillic stem", "па*", 4, `the stem "па*" is too short`},
		{"stem of a character", "护照*", 6, `the stem "照*" is too short`},
		{"star alone", "keep *", 5, `"*" does not follow a word`},
		{"star in a group", "(keep|*)", 6, `"*" does not follow a word`},
		{"star inside a word", "pass*port", 4, `"*" inside a word`},
		{"suffix group", "passport[s]", 8, "a word runs into a group"},
		{"prefix group", "(un|)paid", 4, "an alternative without words"},
		{"group runs into a word", "(un|over)paid", 9, "a word runs into a group"},
		{"unknown entity", "call <fone>", 5, "unknown entity <fone>"},
		{"open entity", "call <phone", 5, `"<" is not closed`},
		{"comparison without value", "<phone under 5>", 0, "<phone> has no value to compare"},
		{"unknown comparison", "<age below 18>", 0, `unknown comparison "below"`},
		{"no number", "<age under x>", 0, `"x" is not a whole number up to 4294967295`},
		{"signed number", "<age under +8>", 0, `"+8" is not a whole number up to 4294967295`},
		{"empty comparison", "<age under 0>", 0, "no value is under 0"},
		{"stray angle", "keep > hold", 5, `">" closes nothing`},
		{"join at the end", "keep &", 5, "nothing to join"},
		{"join at the start", "& keep", 0, "no words"},
		{"tight join", "R&B singers", 1, "no space around &"},
		{"a plus sign", "18+ only", 2, "no space around +"},
		{"join in a group", "(keep & hold)", 6, `"&" inside a group`},
		{"brace alone", "{keep; hold}", 0, `"{" without "N of"`},
		{"at least one", "1 of {a; b}", 0, `the number before "of" is out of range`},
		{"at least too many", "3 of {a; b}", 0, `the number before "of" is out of range`},
		{"open brace", "2 of {a; b", 10, `"{" is not closed`},
		{"after the brace", "2 of {a; b} c", 12, `something follows "}"`},
		{"empty sequence", "2 of {a; }", 8, "no words between the semicolons"},
		{"bar in braces", "2 of {a| b}", 7, `"|" outside a group`},
		{"join in braces", "2 of {a & b}", 8, "sequences inside { } are separated by semicolons"},
		{"semicolon outside", "keep; hold", 4, `";" outside of { }`},
		{"closing brace outside", "keep } hold", 5, `"}" closes nothing`},
		{"too deep", "(a (b (c (d (e|f)|g)|h)|i)|j)", 12, "groups nest more than 4 deep"},
		{"too long", strings.Repeat("word ", 210), rule.MaxExpr, "longer than 1024 bytes"},
		{"too long in normal form", strings.Repeat("护照 ", 30) + "& " + strings.Repeat("护照", 155), 0, ""},
		{"too many words", strings.Repeat("a ", 65), 0, "more than 64 words"},
		{"too many ways", strings.Repeat("(a|b|c|d|e) ", 6), 0, "more than 4096 ways through"},
		{"too many sequences", "a & b & c & d & e & f & g & h & i", 31, "more than 8 sequences"},
		{"not UTF-8", "keep \xff", 5, "not UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := rule.Parse(test.expr)
			var fault *rule.Error
			if !errors.As(err, &fault) {
				t.Fatalf("Parse(%q) = %q, %v, want an error of type *rule.Error", test.expr, got, err)
			}
			if test.problem == "" {
				return
			}
			if fault.Offset != test.offset || fault.Problem != test.problem {
				t.Errorf("Parse(%q): got %d %q, want %d %q", test.expr, fault.Offset, fault.Problem, test.offset, test.problem)
			}
			if fault.Hint == "" {
				t.Errorf("Parse(%q): no hint, want a sentence that says what to do", test.expr)
			}
		})
	}
}

func checkRoundTrip(t interface {
	Helper()
	Errorf(string, ...any)
}, p rule.Pattern) {
	t.Helper()
	text := p.String()
	again, err := rule.Parse(text)
	if err != nil {
		t.Errorf("Parse(%q), which String wrote: %v", text, err)
		return
	}
	if !reflect.DeepEqual(again, p) {
		t.Errorf("Parse(%q) = %#v, want what was printed: %#v", text, again, p)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"(we|company) (keep|hold) ... your (passport|documents)", "keep your passp* [on arrival] & <pay over 5000> &! x + y",
		"2 of {a; (b|c) [d]; <age under 18>}", "扣押护照", "R&B", "((a|b)|[c] d)", "ก่อนเดินทาง", "паспорт*", "...", "ǅ ﬁ İ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		p, err := rule.Parse(expr)
		var fault *rule.Error
		switch {
		case err == nil:
			checkRoundTrip(t, p)
		case !errors.As(err, &fault):
			t.Errorf("Parse(%q): error of type %T, want *rule.Error", expr, err)
		case fault.Offset < 0 || fault.Offset > len(expr):
			t.Errorf("Parse(%q): offset %d, want one inside the expression", expr, fault.Offset)
		}
	})
}

func BenchmarkParsePhrase(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rule.Parse("send the deposit before viewing"); err != nil {
			b.Fatal(err)
		}
	}
}
