// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"lapwing/scorer/pack"
	"lapwing/server/publish"
)

// Seeds are those of cross-validation; Folds is how many parts each cuts the
// templates into.
var Seeds = []uint64{7, 13, 23}

// Folds is the number of folds of cross-validation.
const Folds = 5

// Run trains a model for each language and kind that has labelled listings in the
// files, measures it, and gives the files of wording/ by name: the models, and the
// card. The same files, list and seed give the same bytes.
func Run(list *pack.Pack, files []string, seed uint64, r Recipe, progress Progress) (map[string][]byte, error) {
	samples, err := Read(files, reads(progress))
	if err != nil {
		return nil, err
	}
	c := card{Seed: seed, Recipe: r, List: list}
	if c.Sets, err = describe(files, samples); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, s := range labelled(samples) {
		w, err := Train(list, samples, s.lang, s.kind, seed, r, progress)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", s.lang, s.kind, err)
		}
		m := modelCard{File: publish.WordingName(w), Model: w}
		out[m.File] = publish.FormatWording(w)
		padding := slices.DeleteFunc(slices.Clone(samples), func(x Sample) bool {
			return x.Label != "benign" || x.Listing.Lang != s.lang || x.Listing.Kind != s.kind
		})
		folded, err := CrossValidate(list, samples, padding, s.lang, s.kind, Seeds, Folds, true, r, progress)
		if err != nil {
			return nil, err
		}
		m.Folds = folded.Figures()
		if m.Benign, err = benignFigures(with(list, w), samples); err != nil {
			return nil, err
		}
		if m.Share, err = Share(list, w); err != nil {
			return nil, err
		}
		c.Models = append(c.Models, m)
	}
	if len(c.Models) == 0 {
		return nil, errors.New(`no listings labelled "fraud" and "legit" of one language and kind in the data`)
	}
	out[CardName], err = c.render()
	return out, err
}

// CardName is the name of the card's file.
const CardName = "MODEL_CARD.md"

// reads makes a Progress of reading.
func reads(progress Progress) publish.Progress {
	if progress == nil {
		return nil
	}
	return func(set string, read, size int64) { progress("reading "+set, int(read), int(size)) }
}

type scope struct {
	lang string
	kind pack.Kind
}

// labelled gives the languages and kinds that have both labels, in order.
func labelled(samples []Sample) []scope {
	has := map[scope][2]bool{}
	for i := range samples {
		s := scope{samples[i].Listing.Lang, samples[i].Listing.Kind}
		both := has[s]
		both[0] = both[0] || samples[i].Fraud()
		both[1] = both[1] || samples[i].Label == "legit"
		has[s] = both
	}
	var out []scope
	for s, both := range has {
		if both[0] && both[1] && s.lang != "" && s.kind != pack.Unknown {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b scope) int { return cmp.Or(cmp.Compare(a.lang, b.lang), cmp.Compare(a.kind, b.kind)) })
	return out
}

// setFacts says what one file holds.
type setFacts struct {
	Name, SHA256           string
	Fraud, Legit, Benign   int
	Templates, Repetitions int // distinct templates, and rows that share one with another
}

func describe(files []string, samples []Sample) ([]setFacts, error) {
	var out []setFacts
	for _, file := range files {
		c, err := publish.OpenCorpus(file)
		if err != nil {
			return nil, err
		}
		f := setFacts{Name: filepath.Base(file)}
		if f.SHA256, err = hashFile(file); err != nil {
			return nil, err
		}
		templates := map[string]int{}
		for i := range samples {
			if x := &samples[i]; x.Set == c.Name {
				templates[x.Template]++
				switch x.Label {
				case "fraud":
					f.Fraud++
				case "legit":
					f.Legit++
				case "benign":
					f.Benign++
				}
			}
		}
		f.Templates = len(templates)
		for _, n := range templates {
			f.Repetitions += n - 1
		}
		out = append(out, f)
	}
	return out, nil
}

func hashFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// Share is how many bytes the model adds to the compressed pack.
func Share(list *pack.Pack, w *pack.Wording) (int, error) {
	size := func(p *pack.Pack) (int, error) {
		b, err := pack.Encode(p)
		if err != nil {
			return 0, err
		}
		var out bytes.Buffer
		z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if _, err := z.Write(b); err != nil {
			return 0, err
		}
		if err := z.Close(); err != nil {
			return 0, err
		}
		return out.Len(), nil
	}
	p := *list
	p.Wording = nil
	before, err := size(&p)
	if err != nil {
		return 0, err
	}
	after, err := size(with(&p, w))
	return after - before, err
}
