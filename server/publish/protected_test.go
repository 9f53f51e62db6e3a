// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// slots are phrases of the sort in which protected words stand in adverts.
var slots = []string{"Only %s workers.", "We look for %s staff,", "a %s family", "for %s girls", "(%s preferred)", "%s, no experience"}

// fairness scores texts that differ in one protected word.
type fairness struct {
	scorer *scorer.Scorer
	pack   *pack.Pack
	words  []string
	random *rand.Rand
}

// TestNoProtectedWordMovesAVerdict puts words for nationality, ethnicity,
// religion and gender into every example of the list and into 500 generated
// adverts. Whichever word it is, the verdict is the same.
func TestNoProtectedWordMovesAVerdict(t *testing.T) {
	source, faults := publish.Load(lists.Source)
	if faults.Errors() > 0 {
		t.Fatal(&publish.FaultsError{Faults: faults})
	}
	p, err := publish.Compile(source, publish.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sc, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	f := fairness{scorer: sc, pack: p, words: p.Protected, random: rand.New(rand.NewPCG(7, 30))}
	if len(f.words) < 100 {
		t.Fatalf("%d protected words, want at least 100", len(f.words))
	}
	var examples []string
	for i := range source.Indicators {
		for _, e := range source.Indicators[i].Examples {
			examples = append(examples, e.Text)
			words := strings.Fields(e.Text)
			at := f.random.IntN(len(words) + 1)
			text := strings.Join(words[:at], " ") + " %s " + strings.Join(words[at:], " ")
			f.check(t, strings.ReplaceAll(strings.ReplaceAll(text, "%", "%%"), "%%s", "%s"))
		}
	}
	for range 500 {
		f.check(t, f.advert(examples))
	}
}

// advert makes a text of a few examples, with one slot for a protected word.
func (f *fairness) advert(examples []string) string {
	var parts []string
	for range 2 + f.random.IntN(5) {
		parts = append(parts, strings.ReplaceAll(examples[f.random.IntN(len(examples))], "%", "%%"))
	}
	at := f.random.IntN(len(parts))
	parts[at] += " " + slots[f.random.IntN(len(slots))]
	return strings.Join(parts, " ")
}

// triedWords is how many protected words are tried in each text.
const triedWords = 6

func (f *fairness) check(t *testing.T, format string) {
	t.Helper()
	kind := pack.Kind(f.random.IntN(int(pack.NumKinds)))
	first, want := "", ""
	for range triedWords {
		word := f.words[f.random.IntN(len(f.words))]
		l := &scorer.Listing{Kind: kind}
		l.Text[scorer.Body] = fmt.Sprintf(format, word)
		got := f.summary(f.scorer.Score(l))
		if want == "" {
			first, want = word, got
		}
		if got != want {
			t.Errorf("%q and %q give different verdicts in %q:\n%s\n%s", first, word, format, want, got)
			return
		}
	}
}

// summary is what of a verdict must not change. Where a passage stands may.
func (f *fairness) summary(v scorer.Verdict) string {
	s := fmt.Sprintf("%s %d", v.Level, v.Score)
	for _, r := range v.Reasons {
		id := publish.WordingID
		if r.Indicator >= 0 {
			id = f.pack.Indicators[r.Indicator].ID
		}
		s += fmt.Sprintf(", %s %d in %d", id, r.Points, len(r.Spans))
	}
	return s
}

// FuzzLoad states that no file makes the loader panic or lose its place, and
// that what has no errors compiles.
func FuzzLoad(f *testing.F) {
	files := sample()
	for _, name := range []string{keepsFile, "policy.yaml", "protected/en.yaml", "helplines/us.yaml"} {
		f.Add(name, files[name])
	}
	f.Add("sites/x.yaml", "id: x\nurls: [a, b]\nlisting: {title: {css: h1}}\n")
	f.Add("wording/en-job.json", `{"lang":"en","kinds":["job"],"features":[1,2],"weights":[1,-1]}`)
	f.Add("texts/es.yaml", "documents.keeps: {title: a, means: b, benign: c}\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if !fs.ValidPath(name) || len(text) > 1<<14 {
			t.Skip("no file of a list")
		}
		files := sample()
		files[name] = text
		s, faults := publish.Load(filesystem(files))
		faults = append(faults, s.Check("2026-12-01")...)
		for _, fault := range faults {
			if fault.File == "" || fault.Problem == "" {
				t.Errorf("a fault without place or problem: %v", fault)
			}
		}
		if faults.Errors() > 0 {
			return
		}
		if _, err := publish.Compile(s, publish.Options{}); err != nil {
			t.Errorf("no faults, but: %v", err)
		}
	})
}
