// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

func sum(b []byte) [sha256.Size]byte { return sha256.Sum256(b) }

// corpus is listings of about 2 kB, parsed and as lines.
type corpus struct {
	listings []scorer.Listing
	lines    [][]byte // each holds the eight digits "00000000" once in id and once in body
	bytes    int64    // of text
	file     string   // the lines, once saved
}

// save writes the lines, each once and under its own number.
func (c *corpus) save(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	c.file = file
	_, err = io.Copy(f, c.unique(len(c.lines)))
	return err
}

const digits = "00000000"

// newCorpus makes n listings.
func newCorpus(n int, textFile string) (*corpus, error) {
	rng := rand.New(rand.NewPCG(3, 5))
	sentences := invented(rng, 20_000)
	if textFile != "" {
		var err error
		if sentences, err = sentencesOf(textFile); err != nil {
			return nil, err
		}
	}
	c := &corpus{}
	for range n {
		var body strings.Builder
		body.WriteString("Ref " + digits + ". ")
		for want := 1500 + rng.IntN(1000); body.Len() < want; {
			body.WriteString(sentences[rng.IntN(len(sentences))])
			if rng.IntN(6) == 0 {
				body.WriteByte('\n')
			} else {
				body.WriteByte(' ')
			}
		}
		c.add(sentences[rng.IntN(len(sentences))], body.String())
	}
	return c, nil
}

func (c *corpus) add(title, body string) {
	l := scorer.Listing{Kind: pack.Job, Lang: "en"}
	l.Text[scorer.Title], l.Text[scorer.Body] = title, body
	c.listings = append(c.listings, l)
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	enc.Encode(map[string]string{"id": digits, "kind": "job", "lang": "en", "title": title, "body": body})
	c.lines = append(c.lines, line.Bytes())
	c.bytes += int64(len(title) + len(body))
}

// sentencesOf takes the bodies of a file of listings apart.
func sentencesOf(file string) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	var out []string
	lines := bufio.NewScanner(r)
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
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no listing with a body", file)
	}
	return out, lines.Err()
}

// invented makes sentences whose words are drawn like a language's: few often, many rarely.
func invented(rng *rand.Rand, n int) []string {
	syllables := strings.Fields("an be con de er fo ga ho in ja ka li mo ne or pe qui ra se ti un ve wo ya ment ing tion ed ly ness ful able")
	words := make([]string, 15_000)
	for k := range words {
		for range 1 + rng.IntN(4) {
			words[k] += syllables[rng.IntN(len(syllables))]
		}
	}
	out := make([]string, n)
	for k := range out {
		parts := make([]string, 6+rng.IntN(18))
		for j := range parts {
			parts[j] = words[int(float64(len(words))*rng.Float64()*rng.Float64()*rng.Float64())]
		}
		out[k] = strings.Join(parts, " ") + "."
	}
	return out
}

// lineReader gives a number of lines without end of memory. Which line comes
// next, and under which number, next decides: equal numbers on one line are
// equal listings.
type lineReader struct {
	corpus *corpus
	left   int
	next   func() (line, number int)
	buf    []byte
}

// unique gives n listings of which no two are alike.
func (c *corpus) unique(n int) *lineReader {
	k := 0
	return &lineReader{corpus: c, left: n, next: func() (int, int) {
		k++
		return k % len(c.lines), k
	}}
}

func (r *lineReader) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(r.buf) == 0 {
			if r.left == 0 {
				break
			}
			r.left--
			r.fill()
		}
		k := copy(p[n:], r.buf)
		r.buf = r.buf[k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *lineReader) fill() {
	line, number := r.next()
	b := append(r.buf[:0:0], r.corpus.lines[line]...)
	var text [len(digits)]byte
	for k := len(text) - 1; k >= 0; k-- {
		text[k] = byte('0' + number%10)
		number /= 10
	}
	for at := 0; ; {
		k := bytes.Index(b[at:], []byte(digits))
		if k < 0 {
			break
		}
		at += k + copy(b[at+k:], text[:])
	}
	r.buf = b
}
