// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runList calls the program as a person would.
func runList(args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = run(append([]string{"list"}, args...), &out, &errs)
	return code, out.String(), errs.String()
}

func TestListOnTheCommandLine(t *testing.T) {
	dir := filepath.Join("testdata", "list")
	pack := filepath.Join(t.TempDir(), "list.pack")
	harmless := filepath.Join(t.TempDir(), "harmless.jsonl")
	if err := os.WriteFile(harmless, []byte(`{"kind":"job","lang":"en","label":"benign","body":"A friendly team looks for a carpenter."}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		out  string // part of standard output
		err  string // part of standard error
	}{
		{"build", []string{"build", dir, "-o", pack, "--version", "9"}, 0, "version 9 of ", ""},
		{"show from a pack", []string{"show", "contact.hidden", "--list", pack}, 0, "(number|phone) is hidden", ""},
		{"show all", []string{"show", "--list", pack}, 0, "contact.hidden", ""},
		{"show what is not there", []string{"show", "contact.hiden"}, 1, "", "lapwing: hint: "},
		{"diff with itself", []string{"diff", pack, pack}, 0, "no difference", ""},
		{"diff with the source", []string{"diff", pack, dir}, 0, "~ version: 9 → ", ""},
		{"diff with no pack", []string{"diff", harmless, dir}, 1, "", "not a pack"},
		{"test", []string{"test", dir, "--data", harmless, "--gate", "--today", "2026-12-01", "--against", pack}, 0, "gate: every budget is kept", ""},
		{"lint", []string{"lint", dir, "--today", "2026-12-01"}, 0, "1 indicator (1 active), 2 patterns in 1 language, 4 examples: 0 errors, 1 warning (--warnings shows them)", ""},
		{"lint with warnings", []string{"lint", dir, "--today", "2026-12-01", "--warnings"}, 0, "no example exercises 1 of 2 patterns", ""},
		{"lint after a year", []string{"lint", dir, "--today", "2028-01-01"}, 1, "contact.hidden.yaml:2:5: error: expired on 2027-11-23", ""},
		{"gate without listings", []string{"test", dir, "--gate"}, 2, "", "hint: name files of them with --data"},
		{"no folder", []string{"lint", filepath.Join(dir, "nowhere")}, 2, "", "hint: name the folder"},
		{"not the list's folder", []string{"lint", t.TempDir()}, 1, "policy.yaml: error: the file is missing", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out, errs := runList(test.args...)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(errs, test.err) {
				t.Errorf("lapwing list %s: exit status %d, want %d\nstdout, want %q:\n%s\nstderr, want %q:\n%s",
					strings.Join(test.args, " "), code, test.code, test.out, out, test.err, errs)
			}
		})
	}
}
