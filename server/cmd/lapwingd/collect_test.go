// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store"
	"lapwing/server/collect/stream"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// raw sends bytes from an address of this machine and gives the whole answer.
func raw(t *testing.T, from, to string, request []byte) string {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.Dial("tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := c.Write(request); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, resp.Status)
	resp.Header.Write(&b)
	b.Write(body)
	return b.String()
}

func report(n uint64) []byte {
	return collecttest.Post("/v1/reports", collecttest.Envelope(n, seal.SmallEnvelope, 4))
}

func withdrawal(n uint64) []byte {
	code := collecttest.Code(n)
	return collecttest.Post("/v1/withdrawals", code[:])
}

const stored = "202 Accepted\nAccess-Control-Allow-Origin: *\r\nCache-Control: no-store\r\nContent-Length: 3\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nok\n"

func TestAllReportsAreAnsweredAlike(t *testing.T) {
	db := filepath.Join(t.TempDir(), "reports.db")
	listen, _, _ := serve(t, "--role", "collect", "--reports", db, "--reports-work", "4", "--reports-per-network", "2")
	for _, tt := range []struct {
		name    string
		request []byte
	}{
		{"a new one", report(1)}, {"the same", report(1)}, {"another", report(2)}, {"one over the limit", report(3)},
		{"a withdrawal", withdrawal(1)}, {"the same withdrawal", withdrawal(1)}, {"a withdrawal of what never was", withdrawal(9)},
		{"a report that was withdrawn", report(1)},
	} {
		if got := raw(t, "127.0.0.1", listen, tt.request); got != stored {
			t.Errorf("%s: got\n%s\nwant\n%s\nwhoever sends must not learn what is stored", tt.name, got, stored)
		}
	}
	if got := raw(t, "127.0.99.1", listen, report(4)); got != stored { // another network
		t.Errorf("got %s", got)
	}
	s, err := store.Open(db, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var ids []store.ID
	for row, err := range s.After(context.Background(), 0, 10) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, row.ID)
	}
	want := []store.ID{seal.IDOf(collecttest.Code(2)), seal.IDOf(collecttest.Code(1)), seal.IDOf(collecttest.Code(9)), seal.IDOf(collecttest.Code(4))}
	if fmt.Sprint(ids) != fmt.Sprint(want) {
		t.Errorf("got rows %x, want %x", ids, want)
	}
}

func TestFaultyPostsAreRefused(t *testing.T) {
	listen, _, _ := serve(t, "--role", "collect", "--reports", filepath.Join(t.TempDir(), "reports.db"), "--reports-work", "4")
	good := collecttest.Envelope(1, seal.SmallEnvelope, 4)
	post := func(path, headers string, body []byte) []byte {
		return append(fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n", path, headers, len(body)), body...)
	}
	const binary = "Content-Type: application/octet-stream\r\n"
	for _, tt := range []struct {
		name    string
		request []byte
		want    string
	}{
		{"empty", post("/v1/reports", binary, nil), "400 "},
		{"cut short", post("/v1/reports", binary, good[:100]), "400 "},
		{"zeros", post("/v1/reports", binary, make([]byte, 4096)), "400 "},
		{"too long", post("/v1/reports", binary, make([]byte, 16385)), "413 "},
		{"no type", post("/v1/reports", "", good), "415 "},
		{"a form", post("/v1/reports", "Content-Type: application/x-www-form-urlencoded\r\n", good), "415 "},
		{"compressed", post("/v1/reports", binary+"Content-Encoding: gzip\r\n", good), "415 "},
		{"a query", post("/v1/reports?x=1", binary, nil), "404 "},
		{"another path", post("/v1/report", binary, nil), "404 "},
		{"GET", []byte("GET /v1/reports HTTP/1.1\r\nHost: x\r\n\r\n"), "405 "},
		{"a short code", post("/v1/withdrawals", binary, good[:15]), "400 "},
		{"a long code", post("/v1/withdrawals", binary, good[:17]), "413 "},
		{"fetching without readers", []byte("GET /v1/reports/pull HTTP/1.1\r\nHost: x\r\n\r\n"), "404 "},
	} {
		if got := raw(t, "127.0.0.1", listen, tt.request); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	chunked := append([]byte("POST /v1/reports HTTP/1.1\r\nHost: x\r\n"+binary+"Transfer-Encoding: chunked\r\n\r\n1000\r\n"), good...)
	if got := raw(t, "127.0.0.1", listen, append(chunked, "\r\n0\r\n\r\n"...)); got != stored {
		t.Errorf("a chunked body: got %s", got)
	}
}

func TestNothingOfASenderIsKept(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "reports.db")
	listen, admin, logs := serve(t, "--role", "collect", "--reports", db, "--reports-work", "4", "--log-level", "debug")
	const address, agent = "127.88.77.66", "an-agent-like-no-other"
	before := time.Now()
	for n := range uint64(50) {
		request := bytes.Replace(report(n), []byte("Host: reports.example\r\n"),
			[]byte("Host: reports.example\r\nUser-Agent: "+agent+"\r\nX-Forwarded-For: "+address+"\r\nOrigin: moz-extension://"+agent+"\r\nCookie: id="+agent+"\r\n"), 1)
		if n%5 == 4 { // and some that are refused
			request = bytes.Replace(request, []byte("LWE1"), []byte("LWE2"), 1)
		}
		raw(t, address, listen, request)
	}
	resp, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	metrics, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if !strings.Contains(string(metrics), `lapwingd_reports_total{end="stored"} 40`) || !strings.Contains(string(metrics), `lapwingd_reports_total{end="refused"} 10`) {
		t.Errorf("the metrics do not count:\n%s", metrics)
	}
	all := map[string][]byte{"metrics": metrics, "log": fmt.Append(nil, logs())}
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if all[name.Name()], err = os.ReadFile(filepath.Join(dir, name.Name())); err != nil {
			t.Fatal(err)
		}
	}
	ip := net.ParseIP(address).To4()
	for name, b := range all {
		for what, trace := range map[string][]byte{
			"the address": []byte(address), "its network": []byte("127.88.77"), "the address in four bytes": ip, "the agent": []byte(agent),
			"the time in seconds": fmt.Appendf(nil, "%d", before.Unix()/10), // to ten seconds
		} {
			if (name == "log" || name == "metrics") && (what == "the time in seconds" || what == "the address in four bytes") {
				continue // when the server started; and text has no bytes that mean an address
			}
			if at := bytes.Index(b, trace); at >= 0 && !inEnvelope(trace) {
				t.Errorf("%s has %s of a sender, at %d", name, what, at)
			}
		}
	}
	if len(all) < 4 {
		t.Errorf("only %d things were looked at", len(all))
	}
}

// inEnvelope reports whether one of the envelopes sent has the bytes by chance.
func inEnvelope(trace []byte) bool {
	for n := range uint64(50) {
		if bytes.Contains(collecttest.Envelope(n, seal.SmallEnvelope, 4), trace) {
			return true
		}
	}
	return false
}

func TestStoreOutOfOrderIsSaidAndTheListIsStillServed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not-mounted")
	listen, admin, logs := serve(t, "--role", "collect", "--reports", filepath.Join(dir, "reports.db"), "--reports-work", "4")
	got := raw(t, "127.0.0.1", listen, report(1))
	if !strings.HasPrefix(got, "503 ") || !strings.Contains(got, "Retry-After: 60\r\n") || strings.Contains(got, dir) {
		t.Errorf("got %s; want a 503 that says when to come again, and nothing of this machine", got)
	}
	if got := status(t, http.DefaultClient, "http://"+admin+"/readyz"); got != 503 {
		t.Errorf("readyz: got %d", got)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if got = raw(t, "127.0.0.1", listen, report(1)); got == stored {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if got != stored {
		t.Errorf("once the disk is there: got %s", got)
	}
	if all := fmt.Sprint(logs()); !strings.Contains(all, "no report can be stored") || !strings.Contains(all, "reports are stored again") {
		t.Errorf("the operator was not told: %s", all)
	}
}

func TestReviewersFetchWithAKey(t *testing.T) {
	dir := t.TempDir()
	readers := filepath.Join(dir, "readers")
	var made bytes.Buffer
	if err := addCaller([]string{readers, "anna"}, &made); err != nil {
		t.Fatal(err)
	}
	key := strings.TrimSpace(made.String())
	listen, _, _ := serve(t, "--role", "collect", "--reports", filepath.Join(dir, "reports.db"), "--reports-work", "4", "--reports-readers", readers)
	for n := range uint64(20) {
		raw(t, "127.0.0.1", listen, report(n))
	}
	fetch := func(query, key string) (int, []byte) {
		request, _ := http.NewRequest("GET", "http://"+listen+"/v1/reports/pull"+query, nil)
		request.Header.Set("Authorization", "Bearer "+key)
		resp, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, b
	}
	for _, wrong := range []string{"", "x", key[:len(key)-1]} {
		if code, b := fetch("", wrong); code != 401 || bytes.Contains(b, []byte("LWE1")) {
			t.Errorf("with the key %q: got %d", wrong, code)
		}
	}
	for query, want := range map[string]int{"": 20, "?after=0&limit=7": 7, "?after=15": 5, "?after=20": 0, "?limit=0": 0} {
		code, b := fetch(query, key)
		rows := 0
		for _, err := range stream.Read(bytes.NewReader(b)) {
			if err != nil {
				t.Error(err)
			}
			rows++
		}
		if code != 200 || rows != want {
			t.Errorf("%q: got %d with %d rows, want %d", query, code, rows, want)
		}
	}
	for _, query := range []string{"?after=x", "?limit=1001", "?after=-1"} {
		if code, _ := fetch(query, key); code != 400 {
			t.Errorf("%q: got %d, want 400", query, code)
		}
	}
}

func TestStoreIsCopiedWhileItIsUsed(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "reports.db")
	listen, _, _ := serve(t, "--role", "collect", "--reports", db, "--reports-work", "4")
	for n := range uint64(20) {
		raw(t, "127.0.0.1", listen, report(n))
	}
	backup, export := filepath.Join(dir, "backup.db"), filepath.Join(dir, "export")
	var out bytes.Buffer
	if err := backupReports([]string{"--reports", db, backup}, &out); err != nil {
		t.Fatal(err)
	}
	if err := exportReports([]string{"--reports", db, export}, &out); err != nil || !strings.Contains(out.String(), "20 rows") {
		t.Fatalf("%v, %q", err, out.String())
	}
	if got := raw(t, "127.0.0.1", listen, report(21)); got != stored {
		t.Errorf("after the backup: got %s", got)
	}
	again, _, _ := serve(t, "--role", "collect", "--reports", backup, "--reports-work", "4") // restored
	if got := raw(t, "127.0.0.1", again, report(22)); got != stored {
		t.Errorf("with the backup: got %s", got)
	}
	for _, args := range [][]string{nil, {"--reports", db}, {"--reports", db, backup}, {"--reports", db + "x", export + "x"}} {
		if err := backupReports(args, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
	if err := exportReports([]string{"--reports", db, export}, io.Discard); err == nil {
		t.Error("an export was overwritten")
	}
}

// TestReportsBesideScoring: a server that scores leaves the reading of bodies to
// its handlers, and what reports may measure must hold there, too.
func TestReportsBesideScoring(t *testing.T) {
	dir := t.TempDir()
	keys, list := filepath.Join(dir, "callers"), filepath.Join(dir, "list.pack")
	if err := addCaller([]string{keys, "anna"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	p, err := publish.CompileFS(lists.Source, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	listen, _, _ := serve(t, "--role", "collect", "--reports", filepath.Join(dir, "reports.db"), "--reports-work", "4", "--score-keys", keys, "--score-list", list)
	large := collecttest.Envelope(2, seal.LargeEnvelope, 4)
	for _, tt := range []struct {
		name    string
		request []byte
		want    string
	}{
		{"small", report(1), stored}, {"large", collecttest.Post("/v1/reports", large), stored}, {"withdrawal", withdrawal(1), stored},
		{"too long", collecttest.Post("/v1/reports", append(large, 0)), "413 "},
		{"chunks", append(append([]byte("POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n"), large...), "\r\n0\r\n\r\n"...), stored},
	} {
		if got := raw(t, "127.0.0.1", listen, tt.request); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
