// SPDX-License-Identifier: Apache-2.0

package normal_test

import (
	"slices"
	"strings"
	"testing"

	"lapwing/scorer/normal"
)

func words(s string) (list []string, hashes []uint64) {
	var b normal.Buffer
	b.Reset()
	b.Append(s)
	b.Close()
	var w normal.Words
	w.Find(b.Text, normal.Pad)
	edges := w.Edges
	padded := b.Text[:len(b.Text)+normal.Pad]
	for i := 0; i+1 < len(edges); i += 2 {
		list = append(list, string(b.Text[edges[i]:edges[i+1]]))
		hashes = append(hashes, normal.Hash(padded, edges[i], edges[i+1]))
	}
	return list, hashes
}

func FuzzWordsAgreeWithFold(f *testing.F) {
	f.Add("We keep your passport, 24/7 — €500!")
	f.Add(strings.Repeat("a", 63) + " " + strings.Repeat("b", 64) + strings.Repeat(" c", 70))
	f.Add("护照 пaссport\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got, hashes := words(s)
		want := strings.Fields(normal.Fold(s))
		if !slices.Equal(got, want) {
			t.Errorf("words of %q = %q, want %q: both cut the same normal form", s, got, want)
		}
		for i, w := range got {
			if h := normal.HashWord(w); h != hashes[i] {
				t.Errorf("HashWord(%q) = %x, in text %x: a pattern's word must be found in a text", w, h, hashes[i])
			}
		}
	})
}

func FuzzOddWords(f *testing.F) {
	f.Add("a b2b 24/7 pa$$port x-y (call) 5")
	f.Add(strings.Repeat("ab ", 21) + "c " + strings.Repeat("d1 ", 60))
	f.Add(strings.Repeat("x ", 31) + "y z")
	f.Fuzz(func(t *testing.T, s string) {
		var b normal.Buffer
		b.Reset()
		b.Append(s)
		b.Close()
		var w normal.Words
		w.Find(b.Text, normal.Pad)
		odd := map[uint32]bool{}
		for k, i := range w.Odd {
			odd[i] = true
			if k > 0 && i < w.Odd[k-1] {
				t.Fatalf("%q: odd words %v are not in order", s, w.Odd)
			}
		}
		lone := func(i int) bool { return 2*i < len(w.Edges) && w.Edges[2*i+1]-w.Edges[2*i] == 1 }
		for i := 0; 2*i < len(w.Edges); i++ {
			word := string(b.Text[w.Edges[2*i]:w.Edges[2*i+1]])
			spaced := lone(i) && lone(i+1) && w.Edges[2*i+2]-w.Edges[2*i] <= 4
			if want := spaced || strings.ContainsAny(word, "0123456789"); want && !odd[uint32(i)] {
				t.Errorf("%q: word %d, %q, is not odd: it would not be looked at", s, i, word)
			}
		}
	})
}

func BenchmarkWords(b *testing.B) {
	s := strings.Repeat("We are looking for hard working people, no experience needed; call today. ", 27)
	var buf normal.Buffer
	var w normal.Words
	b.SetBytes(int64(len(s)))
	var sum uint64
	for b.Loop() {
		buf.Reset()
		buf.Append(s)
		buf.Close()
		w.Find(buf.Text, normal.Pad)
		edges := w.Edges
		padded := buf.Text[:len(buf.Text)+normal.Pad]
		for i := 0; i+1 < len(edges); i += 2 {
			sum += normal.Hash(padded, edges[i], edges[i+1])
		}
	}
	_ = sum
}
