// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/seal"
	"lapwing/server/bulk"
	"lapwing/server/lists"
	"lapwing/server/publish"
	"lapwing/server/review/desk"
	"lapwing/server/review/reviewtest"
	"lapwing/server/review/store"
)

var list = sync.OnceValues(func() (*pack.Pack, error) { return publish.CompileFS(lists.Source, publish.Options{}) })

// office is a desk with people who may decide at it.
type office struct {
	t       *testing.T
	dir     string
	options desk.Options
	signers map[string]note.Signer
}

func newOffice(t *testing.T, reviewers ...string) *office {
	t.Helper()
	p, err := list()
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, dir: filepath.Join(t.TempDir(), "desk"), signers: map[string]note.Signer{}}
	st, err := store.Create(o.dir, "an invented passphrase", 10)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	o.options = desk.Options{
		Dir: o.dir, Store: st, Pack: p, ListName: bulk.ListName(p, encoded), Scorer: s,
		Now: func() time.Time { return reviewtest.Begin.AddDate(0, 0, 82) },
	}
	if err := os.MkdirAll(filepath.Join(o.dir, "reviewers"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range reviewers {
		secret, public, err := note.GenerateKey(rand.Reader, name)
		if err != nil {
			t.Fatal(err)
		}
		if o.signers[name], err = note.NewSigner(secret); err != nil {
			t.Fatal(err)
		}
		file := fmt.Sprintf("# lapwing public key, role review, name %s\npublic: %s\n", name, public)
		if err := os.WriteFile(filepath.Join(o.dir, "reviewers", name+".pub"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// put stores reports as they were pulled.
func (o *office) put(from int, reports ...*seal.Report) {
	o.t.Helper()
	var entries []store.Entry
	for k, r := range reports {
		text, err := r.Encode()
		if err != nil {
			o.t.Fatal(err)
		}
		entries = append(entries, store.Entry{ID: r.ID, Day: reviewtest.Days(reviewtest.Day(from + k)), Sequence: uint64(from + k + 1), Text: text})
	}
	if _, err := o.options.Store.Put(entries...); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) report(n int) *seal.Report {
	return reviewtest.Report(n, o.options.ListName, o.options.Pack.Version)
}

// visit opens the desk in a browser of a reviewer's.
type visit struct {
	t      *testing.T
	base   string
	client *http.Client
}

func (o *office) visit(reviewer string) *visit {
	o.t.Helper()
	options := o.options
	options.Signer = o.signers[reviewer]
	d, err := desk.Open(o.t.Context(), options)
	if err != nil {
		o.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	s, err := d.NewServer(l)
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(o.t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	o.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	jar, _ := cookiejar.New(nil)
	v := &visit{o.t, "http://" + l.Addr().String(), &http.Client{Jar: jar, Timeout: 10 * time.Second}}
	if status, _ := v.get(strings.TrimPrefix(s.Address(), v.base)); status != http.StatusOK {
		o.t.Fatalf("the address that was printed answers %d", status)
	}
	return v
}

func (v *visit) do(r *http.Request) (int, string) {
	v.t.Helper()
	resp, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func (v *visit) get(path string) (int, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(r)
}

func (v *visit) page(path string) string {
	v.t.Helper()
	status, body := v.get(path)
	if status != http.StatusOK {
		v.t.Fatalf("%s answers %d: %s", path, status, body)
	}
	return body
}

func (v *visit) post(path string, form url.Values) (int, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.base)
	return v.do(r)
}

func path(r *seal.Report) string { return fmt.Sprintf("/report/%x", r.ID) }

func TestReviewersReadAndDecide(t *testing.T) {
	o := newOffice(t, "ann", "ben")
	report := o.report(0)
	o.put(0, report, o.report(4))
	ann := o.visit("ann")
	if page := ann.page("/queue"); !strings.Contains(page, fmt.Sprintf("/report/%x", o.report(4).ID)) || strings.Contains(page, "passport") {
		t.Error("the queue must name the newest of two texts alike, and show no text")
	}
	page := ann.page(path(report))
	for _, want := range []string{"<mark>We keep your passport</mark>", "Wants to keep", "As today", "Texts alike", "for all 2 reports"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report's page lacks %q", want)
		}
	}
	decision := url.Values{"decision": {"confirmed"}, "reason": {"pattern-present"}, "alike": {"1"}}
	if status, body := ann.post(path(report)+"/decide", decision); status != http.StatusOK || !strings.Contains(body, "waits for a second reviewer") {
		t.Errorf("got %d, and a page that does not say that a second is needed", status)
	}
	if _, body := ann.post(path(report)+"/draft", url.Values{"indicator": {"documents.employer-keeps-passport"}}); !strings.Contains(body, "Two reviewers must have confirmed") {
		t.Error("one reviewer alone wrote an example for the list")
	}
	ben := o.visit("ben")
	ben.post(path(report)+"/decide", decision)
	for _, id := range []*seal.Report{report, o.report(4)} {
		if body := ben.page(path(id)); !strings.Contains(body, `<span class="standing confirmed">`) {
			t.Error("two have agreed, and the report is not confirmed")
		}
	}
	if page := ben.page("/queue?standing=confirmed&apart=1"); strings.Count(page, `class="open"`) != 2 {
		t.Error("the confirmed reports are not those that the queue shows as confirmed")
	}
	if _, body := ben.post(path(report)+"/draft", url.Values{"indicator": {"documents.employer-keeps-passport"}}); !strings.Contains(body, "Written to") || !strings.Contains(body, "We keep your passport while you work for us.") {
		t.Errorf("no example was written: %s", body)
	}
	ben.post(path(report)+"/decide", url.Values{"decision": {"withdrawn"}})
	if body := ben.page(path(report)); !strings.Contains(body, `<span class="standing waiting">`) {
		t.Error("a decision that was taken back still counts")
	}
}

func TestNobodyElseIsLetIn(t *testing.T) {
	o := newOffice(t, "ann")
	report := o.report(0)
	o.put(0, report)
	v := o.visit("ann")
	stranger := &visit{t, v.base, &http.Client{Timeout: 10 * time.Second}}
	if status, body := stranger.get(path(report)); status != http.StatusForbidden || strings.Contains(body, "passport") {
		t.Errorf("without the cookie: %d, want 403", status)
	}
	if status, _ := stranger.get("/?token=" + strings.Repeat("0", 48)); status != http.StatusForbidden {
		t.Errorf("with a wrong token: %d, want 403", status)
	}
	for name, change := range map[string]func(*http.Request){
		"another name for this machine": func(r *http.Request) { r.Host = "desk.example" },
		"a form of another site":        func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
		"a form that hides its origin":  func(r *http.Request) { r.Header.Del("Origin") },
		"a method of its own":           func(r *http.Request) { r.Method = "PUT" },
	} {
		r, err := http.NewRequest(http.MethodPost, v.base+path(report)+"/decide", strings.NewReader("decision=confirmed&reason=other"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", v.base)
		change(r)
		if status, _ := v.do(r); status < 400 {
			t.Errorf("%s: %d; only this desk's own pages may decide", name, status)
		}
	}
	if body := v.page(path(report)); !strings.Contains(body, `<span class="standing open">`) {
		t.Error("a refused request has decided something")
	}
}

func TestMarkupAndTricksAreText(t *testing.T) {
	o := newOffice(t, "ann")
	hostile := o.report(0)
	hostile.Text[scorer.Body] = `<script>alert(1)</script><img src=x onerror=alert(1)> "'> ` + "\u202eesrever\u2066 a\u200bb {{.}} javascript:alert(1)"
	hostile.Text[scorer.Title] = "</title><script>alert(1)</script>"
	hostile.Note = "<svg onload=alert(1)>"
	hostile.Site = "board.example"
	hostile.Address = `https://board.example/"><script>alert(1)</script>`
	hostile.Sort = seal.Flagged
	hostile.Verdict = &seal.Verdict{Level: scorer.Notice, Score: 3000, Reasons: []seal.Reason{{Indicator: "documents.employer-keeps-passport", Points: 9, Spans: []scorer.Span{{Field: scorer.Body, End: 8}}}}}
	o.put(0, hostile)
	v := o.visit("ann")
	body := strings.ReplaceAll(v.page(path(hostile)), "&#43;", "+")
	for _, bad := range []string{"<script>alert", "<img src=x", "<svg onload", "\u202e", "\u2066", "\u200b", `href="https://board`} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %q: what a report says is text, and nothing else", bad)
		}
	}
	for _, want := range []string{"U+202E", "U+200B", "&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q: a reviewer should see what is hidden", want)
		}
	}
}

func TestThousandsOfHostileReportsBreakNothing(t *testing.T) {
	o := newOffice(t, "ann")
	total, bad := 10000, 0
	if testing.Short() {
		total = 500
	}
	var entries []store.Entry
	for n := range total {
		r := o.report(n)
		var text []byte
		switch n % 8 {
		case 0:
			r.Text[scorer.Body] = strings.Repeat("<b onclick=alert(1)>\u202e", 300)
			r.Verdict = nil
		case 1:
			r.Release += 5
		case 2:
			r.List = r.List[:len(r.List)-8] + "00000000"
		case 3:
			r.ID = reviewtest.ID(n + total)
		case 4:
			r.Text[scorer.Title] = strings.Repeat("\u0301", 3000) + "</title><script>alert(1)</script>"
		}
		text, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		switch n % 8 {
		case 5:
			text = text[:len(text)/2]
		case 6:
			text = []byte(strings.Replace(string(text), `"lapwing_report": 1`, `"lapwing_report": 2`, 1))
		}
		if n%8 != 0 && n%8 != 4 && n%8 != 7 {
			bad++
		}
		entries = append(entries, store.Entry{ID: reviewtest.ID(n), Day: reviewtest.Days(reviewtest.Day(n)), Sequence: uint64(n), Text: text})
	}
	if _, err := o.options.Store.Put(entries...); err != nil {
		t.Fatal(err)
	}
	v := o.visit("ann")
	if body := v.page("/aside"); strings.Count(body, "<tr><td><time>") != bad || strings.Contains(body, "onclick") {
		t.Errorf("%d set aside, want %d, and none of their content", strings.Count(body, "<tr><td><time>"), bad)
	}
	for n := 0; n < total; n += total / 40 {
		status, body := v.get(fmt.Sprintf("/report/%x", reviewtest.ID(n)))
		known := n%8 == 0 || n%8 == 4 || n%8 == 7
		if known != (status == http.StatusOK) || strings.Contains(body, "<script>alert") || strings.Contains(body, "<b onclick") {
			t.Errorf("report %d: %d; want it shown as text if it is one, and not found otherwise", n, status)
		}
	}
	for _, page := range []string{"/queue", "/queue?order=alike", "/queue?text=onclick", "/pictures"} {
		v.page(page)
	}
}

func TestOldReportsAreForgottenAtOpening(t *testing.T) {
	o := newOffice(t, "ann")
	o.put(0, o.report(0), o.report(1), o.report(2))
	o.options.Retention = 80
	v := o.visit("ann")
	if status, _ := v.get(path(o.report(0))); status != http.StatusNotFound {
		t.Errorf("got %d, want 404: a report of 81 days ago is still here", status)
	}
	v.page(path(o.report(2)))
	if log, err := os.ReadFile(filepath.Join(o.dir, "access.log")); err != nil || !strings.Contains(string(log), "ann read") || strings.Contains(string(log), "passport") {
		t.Errorf("the log says %q, %v; want who read what, and none of it", log, err)
	}
}

func TestPicturesForPublicationAreCoarse(t *testing.T) {
	o := newOffice(t, "ann")
	for n := range 120 {
		o.put(n, o.report(n))
	}
	v := o.visit("ann")
	exact, coarse := v.page("/pictures/sites.csv"), v.page("/pictures/sites.csv?coarse=1")
	if exact == coarse || !strings.Contains(coarse, "epsilon") {
		t.Error("the table for publication has exact numbers")
	}
	if again := v.page("/pictures/sites.csv?coarse=1"); again != coarse {
		t.Error("asked twice, the noise differs: asking often would average it out")
	}
	for line := range strings.Lines(coarse) {
		var n int
		if f := strings.Split(line, ","); len(f) > 1 && f[1] != "reports" {
			if fmt.Sscan(f[1], &n); n < 10 {
				t.Errorf("%q has fewer than ten", line)
			}
		}
	}
	if svg := v.page("/pictures/weeks.svg"); !strings.HasPrefix(svg, "<svg") || !strings.Contains(svg, "<rect") {
		t.Error("no picture was drawn")
	}
	if svg := v.page("/pictures/regions.svg"); !strings.Contains(svg, "Berlin, Germany") || !strings.Contains(svg, "epsilon") {
		t.Error("the map lacks a region with many reports, or does not state the noise")
	}
	if exact, coarse := v.page("/pictures/regions.csv"), v.page("/pictures/regions.csv?coarse=1"); exact != coarse {
		t.Error("exact numbers of regions were given out")
	}
}
