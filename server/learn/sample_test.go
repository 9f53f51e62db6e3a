// SPDX-License-Identifier: Apache-2.0

package learn_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/learn"
)

func TestReadingSets(t *testing.T) {
	file := write(t, "two.jsonl", `{"id":"a","kind":"job","lang":"en","label":"fraud","template":"x","title":"One"}`+"\n\n"+`{"id":7,"kind":"job","lang":"en","label":"benign","body":"Two"}`+"\n")
	samples := read(t, file)
	if len(samples) != 2 {
		t.Fatalf("%d samples, want 2", len(samples))
	}
	a, b := samples[0], samples[1]
	if a.Set != "two" || a.ID != "a" || a.Template != "x" || !a.Fraud() || a.Harmless() || a.Listing.Kind != pack.Job || a.Listing.Text[scorer.Title] != "One" {
		t.Errorf("first sample %+v", a)
	}
	if b.ID != "7" || b.Template == "" || b.Template == a.Template || b.Fraud() || !b.Harmless() {
		t.Errorf("second sample %+v, want a template of its own", b)
	}
}

func TestSetsThatCannotBeReadAreRefused(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"not JSON":      {"{", "line 1"},
		"unknown label": {`{"body":"x","label":"maybe"}`, `unknown label "maybe"`},
		"no text":       {`{"label":"fraud"}`, "neither title nor body"},
		"empty":         {"\n", "no listings"},
	} {
		if _, err := learn.Read([]string{write(t, "bad.jsonl", test.text)}, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
	if _, err := learn.Read([]string{"nowhere.jsonl"}, nil); err == nil {
		t.Error("a file that is not there: no error")
	}
}

// FuzzRead: whatever a file holds, reading it ends with samples or an error.
func FuzzRead(f *testing.F) {
	f.Add(`{"id":"a","kind":"job","lang":"en","label":"fraud","template":"x","title":"One"}`)
	f.Add(`{"template":[1,2],"body":"x"}`)
	f.Add("\x00")
	f.Fuzz(func(t *testing.T, text string) {
		samples, err := learn.Read([]string{write(t, "f.jsonl", text)}, nil)
		if err == nil && len(samples) == 0 {
			t.Error("no samples and no error")
		}
		for _, s := range samples {
			if s.Template == "" {
				t.Errorf("%+v has no template: all such rows would be one", s)
			}
		}
	})
}

// People can still read what an attack has made; and it is another text.
func TestAttacksChangeEveryText(t *testing.T) {
	l := scorer.Listing{Kind: pack.Job, Lang: "en"}
	l.Text[scorer.Title], l.Text[scorer.Body] = "Easy Money", "Earn at home, no experience needed."
	for _, a := range learn.Obfuscations {
		got := a.Apply(l, rand.New(rand.NewPCG(1, 2)))
		for _, f := range []scorer.Field{scorer.Title, scorer.Body} {
			if got.Text[f] == l.Text[f] || !utf8.ValidString(got.Text[f]) {
				t.Errorf("%s: %s is %q, want another text in UTF-8", a.Name, f, got.Text[f])
			}
		}
		if again := a.Apply(l, rand.New(rand.NewPCG(1, 2))); again != got {
			t.Errorf("%s: two texts from one seed", a.Name)
		}
	}
}

func TestPaddingKeepsTheAdvertInTheMiddle(t *testing.T) {
	var others []learn.Sample
	for _, body := range []string{"Quiet office.", "Ein Büro mit Aussicht.", "安静的办公室"} {
		var s learn.Sample
		s.Listing.Text[scorer.Body] = body
		others = append(others, s)
	}
	l := scorer.Listing{}
	l.Text[scorer.Body] = strings.Repeat("wire money ", 20)
	got := learn.Pad(l, 3, others, rand.New(rand.NewPCG(1, 2))).Text[scorer.Body]
	before, after, ok := strings.Cut(got, l.Text[scorer.Body])
	if own := len(l.Text[scorer.Body]); !ok || !utf8.ValidString(got) || len(got) < 4*own-20 || len(got) > 4*own+20 || len(before) < own || len(after) < own {
		t.Errorf("%d bytes around %d, want three times as many, on both sides", len(got)-own, own)
	}
}
