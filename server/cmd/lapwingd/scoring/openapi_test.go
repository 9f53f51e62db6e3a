// SPDX-License-Identifier: Apache-2.0

package scoring_test

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/cmd/lapwingd/scoring"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// page is the operation as server/openapi.yaml describes it.
func page(t *testing.T) (*openapi3.Operation, *openapi3.T) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("openapi.yaml: %v", err)
	}
	item := doc.Paths.Find(scoring.Path)
	if item == nil || item.Post == nil {
		t.Fatalf("openapi.yaml does not speak of POST %s", scoring.Path)
	}
	return item.Post, doc
}

// agrees holds an answer against the page.
func agrees(t *testing.T, name string, op *openapi3.Operation, resp *http.Response, body string) {
	t.Helper()
	ref := op.Responses.Value(fmt.Sprint(resp.StatusCode))
	if ref == nil {
		t.Errorf("%s: openapi.yaml does not know status %d", name, resp.StatusCode)
		return
	}
	for header, want := range ref.Value.Headers {
		got := resp.Header.Get(header)
		var value any = got
		if want.Value.Schema.Value.Type.Is("integer") {
			value = json.Number(got)
		}
		if err := want.Value.Schema.Value.VisitJSON(value); err != nil {
			t.Errorf("%s: header %s is %q: %v", name, header, got, err)
		}
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	media := ref.Value.Content.Get(kind)
	if media == nil {
		t.Errorf("%s: openapi.yaml does not know type %q of status %d", name, kind, resp.StatusCode)
		return
	}
	if kind != "application/x-ndjson" {
		return
	}
	for line := range strings.Lines(body) {
		var value any
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			t.Fatalf("%s: %v in %s", name, err, line)
		}
		if err := media.Schema.Value.VisitJSON(value); err != nil {
			t.Errorf("%s: %s does not agree with openapi.yaml: %v", name, line, err)
		}
	}
}

func TestServerDoesWhatOpenAPISays(t *testing.T) {
	op, _ := page(t)
	seen := map[string]bool{}
	ask := func(name string, r *rig, key string, body io.Reader, header ...string) {
		req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+r.addr+scoring.Path, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		if len(header) == 2 {
			req.Header.Set(header[0], header[1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprint(resp.StatusCode)] = true
		agrees(t, name, op, resp, string(b))
	}
	real := start(t, realList(t))
	ask("verdicts and errors", real, real.key, strings.NewReader(`{"id":1,"kind":"job","title":"Hostess","body":"The agency keeps your passport during the contract. Easy money, no experience needed."}
{"id":"b","body":"Ward nurse"}

{"id":"c"}
{"id":"d","body":
`))
	ask("no key", real, "", strings.NewReader("{}"))
	ask("compressed", real, real.key, strings.NewReader("x"), "Content-Encoding", "gzip")
	small := start(t, func(c *scoring.Config) { c.RequestBytes, c.Requests, c.PerCaller = 100, 2, 1 })
	ask("too long", small, small.key, strings.NewReader(strings.Repeat("x", 101)))
	small.open(t) // and held
	ask("a second one", small, small.key, strings.NewReader("{}"))
	full := start(t, func(c *scoring.Config) { c.Requests, c.PerCaller = 1, 2 })
	full.open(t)
	ask("full", full, full.key, strings.NewReader("{}"))
	for code := range op.Responses.Map() {
		if !seen[code] {
			t.Errorf("openapi.yaml speaks of status %s, which no case of this test has brought about", code)
		}
	}
}

// realList scores with the list of this repository, so that there are reasons.
func realList(t *testing.T) func(*scoring.Config) {
	t.Helper()
	p, err := publish.CompileFS(lists.Source, publish.Options{})
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
	return func(c *scoring.Config) {
		c.Pack, c.List, c.Engine = p, bulk.ListName(p, encoded), bulk.Native{Scorer: s}
	}
}
