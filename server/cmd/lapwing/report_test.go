// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/ceremony"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/ohttp"
)

// lapwing runs the command line and gives what it prints.
func lapwing(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, &out, &errs); code != 0 {
		t.Fatalf("lapwing %s: exit status %d\n%s%s", strings.Join(args, " "), code, &out, &errs)
	}
	return out.String()
}

// lapwingd runs the server's program and gives what it prints.
func lapwingd(t *testing.T, binary string, args ...string) string {
	t.Helper()
	out, err := exec.Command(binary, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("lapwingd %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func start(t *testing.T, binary string, settings ...string) *collecttest.Server {
	t.Helper()
	s, err := collecttest.Start(binary, settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stopping: %v\n%s", err, s.Log.String())
		}
	})
	return s
}

// TestReportTravelsFromSenderToReviewer goes the whole way with real processes:
// month key, intake object, sealing, straight and through a relay, fetching and
// opening, taking back.
func TestReportTravelsFromSenderToReviewer(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("LAPWING_PASSPHRASE_FILE", path("passphrase"))
	t.Setenv("LAPWING_WORK_FACTOR", "10")
	if err := os.WriteFile(path("passphrase"), []byte("an invented passphrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := lapwing(t, "report", "keygen", "--month", "2026-11", "--out", path("keys")); !strings.Contains(out, "destroy it and its copies on 2027-03-08") {
		t.Errorf("got %s", out)
	}
	binary, err := collecttest.Build(dir)
	if err != nil {
		t.Fatal(err)
	}
	config := lapwingd(t, binary, "gateway-key", path("gateway.key"))
	if err := os.WriteFile(path("reader"), []byte(lapwingd(t, binary, "add-caller", path("readers"), "anna")), 0o600); err != nil {
		t.Fatal(err)
	}
	gateway := start(t, binary, "--role", "gateway", "--reports", path("reports.db"), "--reports-work", "6",
		"--reports-readers", path("readers"), "--gateway-key", path("gateway.key"))
	relay := start(t, binary, "--role", "relay", "--relay-to", "http://"+gateway.Addr+"/v1/ohttp")

	in := intake(t, path("keys/intake-2026-11.key.pub"), "http://"+relay.Addr+"/v1/ohttp "+config)
	var want [3][]byte
	for n := range want {
		report := collecttest.Report(uint64(n))
		want[n], _ = report.Encode()
		envelope, err := collecttest.Sealed(report, in.Work, in.Keys...)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			postPlain(t, gateway.Addr, "/v1/reports", envelope)
		} else {
			postOblivious(t, in.Relay, "/v1/reports", envelope)
		}
	}
	fetch := []string{"report", "pull", "--from", "http://" + gateway.Addr, "--key-file", path("reader"), "--keys", path("keys"), "--out", path("reports")}
	if out := lapwing(t, fetch...); !strings.Contains(out, "3 new reports, 0 known, 0 withdrawn, 0 refused") {
		t.Errorf("got %s", out)
	}
	for n := range want {
		id := seal.IDOf(collecttest.Code(uint64(n)))
		if got, err := os.ReadFile(path("reports/" + hex.EncodeToString(id[:]) + ".json")); err != nil || !bytes.Equal(got, want[n]) {
			t.Errorf("report %d: got %s, %v; want what its sender saw", n, got, err)
		}
	}
	code := collecttest.Code(1)
	postOblivious(t, in.Relay, "/v1/withdrawals", code[:])
	if out := lapwing(t, fetch...); !strings.Contains(out, "0 new reports, 0 known, 1 withdrawn, 0 refused") {
		t.Errorf("after taking one back: got %s", out)
	}
	lapwingd(t, binary, "export-reports", "--reports", path("reports.db"), path("stick"))
	if out := lapwing(t, "report", "pull", "--from", path("stick"), "--keys", path("keys"), "--out", path("others")); !strings.Contains(out, "2 new reports, 0 known, 1 withdrawn, 0 refused") {
		t.Errorf("from a stick: got %s", out)
	}
}

// intake gives what a client reads in a release.
func intake(t *testing.T, public, relay string) *seal.Intake {
	t.Helper()
	file, err := os.ReadFile(public)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ceremony.ReadPublic(file)
	if err != nil {
		t.Fatal(err)
	}
	object, err := ceremony.IntakeKeys([]*ceremony.Key{key}, ceremony.IntakeTerms{Work: 6, Relay: relay})
	if err != nil {
		t.Fatal(err)
	}
	in, err := seal.ParseIntake(object)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

const binaryType = "application/octet-stream"

func postPlain(t *testing.T, addr, path string, body []byte) {
	t.Helper()
	resp, err := http.Post("http://"+addr+path, binaryType, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Errorf("%s: got %s", path, resp.Status)
	}
}

func postOblivious(t *testing.T, relay *seal.Relay, path string, body []byte) {
	t.Helper()
	config, err := ohttp.ParseConfig(relay.Config)
	if err != nil {
		t.Fatal(err)
	}
	inner := ohttp.Request{Method: "POST", Scheme: "https", Authority: "reports.example", Path: path,
		Header: []ohttp.Field{{Name: "content-type", Value: binaryType}}, Content: body}
	sealed, opener, err := config.Seal(inner.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(relay.URL, ohttp.RequestType, bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	answer.ReadFrom(resp.Body)
	plain, err := opener.Open(answer.Bytes())
	if err != nil {
		t.Fatalf("%s: %s: %v", path, resp.Status, err)
	}
	if r, err := ohttp.ParseResponse(plain); err != nil || r.Status != http.StatusAccepted {
		t.Errorf("%s through the relay: got %+v, %v", path, r, err)
	}
}

func TestFaultyReportCommandsAreUsageFaults(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"report", "keygen", "--month", "November", "--out", dir},
		{"report", "keygen", "--out", dir},
		{"report", "pull", "--from", "https://reports.example", "--keys", dir, "--out", dir},
		{"list", "release", "prepare", "--tree", dir, "--back-to", "1", "--work", "9"},
	} {
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "lapwing: hint: ") {
			t.Errorf("lapwing %s: exit status %d\n%s", strings.Join(args, " "), code, &errs)
		}
	}
}
