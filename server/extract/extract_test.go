// SPDX-License-Identifier: Apache-2.0

package extract_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/server/extract"
)

const (
	pages  = "../../testdata/pages"
	shared = "../../../shared/data/pages"
)

var update = flag.Bool("update", false, "rewrite what is expected of testdata/pages")

func sites(t *testing.T) []*extract.Adapter {
	t.Helper()
	all, err := extract.Sites(os.DirFS("../lists"), "sites")
	if err != nil {
		t.Fatalf("reading the list's adapters: %v", err)
	}
	return all
}

func TestAdaptersAreSoundAndMany(t *testing.T) {
	all := sites(t)
	if len(all) < 20 {
		t.Errorf("got %d adapters, want at least 20: the boards that volunteers read most", len(all))
	}
	hosts := map[string]string{}
	for _, a := range all {
		for _, h := range a.Hosts {
			if other := hosts[h]; other != "" {
				t.Errorf("%s is claimed by %s and %s; a host has one adapter", h, other, a.ID)
			}
			hosts[h] = a.ID
		}
		text, err := a.JSON()
		if err != nil {
			t.Fatalf("%s: writing as JSON: %v", a.ID, err)
		}
		if _, err := extract.Parse([]byte(text)); err != nil {
			t.Errorf("%s: what goes into the pack cannot be read back: %v", a.ID, err)
		}
	}
}

func TestPagesGiveTheListingsWrittenBesideThem(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(pages, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in %s: %v", pages, err)
	}
	all := sites(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := extract.Read(string(text), "", all)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(got); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".html") + ".json"
			if *update {
				if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				t.Logf("rewrote %s: now read the diff", golden)
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v: run go test ./server/extract -update and read what it writes", err)
			}
			if !bytes.Equal(out.Bytes(), want) {
				t.Errorf("got\n%s\nwant\n%s\n(the browser must give the same: extension/tests/extract.test.js)", out.Bytes(), want)
			}
		})
	}
}

// readable are the saved pages that hold listings when scripts do not run. The
// others are a captcha, widgets that a script fills, and a page whose quotes
// were escaped when it was saved.
func readable(name string) bool {
	for _, not := range []string{"immoscout24__", "widget_script", "job_custom", "jobfunnel__", "ted2020", "mcMakler__"} {
		if strings.Contains(name, not) {
			return false
		}
	}
	return true
}

func TestSavedPagesOfRealBoardsAreReadByTheirAdapters(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shared, "*.html.gz"))
	if len(files) == 0 {
		t.Logf("no saved pages at %s: nothing to compare", shared)
		return
	}
	all, where := sites(t), addresses(t)
	for _, file := range files {
		name := filepath.Base(file)
		page, err := extract.Read(gunzip(t, file), where(name), all)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if readable(name) && (page.Method != "adapter" || len(page.Listings) == 0) {
			t.Errorf("%s: got method %s with %d listings, want its adapter to find some", name, page.Method, len(page.Listings))
		}
		for _, l := range page.Listings {
			if l.Title == "" && l.Body == "" {
				t.Errorf("%s: a listing without title and body", name)
			}
		}
	}
}

// addresses tells where saved pages come from that do not say it.
func addresses(t *testing.T) func(string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(pages, "ADDRESSES.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) string {
		for line := range strings.Lines(string(text)) {
			if prefix, address, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && strings.HasPrefix(name, prefix) {
				return address
			}
		}
		return ""
	}
}

func gunzip(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToValidUTF8(string(text), "\ufffd")
}

func TestUnsoundAdaptersAreRefused(t *testing.T) {
	sound := "id: board\ntitle: Board\nhosts: [board.example]\nchecked: 2026-11-23\npages:\n- {name: p, lists: many, root: [li], fields: {title: [{css: h2}]}}\n"
	if _, err := extract.ParseYAML([]byte(sound)); err != nil {
		t.Fatalf("the sound adapter that the others are made from is refused: %v", err)
	}
	for name, change := range map[string][2]string{
		"unknown key":                   {"title: Board", "title: Board\nscript: alert(1)"},
		"pseudo-class only in browsers": {"root: [li]", `root: ["li:has(a)"]`},
		"selector that does not parse":  {"root: [li]", `root: ["li["]`},
		"host with a path":              {"board.example]", "board.example/jobs]"},
		"unknown kind":                  {"lists: many", "lists: many, kind: people"},
		"unknown field":                 {"fields: {title:", "fields: {phone:"},
		"no listing root":               {"root: [li]", "root: []"},
		"neither one nor many":          {"lists: many", "lists: all"},
	} {
		if _, err := extract.ParseYAML([]byte(strings.Replace(sound, change[0], change[1], 1))); err == nil {
			t.Errorf("%s: accepted, want an error that says what to do", name)
		}
	}
}

func FuzzReadNeverPanicsAndIsBounded(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join(pages, "*.html"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "")
	}
	f.Add("<a href=//x>", "https://board.example/")
	all, err := extract.Sites(os.DirFS("../lists"), "sites")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, page, url string) {
		got, err := extract.Read(page, url, all)
		if err != nil {
			return
		}
		for _, l := range got.Listings {
			if len(l.Title) > 4*20000 || len(l.Body) > 4*20000 {
				t.Errorf("a field of %d bytes: a hostile page must not get through more than the bound", len(l.Body))
			}
		}
	})
}
