// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// longest is the textbook's longest common subsequence.
func longest(a, b []uint32) int {
	row := make([]int, len(b)+1)
	for _, w := range a {
		before := 0
		for j, v := range b {
			was := row[j+1]
			if w == v {
				row[j+1] = before + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			before = was
		}
	}
	return row[len(b)]
}

func TestAlignmentIsAsLongAsTheTextbooks(t *testing.T) {
	var al aligner // used again and again, as in a search
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Uint32Range(1, uint32(rapid.IntRange(1, 60).Draw(t, "words")))
		a := rapid.SliceOfN(word, 1, 200).Draw(t, "a")
		b := rapid.SliceOfN(word, 1, 200).Draw(t, "b")
		al.prepare(a)
		turn, pairs := al.align(b)
		turned := append(slices.Clone(b[turn:]), b[:turn]...)
		if want := longest(a, turned); len(pairs) != want {
			t.Fatalf("got %d matches, want %d", len(pairs), want)
		}
		for k, m := range pairs {
			if a[m.A] != turned[m.B] || k > 0 && (m.A <= pairs[k-1].A || m.B <= pairs[k-1].B) {
				t.Fatalf("match %d is %v after %v: not the same word, or out of order", k, m, pairs[max(k-1, 0)])
			}
		}
	})
}

func TestATurnedTextIsTurnedBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var al aligner
	for range 200 {
		a := make([]uint32, 80+rng.IntN(200))
		for k := range a {
			a[k] = rng.Uint32() % 5000
		}
		at := rng.IntN(len(a))
		b := append(slices.Clone(a[at:]), a[:at]...)
		al.prepare(a)
		turn, pairs := al.align(b)
		if len(pairs) < len(a)-2*noTurn {
			t.Errorf("%d words turned by %d: turned back by %d, %d match", len(a), at, turn, len(pairs))
		}
	}
}

func TestUnrelatedTextsSaveNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	f := newFrequency()
	text := func() []uint32 {
		words := make([]uint32, 150)
		for k := range words {
			if words[k] = rng.Uint32() % 20; rng.IntN(2) == 0 { // half of it are twenty little words
				words[k] = rng.Uint32() % 10_000
			}
		}
		f.count(words)
		return words
	}
	var all [][]uint32
	for range 200 {
		all = append(all, text())
	}
	f.settle()
	var al aligner
	for k := 1; k < len(all); k++ {
		al.prepare(all[k-1])
		if l := al.compare(all[k], f); l.alike() || l.gain > bit*40 {
			t.Errorf("two unrelated texts: %+v", l)
		}
	}
}

func TestTextsThatShareAPassageShareAFingerprint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringMatching(`[a-zа-я ]{0,60}`)
		shared := rapid.StringMatching(`[a-zа-я ]{19,40}`).Draw(t, "shared")
		var p printer
		a := slices.Clone(p.prints([]byte(letters.Draw(t, "a")+shared+letters.Draw(t, "b")), nil))
		b := p.prints([]byte(letters.Draw(t, "c")+shared+letters.Draw(t, "d")), nil)
		if !slices.ContainsFunc(a, func(h uint64) bool { return slices.Contains(b, h) }) {
			t.Fatal("none is shared")
		}
	})
}

func TestALongTextHasFewFingerprintsAndAPartOfItSomeOfThem(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	text := make([]byte, 100_000)
	for k := range text {
		text[k] = 'a' + byte(rng.IntN(26))
	}
	var p printer
	whole := slices.Clone(p.prints(text, nil))
	part := p.prints(text[:50_000], nil)
	n := 0
	for _, h := range part {
		if slices.Contains(whole, h) {
			n++
		}
	}
	if len(whole) > maxPrints || len(part) > maxPrints || len(whole) < maxPrints/4 || n < len(whole)/4 {
		t.Errorf("got %d, %d for its first half, %d in both", len(whole), len(part), n)
	}
}

func TestPlacesThatCanBeOneAreOne(t *testing.T) {
	for _, tt := range []struct {
		want int
		of   []string
	}{
		{0, []string{"", ""}},
		{1, []string{"Springfield", "springfield", ""}},
		{1, []string{"Springfield (12 Elm Street)", "Springfield", "Springfield 62701"}},
		{1, []string{"Springfield", "Springfield, US"}},
		{2, []string{"Springfield, US", "Shelbyville, US"}},
		{2, []string{"Springfield", "Shelbyville", "Springfield, US"}},
	} {
		var sets [][]uint32
		for _, s := range tt.of {
			sets = append(sets, placeWords(s, nil))
		}
		if got := places(sets); got != tt.want {
			t.Errorf("%q: got %d places, want %d", tt.of, got, tt.want)
		}
	}
}
