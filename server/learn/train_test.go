// SPDX-License-Identifier: Apache-2.0

package learn_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
	"lapwing/server/learn"
)

func TestTrainingTwiceGivesTheSameBytes(t *testing.T) {
	files := []string{data(t, "labelled.jsonl", "fraud", "legit"), data(t, "harmless.jsonl", "benign")}
	var runs [2]map[string][]byte
	for i := range runs {
		var err error
		if runs[i], err = learn.Run(list(), files, 1, small(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := slices.Sorted(maps.Keys(runs[0])), []string{learn.CardName, "en-job.json"}; !slices.Equal(got, want) {
		t.Fatalf("files %q, want %q", got, want)
	}
	for name, b := range runs[0] {
		if !bytes.Equal(b, runs[1][name]) {
			t.Errorf("two runs give different bytes for %s: a published model could not be checked by anybody", name)
		}
	}
}

func TestIndicatorsDoNotChangeTheModel(t *testing.T) {
	samples := read(t, data(t, "labelled.jsonl", "fraud", "legit"))
	other := list()
	other.Indicators = []pack.Indicator{{ID: "job.parcels", Strength: pack.Medium, Weight: 5, Kinds: 1 << pack.Job, Status: pack.Active}}
	other.Patterns = []pack.Pattern{{Lang: "en", Expr: "(parcel|parcels)"}}
	a, err := learn.Train(list(), samples, "en", pack.Job, 1, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := learn.Train(other, samples, "en", pack.Job, 1, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Weights, b.Weights) || a.Doc != b.Doc || a.Window != b.Window {
		t.Error("a new indicator gives another model: each change of the list would ask for a new one")
	}
}

func TestTheModelTellsTheSortsApart(t *testing.T) {
	samples := read(t, data(t, "labelled.jsonl", "fraud", "legit"))
	w, err := learn.Train(list(), samples, "en", pack.Job, 1, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := list()
	p.Wording = []pack.Wording{*w}
	s, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	score := func(body string) scorer.Verdict {
		l := scorer.Listing{Kind: pack.Job, Lang: "en"}
		l.Text[scorer.Body] = body
		return s.Score(&l)
	}
	fraud := score("effortless parcel reshipping, untaxed and unlimited, with an envelope for the gullible lottery jackpot wire")
	legit := score("apprenticeship with pension and canteen, supervisor in maintenance, laboratory training and union overtime certificate")
	if fraud.Level != scorer.Notice || legit.Level != scorer.None || fraud.Score <= legit.Score {
		t.Errorf("levels %v and %v, scores %d and %d; want a notice and none", fraud.Level, legit.Level, fraud.Score, legit.Score)
	}
}

// A word that stands in few templates may be somebody's name.
func TestNamesAndNumbersAreNoFeatures(t *testing.T) {
	samples := read(t, data(t, "labelled.jsonl", "fraud", "legit"))
	for i := range samples {
		samples[i].Listing.Text[scorer.Body] += " call 5550123456 or #EMAIL_0123456789abcdef# martian"
	}
	w, err := learn.Train(list(), samples, "en", pack.Job, 1, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	has := func(word string) bool {
		_, ok := slices.BinarySearch(w.Features, scorer.Gram1(normal.HashWord(normal.Fold(word))))
		return ok
	}
	if !has("parcel") {
		t.Error("no feature for a word of most frauds, want one")
	}
	for _, word := range []string{"ownerfraud1", "ownerlegit3", "5550123456", "email", "0123456789abcdef", "lapwingplaceholder", "martian"} {
		if has(word) {
			t.Errorf("%q is a feature: names, numbers, placeholders and protected words may not be learned", word)
		}
	}
}

func TestBenignSetsHoldTheModelToItsBudget(t *testing.T) {
	labelled := read(t, data(t, "labelled.jsonl", "fraud", "legit"))
	// Harmless adverts that are worded like fraud.
	like := read(t, data(t, "like-fraud.jsonl", "fraud"))
	for i := range like {
		like[i].Label = "benign"
	}
	all := slices.Concat(labelled, like)
	w, err := learn.Train(list(), all, "en", pack.Job, 1, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := list()
	p.Wording = []pack.Wording{*w}
	s, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	flagged := 0
	for i := range like {
		if s.Score(&like[i].Listing).Level > scorer.None {
			flagged++
		}
	}
	if most := int(small().Budget * float64(len(like))); flagged > most {
		t.Errorf("%d of %d benign listings have a hint, want at most %d", flagged, len(like), most)
	}
}

func TestTooLittleDataIsRefused(t *testing.T) {
	few := write(t, "few.jsonl", `{"kind":"job","lang":"en","label":"fraud","body":"wire"}`+"\n"+`{"kind":"job","lang":"en","label":"legit","body":"pension"}`+"\n")
	none := data(t, "harmless.jsonl", "benign")
	for name, test := range map[string]struct{ file, want string }{"few": {few, "at least 20 templates"}, "no labels": {none, "no listings labelled"}} {
		if _, err := learn.Run(list(), []string{test.file}, 1, small(), nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}
