// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// maxListing bounds a line of a corpus in bytes.
const maxListing = 16 << 20

// Corpus is a file of listings to try a list on: JSON lines, gzip'd if its name
// ends with .gz. It is read as it is needed, and more than once.
type Corpus struct {
	Name string // of the set, as printed
	File string
	Size int64 // bytes of the file
}

// OpenCorpus looks at a corpus without reading it.
func OpenCorpus(file string) (Corpus, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Corpus{}, fmt.Errorf("corpus: %w", err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".gz")
	return Corpus{Name: strings.TrimSuffix(name, filepath.Ext(name)), File: file, Size: info.Size()}, nil
}

// Row is one listing of a corpus and what people said of it.
type Row struct {
	Line     int
	ID       string
	Label    string // "fraud", "legit", "benign", or "" where nobody said
	Template string // near-duplicates share it
	Listing  scorer.Listing
}

// Harmless reports whether a reason on the row is a false alarm.
func (r *Row) Harmless() bool { return r.Label == "benign" || r.Label == "legit" }

type rowJSON struct {
	ID       json.RawMessage `json:"id"`
	Label    string          `json:"label"`
	Template json.RawMessage `json:"template"`
	Kind     string          `json:"kind"`
	Lang     string          `json:"lang"`
	Title    string          `json:"title"`
	Body     string          `json:"body"`
	Company  string          `json:"company"`
	Location string          `json:"location"`
	Pay      string          `json:"pay"`
	Contact  string          `json:"contact"`
	URL      string          `json:"url"`
}

// Rows calls f for each listing with the bytes of the file read so far. A line
// that cannot be read is an error: a corpus that shrinks silently flatters.
func (c Corpus) Rows(f func(row *Row, read int64) error) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	defer file.Close()
	counted := &countingReader{r: file}
	var text io.Reader = counted
	if strings.HasSuffix(c.File, ".gz") {
		if text, err = gzip.NewReader(counted); err != nil {
			return fmt.Errorf("corpus %s: %w", c.File, err)
		}
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(make([]byte, 64<<10), maxListing)
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		row, err := readRow(lines.Bytes())
		if err != nil {
			return fmt.Errorf("corpus %s: line %d: %w", c.File, n, err)
		}
		row.Line = n
		if err := f(row, counted.n); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("corpus %s: %w", c.File, err)
	}
	return nil
}

func readRow(line []byte) (*Row, error) {
	var v rowJSON
	if err := json.Unmarshal(line, &v); err != nil {
		return nil, err
	}
	if v.Title == "" && v.Body == "" {
		return nil, errors.New("neither title nor body")
	}
	switch v.Label {
	case "", "fraud", "legit", "benign":
	default:
		return nil, fmt.Errorf("unknown label %q: fraud, legit or benign", v.Label)
	}
	row := &Row{ID: plainJSON(v.ID), Template: plainJSON(v.Template), Label: v.Label}
	row.Listing = scorer.Listing{Kind: pack.ParseKind(v.Kind), Lang: v.Lang, Text: [scorer.NumFields]string{
		scorer.Title: v.Title, scorer.Body: v.Body, scorer.Company: v.Company, scorer.Location: v.Location,
		scorer.Pay: v.Pay, scorer.Contact: v.Contact, scorer.URL: v.URL,
	}}
	return row, nil
}

// plainJSON gives a JSON string's value, or another value as it is written.
func plainJSON(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
