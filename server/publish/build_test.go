// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/server/publish"
)

// folder writes a list's files and gives their folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBuildWritesWhatItCompiled(t *testing.T) {
	dir := folder(t, sample())
	out := filepath.Join(t.TempDir(), "list.pack")
	if _, _, err := publish.Build(dir, out, publish.Options{Version: 7, Created: "2026-12-01"}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pack.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "sample" || p.Version != 7 || p.Created != "2026-12-01" || len(p.Indicators) != 1 || len(p.Patterns) != 3 {
		t.Errorf("got %s %d %s with %d indicators and %d patterns, want sample 7 2026-12-01 with 1 and 3",
			p.Name, p.Version, p.Created, len(p.Indicators), len(p.Patterns))
	}
	want := map[string]string{
		"helpline/us": `{"country":"US","directory":{"name":"D","web":"https://example.org"},"emergency":911,` +
			`"lines":[{"checked":"2026-11-23","name":"Line","number":"555 0100","source":"its page","who":"ngo"}]}`,
	}
	for _, d := range p.Documents {
		if d.JSON != want[d.Name] {
			t.Errorf("document %s: got %s, want %s", d.Name, d.JSON, want[d.Name])
		}
	}
}

func TestBuildWithAFaultWritesNothing(t *testing.T) {
	files := sample()
	files[keepsFile] = strings.Replace(keeps, "weight: 9", "weight: 99", 1)
	out := filepath.Join(t.TempDir(), "list.pack")
	if err := os.WriteFile(out, []byte("what was there before"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, _, err := publish.Build(folder(t, files), out, publish.Options{})
	var faults *publish.FaultsError
	if !errors.As(err, &faults) || faults.Faults.Errors() != 1 {
		t.Errorf("got %v, want one fault", err)
	}
	if b, err := os.ReadFile(out); err != nil || string(b) != "what was there before" {
		t.Errorf("the file holds %q (%v), want it untouched", b, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(out)); err != nil || len(entries) != 1 {
		t.Errorf("%d files beside the pack (%v), want none left behind", len(entries)-1, err)
	}
}

func TestNothingInAPackHasExpiredOnItsDay(t *testing.T) {
	dir, out := folder(t, sample()), filepath.Join(t.TempDir(), "list.pack")
	if _, _, err := publish.Build(dir, out, publish.Options{Created: "2027-11-23"}); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	_, _, err := publish.Build(dir, out, publish.Options{Created: "2027-11-24"})
	var faults *publish.FaultsError
	if !errors.As(err, &faults) {
		t.Errorf("a day later: %v, want the fault that it has expired", err)
	}
}

func TestDraftsAndRetiredOnesAreNotPacked(t *testing.T) {
	for status, want := range map[string]int{"draft": 0, "test": 1, "active": 1, "retired": 0} {
		files := sample()
		files[keepsFile] = strings.Replace(keeps, "status: active", "status: "+status, 1)
		p, err := publish.CompileFS(filesystem(files), publish.Options{})
		if err != nil {
			t.Fatalf("%s: %v", status, err)
		}
		if len(p.Indicators) != want {
			t.Errorf("%s: %d indicators packed, want %d", status, len(p.Indicators), want)
		}
		if want == 1 && publish.StatusOf(p.Indicators[0].Status) != publish.Status(status) {
			t.Errorf("%s: packed as %s", status, publish.StatusOf(p.Indicators[0].Status))
		}
		for _, text := range p.Texts {
			if want == 0 && strings.HasPrefix(text.Key, "documents.") {
				t.Errorf("%s: text %s is packed", status, text.Key)
			}
		}
	}
}

func TestDiffNamesEveryChange(t *testing.T) {
	files := sample()
	old, err := publish.CompileFS(filesystem(files), publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files[keepsFile] = strings.NewReplacer("weight: 9", "weight: 11", "status: active", "status: test",
		"... passport", "... documents", "[job, au-pair]", "[job]").Replace(keeps)
	files["protected/en.yaml"] = "words: [polish, dutch]\n"
	files["policy.yaml"] = strings.NewReplacer("version: 3", "version: 4", "elevated: 12", "elevated: 11").Replace(files["policy.yaml"])
	now, err := publish.CompileFS(filesystem(files), publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if _, err := publish.DiffPacks(&got, old, now); err != nil {
		t.Fatal(err)
	}
	want := `list
  ~ version: 3 → 4
~ documents.keeps
  ~ weight: 9 → 11
  ~ status: active → test
  ~ kinds: job, au-pair → job
  + en (agency|company) (keeps|holds) ... documents
  - en (agency|company) (keeps|holds) ... passport
protected words
  - cape verdean
  + dutch
policy
  - levels: notice 5, elevated 12, high 20
  + levels: notice 5, elevated 11, high 20
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	got.Reset()
	if any, err := publish.DiffPacks(&got, now, now); any || err != nil || got.String() != "no difference\n" {
		t.Errorf("a pack against itself: %v, %v, %q", any, err, got.String())
	}
}

func TestShow(t *testing.T) {
	p, err := publish.CompileFS(filesystem(sample()), publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := publish.Show(&got, p, "documents.keeps"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Wants to keep your identity documents", "strong, 9 points", "job, au-pair", "ILO, Indicators of forced labour, 2012",
		"  en (agency|company) (keeps|holds) ... passport\n", "  en unless copy of your passport\n",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("%q is not in\n%s", want, got.String())
		}
	}
	var unknown *publish.UnknownIndicatorError
	if err := publish.Show(&got, p, "documents.kepes"); !errors.As(err, &unknown) || unknown.Hint != `did you mean "documents.keeps"?` {
		t.Errorf("got %v, want an unknown indicator and the one that was meant", err)
	}
}
