// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

// wording reads a line of a wording model. Its n-grams are words in normal form.
func (b *listBuilder) wording(key string, words []string) error {
	p := b.pack
	if key == "wording" {
		if len(words) < 2 {
			return errIncomplete
		}
		p.Wording = append(p.Wording, pack.Wording{Lang: words[0], Kinds: kinds(words[1:])})
		b.features = append(b.features, make(map[uint32]int8))
		return nil
	}
	if len(p.Wording) == 0 {
		return errors.New("no wording before it")
	}
	w := &p.Wording[len(p.Wording)-1]
	switch key {
	case "bias":
		return scan(words, &w.Bias)
	case "doc":
		return scan(words, &w.Doc[0], &w.Doc[1])
	case "window":
		return scan(words, &w.Window[0], &w.Window[1])
	}
	if len(words) < 2 || len(words) > 4 {
		return errors.New("want a weight and one to three words")
	}
	weight, err := strconv.ParseInt(words[0], 10, 8)
	if err != nil {
		return err
	}
	b.feature(words[1:], int8(weight))
	return nil
}

// feature adds an n-gram, and its words with weight 0 if they are not there:
// every word of an n-gram is part of the model's vocabulary.
func (b *listBuilder) feature(words []string, weight int8) {
	features := b.features[len(b.features)-1]
	var hashes []uint64
	for _, w := range words {
		h := normal.HashWord(normal.Fold(w))
		hashes = append(hashes, h)
		if _, ok := features[scorer.Gram1(h)]; !ok {
			features[scorer.Gram1(h)] = 0
		}
	}
	switch len(hashes) {
	case 1:
		features[scorer.Gram1(hashes[0])] = weight
	case 2:
		features[scorer.Gram2(hashes[0], hashes[1])] = weight
	case 3:
		features[scorer.Gram3(hashes[0], hashes[1], hashes[2])] = weight
	}
}

func (b *listBuilder) sortFeatures() {
	for i, features := range b.features {
		w := &b.pack.Wording[i]
		w.Features = slices.Sorted(maps.Keys(features))
		for _, f := range w.Features {
			w.Weights = append(w.Weights, features[f])
		}
	}
}
