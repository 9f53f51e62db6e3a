// SPDX-License-Identifier: Apache-2.0

package learn_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"lapwing/server/learn"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// TestTheCardFitsTheShippedModels holds MODEL_CARD.md against the files beside it:
// a model and a card that were not written by one run are found out.
func TestTheCardFitsTheShippedModels(t *testing.T) {
	card, err := fs.ReadFile(lists.Source, "wording/"+learn.CardName)
	if err != nil {
		t.Fatal(err)
	}
	p, err := publish.CompileFS(lists.Source, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(lists.Source, "wording/*.json")
	if err != nil || len(files) != len(p.Wording) || len(files) == 0 {
		t.Fatalf("files %q for %d models (%v), want one each", files, len(p.Wording), err)
	}
	for i := range p.Wording {
		w := &p.Wording[i]
		for _, fact := range learn.Facts(w) {
			if !strings.Contains(string(card), fact+"\n") {
				t.Errorf("the card does not say %q: run lapwing train again, and ship all that it writes", fact)
			}
		}
		shipped, err := fs.ReadFile(lists.Source, path.Join("wording", publish.WordingName(w)))
		if err != nil {
			t.Fatal(err)
		}
		if string(shipped) != string(publish.FormatWording(w)) {
			t.Errorf("%s is not as lapwing train writes it", publish.WordingName(w))
		}
	}
	for _, heading := range []string{"## What it must not be used for", "## Data", "## How it is made", "False alarms on harmless sets"} {
		if !strings.Contains(string(card), heading) {
			t.Errorf("the card has no %q", heading)
		}
	}
}

// TestShippedModelsAreSmallEnough: every volunteer downloads it.
func TestShippedModelsAreSmallEnough(t *testing.T) {
	p, err := publish.CompileFS(lists.Source, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Wording {
		heavy := 0
		for _, v := range p.Wording[i].Weights {
			if v != 0 {
				heavy++
			}
		}
		if heavy < 20_000 || heavy > 40_000 {
			t.Errorf("%s: %d weights, want 20 000 to 40 000", publish.WordingName(&p.Wording[i]), heavy)
		}
		bytes, err := learn.Share(p, &p.Wording[i])
		if err != nil {
			t.Fatal(err)
		}
		if bytes > 100_000 {
			t.Errorf("%s: %d bytes of the compressed pack, want at most 100 000", publish.WordingName(&p.Wording[i]), bytes)
		}
	}
}
