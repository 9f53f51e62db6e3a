// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"lapwing/scorer/release"
)

// maxArchive is what a volunteer on a slow line is asked to download, at most.
const maxArchive = 4_000_000

func built(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	if err := run(out, options{}); err != nil {
		t.Fatalf("building the extension: %v", err)
	}
	return out
}

func TestArchivesAreSmallAndTheSameEachTime(t *testing.T) {
	one, two := built(t), built(t)
	for _, b := range browsers {
		name := "lapwing-" + b.name + ".zip"
		first, err := os.ReadFile(filepath.Join(one, name))
		if err != nil {
			t.Fatal(err)
		}
		second, err := os.ReadFile(filepath.Join(two, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two builds of one source differ; stores compare the bytes with those that they build", name)
		}
		if len(first) > maxArchive {
			t.Errorf("%s: got %d bytes, want at most %d", name, len(first), maxArchive)
		}
	}
}

func TestEachBrowserGetsOnlyKeysThatItKnows(t *testing.T) {
	out := built(t)
	for name, unknown := range map[string][]string{
		"chromium": {"browser_specific_settings", "sidebar_action"},
		"firefox":  {"minimum_chrome_version", "side_panel", "storage"},
	} {
		text, err := os.ReadFile(filepath.Join(out, name, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		for _, key := range unknown {
			if _, ok := m[key]; ok {
				t.Errorf("%s: the manifest has %q, which this browser warns of", name, key)
			}
		}
	}
}

func TestEveryFileHasTheVersionOfTheSource(t *testing.T) {
	for _, name := range []string{"manifest.json", "package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Version string `json:"version"`
		}
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		if v.Version != release.Program {
			t.Errorf("%s: version %s, want %s: scorer/release/program.go has the one to change, and releases are held against it", name, v.Version, release.Program)
		}
	}
}
