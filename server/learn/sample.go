// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"lapwing/scorer"
	"lapwing/server/publish"
)

// Sample is a listing and what people said of it.
type Sample struct {
	Set      string // the file that it comes from
	ID       string
	Label    string // fraud, legit, benign, or "" where nobody said
	Template string // near-duplicates share it; never "" after Read
	Listing  scorer.Listing
}

// Fraud reports whether people found the listing to be fraud.
func (s *Sample) Fraud() bool { return s.Label == "fraud" }

// Harmless reports whether a mark on the listing would be a false alarm.
func (s *Sample) Harmless() bool { return s.Label == "legit" || s.Label == "benign" }

// Read reads sets of listings. progress may be nil.
func Read(files []string, progress publish.Progress) ([]Sample, error) {
	var out []Sample
	for _, file := range files {
		c, err := publish.OpenCorpus(file)
		if err != nil {
			return nil, err
		}
		err = c.Rows(func(row *publish.Row, read int64) error {
			out = append(out, sampleOf(c.Name, row))
			if progress != nil {
				progress(c.Name, read, c.Size)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no listings in %s", strings.Join(files, ", "))
	}
	return out, nil
}

// sampleOf makes a sample of a row; one without a template has one of its own.
func sampleOf(set string, row *publish.Row) Sample {
	s := Sample{Set: set, ID: row.ID, Label: row.Label, Template: row.Template, Listing: row.Listing}
	if s.Template == "" {
		s.Template = set + " " + strconv.Itoa(row.Line)
	}
	return s
}

// placeholder is what data sets put where an address, e-mail or number was. It is
// their writing and not the advert's, so nothing may be learned from it.
var placeholder = regexp.MustCompile(`#?(URL|EMAIL|PHONE)_[0-9a-f]{8,}#?`)

// markup is what a word processor leaves in a text that was pasted from it.
var markup = regexp.MustCompile(`(Normal\s+0\s[^{}]{0,1000})?\{mso-[^{}]*\}`)

// gapWord takes the place of a placeholder; no n-gram reaches across it.
const gapWord = "lapwingplaceholder"

// trainingText is the listing without what the data set put in.
func trainingText(l scorer.Listing) scorer.Listing {
	for _, f := range []scorer.Field{scorer.Title, scorer.Body} {
		l.Text[f] = markup.ReplaceAllLiteralString(l.Text[f], " "+gapWord+" ")
		if strings.Contains(l.Text[f], "_") {
			l.Text[f] = placeholder.ReplaceAllLiteralString(l.Text[f], " "+gapWord+" ")
		}
	}
	return l
}
