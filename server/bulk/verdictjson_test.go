// SPDX-License-Identifier: Apache-2.0

package bulk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
)

func smallPack() *pack.Pack {
	return &pack.Pack{
		Name: "lapwing", Version: 7, Created: "2026-11-23",
		Indicators: []pack.Indicator{
			{ID: "coercion.keeps-documents", Dimension: pack.CoerciveRecruitment, Strength: pack.Strong, Weight: 9},
			{ID: "payment.fee-before-start", Dimension: pack.FraudPayment, Strength: pack.Medium, Weight: 5},
		},
	}
}

func TestVerdictLineIsTheAgreedOne(t *testing.T) {
	f := bulk.NewVerdictFormat(smallPack(), "lapwing-7+00c0ffee", "native")
	l := &scorer.Listing{}
	l.Text[scorer.Body] = "Жильё: we keep your \"passport\"\nok"
	v := &scorer.Verdict{Level: scorer.Elevated, Score: 3725, Reasons: []scorer.Reason{
		{Indicator: 0, Points: 9, Spans: []scorer.Span{{Field: scorer.Body, Start: 10, End: 30}}},
		{Indicator: scorer.WordingHint, Points: 1},
	}}
	got := string(f.AppendVerdict(nil, []byte(`"a-1"`), l, v))
	want := `{"id":"a-1","level":"elevated","score":37.25,"reasons":[` +
		`{"indicator":"coercion.keeps-documents","dimension":"coercive-recruitment","strength":"strong","points":9,` +
		`"spans":[{"field":"body","start":10,"end":30,"text":"keep your \"passport\""}]},` +
		`{"indicator":"wording.resembles-known-fraud","dimension":"deceptive-recruitment","strength":"weak","points":1,"spans":[]}],` +
		`"list":"lapwing-7+00c0ffee","engine":"native"}`
	if got != want {
		t.Errorf("line of a verdict\n got %s\nwant %s", got, want)
	}
}

func TestErrorLineNamesTheLine(t *testing.T) {
	got := string(bulk.AppendError(nil, nil, "no title and no body", 12, ""))
	if want := `{"id":null,"error":"no title and no body","line":12}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestScoreHasNoTrailingZeros(t *testing.T) {
	for hundredths, want := range map[uint16]string{0: "0", 5: "0.05", 50: "0.5", 3725: "37.25", 3750: "37.5", 4000: "40", 10000: "100"} {
		if got := string(bulk.AppendScore(nil, hundredths)); got != want {
			t.Errorf("score of %d hundredths: got %s, want %s", hundredths, got, want)
		}
	}
}

func TestPassagesFarIntoALongFieldAreCutByCodePoints(t *testing.T) {
	f := bulk.NewVerdictFormat(smallPack(), "l", "native")
	l := &scorer.Listing{}
	l.Text[scorer.Body] = strings.Repeat("жx\xff", 3000) + "конец"
	for _, c := range []struct {
		start, end uint32
		want       string
	}{{9000, 9005, "конец"}, {8999, 9001, "\uFFFDк"}, {9004, 9999, "ц"}, {9005, 9006, ""}, {99999, 100000, ""}} {
		v := &scorer.Verdict{Reasons: []scorer.Reason{{Spans: []scorer.Span{{Field: scorer.Body, Start: c.start, End: c.end}}}}}
		var line struct {
			Reasons []struct{ Spans []struct{ Text string } }
		}
		if err := json.Unmarshal(f.AppendVerdict(nil, nil, l, v), &line); err != nil {
			t.Fatal(err)
		}
		if got := line.Reasons[0].Spans[0].Text; got != c.want {
			t.Errorf("passage %d to %d: got %q, want %q", c.start, c.end, got, c.want)
		}
	}
}

func FuzzJSONStringReadsBackAsWritten(f *testing.F) {
	f.Add("plain")
	f.Add("a\"b\\c\x00\x1f\x7f\u2028é\xff")
	f.Fuzz(func(t *testing.T, s string) {
		b := bulk.AppendJSONString(nil, s)
		var got string
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%q was written as %s, which is not JSON: %v", s, b, err)
		}
		want := string([]rune(s)) // each byte that is not UTF-8 becomes one U+FFFD
		if got != want || !utf8.Valid(b) {
			t.Errorf("%q was written as %s and reads back as %q, want %q", s, b, got, want)
		}
	})
}
