// SPDX-License-Identifier: Apache-2.0

package queue

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"lapwing/scorer/normal"
)

// What the index finds is what reading every text would find.
func TestSearchIsThatOfReadingEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"a", "ab", "ba", "farm", "er", "é", "12", "Ж"}
	word := func() string {
		var b strings.Builder
		for range 1 + r.IntN(3) {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		return b.String()
	}
	w := newWords()
	var texts []string
	for n := range 700 {
		var b []string
		for range r.IntN(12) {
			b = append(b, word())
		}
		if n%97 == 5 { // over the edge of a page
			for k := range 30000 {
				b = append(b, fmt.Sprint("x", n, k))
			}
		}
		text := normal.Fold(strings.Join(b, " "))
		texts = append(texts, text)
		w.add(append([]byte(text), ' '))
	}
	ask := func(phrase string) {
		t.Helper()
		found := w.find(phrase)
		for i, text := range texts {
			if want := strings.Contains(text, phrase); found.has(uint32(i)) != want {
				t.Fatalf("%q in text %d: got %v, want %v: %.80q", phrase, i, found.has(uint32(i)), want, text)
			}
		}
	}
	for range 300 {
		var b []string
		for range 1 + r.IntN(4) {
			b = append(b, word())
		}
		phrase := normal.Fold(strings.Join(b, " "))
		ask(phrase)
		if cut := phrase[len(phrase)/2:]; strings.TrimSpace(cut) == cut && cut != "" {
			ask(cut)
		}
	}
	long := strings.Fields(texts[5])
	ask(strings.Join(long[len(long)-3:], " "))
	if many := strings.Join(long[20:120], " "); !w.find(many).has(5) {
		t.Error("a phrase of a hundred words is not found where it stands")
	}
}

func FuzzSearch(f *testing.F) {
	f.Add("a quiet farm by the sea", "farm b")
	f.Add("", "")
	f.Add("ÀÉ  \u200b12", "e1")
	f.Fuzz(func(t *testing.T, text, phrase string) {
		text, phrase = normal.Fold(text), normal.Fold(phrase)
		w := newWords()
		w.add([]byte("another one "))
		w.add(append([]byte(text), ' '))
		if phrase == "" || len(strings.Fields(phrase)) > longest {
			return
		}
		if got, want := w.find(phrase).has(1), strings.Contains(text, phrase); got != want {
			t.Errorf("%q in %q: got %v, want %v", phrase, text, got, want)
		}
	})
}
