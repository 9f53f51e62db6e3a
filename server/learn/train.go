// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Train makes a wording model from the samples of a language and kind that are
// labelled fraud or legit. base is the list that the model will be part of,
// without a model for that language and kind: it says which words are protected.
func Train(base *pack.Pack, samples []Sample, lang string, kind pack.Kind, seed uint64, r Recipe) (*pack.Wording, error) {
	s, err := scorer.New(without(base))
	if err != nil {
		return nil, err
	}
	var use []Sample
	for i := range samples {
		l := &samples[i].Listing
		if l.Lang == lang && l.Kind == kind && (samples[i].Fraud() || samples[i].Label == "legit") {
			use = append(use, samples[i])
		}
	}
	t := trainer{base: base, samples: use, texts: readTexts(s, use), lang: lang, kind: kind, recipe: r}
	all := make([]int, len(use))
	for i := range all {
		all[i] = i
	}
	return t.train(all, seed)
}

// without gives the list without its wording models.
func without(p *pack.Pack) *pack.Pack {
	q := *p
	q.Wording = nil
	return &q
}

// with gives the list with one wording model and no other.
func with(p *pack.Pack, w *pack.Wording) *pack.Pack {
	q := *p
	q.Wording = []pack.Wording{*w}
	return &q
}

// trainer holds what the trainings of one run share.
type trainer struct {
	base    *pack.Pack
	samples []Sample
	texts   []text
	lang    string
	kind    pack.Kind
	recipe  Recipe
}

var errFew = errors.New("too few listings to train on: at least 20 templates labelled fraud and 20 labelled legit are needed, or the thresholds mean nothing")

// train makes a model of the samples with the given indexes. Its thresholds come
// from inner folds, where each listing is scored by a model that has not seen its
// template.
func (t *trainer) train(among []int, seed uint64) (*pack.Wording, error) {
	if t.templates(among, true) < 20 || t.templates(among, false) < 20 {
		return nil, errFew
	}
	final := fit(t.texts, t.samples, among, t.recipe)
	w := t.round(final)
	scale := scaleOf(final)
	var doc, window []Scored
	for fold := range t.recipe.Folds {
		rest, in := split(t.samples, among, seed^0x5bd1e995, t.recipe.Folds, fold)
		inner := fit(t.texts, t.samples, rest, t.recipe)
		// Margins are compared across models before rounding's scale.
		per := scale / scaleOf(inner)
		p := t.round(inner)
		s, err := scorer.New(with(t.base, p))
		if err != nil {
			return nil, err
		}
		for _, i := range in {
			l := trainingText(t.samples[i].Listing)
			d, b, ok := s.WordingMargins(&l)
			if !ok {
				return nil, fmt.Errorf("listing %s: the model does not read it", t.samples[i].ID)
			}
			doc = append(doc, Scored{float64(d) * per, t.samples[i].Fraud()})
			window = append(window, Scored{float64(b) * per, t.samples[i].Fraud()})
		}
	}
	w.Doc, w.Window = thresholds(doc, t.recipe.Hint), thresholds(window, t.recipe.Hint)
	return w, nil
}

func (t *trainer) templates(among []int, fraud bool) int {
	seen := map[string]bool{}
	for _, i := range among {
		if t.samples[i].Fraud() == fraud {
			seen[t.samples[i].Template] = true
		}
	}
	return len(seen)
}

// thresholds finds where a channel gives a hint and a strong one.
func thresholds(list []Scored, shares [2]float64) (at [2]int32) {
	for k := range at {
		at[k] = int32(math.Floor(ThresholdAt(list, shares[k]))) + 1
	}
	at[1] = max(at[1], at[0]+1)
	return at
}

// scaleOf is how many units of an int8 weight make a unit of the model's. The
// few heaviest weights are cut off rather than have all others round to nothing.
func scaleOf(m linear) float64 {
	size := make([]float64, len(m.weights))
	for i, w := range m.weights {
		size[i] = math.Abs(w)
	}
	slices.Sort(size)
	top := size[max(len(size)-1-len(size)/1000, 0)]
	if top == 0 {
		return 1
	}
	return 127 / top
}

// round makes int8 weights. Words of n-grams join with weight 0: they are the
// vocabulary that deobfuscation may read a token as.
func (t *trainer) round(m linear) *pack.Wording {
	scale := scaleOf(m)
	weight := map[uint32]int8{}
	for i, f := range m.features {
		if v := int8(math.RoundToEven(min(max(m.weights[i]*scale, -127), 127))); v != 0 {
			weight[f] = v
		}
	}
	for _, x := range t.texts {
		addWords(weight, x.title)
		addWords(weight, x.body)
	}
	w := &pack.Wording{Lang: t.lang, Kinds: 1 << t.kind, Bias: int32(math.RoundToEven(m.bias * scale * 16)),
		Doc: [2]int32{0, 1}, Window: [2]int32{0, 1}}
	for f := range weight {
		w.Features = append(w.Features, f)
	}
	slices.Sort(w.Features)
	for _, f := range w.Features {
		w.Weights = append(w.Weights, weight[f])
	}
	return w
}

// addWords gives weight 0 to the words of n-grams that weigh something.
func addWords(weight map[uint32]int8, words []uint64) {
	known := func(f uint32) bool { return weight[f] != 0 }
	add := func(words ...uint64) {
		for _, x := range words {
			if f := scorer.Gram1(x); weight[f] == 0 {
				weight[f] = 0
			}
		}
	}
	for i, c := range words {
		if i > 0 && known(scorer.Gram2(words[i-1], c)) {
			add(words[i-1], c)
		}
		if i > 1 && known(scorer.Gram3(words[i-2], words[i-1], c)) {
			add(words[i-2 : i+1]...)
		}
		if t := scorer.TitleWord(c); known(scorer.Gram1(t)) {
			add(c)
		}
	}
}
