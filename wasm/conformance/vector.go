// SPDX-License-Identifier: Apache-2.0

// Package conformance reads testdata/vectors, the one truth that native Go, the
// module under wazero, and the module in Node, Chromium and Firefox are held to.
// Its tests run all five and compare their verdicts byte by byte.
//
// A vector is a text file with one scenario, named after it:
//
//	comment: money asked for before the flat can be seen
//	level: notice
//	score: 5.68
//	indicator: payment.deposit-before-viewing 6
//	span: body 9 31 "deposit before viewing"
//
//	{"kind": "housing", "title": "Sunny flat", "body": "Send the deposit before viewing please."}
//
// Each indicator comes with its points, in the order of the verdict, and each of
// its spans with field, start and end in code points, and the passage as JSON.
// The expectations are written by `go test ./wasm/conformance -update`, and then
// read by a person: they are what we promise, not what we happen to get. A file
// whose name ends in -quiet.txt is a near miss and must stay without reasons.
//
// list.txt beside them is the list that they are scored with (see ParseList).
// It is small and its own, so that vectors do not change when the real list does.
package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Vector is one scenario.
type Vector struct {
	Name    string // of the file, without .txt
	Comment string
	Want    string          // the header without the comment: a verdict as Describe writes it
	JSON    json.RawMessage // the listing as it stands in the file
	Listing scorer.Listing
}

// Quiet is how the names of near misses end.
const Quiet = "-quiet"

// ReadVectors reads all vectors of a directory, by name.
func ReadVectors(dir string) ([]Vector, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	var vectors []Vector
	for _, file := range files {
		if filepath.Base(file) == ListFile {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		v, err := parseVector(strings.TrimSuffix(filepath.Base(file), ".txt"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		vectors = append(vectors, v)
	}
	return vectors, nil
}

func parseVector(name, text string) (Vector, error) {
	v := Vector{Name: name}
	head, listing, ok := strings.Cut(text, "\n\n")
	if !ok {
		return v, errors.New("no empty line between the header and the listing")
	}
	first, want, _ := strings.Cut(head, "\n")
	if v.Comment, ok = strings.CutPrefix(first, "comment: "); !ok {
		return v, errors.New("line 1: want comment:, the scenario in one sentence")
	}
	if want != "" {
		v.Want = want + "\n"
	}
	if !utf8.ValidString(text) {
		return v, errors.New("not UTF-8: JavaScript and Go replace other bytes differently")
	}
	v.JSON = json.RawMessage(strings.TrimSpace(listing))
	var err error
	v.Listing, err = parseListing(v.JSON)
	return v, err
}

// parseListing reads a listing's JSON. A misspelt key would make a scenario of
// something else, so it is an error here.
func parseListing(raw []byte) (scorer.Listing, error) {
	var l scorer.Listing
	var texts map[string]string
	if err := json.Unmarshal(raw, &texts); err != nil {
		return l, fmt.Errorf("listing: %w", err)
	}
	for key, text := range texts {
		switch key {
		case "kind":
			l.Kind = pack.ParseKind(text)
		case "lang":
			l.Lang = text
		default:
			field := scorer.Field(0)
			for ; field < scorer.NumFields && field.String() != key; field++ {
			}
			if field == scorer.NumFields {
				return l, fmt.Errorf("listing: unknown key %q", key)
			}
			l.Text[field] = text
		}
	}
	return l, nil
}

// Describe writes a verdict as the header of a vector.
func Describe(p *pack.Pack, l *scorer.Listing, v *scorer.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "level: %s\n", v.Level)
	fmt.Fprintf(&b, "score: %s\n", strconv.FormatFloat(float64(v.Score)/100, 'f', -1, 64))
	for _, r := range v.Reasons {
		id := "wording"
		if r.Indicator != scorer.WordingHint {
			id = p.Indicators[r.Indicator].ID
		}
		fmt.Fprintf(&b, "indicator: %s %d\n", id, r.Points)
		for _, s := range r.Spans {
			fmt.Fprintf(&b, "span: %s %d %d %s\n", s.Field, s.Start, s.End, quote(passage(l.Text[s.Field], s)))
		}
	}
	return b.String()
}

// passage is what a span marks, or a note that it marks nothing that is there.
func passage(text string, s scorer.Span) string {
	runes := []rune(text)
	if s.Start > s.End || int(s.End) > len(runes) {
		return "(outside of the field)"
	}
	return string(runes[s.Start:s.End])
}

func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string can always be encoded
	return strings.TrimSuffix(b.String(), "\n")
}

// Text is the vector's file with other expectations.
func (v *Vector) Text(want string) string {
	return "comment: " + v.Comment + "\n" + want + "\n" + string(v.JSON) + "\n"
}
