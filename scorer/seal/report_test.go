// SPDX-License-Identifier: Apache-2.0

package seal_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/seal"
)

var code = func() (c [16]byte) {
	for i := range c {
		c[i] = 0x40 + byte(i)
	}
	return c
}()

// example is the report of the package comment.
func example() *seal.Report {
	r := &seal.Report{
		ID: seal.IDOf(code), Sort: seal.Flagged, Day: "2026-11-24", List: "lapwing-7+1a2b3c4d", Release: 7, Program: "0.2.0",
		Site: "jobs.example", Region: "DE-BE", Kind: pack.Job, Note: `They asked "for the visa".`,
		Verdict: &seal.Verdict{Level: scorer.Elevated, Score: 3725, Reasons: []seal.Reason{
			{Indicator: "identity.passport-first", Points: 9, Spans: []scorer.Span{{Field: scorer.Body, Start: 22, End: 40}}},
		}},
	}
	r.Text[scorer.Body] = "Write to [e-mail] and send your passport."
	return r
}

// full is a report with every field.
func full() *seal.Report {
	r := example()
	r.Address, r.Language = "https://jobs.example/a?b=c", "en-GB"
	for f := range r.Text {
		r.Text[f] = "Zeile\n\t\"eins\" \\ und 中文 " + scorer.Field(f).String()
	}
	r.Verdict.Reasons = append(r.Verdict.Reasons, seal.Reason{Indicator: "wording.resembles-known-fraud", Points: 0})
	r.Verdict.Reasons[0].Spans = append(r.Verdict.Reasons[0].Spans[:0], scorer.Span{End: 5}, scorer.Span{Field: scorer.Contact, Start: 2, End: 3})
	return r
}

func encode(t testing.TB, r *seal.Report) []byte {
	t.Helper()
	b, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAReportComesBackAsItWas(t *testing.T) {
	least := &seal.Report{Sort: seal.Page, Day: "2026-01-31", List: "x-1+00000000", Release: 1, Program: "1.0.0"}
	for name, r := range map[string]*seal.Report{"example": example(), "full": full(), "least": least} {
		b := encode(t, r)
		got, err := seal.ParseReport(b)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, b)
			continue
		}
		if !reflect.DeepEqual(got, r) {
			t.Errorf("%s: got %+v, want %+v: what reviewers read is what was shown", name, got, r)
		}
	}
}

func TestScoresAreWrittenAsInAVerdict(t *testing.T) {
	for score, want := range map[uint16]string{0: "0", 5: "0.05", 50: "0.5", 3725: "37.25", 4000: "40", 10000: "100"} {
		r := example()
		r.Verdict.Score = score
		if b := string(encode(t, r)); !strings.Contains(b, "\"score\": "+want+",\n") {
			t.Errorf("score %d: want %s in\n%s", score, want, b)
		}
	}
}

func TestAReportHasOneFormOnly(t *testing.T) {
	good := string(encode(t, full()))
	for name, bad := range map[string]string{
		"empty":          good[:0],
		"no end":         good[:len(good)-1],
		"more behind it": good + "\n",
		"a field twice":  strings.Replace(good, `  "site"`, "  \"site\": \"a\",\n  \"site\"", 1),
		"fields in another order": strings.Replace(strings.Replace(good, `"company"`, `"location"`, 1),
			"\"location\": \"Zeile\\n\\t\\\"eins\\\" \\\\ und 中文 location", "\"company\": \"Zeile\\n\\t\\\"eins\\\" \\\\ und 中文 location", 1),
		"an unknown field":                strings.Replace(good, `  "site"`, "  \"sight\": \"a\",\n  \"site\"", 1),
		"an empty field":                  strings.Replace(good, `"jobs.example"`, `""`, 1),
		"spaces":                          strings.Replace(good, `"site": `, `"site":  `, 1),
		"a time of day":                   strings.Replace(good, "2026-11-24", "2026-11-24T10:00", 1),
		"a month too many":                strings.Replace(good, "2026-11-24", "2026-13-24", 1),
		"capitals in the id":              strings.Replace(good, "3b49bca", "3B49BCA", 1),
		"an unknown sort":                 strings.Replace(good, `"flagged"`, `"reported"`, 1),
		"an unknown kind":                 strings.Replace(good, `"job"`, `"adult"`, 1),
		"an unknown level":                strings.Replace(good, `"elevated"`, `"certain"`, 1),
		"no level":                        strings.Replace(good, "  \"level\": \"elevated\",\n", "", 1),
		"a score of many digits":          strings.Replace(good, "37.25", "37.250", 1),
		"a score of 101":                  strings.Replace(good, "37.25", "101", 1),
		"a leading zero":                  strings.Replace(good, `"release": 7`, `"release": 07`, 1),
		"a negative number":               strings.Replace(good, `"release": 7`, `"release": -7`, 1),
		"another escape":                  strings.Replace(good, `\n`, `\u000a`, 1),
		"an escaped letter":               strings.Replace(good, `Zeile`, `\Zeile`, 1),
		"a control character":             strings.Replace(good, `Zeile`, "Ze\x01ile", 1),
		"a control character of ISO 8859": strings.Replace(good, `Zeile`, "Ze\u0085ile", 1),
		"no UTF-8":                        strings.Replace(good, `Zeile`, "Ze\xffile", 1),
		"a passage of nothing":            strings.Replace(good, `"start": 2, "end": 3`, `"start": 3, "end": 3`, 1),
		"a passage beyond":                strings.Replace(good, `"start": 2, "end": 3`, `"start": 2, "end": 900`, 1),
		"a passage in an address":         strings.Replace(good, `{"field": "contact"`, `{"field": "url"`, 1),
		"no reasons in a list":            strings.Replace(string(encode(t, example())), "\n    {\"indicator\": \"identity.passport-first\", \"points\": 9, \"spans\": [{\"field\": \"body\", \"start\": 22, \"end\": 40}]}", "", 1),
	} {
		if bad == good {
			t.Errorf("%s: the test changes nothing", name)
		}
		if r, err := seal.ParseReport([]byte(bad)); err == nil {
			t.Errorf("%s: read as %+v, want an error: one form, so that what is shown is what is read", name, r)
		}
	}
}

func TestALaterFormatIsToldApart(t *testing.T) {
	b := strings.Replace(string(encode(t, example())), `"lapwing_report": 1`, `"lapwing_report": 2`, 1)
	_, err := seal.ParseReport([]byte(b))
	var e *seal.Error
	if !errors.As(err, &e) || e.Fault != seal.UnknownFormat {
		t.Errorf("got %v, want UnknownFormat: the reviewer is told to update", err)
	}
}

func TestTooMuchIsRefusedAndTheExcessTold(t *testing.T) {
	r := example()
	r.Text[scorer.Body] = strings.Repeat("a", seal.MaxReport)
	_, err := r.Encode()
	var e *seal.Error
	if !errors.As(err, &e) || e.Fault != seal.TooLong || e.Over <= 0 {
		t.Fatalf("got %v, want TooLong: never a cut", err)
	}
	r.Text[scorer.Body] = r.Text[scorer.Body][e.Over:]
	if b, err := r.Encode(); err != nil || len(b) != seal.MaxReport {
		t.Errorf("after taking %d bytes out: %d bytes, %v: the excess that is told must be right", e.Over, len(b), err)
	}
	r = example()
	r.Note = strings.Repeat("ü", seal.MaxNote)
	encode(t, r)
	r.Note += "ü"
	if _, err := r.Encode(); !errors.As(err, &e) || e.Key != "note" {
		t.Errorf("a note of %d characters: got %v, want an error that names the note", seal.MaxNote+1, err)
	}
}

func FuzzParseReport(f *testing.F) {
	f.Add(encode(f, example()))
	f.Add(encode(f, full()))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := seal.ParseReport(b)
		if err != nil {
			return
		}
		if again := encode(t, r); string(again) != string(b) {
			t.Errorf("read %q, and wrote %q: one form", b, again)
		}
	})
}
