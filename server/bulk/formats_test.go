// SPDX-License-Identifier: Apache-2.0

package bulk_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
)

// levels gives "id:level" or "id!problem" of each line of a JSONL output.
func outcomes(t *testing.T, out string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(out) {
		id := between(line, `{"id":`, `,`)
		if level := between(line, `"level":"`, `"`); level != "" {
			all = append(all, id+":"+level)
		} else {
			all = append(all, id+"!"+between(line, `"error":"`, `",`))
		}
	}
	return all
}

func between(s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestCSVIsReadAsPeopleWriteIt(t *testing.T) {
	for _, c := range []struct {
		name, in, fields string
		want             []string
	}{
		{"plain", "id,title,body\n1,T,passport\n2,T,none\n", "", []string{`"1":notice`, `"2":none`}},
		{"mapped header", "Ad ID,Job Title,Description\n1,T,passport\n", "id=Ad ID,title=job title,body=Description", []string{`"1":notice`}},
		{"semicolons, CRLF, mark", "\xef\xbb\xbfid;title;body\r\n1;T;passport\r\n", "", []string{`"1":notice`}},
		{"tabs", "id\ttitle\tbody\n1\tT\tpassport, fee\n", "", []string{`"1":elevated`}},
		{"line feed in quotes", "id,title,body\n1,T,\"a\n\"\"passport\"\"\nb\"\n2,T,fee\n", "", []string{`"1":notice`, `"2":notice`}},
		{"quote in an unquoted cell", "id,title,body\n1,5\" screen,passport\n2,T,fee\n", "", []string{`"1":notice`, `"2":notice`}},
		{"short and long records", "id,title,body\n1,T\n2,T,fee,more,cells\n\n3\n", "", []string{`"1":none`, `"2":notice`, `"3"!the listing has no title and no body`}},
		{"empty cells", "id,title,body\n,,fee\n", "", []string{`null:notice`}},
		{"no line feed at the end", "id,title,body\n1,T,passport", "", []string{`"1":notice`}},
		{"quote left open", "id,title,body\n1,T,\"passport", "", []string{`"1":notice`}},
		{"nothing below the header", "id,title,body\n", "", nil},
	} {
		cfg := fakeConfig(c.in)
		cfg.In, cfg.Fields = bulk.FormatCSV, c.fields
		got, _ := score(t, cfg)
		if o := outcomes(t, got); !slices.Equal(o, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, o, c.want)
		}
	}
}

func TestCSVWithoutATitleOrBodyColumnSaysWhatThereIs(t *testing.T) {
	cfg := fakeConfig("a,b\n1,2\n")
	cfg.In = bulk.FormatCSV
	got, r := score(t, cfg)
	if r.Errors != 1 || !strings.Contains(got, `the columns are \"a\", \"b\"; say which is which with --fields`) {
		t.Errorf("got %s, want an error that names the columns", got)
	}
}

func TestCSVLinesAreCountedAcrossQuotedLineFeeds(t *testing.T) {
	cfg := fakeConfig("id,title,body\n1,T,\"a\nb\nc\"\n2,,\n")
	cfg.In = bulk.FormatCSV
	got, _ := score(t, cfg)
	if !strings.Contains(got, `"line":5}`) {
		t.Errorf("got %s, want the error on line 5, where the record begins", got)
	}
}

func TestAQuoteLeftOpenDoesNotSwallowWhatFollows(t *testing.T) {
	var in strings.Builder
	in.WriteString("id,title,body\n0,\"T,fee\n")
	for k := 1; in.Len() < bulk.MaxLine+(2<<20); k++ {
		fmt.Fprintf(&in, "%d,T,%s\n", k, strings.Repeat("long ", 200))
	}
	records := int64(strings.Count(in.String(), "\n") - 2)
	cfg := fakeConfig(in.String())
	cfg.In = bulk.FormatCSV
	_, r := score(t, cfg)
	if r.Errors != 1 || r.Listings != records || !strings.Contains(r.Faults[0].Problem, "is a quote left open?") || r.Faults[0].Line != 2 {
		t.Errorf("got %d listings and %+v, want %d listings and one error on line 2", r.Listings, r.Faults, records)
	}
}

// Reading CSV in blocks must not depend on where a block ends.
func TestCSVBlocksAgreeWithTheStandardLibrary(t *testing.T) {
	var in bytes.Buffer
	w := csv.NewWriter(&in)
	w.Write([]string{"id", "title", "body"})
	var want []string
	for k := range 30_000 {
		body := fmt.Sprintf("line one\n\"quoted\", %d;\n", k) + strings.Repeat("x", k%97)
		if k%5 == 0 {
			body += "passport"
		}
		w.Write([]string{fmt.Sprint(k), "T", body})
		want = append(want, fmt.Sprintf(`"%d":%s`, k, map[bool]string{true: "notice", false: "none"}[k%5 == 0]))
	}
	w.Flush()
	cfg := fakeConfig(in.String())
	cfg.In = bulk.FormatCSV
	got, _ := score(t, cfg)
	if o := outcomes(t, got); !slices.Equal(o, want) {
		t.Errorf("got %d verdicts, want %d, and the same", len(o), len(want))
	}
}

type parquetAd struct {
	Extra []string `parquet:"extra,list"`
	ID    int64    `parquet:"ad_id"`
	Title *string  `parquet:"title,optional"`
	Body  string   `parquet:"body,dict"`
	Kind  string   `parquet:"kind"`
}

func writeParquet(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ads.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := parquet.NewGenericWriter[parquetAd](f, parquet.Compression(&parquet.Snappy), parquet.MaxRowsPerRowGroup(int64(n/3+1)))
	title := "T"
	for k := range n {
		ad := parquetAd{ID: int64(k), Title: &title, Body: "ordinary", Kind: "job", Extra: []string{"a", "b"}}
		if k%3 == 0 {
			ad.Title, ad.Body = nil, "passport"
		}
		if _, err := w.Write([]parquetAd{ad}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParquetColumnsMakeListings(t *testing.T) {
	const n = 30_000
	cfg := fakeConfig("")
	cfg.Inputs, _ = bulk.Expand([]string{writeParquet(t, n)})
	cfg.Fields = "id=ad_id"
	got, r := score(t, cfg)
	o := outcomes(t, got)
	if len(o) != n || r.Errors != 0 || r.Kinds[pack.Job] != n {
		t.Fatalf("got %d verdicts, %d errors, %d jobs; want %d, 0, all", len(o), r.Errors, r.Kinds[pack.Job], n)
	}
	for k := range o {
		want := fmt.Sprintf(`"%d":%s`, k, map[bool]string{true: "notice", false: "none"}[k%3 == 0])
		if o[k] != want {
			t.Fatalf("row %d: got %s, want %s", k+1, o[k], want)
		}
	}
}

func TestDamagedParquetIsAnErrorAndNoPanic(t *testing.T) {
	whole, err := os.ReadFile(writeParquet(t, 2000))
	if err != nil {
		t.Fatal(err)
	}
	for k := range 60 {
		damaged := bytes.Clone(whole)
		for j := range 8 {
			damaged[(k*7919+j*104729)%len(damaged)] ^= byte(1 << (k % 8))
		}
		path := filepath.Join(t.TempDir(), "ads.parquet")
		if err := os.WriteFile(path, damaged[:len(damaged)-k%3], 0o666); err != nil {
			t.Fatal(err)
		}
		cfg := fakeConfig("")
		cfg.Inputs, _ = bulk.Expand([]string{path})
		score(t, cfg) // whatever it finds, it ends
	}
}

func TestParquetOutputReadsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.parquet")
	cfg := fakeConfig(`{"id":"a","title":"T","body":"we keep your passport"}` + "\n" + `{"id":7}` + "\n" + `{"id":"c","title":"T"}`)
	cfg.Out, cfg.Path = bulk.FormatParquet, path
	score(t, cfg)
	type span struct {
		Text string `parquet:"text"`
	}
	rows, err := parquet.ReadFile[struct {
		ID      *string  `parquet:"id,optional"`
		Level   *string  `parquet:"level,optional"`
		Score   *float64 `parquet:"score,optional"`
		Reasons []struct {
			Indicator string `parquet:"indicator"`
			Spans     []span `parquet:"spans,list"`
		} `parquet:"reasons,list"`
		Error *string `parquet:"error,optional"`
		Line  *int64  `parquet:"line,optional"`
	}](path)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || *rows[0].Level != "notice" || rows[0].Reasons[0].Indicator != "coercion.keeps-documents" ||
		rows[0].Reasons[0].Spans[0].Text != "passport" || *rows[1].ID != "7" || *rows[1].Line != 2 || rows[1].Level != nil || *rows[2].Level != "none" {
		t.Errorf("got %+v", rows)
	}
}

func TestPagesGoThroughTheExtractor(t *testing.T) {
	dir := t.TempDir()
	for name, page := range map[string]string{"a.html": "<p>passport<p>fee", "b.htm": "<p>quiet", "c.html": "", "d.html": "<p>broken"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cfg := fakeConfig("")
	cfg.Inputs, _ = bulk.Expand([]string{dir})
	cfg.Extract = func(page string) ([]scorer.Listing, error) {
		if strings.Contains(page, "broken") {
			return nil, errors.New("reading page: broken")
		}
		var all []scorer.Listing
		for _, p := range strings.Split(page, "<p>")[min(1, len(page)):] {
			if p != "" {
				l := scorer.Listing{}
				l.Text[scorer.Body] = p
				all = append(all, l)
			}
		}
		return all, nil
	}
	got, _ := score(t, cfg)
	want := []string{
		`"` + dir + `/a.html#1":notice`, `"` + dir + `/a.html#2":notice`, `"` + dir + `/b.htm":none`,
		"null!no listing was found on the page", "null!reading page: broken",
	}
	if o := outcomes(t, got); !slices.Equal(o, want) {
		t.Errorf("got %q, want %q", o, want)
	}
}

func TestCSVOutputIsSafeForSpreadsheets(t *testing.T) {
	cfg := fakeConfig(`{"id":"=1+2","title":"T","body":"a fee, \"quoted\""}` + "\n" + `{"id":-5,"title":"T"}` + "\n" + `{"id":"x"}`)
	cfg.Out = bulk.FormatCSV
	got, _ := score(t, cfg)
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, got)
	}
	if len(rows) != 4 || rows[1][0] != "'=1+2" || rows[1][3] != "payment.fee-before-start" || rows[1][4] != "fee" ||
		rows[2][0] != "-5" || rows[3][7] != "the listing has no title and no body" || rows[3][8] != "3" {
		t.Errorf("got %q", rows)
	}
}

func TestTableShowsTitlesAndPassagesWithoutControlCharacters(t *testing.T) {
	cfg := fakeConfig(`{"id":"a","title":"Nice\u001b[31m work\u202e","body":"First. We keep your passport, always.\nBye"}` + "\n{\n" + `{"id":"b","title":"Quiet"}`)
	cfg.Out = bulk.FormatTable
	got, _ := score(t, cfg)
	for _, want := range []string{
		"NOTICE ", "a  Nice\uFFFD[31m work\uFFFD\n", "  • Wants to keep your identity documents (strong; coercion.keeps-documents)\n",
		"      body: First. We keep your «passport», always. Bye\n", "ERROR        line 2  not JSON", "–        ", "b  Quiet",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the table lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("the table has escape sequences without being asked for colour:\n%q", got)
	}
	cfg = fakeConfig(`{"id":"a","title":"T","body":"passport"}`)
	cfg.Out, cfg.Style.Color = bulk.FormatTable, true
	if got, _ := score(t, cfg); !strings.Contains(got, "\x1b[1m«passport»\x1b[0m") {
		t.Errorf("in colour, the passage keeps its marks: got %q", got)
	}
}

func TestLevelHidesTheQuietAndKeepsErrors(t *testing.T) {
	cfg := fakeConfig(`{"id":1,"title":"T"}` + "\n" + `{"id":2,"body":"passport fee"}` + "\n" + `{"id":3}`)
	cfg.Least = scorer.Elevated
	got, r := score(t, cfg)
	if o := outcomes(t, got); !slices.Equal(o, []string{"2:elevated", "3!the listing has no title and no body"}) || r.Listings != 2 {
		t.Errorf("got %q of %d listings, want the elevated one and the error of 2", o, r.Listings)
	}
}

func TestReportIsOnePageAndEscapesAdverts(t *testing.T) {
	cfg := fakeConfig(`{"id":"<b>","lang":"en","kind":"job","title":"<script>alert(1)</script>","body":"a <img src=x onerror=y> passport & fee"}` + "\n{")
	cfg.Worst = true
	_, r := score(t, cfg)
	var page bytes.Buffer
	if err := bulk.WriteReport(&page, bulk.Report{Result: r, Pack: cfg.Pack, List: fakeList, Engine: "native", Lang: "en", Created: "2026-11-23"}); err != nil {
		t.Fatal(err)
	}
	got := page.String()
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;", "<mark>passport</mark>", "Wants to keep your identity documents", "prefers-color-scheme: dark", "not JSON"} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, bad := range []string{"<script", "<img", "http://", "https://", "@import", "ZgotmplZ"} {
		if strings.Contains(got, bad) {
			t.Errorf("the report has %q: it must load and run nothing", bad)
		}
	}
}

func TestFieldsThatCannotBeMeantAreRefused(t *testing.T) {
	for in, want := range map[string]string{
		"title":           `fields: "title" is not of the form field=column`,
		"titel=x":         `fields: unknown field "titel": the fields are body, company, contact, id, kind, lang, location, pay, title, url`,
		"title=a,title=b": `fields: "title" is named twice`,
		"title=a,body=a":  `fields: column "a" is used twice`,
	} {
		if _, err := bulk.ParseFields(in); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", in, err, want)
		}
	}
}
