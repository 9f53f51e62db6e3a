// SPDX-License-Identifier: Apache-2.0

package decide_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"lapwing/server/review/decide"
)

type reviewer struct {
	signer   note.Signer
	verifier string
}

func newReviewer(t *testing.T, name string) reviewer {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return reviewer{signer, public}
}

func open(t *testing.T, dir string, who ...reviewer) *decide.Folder {
	t.Helper()
	var keys []string
	for _, r := range who {
		keys = append(keys, r.verifier)
	}
	f, err := decide.Open(dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func says(t *testing.T, f *decide.Folder, r reviewer, report byte, v decide.Verdict) {
	t.Helper()
	d := decide.Decision{Report: [16]byte{report}, Verdict: v, Reason: "pattern-present", Day: "2026-11-24"}
	if _, err := f.Decide(d, r.signer); err != nil {
		t.Fatal(err)
	}
}

func standing(f *decide.Folder, report byte) decide.Standing {
	s, _ := f.Of([16]byte{report})
	return s
}

func TestNothingCountsBeforeTwoAgree(t *testing.T) {
	ann, ben := newReviewer(t, "ann"), newReviewer(t, "ben")
	dir := t.TempDir()
	f := open(t, dir, ann, ben)
	for _, step := range []struct {
		who  reviewer
		what decide.Verdict
		want decide.Standing
		why  string
	}{
		{ann, decide.Confirmed, decide.Waiting, "one alone decides nothing"},
		{ann, decide.Confirmed, decide.Waiting, "the same person twice is one person"},
		{ben, decide.Rejected, decide.Disputed, "they differ"},
		{ben, decide.Confirmed, decide.IsConfirmed, "two agree"},
		{ann, decide.Withdrawn, decide.Waiting, "one took it back"},
		{ann, decide.Rejected, decide.Disputed, "and says otherwise"},
		{ben, decide.Rejected, decide.IsRejected, "two agree again"},
	} {
		says(t, f, step.who, 1, step.what)
		if got := standing(f, 1); got != step.want {
			t.Fatalf("got %v, want %v: %s", got, step.want, step.why)
		}
		if got := standing(open(t, dir, ann, ben), 1); got != step.want {
			t.Fatalf("opened again: got %v, want %v: %s", got, step.want, step.why)
		}
	}
}

func TestExchangedFilesMergeInAnyOrder(t *testing.T) {
	ann, ben := newReviewer(t, "ann"), newReviewer(t, "ben")
	here, there := t.TempDir(), t.TempDir()
	a, b := open(t, here, ann, ben), open(t, there, ann, ben)
	for k := range byte(5) {
		says(t, a, ann, k, decide.Confirmed)
		says(t, b, ben, k, decide.Confirmed)
	}
	for range 3 { // to and fro, more often than needed
		for from, to := range map[*decide.Folder]*decide.Folder{a: b, b: a} {
			files, err := from.Files()
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				if _, err := to.Merge(file); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, f := range []*decide.Folder{a, b, open(t, here, ann, ben), open(t, there, ann, ben)} {
		for k := range byte(5) {
			if got := standing(f, k); got != decide.IsConfirmed {
				t.Errorf("report %d: got %v, want confirmed on both desks", k, got)
			}
		}
		if len(f.Aside()) > 0 {
			t.Errorf("set aside: %v", f.Aside())
		}
	}
	files, _ := filepath.Glob(filepath.Join(here, "*"))
	for _, file := range files {
		if content, _ := os.ReadFile(file); strings.Count(string(content), "lapwing decision") != 5 {
			t.Errorf("%s has %d decisions, want 5: merging again adds nothing", file, strings.Count(string(content), "lapwing decision"))
		}
	}
}

func TestStrangersAndForgeriesAreSetAside(t *testing.T) {
	ann, ben, eve := newReviewer(t, "ann"), newReviewer(t, "ben"), newReviewer(t, "eve")
	theirs := t.TempDir()
	e := open(t, theirs, eve, ben)
	says(t, e, eve, 1, decide.Confirmed)
	says(t, e, ben, 1, decide.Confirmed)
	files, err := e.Files()
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, t.TempDir(), ann, ben)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(file, "ben") { // changed after signing
			b = []byte(strings.Replace(string(b), "confirmed", "rejected", 1))
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := f.Merge(file); n != 0 || err != nil {
			t.Errorf("%s: merged %d, %v; want none", file, n, err)
		}
	}
	if got := standing(f, 1); got != decide.Undecided || len(f.Aside()) != 2 {
		t.Errorf("got %v and %v, want an undecided report and two set aside", got, f.Aside())
	}
	if _, err := f.Decide(decide.Decision{Report: [16]byte{1}, Verdict: decide.Confirmed, Reason: "other", Day: "2026-11-24"}, eve.signer); err == nil {
		t.Error("somebody who is no reviewer of this desk has decided")
	}
}

func TestCutFileLosesOneDecision(t *testing.T) {
	ann := newReviewer(t, "ann")
	dir := t.TempDir()
	f := open(t, dir, ann)
	says(t, f, ann, 1, decide.Confirmed)
	says(t, f, ann, 2, decide.Confirmed)
	files, _ := f.Files()
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], b[:len(b)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	f = open(t, dir, ann)
	says(t, f, ann, 3, decide.Confirmed)
	f = open(t, dir, ann)
	for report, want := range map[byte]decide.Standing{1: decide.Waiting, 2: decide.Undecided, 3: decide.Waiting} {
		if got := standing(f, report); got != want {
			t.Errorf("report %d: got %v, want %v: a crash may cost what was being written, and no more", report, got, want)
		}
	}
}

func FuzzParseDecision(f *testing.F) {
	d := decide.Decision{Report: [16]byte{1, 2}, Number: 3, Verdict: decide.Rejected, Reason: "other", Day: "2026-11-24", Note: "a note"}
	f.Add(d.Text())
	f.Add("lapwing decision v1\nreport \n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := decide.ParseDecision(text)
		if err == nil && d.Text() != text {
			t.Errorf("%q is read as %q: what is signed must be what is meant", text, d.Text())
		}
	})
}
