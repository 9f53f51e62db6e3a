// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/ohttp"
)

// agrees holds an answer against what openapi.yaml says of the operation.
func agrees(t *testing.T, name string, op *openapi3.Operation, resp *http.Response, body []byte) {
	t.Helper()
	ref := op.Responses.Value(fmt.Sprint(resp.StatusCode))
	if ref == nil {
		t.Errorf("%s: openapi.yaml does not know status %d: %s", name, resp.StatusCode, body)
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
	if len(ref.Value.Content) == 0 {
		return
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	media := ref.Value.Content.Get(kind)
	if media == nil {
		t.Errorf("%s: openapi.yaml does not know type %q of status %d", name, kind, resp.StatusCode)
		return
	}
	var value any = string(body)
	if strings.HasSuffix(kind, "json") {
		if err := json.Unmarshal(body, &value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := media.Schema.Value.VisitJSON(value); err != nil && kind != "application/octet-stream" && kind != ohttp.ResponseType {
		t.Errorf("%s: %q does not agree with openapi.yaml: %v", name, body, err)
	}
}

// TestReportsDoWhatOpenAPISays brings about every status that the page speaks
// of, and compares.
func TestReportsDoWhatOpenAPISays(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("openapi.yaml: %v", err)
	}
	dir := t.TempDir()
	var made bytes.Buffer
	readers := filepath.Join(dir, "readers")
	if err := addCaller([]string{readers, "anna"}, &made); err != nil {
		t.Fatal(err)
	}
	file, config := gatewayConfig(t)
	sound, _, _ := serve(t, "--role", "gateway", "--gateway-key", file, "--reports", filepath.Join(dir, "reports.db"), "--reports-work", "4", "--reports-readers", readers)
	broken, _, _ := serve(t, "--role", "collect", "--reports", filepath.Join(dir, "nowhere", "reports.db"), "--reports-work", "4", "--reports-readers", readers)
	relay, _, _ := serve(t, "--role", "relay", "--relay-to", "http://127.0.0.1:1/v1/ohttp", "--reports-per-network", "1")

	const binary = "application/octet-stream"
	report, code, long := collecttest.Envelope(1, seal.SmallEnvelope, 4), make([]byte, 16), make([]byte, 20_000)
	sealed, _, err := config.Seal(inner("/v1/reports", report).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, tt := range []struct {
		server, method, path, kind string
		body                       []byte
		want                       int
	}{
		{sound, "POST", "/v1/reports", binary, report, 202},
		{sound, "POST", "/v1/reports", binary, nil, 400},
		{sound, "POST", "/v1/reports", binary, long, 413},
		{sound, "POST", "/v1/reports", "text/plain", report, 415},
		{broken, "POST", "/v1/reports", binary, report, 503},
		{sound, "OPTIONS", "/v1/reports", "", nil, 204},
		{sound, "POST", "/v1/withdrawals", binary, code, 202},
		{sound, "POST", "/v1/withdrawals", binary, code[:3], 400},
		{sound, "POST", "/v1/withdrawals", binary, long, 413},
		{sound, "POST", "/v1/withdrawals", "text/plain", code, 415},
		{broken, "POST", "/v1/withdrawals", binary, code, 503},
		{sound, "OPTIONS", "/v1/withdrawals", "", nil, 204},
		{sound, "GET", "/v1/reports/pull", "", nil, 200},
		{sound, "GET", "/v1/reports/pull?after=x", "", nil, 400},
		{sound, "GET", "/v1/reports/pull", "nobody", nil, 401},
		{broken, "GET", "/v1/reports/pull", "", nil, 503},
		{sound, "POST", "/v1/ohttp", ohttp.RequestType, sealed, 200},
		{sound, "POST", "/v1/ohttp", ohttp.RequestType, sealed[1:], 400},
		{sound, "POST", "/v1/ohttp", ohttp.RequestType, sealed[:100], 400},
		{sound, "POST", "/v1/ohttp", ohttp.RequestType, long, 413},
		{sound, "POST", "/v1/ohttp", binary, sealed, 415},
		{relay, "POST", "/v1/ohttp", ohttp.RequestType, sealed, 502},
		{relay, "POST", "/v1/ohttp", ohttp.RequestType, sealed, 429},
		{relay, "OPTIONS", "/v1/ohttp", "", nil, 204},
	} {
		name := fmt.Sprint(tt.method, " ", tt.path, " ", tt.want)
		path, _, _ := strings.Cut(tt.path, "?")
		op := doc.Paths.Find(path).GetOperation(tt.method)
		req, err := http.NewRequestWithContext(t.Context(), tt.method, "http://"+tt.server+tt.path, bytes.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if tt.kind != "" {
			req.Header.Set("Content-Type", tt.kind)
		}
		if tt.kind != "nobody" {
			req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(made.String()))
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != tt.want {
			t.Errorf("%s: got %d %q, %v", name, resp.StatusCode, body, err)
		}
		agrees(t, name, op, resp, body)
		seen[fmt.Sprint(tt.method, path, resp.StatusCode)] = true
	}
	for _, path := range []string{"/v1/reports", "/v1/withdrawals", "/v1/reports/pull", "/v1/ohttp"} {
		for method, op := range doc.Paths.Find(path).Operations() {
			for code := range op.Responses.Map() {
				if !seen[fmt.Sprint(method, path, code)] {
					t.Errorf("openapi.yaml speaks of status %s of %s %s, which no case of this test has brought about", code, method, path)
				}
			}
		}
	}
}
