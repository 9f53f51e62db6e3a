// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/server/publish"
)

// TestIntervalAgreesWithPublishedValues uses Newcombe, Two-sided confidence
// intervals for the single proportion, 1998, table I (Wilson, method 3).
func TestIntervalAgreesWithPublishedValues(t *testing.T) {
	for _, test := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {0, 0, 0, 1}} {
		low, high := publish.Interval(test.k, test.n)
		if math.Abs(low-test.low) > 0.00005 || math.Abs(high-test.high) > 0.00005 {
			t.Errorf("Interval(%d, %d) = %.4f, %.4f, want %.4f, %.4f", test.k, test.n, low, high, test.low, test.high)
		}
	}
}

// corpus writes listings as gzip'd JSON lines: hits of the sample's indicator
// among others, labelled.
func corpus(t *testing.T, name, label string, hits, others int) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	line := func(body string) {
		if _, err := w.Write([]byte(`{"kind":"job","lang":"en","label":"` + label + `","template":7,"body":"` + body + "\"}\n")); err != nil {
			t.Fatal(err)
		}
	}
	for range hits {
		line("The agency keeps your passport.")
	}
	for range others {
		line("A friendly team.")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name+".jsonl.gz")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestGateTripsOnOneSetThatIsOverBudget(t *testing.T) {
	dir := folder(t, sample())
	quiet, loud := corpus(t, "quiet", "benign", 1, 3999), corpus(t, "loud", "benign", 2, 98)
	for _, test := range []struct {
		name     string
		files    []string
		gate     bool
		breaches int
		want     []string
	}{
		{"within budget", []string{quiet}, true, 0, []string{"gate: every budget is kept", "0.25 (0.04-1.41)"}},
		{"over budget", []string{quiet, loud}, true, 1, []string{"loud  documents.keeps", "2 of 100", "20.00 (5.50-70.01)"}},
		{"over budget and not asked", []string{loud}, false, 0, []string{"documents.keeps"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			n, err := publish.Test(&out, dir, publish.TestOptions{Corpora: test.files, Gate: test.gate, Today: today})
			if err != nil || n != test.breaches {
				t.Errorf("%d breaches, %v, want %d", n, err, test.breaches)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not in\n%s", want, out.String())
				}
			}
		})
	}
}

func TestAnIndicatorUnderTestIsNotGated(t *testing.T) {
	files := sample()
	files[keepsFile] = strings.Replace(keeps, "status: active", "status: test", 1)
	var out strings.Builder
	n, err := publish.Test(&out, folder(t, files), publish.TestOptions{
		Corpora: []string{corpus(t, "loud", "benign", 50, 50)}, Gate: true, Today: today})
	if n != 0 || err != nil {
		t.Errorf("%d breaches, %v, want none: it brings no points\n%s", n, err, out.String())
	}
}

// TestPrecisionCountsATemplateOnce posts the same advert often.
func TestPrecisionCountsATemplateOnce(t *testing.T) {
	var out strings.Builder
	_, err := publish.Test(&out, folder(t, sample()), publish.TestOptions{Today: today,
		Corpora: []string{corpus(t, "a", "fraud", 30, 1), corpus(t, "b", "legit", 1, 1)}})
	if want := "50 % of 2"; err != nil || !strings.Contains(out.String(), want) {
		t.Errorf("%v, %q is not in\n%s", err, want, out.String())
	}
}

func TestChangesAgainstAnEarlierPack(t *testing.T) {
	before := sample()
	before[keepsFile] = strings.Replace(keeps, "... passport", "... visa", 1)
	against, err := publish.CompileFS(filesystem(before), publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var seen int64
	var out strings.Builder
	_, err = publish.Test(&out, folder(t, sample()), publish.TestOptions{Today: today, Against: against,
		Corpora:  []string{corpus(t, "a", "benign", 2, 5)},
		Progress: func(_ string, read, size int64) { seen = max(seen, 100*read/size) }})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"changes against version 3", "none          notice     2", "documents.keeps  0       2"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if seen != 100 {
		t.Errorf("progress ended at %d %%, want 100", seen)
	}
}

func TestACorpusThatCannotBeReadIsAnError(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "{\n", "no text": `{"kind":"job"}`, "unknown label": `{"body":"x","label":"scam"}`,
	} {
		file := filepath.Join(t.TempDir(), "x.jsonl")
		if err := os.WriteFile(file, []byte("{\"body\":\"fine\"}\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		_, err := publish.Test(&out, folder(t, sample()), publish.TestOptions{Today: today, Corpora: []string{file}})
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: got %v, want an error that names line 2", name, err)
		}
	}
}
