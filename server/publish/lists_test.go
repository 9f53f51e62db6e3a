// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lapwing/scorer/pack"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// TestTheListHasNoFaults runs the whole of "lapwing list lint" on the list of
// this repository, on the day on which its version was set.
func TestTheListHasNoFaults(t *testing.T) {
	s, _ := publish.Load(lists.Source)
	_, p, faults := publish.Examine(lists.Source, s.Created)
	faults = slices.DeleteFunc(faults, func(f publish.Fault) bool { return f.Warning })
	var text strings.Builder
	if err := faults.Print(&text, "server/lists"); err != nil {
		t.Fatal(err)
	}
	if n := faults.Errors(); n > 0 {
		t.Fatalf("%d faults, want none:\n%s", n, text.String())
	}
	if p == nil {
		t.Fatal("no pack, want one")
	}
}

// TestEveryFileOfTheListIsCarried compares the folder with what is embedded: a
// new folder has to be named in lists.go, or it would be left out silently.
func TestEveryFileOfTheListIsCarried(t *testing.T) {
	folder := os.DirFS("../lists")
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(name); err != nil || d.IsDir() || ext != ".yaml" && ext != ".json" {
			return err
		}
		want, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		if got, err := fs.ReadFile(lists.Source, name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not embedded (%v): name its folder in server/lists/lists.go", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSchemas holds the files against the schemas that editors use, so that an
// editor does not complain of what the linter accepts.
func TestSchemas(t *testing.T) {
	for _, test := range []struct{ schema, pattern string }{
		{"indicator", "indicators/*/*.yaml"}, {"helpline", "helplines/*.yaml"}, {"policy", "policy.yaml"},
		{"retired", "retired.yaml"}, {"protected", "protected/*.yaml"}, {"false-positive", "false-positives/*.yaml"}, {"site", "sites/*.yaml"},
	} {
		t.Run(test.schema, func(t *testing.T) {
			text, err := fs.ReadFile(lists.Source, "schema/"+test.schema+".json")
			if err != nil {
				t.Fatal(err)
			}
			schema, err := publish.CompileSchema(test.schema, text)
			if err != nil {
				t.Fatal(err)
			}
			names, err := fs.Glob(lists.Source, test.pattern)
			if err != nil || len(names) == 0 {
				t.Fatalf("no files %s (%v), want some", test.pattern, err)
			}
			for _, name := range names {
				checkSchema(t, schema, lists.Source, name)
			}
		})
	}
}

func checkSchema(t *testing.T, schema *jsonschema.Schema, fsys fs.FS, name string) {
	t.Helper()
	text, err := publish.JSONOf(fsys, name)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestBuildIsReproducible(t *testing.T) {
	var packs [2][]byte
	for i := range packs {
		p, err := publish.CompileFS(lists.Source, publish.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if packs[i], err = pack.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packs[0], packs[1]) {
		t.Error("two builds of one source differ")
	}
}

// TestTheReadmesIndicatorIsAccepted keeps the example in the list's README true.
func TestTheReadmesIndicatorIsAccepted(t *testing.T) {
	readme, err := os.ReadFile("../lists/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```yaml\n")
	text, _, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("no YAML in the README, want an indicator")
	}
	files := sample()
	files["indicators/documents/documents.keeps-passport.yaml"] = text
	s, faults := publish.Load(filesystem(files))
	if faults = append(faults, s.CheckExamples()...); len(faults) > 0 {
		t.Errorf("the README's indicator has faults: %v", faults)
	}
	if len(s.Indicators) != 2 {
		t.Errorf("%d indicators, want 2", len(s.Indicators))
	}
}
