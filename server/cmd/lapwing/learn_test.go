// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelledFile writes invented listings whose sorts share no word.
func labelledFile(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i := range 160 {
		label, words := "fraud", []string{"parcel", "untaxed", "jackpot", "envelope", "effortless"}
		if i%2 == 1 {
			label, words = "legit", []string{"pension", "canteen", "laboratory", "supervisor", "training"}
		}
		var body []string
		for k := range 12 {
			body = append(body, words[(i/4+k*k)%len(words)], "and")
		}
		fmt.Fprintf(&b, `{"kind":"job","lang":"en","label":%q,"template":"%s%d","title":"Helper","body":%q}`+"\n", label, label, i/4, strings.Join(body, " "))
	}
	return writeFile(t, "labelled.jsonl", b.String())
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTrainAndEvalOnTheCommandLine(t *testing.T) {
	list := filepath.Join("testdata", "list")
	labelled := labelledFile(t)
	harmless := writeFile(t, "harmless.jsonl", strings.Repeat(`{"kind":"job","lang":"en","label":"benign","body":"A friendly team looks for a carpenter."}`+"\n", 3))
	out, plots, pack := filepath.Join(t.TempDir(), "wording"), filepath.Join(t.TempDir(), "plots"), filepath.Join(t.TempDir(), "list.pack")
	if code, _, errs := runList("build", list, "-o", pack); code != 0 {
		t.Fatal(errs)
	}
	for _, test := range []struct {
		name string
		args []string
		code int
		out  string // part of standard output
		err  string // part of standard error
	}{
		{"train", []string{"train", "--data", labelled, "--data", harmless, "--out", out, "--list", list}, 0, "en-job.json: ", ""},
		{"train without data", []string{"train", "--out", out}, 2, "", "hint: name files of them with --data"},
		{"train without a folder", []string{"train", "--data", labelled}, 2, "", "--out"},
		{"train on harmless listings", []string{"train", "--data", harmless, "--out", out, "--list", list}, 1, "", "no listings labelled"},
		{"eval", []string{"eval", "--data", labelled, "--data", harmless, "--list", list, "--against", pack, "--plots", plots}, 0, "ROC-AUC", ""},
		{"eval of more files", []string{"eval", "--data", labelled, harmless, "--list", pack}, 0, "harmless ", ""},
		{"eval without data", []string{"eval"}, 2, "", "hint: name files of them with --data"},
		{"eval with one fold", []string{"eval", "--data", labelled, "--folds", "1"}, 2, "", "two folds at least"},
		{"plots of nothing", []string{"eval", "--data", harmless, "--list", list, "--plots", plots}, 1, "", "hint: curves need both labels"},
		{"against no pack", []string{"eval", "--data", harmless, "--list", list, "--against", harmless}, 1, "", "not a pack"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			code := run(test.args, &stdout, &stderr)
			if code != test.code || !strings.Contains(stdout.String(), test.out) || !strings.Contains(stderr.String(), test.err) {
				t.Errorf("lapwing %s: exit status %d, want %d\nstdout, want %q:\n%s\nstderr, want %q:\n%s",
					strings.Join(test.args, " "), code, test.code, test.out, &stdout, test.err, &stderr)
			}
		})
	}
	for _, name := range []string{filepath.Join(out, "MODEL_CARD.md"), filepath.Join(plots, "roc.svg")} {
		if info, err := os.Stat(name); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v, want a file", filepath.Base(name), err)
		}
	}
}

func TestEvalSpeaksJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{"eval", "--json", "--folds", "0", "--data", labelledFile(t)}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit status %d: %s", code, &stderr)
	}
	var v struct {
		Levels []struct {
			Set, Label string
			Notice     struct{ Of int }
		}
		Indicators []any
		AsIs       struct {
			AUC float64 `json:"roc_auc"`
		} `json:"labelled_as_is"`
	}
	if err := json.Unmarshal(stdout.Bytes(), &v); err != nil {
		t.Fatalf("%v:\n%s", err, &stdout)
	}
	if len(v.Levels) != 2 || v.Levels[0].Set != "labelled" || v.Levels[0].Notice.Of != 80 || v.AsIs.AUC < 0 || v.AsIs.AUC > 1 {
		t.Errorf("got %+v, want 80 listings of each label", v)
	}
}
