// SPDX-License-Identifier: Apache-2.0

package learn_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/server/learn"
)

// list is a list without indicators: how a text is read, and when levels begin.
func list() *pack.Pack {
	return &pack.Pack{
		Name: "invented", Version: 1, Created: "2026-11-23", Protected: []string{"martian"},
		Policy: pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12, Levels: []pack.LevelRule{{Notice: 5, Elevated: 12, High: 20}}},
	}
}

// small is a recipe that is done with quickly.
func small() learn.Recipe {
	r := learn.DefaultRecipe
	r.Features, r.Rounds, r.Folds = 500, 15, 3
	return r
}

var (
	ordinary = strings.Fields("we are a small company in the town centre and look for a person who likes working with others you plan the week with your colleagues and write reports")
	shady    = strings.Fields("wire unlimited envelope parcel reshipping untaxed lottery jackpot gullible effortless")
	honest   = strings.Fields("pension apprenticeship canteen certificate maintenance supervisor laboratory union overtime training")
)

// row makes an advert of which every fourth word is of its sort.
func row(rng *rand.Rand, n int, label, template string) map[string]any {
	sort := honest
	if label == "fraud" {
		sort = shady
	}
	var words []string
	for i := range 60 {
		from := ordinary
		if i%4 == 0 {
			from = sort
		}
		words = append(words, from[rng.IntN(len(from))])
	}
	// One word of its own, as a name would be.
	words = append(words, fmt.Sprintf("owner%s", template))
	return map[string]any{"id": fmt.Sprint(label, n), "kind": "job", "lang": "en", "label": label, "template": template,
		"title": "Helper wanted", "body": strings.Join(words, " ")}
}

// data writes invented listings, two of each template.
func data(t testing.TB, name string, labels ...string) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, uint64(len(labels))))
	var b strings.Builder
	for i := range 240 {
		label := labels[i%len(labels)]
		line, err := json.Marshal(row(rng, i, label, fmt.Sprint(label, i/(2*len(labels)))))
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return write(t, name, b.String())
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t testing.TB, files ...string) []learn.Sample {
	t.Helper()
	samples, err := learn.Read(files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return samples
}
