// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

func TestScoringIsOffUnlessThereAreKeys(t *testing.T) {
	listen, _, _ := serve(t)
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Post("http://"+listen+"/v1/score", "application/x-ndjson", strings.NewReader("{}"))
	if err == nil {
		defer resp.Body.Close()
		if resp.StatusCode != 413 && resp.StatusCode != 404 {
			t.Errorf("got %d, want no such page", resp.StatusCode)
		}
	}
}

func TestScoresOverTLSForAnAddedCaller(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "list.pack")
	p, err := publish.CompileFS(lists.Source, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, encoded, 0o644); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(dir, "callers")
	var key strings.Builder
	if err := addCaller([]string{keys, "ngo"}, &key); err != nil {
		t.Fatal(err)
	}
	cert, certKey, pool := certificate(t)
	listen, _, _ := serve(t, "--score-keys", keys, "--score-list", list, "--tls-cert", cert, "--tls-key", certKey)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	const lines = 20_000 // more than the buffers on the way hold
	req, _ := http.NewRequest("POST", "https://"+listen+"/v1/score", strings.NewReader(strings.Repeat(`{"title":"Nurse"}`+"\n", lines)))
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(key.String()))
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if n := strings.Count(string(body), `"level":"none"`); resp.StatusCode != 200 || err != nil || n != lines {
		t.Errorf("got %d with %d verdicts, %v; want 200 with %d", resp.StatusCode, n, err, lines)
	}
}

func TestFaultsOfScoringAreExplained(t *testing.T) {
	for want, args := range map[string][]string{
		"lapwingd add-caller makes the file": {"--score-keys", "/nonexistent"},
		"lapwing list build":                 {"--score-keys", os.DevNull},
		"score-list":                         {"--score-keys", os.DevNull, "--score-list", os.DevNull},
	} {
		s, err := parseSettings(args, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := openScoring(s, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got error %v, want %q in it", args, err, want)
		}
	}
	if err := addCaller([]string{"one"}, io.Discard); err == nil {
		t.Error("add-caller without a name: no error")
	}
}
