// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/ohttp"
)

// gatewayConfig makes a gateway's key and gives its file and what clients need.
func gatewayConfig(t *testing.T) (file string, config *ohttp.Config) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "gateway.key")
	for range 2 { // the second key is the one in use, the first one older releases name
		var out bytes.Buffer
		if err := gatewayKey([]string{file}, &out); err != nil {
			t.Fatal(err)
		}
		b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(out.String()))
		if err != nil {
			t.Fatal(err)
		}
		if config, err = ohttp.ParseConfig(b); err != nil {
			t.Fatal(err)
		}
	}
	return file, config
}

// oblivious sends what is inside through a relay and gives the inner answer.
func oblivious(t *testing.T, relay string, config *ohttp.Config, inner *ohttp.Request) *ohttp.Response {
	t.Helper()
	sealed, opener, err := config.Seal(inner.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post("http://"+relay+"/v1/ohttp", ohttp.RequestType, bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != ohttp.ResponseType {
		t.Fatalf("got %s %q, %v", resp.Status, b, err)
	}
	if len(b) != 16+512+16 {
		t.Errorf("the answer measures %d bytes; if not all measure the same, the relay can tell them apart", len(b))
	}
	plain, err := opener.Open(b)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := ohttp.ParseResponse(plain)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func inner(path string, body []byte) *ohttp.Request {
	return &ohttp.Request{Method: "POST", Scheme: "https", Authority: "reports.example", Path: path,
		Header: []ohttp.Field{{Name: "content-type", Value: "application/octet-stream"}}, Content: body}
}

func TestReportsComeThroughARelay(t *testing.T) {
	file, config := gatewayConfig(t)
	gateway, admin, _ := serve(t, "--role", "gateway", "--reports", filepath.Join(t.TempDir(), "reports.db"), "--reports-work", "4",
		"--reports-per-network", "1", "--gateway-key", file)
	relay, _, _ := serve(t, "--role", "relay", "--relay-to", "http://"+gateway+"/v1/ohttp")
	code := collecttest.Code(1)
	lazyOne := collecttest.Envelope(5, seal.SmallEnvelope, 4)
	for seal.CheckWork(lazyOne, 4) {
		lazyOne[len(lazyOne)-1]++
	}
	get := inner("/v1/reports", nil)
	get.Method = "GET"
	for _, tt := range []struct {
		name  string
		inner *ohttp.Request
		want  int
	}{
		{"small", inner("/v1/reports", collecttest.Envelope(1, seal.SmallEnvelope, 4)), 202},
		{"large", inner("/v1/reports", collecttest.Envelope(2, seal.LargeEnvelope, 4)), 202},
		{"again", inner("/v1/reports", collecttest.Envelope(2, seal.LargeEnvelope, 4)), 202},
		{"withdrawal", inner("/v1/withdrawals", code[:]), 202},
		{"too little work", inner("/v1/reports", lazyOne), 400},
		{"another path", inner("/v1/score", nil), 404},
		{"fetching", inner("/v1/reports/pull", nil), 404},
		{"another method", get, 405},
		{"no type", &ohttp.Request{Method: "POST", Path: "/v1/reports"}, 415},
	} {
		if got := oblivious(t, relay, config, tt.inner); got.Status != tt.want {
			t.Errorf("%s: got %d %q, want %d", tt.name, got.Status, got.Content, tt.want)
		}
	}
	resp, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); !strings.Contains(string(b), `lapwingd_reports_total{end="stored"} 2`) || !strings.Contains(string(b), `lapwingd_gateway_total{end="opened"} 9`) {
		t.Errorf("got %s", b)
	}
}

func TestRelayAndGatewayRefuseWhatTheyCannotCarry(t *testing.T) {
	file, config := gatewayConfig(t)
	_, other := gatewayConfig(t)
	gateway, _, _ := serve(t, "--role", "gateway", "--reports", filepath.Join(t.TempDir(), "reports.db"), "--gateway-key", file)
	relay, _, _ := serve(t, "--role", "relay", "--relay-to", "http://"+gateway+"/v1/ohttp", "--reports-per-network", "4")
	sealed, _, err := other.Seal(inner("/v1/reports", nil).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	unknown := bytes.Clone(sealed)
	unknown[0] = 99
	_ = config
	post := func(kind string, body []byte) (int, string, string) {
		resp, err := http.Post("http://"+relay+"/v1/ohttp", kind, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header.Get("Content-Type"), string(b)
	}
	for _, tt := range []struct {
		name, kind string
		body       []byte
		code       int
		answer     string
	}{
		{"sealed to another gateway", ohttp.RequestType, sealed, 400, "the gateway refuses it"},
		{"a key of later", ohttp.RequestType, unknown, 400, "ohttp-key"},
		{"not sealed", "application/octet-stream", sealed, 415, ohttp.RequestType},
		{"too long", ohttp.RequestType, make([]byte, 20_000), 413, ""},
		{"nothing", ohttp.RequestType, nil, 400, "refuses"},
		{"the fourth", ohttp.RequestType, nil, 400, "refuses"},
		{"the fifth of a network", ohttp.RequestType, nil, 429, "an hour"},
	} {
		if code, kind, answer := post(tt.kind, tt.body); code != tt.code || !strings.Contains(answer, tt.answer) {
			t.Errorf("%s: got %d %s %q, want %d and %q", tt.name, code, kind, answer, tt.code, tt.answer)
		}
	}
}

func TestRelaySendsOnNothingOfTheSender(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var seen []byte // guarded by mu
	fake := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen = fmt.Appendf(seen, "%s %s %s %v\n", r.Method, r.RequestURI, r.Host, r.Header)
		w.Header().Set("Content-Type", ohttp.ResponseType)
		w.Header().Set("Set-Cookie", "from=the-gateway")
		w.Write([]byte("sealed"))
	})}
	go fake.Serve(l)
	t.Cleanup(func() { fake.Close() })
	relay, _, _ := serve(t, "--role", "relay", "--relay-to", "http://"+l.Addr().String()+"/v1/ohttp")
	got := raw(t, "127.88.77.66", relay, []byte("POST /v1/ohttp HTTP/1.1\r\nHost: the-relay\r\nContent-Type: message/ohttp-req\r\nUser-Agent: mark3r\r\n"+
		"Cookie: mark3r=1\r\nOrigin: moz-extension://mark3r\r\nX-Forwarded-For: 127.88.77.66\r\nVia: mark3r\r\nAccept-Language: mark3r\r\nContent-Length: 6\r\n\r\nsealed"))
	mu.Lock()
	defer mu.Unlock()
	want := fmt.Sprintf("POST /v1/ohttp %s map[Content-Length:[6] Content-Type:[message/ohttp-req]]\n", l.Addr())
	if string(seen) != want {
		t.Errorf("the gateway saw\n%s\nwant\n%s\nevery header more may tell senders apart", seen, want)
	}
	if strings.Contains(got, "the-gateway") || !strings.HasSuffix(got, "\nsealed") && !strings.HasSuffix(got, "\r\nsealed") {
		t.Errorf("the sender saw\n%s", got)
	}
}

func TestRolesThatMakeNoSenseAreRefused(t *testing.T) {
	file, _ := gatewayConfig(t)
	for _, args := range [][]string{
		{"--role", "publisher"},
		{"--role", "relay"},
		{"--role", "relay", "--relay-to", "http://reports.example/v1/ohttp"},
		{"--role", "relay,gateway", "--relay-to", "https://reports.example/v1/ohttp", "--gateway-key", file, "--reports", filepath.Join(t.TempDir(), "x.db")},
		{"--role", "gateway", "--gateway-key", file + "x", "--reports", filepath.Join(t.TempDir(), "x.db")},
		{"--role", "collect", "--reports-readers", file},
	} {
		s, err := parseSettings(append([]string{"--listen", "127.0.0.1:0", "--admin", "off"}, args...), io.Discard)
		if err == nil {
			_, err = openRoles(s, discard)
		}
		if err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

var discard = slog.New(slog.NewTextHandler(io.Discard, nil))
