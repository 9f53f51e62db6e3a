// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// The scanner's agreement with the library is about internals, hence this
// test inside the package.

func TestJSONLinesAreRead(t *testing.T) {
	for _, c := range []struct{ line, id, title, body, problem string }{
		{`{"id":"a","title":"T","body":"B"}`, `"a"`, "T", "B", ""},
		{` { "body" : "B\n\"x\"\u0436\ud83d\ude00\/" , "id" : -1.5e3 } `, `-1.5e3`, "", "B\n\"x\"ж😀/", ""},
		{`{"title":"T","tags":["a",{"b":[1,2,null,true]}],"n":{}}`, ``, "T", "", ""},
		{`{"title":"first","title":"last"}`, ``, "last", "", ""},
		{`{"title":"T","body":null,"id":null}`, ``, "T", "", ""},
		{`{"ti\u0074le":"T"}`, ``, "T", "", ""},
		{`{"title":"half \ud83d pair"}`, ``, "half \uFFFD pair", "", ""},
		{`{"title":"T","id":"\u0061\ud800"}`, "\"a\uFFFD\"", "T", "", ""},
		{`{"title":12}`, ``, "12", "", ""},
		{`{"id":"x","company":"C"}`, `"x"`, "", "", noText},
		{`{"id":"x","title":["T"]}`, `"x"`, "", "", "title is an array where text is wanted"},
		{`{"id":"x","title":true}`, `"x"`, "", "", "title is true or false where text is wanted"},
		{`{"kind":1,"title":"T"}`, ``, "T", "", "kind is a number where text is wanted"},
		{`{"id":"x","title":"T"`, `"x"`, "T", "", "not JSON: the line ends early, after byte 21"},
		{`{"title":"T"} {"title":"U"}`, ``, "T", "", "not JSON: something follows the object"},
		{`[{"title":"T"}]`, ``, "", "", "the line is a JSON array; one object per line is wanted (jq -c '.[]' makes them)"},
		{`"title"`, ``, "", "", "the line is JSON, but not an object"},
		{`title: T`, ``, "", "", "not JSON: byte 2: invalid character 'i' in literal true (expecting 'r')"},
	} {
		var r Record
		var l scorer.Listing
		decodeJSON([]byte(c.line), Fields{}, &r, &l)
		if r.Problem != c.problem || string(r.ID) != c.id {
			t.Errorf("%s\n got id %s, problem %q\nwant id %s, problem %q", c.line, r.ID, r.Problem, c.id, c.problem)
		}
		if c.problem == "" && (l.Text[scorer.Title] != c.title || l.Text[scorer.Body] != c.body) {
			t.Errorf("%s\n got title %q, body %q\nwant title %q, body %q", c.line, l.Text[scorer.Title], l.Text[scorer.Body], c.title, c.body)
		}
	}
}

func TestJSONKeysFollowTheFieldMapping(t *testing.T) {
	fields, err := ParseFields("title=Job Title,body=text")
	if err != nil {
		t.Fatal(err)
	}
	var r Record
	var l scorer.Listing
	decodeJSON([]byte(`{"Job Title":"T","text":"B","title":"no","kind":"job"}`), fields, &r, &l)
	if l.Text[scorer.Title] != "T" || l.Text[scorer.Body] != "B" || l.Kind != pack.Job {
		t.Errorf("got %+v, want title T, body B, kind job", l)
	}
}

func FuzzJSONScannerAgreesWithLibrary(f *testing.F) {
	for _, s := range []string{
		`{"id":"a","title":"T","body":"B\n\u0436"}`, `{"x":[1,{"a":"\\\""}],"title":"T","id":1}`,
		`{"title":"\ud83d\ude00\ud83d","body":null}`, `{"title":0.0e-1,"lang":"en","kind":"job"}`, "{\"title\":\"\xff\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.ContainsAny(line, "\n") || hasControl(line) {
			return // the scanner lets raw control characters pass: see jsonscan.go
		}
		slowLine := bytes.Clone(line)
		var fast, slow Record
		var fastL, slowL scorer.Listing
		s := jsonScanner{line: bytes.Clone(line)}
		if !s.scan(Fields{}) || !s.fill(&fast, &fastL) {
			return
		}
		if err := decodeJSONSlowly(slowLine, Fields{}, &slow, &slowL); err != nil {
			t.Fatalf("%q: the scanner reads it, the library says %v", line, err)
		}
		for k := range fastL.Text {
			if got, want := valid(fastL.Text[k]), valid(slowL.Text[k]); got != want {
				t.Errorf("%q: %v: scanner %q, library %q", line, scorer.Field(k), got, want)
			}
		}
		if !bytes.Equal(fast.ID, slow.ID) || fastL.Kind != slowL.Kind || valid(fastL.Lang) != valid(slowL.Lang) {
			t.Errorf("%q: scanner %s %v %q, library %s %v %q", line, fast.ID, fastL.Kind, fastL.Lang, slow.ID, slowL.Kind, slowL.Lang)
		}
	})
}

func hasControl(b []byte) bool {
	return bytes.ContainsFunc(b, func(r rune) bool { return r < ' ' })
}

// valid replaces bytes that are not UTF-8 as the library does.
func valid(s string) string { return string([]rune(s)) }

func BenchmarkDecodeJSON(b *testing.B) {
	body := strings.Repeat("We are looking for a reliable person to join our team in the city centre, full time.\\n", 22)
	line := []byte(`{"id":"listing-123456","kind":"job","lang":"en","title":"Sales assistant wanted","body":"` + body + `","company":"A shop","posted_at":"2026-11-23"}`)
	work := make([]byte, len(line))
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		copy(work, line)
		var r Record
		var l scorer.Listing
		decodeJSON(work, Fields{}, &r, &l)
	}
}
