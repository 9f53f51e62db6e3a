// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"lapwing/scorer/normal"
)

// corpus is what everyone reads in one run.
type corpus struct {
	name  string
	docs  []string // about 2 kB each
	bytes int
}

// load takes English adverts where they are at hand, and invents some otherwise.
func load(size int) corpus {
	var sentences []string
	name := "invented adverts"
	for _, file := range []string{"emscad.jsonl.gz", "jobs-en.jsonl.gz"} {
		for _, dir := range []string{"../../../shared/data", "../shared/data"} {
			if s := bodies(filepath.Join(dir, file)); s != nil {
				sentences = append(sentences, s...)
				name = "real adverts"
			}
		}
	}
	r := rand.New(rand.NewPCG(7, 11))
	if sentences == nil {
		sentences = invent(r, 20000)
	}
	c := corpus{name: name}
	for c.bytes < size {
		var b strings.Builder
		want := 1500 + r.IntN(1000)
		for b.Len() < want {
			b.WriteString(sentences[r.IntN(len(sentences))])
			b.WriteByte(' ')
		}
		doc := b.String()
		if r.IntN(10) == 0 {
			doc = disguise(r, doc)
		}
		c.docs = append(c.docs, doc)
		c.bytes += len(doc)
	}
	return c
}

func bodies(file string) []string {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil
	}
	var out []string
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l struct{ Body string }
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			continue
		}
		for _, s := range strings.FieldsFunc(l.Body, func(r rune) bool { return r == '\n' || r == '.' }) {
			if s = strings.TrimSpace(s); len(s) > 20 && len(s) < 600 {
				out = append(out, s+".")
			}
		}
	}
	return out
}

// invent makes sentences whose words are drawn like a language's: few often, many rarely.
func invent(r *rand.Rand, n int) []string {
	syllables := strings.Fields("an be con de er fo ga ho in ja ka li mo ne or pe qui ra se ti un ve wo ya ment ing tion ed ly ness ful able")
	words := make([]string, 15000)
	for i := range words {
		for range 1 + r.IntN(4) {
			words[i] += syllables[r.IntN(len(syllables))]
		}
	}
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for k := range 6 + r.IntN(18) {
			if k > 0 {
				b.WriteByte(' ')
			}
			rank := int(float64(len(words)) * r.Float64() * r.Float64() * r.Float64())
			b.WriteString(words[rank])
		}
		out[i] = b.String() + "."
	}
	return out
}

// disguise hides some words the way adverts do.
func disguise(r *rand.Rand, doc string) string {
	words := strings.Split(doc, " ")
	for k := range words {
		switch r.IntN(12) {
		case 0:
			words[k] = strings.NewReplacer("a", "а", "e", "е", "o", "о").Replace(words[k])
		case 1:
			words[k] = strings.NewReplacer("a", "4", "e", "3", "o", "0").Replace(words[k])
		case 2:
			words[k] = strings.Join(strings.Split(words[k], ""), " ")
		}
	}
	return strings.Join(words, " ")
}

// phrases draws n phrases of 1 to 5 words (mostly 2 and 3) from the distinct
// words of the corpus, and a few that occur in it as they stand: about one hit in
// some listings of 2 kB at 1 000 phrases, in proportion beyond. Lists are nested.
func phrases(c corpus, n int) []string {
	r := rand.New(rand.NewPCG(13, 17))
	var running, vocabulary []string
	known := map[string]bool{}
	for range 600 {
		for _, w := range strings.Fields(normal.Fold(c.docs[r.IntN(len(c.docs))])) {
			running = append(running, w)
			if !known[w] && ascii(w) {
				known[w] = true
				vocabulary = append(vocabulary, w)
			}
		}
	}
	seen := map[string]bool{}
	var out []string
	for len(out) < n {
		size := []int{1, 2, 2, 2, 3, 3, 3, 4, 5}[r.IntN(9)]
		var p string
		if size > 1 && r.IntN(200) == 0 {
			at := r.IntN(len(running) - size)
			p = strings.Join(running[at:at+size], " ")
		} else {
			ws := make([]string, size)
			for k := range ws {
				ws[k] = vocabulary[r.IntN(len(vocabulary))]
			}
			p = strings.Join(ws, " ")
		}
		if len(p) < 8 || size == 1 && (len(p) < 9 || r.IntN(10) > 0) || seen[p] || !ascii(p) {
			continue
		}
		seen[p] = true
		out = append(out, p)
	}
	return out
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
