// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"lapwing/server/review/reviewtest"
	"lapwing/server/review/store"
)

// review sits down at a desk and confirms a report, as a person would in a browser.
func review(t *testing.T, id string, args ...string) {
	t.Helper()
	out, in := io.Pipe()
	done := make(chan int, 1)
	var errs strings.Builder
	go func() {
		done <- run(append([]string{"report", "review"}, args...), in, &errs)
		in.Close()
	}()
	address := ""
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://") {
			address = lines.Text()
		}
	}
	go io.Copy(io.Discard, out)
	if address == "" {
		t.Fatalf("no address was printed; exit status %d\n%s", <-done, errs.String())
	}
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	if _, err := client.Get(address); err != nil {
		t.Fatal(err)
	}
	base, _, _ := strings.Cut(address, "/?")
	form := url.Values{"decision": {"confirmed"}, "reason": {"pattern-present"}}
	r, err := http.NewRequest(http.MethodPost, base+"/report/"+id+"/decide", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", base)
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("deciding answers %d", resp.StatusCode)
	}
	syscall.Kill(os.Getpid(), syscall.SIGTERM)
	if code := <-done; code != 0 {
		t.Errorf("exit status %d\n%s", code, errs.String())
	}
}

func TestTwoReviewersMakeALabel(t *testing.T) {
	t.Setenv("LAPWING_WORK_FACTOR", "10")
	dir := t.TempDir()
	pass := filepath.Join(dir, "pass")
	if err := os.WriteFile(pass, []byte("an invented passphrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("LAPWING_PASSPHRASE_FILE", pass)
	must := func(want string, args ...string) {
		t.Helper()
		var out, errs strings.Builder
		if code := run(append([]string{"report"}, args...), &out, &errs); code != 0 || !strings.Contains(out.String(), want) {
			t.Fatalf("lapwing report %s: exit status %d\nstdout, want %q:\n%s\nstderr:\n%s", strings.Join(args, " "), code, want, out.String(), errs.String())
		}
	}
	list, err := loadList("")
	if err != nil {
		t.Fatal(err)
	}
	report := reviewtest.Report(0, list.name, list.pack.Version)
	text, err := report.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ann", "ben"} {
		must("signs this person's decisions", "keygen", "--reviewer", name, "--out", dir)
		s, err := store.Create(filepath.Join(dir, "desk-"+name), "an invented passphrase", 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(store.Entry{Day: uint32(time.Now().Unix() / 86400), Sequence: 1, ID: report.ID, Text: text}); err != nil {
			t.Fatal(err)
		}
		s.Close()
		review(t, fmt.Sprintf("%x", report.ID), "--desk", filepath.Join(dir, "desk-"+name), "--key", filepath.Join(dir, "review-"+name+".key"))
	}
	// Ann takes over what Ben has decided, and lets him count.
	desk := filepath.Join(dir, "desk-ann")
	theirs, err := filepath.Glob(filepath.Join(dir, "desk-ben", "decisions", "*.decisions"))
	if err != nil || len(theirs) != 1 {
		t.Fatalf("got %v, %v; want one file of decisions", theirs, err)
	}
	var out, errs strings.Builder
	if code := run([]string{"report", "merge", "--desk", desk, theirs[0]}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "reviewers") {
		t.Errorf("a stranger's decision: exit status %d, %s", code, errs.String())
	}
	public, err := os.ReadFile(filepath.Join(dir, "review-ben.key.pub"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(desk, "reviewers", "ben.pub"), public, 0o600); err != nil {
		t.Fatal(err)
	}
	must("1 new decisions", "merge", "--desk", desk, theirs[0])
	must("0 new decisions", "merge", "--desk", desk, theirs[0])
	labels := filepath.Join(dir, "labels.jsonl")
	must("1 fraud, 0 legit", "labels", "--desk", desk, "--out", labels)
	if b, err := os.ReadFile(labels); err != nil || !strings.Contains(string(b), `"label":"fraud"`) {
		t.Errorf("got %s, %v", b, err)
	}
	if code := run([]string{"report", "erase", "--desk", desk}, &out, &errs); code != 2 || !store.Exists(desk) {
		t.Errorf("a desk was erased without --yes: exit status %d", code)
	}
	must("erased", "erase", "--desk", desk, "--yes")
}
