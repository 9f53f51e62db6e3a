// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"errors"
	"math"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Train makes a wording model from the samples of a language and kind that are
// labelled fraud or legit; those labelled benign only hold it to its budget. Of
// the list it takes what says how a text is read, and no indicator: the model does
// not change with them.
func Train(list *pack.Pack, samples []Sample, lang string, kind pack.Kind, seed uint64, r Recipe, progress Progress) (*pack.Wording, error) {
	t, err := newTrainer(list, samples, lang, kind, r)
	if err != nil {
		return nil, err
	}
	w, err := t.train(t.all(), seed, progress)
	if err != nil {
		return nil, err
	}
	return w, t.hold(w, samples)
}

// Progress is told what is being done, and how far it has come.
type Progress func(what string, done, of int)

// reading gives of a list what says how a text is read.
func reading(p *pack.Pack) *pack.Pack {
	return &pack.Pack{Name: p.Name, Version: p.Version, Created: p.Created, Policy: p.Policy, Protected: p.Protected}
}

// with gives the list with one wording model and no other.
func with(p *pack.Pack, w *pack.Wording) *pack.Pack {
	q := *p
	q.Wording = []pack.Wording{*w}
	return &q
}

// trainer holds what the trainings of one run share.
type trainer struct {
	list    *pack.Pack // how a text is read
	samples []Sample   // fraud and legit of one language and kind
	texts   []text
	lang    string
	kind    pack.Kind
	recipe  Recipe
}

func newTrainer(list *pack.Pack, samples []Sample, lang string, kind pack.Kind, r Recipe) (*trainer, error) {
	t := &trainer{list: reading(list), lang: lang, kind: kind, recipe: r}
	for i := range samples {
		if x := &samples[i]; t.reads(x) && (x.Fraud() || x.Label == "legit") {
			t.samples = append(t.samples, *x)
		}
	}
	s, err := scorer.New(t.list)
	if err != nil {
		return nil, err
	}
	t.texts = readTexts(s, t.samples)
	return t, nil
}

// reads reports whether the model is for such a listing.
func (t *trainer) reads(x *Sample) bool {
	return x.Listing.Lang == t.lang && x.Listing.Kind == t.kind
}

func (t *trainer) all() []int {
	all := make([]int, len(t.samples))
	for i := range all {
		all[i] = i
	}
	return all
}

var errFew = errors.New("too few listings to train on: at least 20 templates labelled fraud and 20 labelled legit are needed, or the thresholds mean nothing")

// train makes a model of the samples with the given indexes. Its thresholds come
// from inner folds, where each listing is scored by a model that has not seen its
// template.
func (t *trainer) train(among []int, seed uint64, progress Progress) (*pack.Wording, error) {
	if t.templates(among, true) < 20 || t.templates(among, false) < 20 {
		return nil, errFew
	}
	var inner []Scored
	for fold := range t.recipe.Folds {
		rest, in := split(t.samples, among, seed^innerSeed, t.recipe.Folds, fold)
		s, err := scorer.New(with(t.list, t.round(fit(t.texts, t.samples, rest, t.recipe))))
		if err != nil {
			return nil, err
		}
		for _, i := range in {
			inner = append(inner, Scored{strengthOf(s, &t.samples[i]), t.samples[i].Fraud()})
		}
		if progress != nil {
			progress("training", fold+1, t.recipe.Folds+1)
		}
	}
	w := t.round(fit(t.texts, t.samples, among, t.recipe))
	if progress != nil {
		progress("training", t.recipe.Folds+1, t.recipe.Folds+1)
	}
	raise(w, ThresholdAt(inner, t.recipe.Hint))
	return w, nil
}

// innerSeed makes inner folds other than those that a model is measured on.
const innerSeed = 0x5bd1e995

// strengthOf is what the model says of a listing; a hint is 1000.
func strengthOf(s *scorer.Scorer, x *Sample) float64 {
	l := trainingText(x.Listing)
	both, _, _, ok := s.WordingStrengths(&l)
	if !ok {
		return -1e6 // nothing is known: less than any threshold
	}
	return float64(both)
}

// hold raises the thresholds until the model keeps its budget on each set of
// benign listings. It never lowers them. Strength has an end, so that one step may
// not be enough.
func (t *trainer) hold(w *pack.Wording, samples []Sample) error {
	for {
		s, err := scorer.New(with(t.list, w))
		if err != nil {
			return err
		}
		sets := map[string][]Scored{}
		for i := range samples {
			if x := &samples[i]; t.reads(x) && x.Label == "benign" {
				sets[x.Set] = append(sets[x.Set], Scored{Score: strengthOf(s, x)})
			}
		}
		most := 0.0
		for _, set := range sets {
			most = max(most, ThresholdAt(set, t.recipe.Budget))
		}
		if most < 1000 {
			return nil
		}
		raise(w, most)
	}
}

// raise moves the thresholds so that what had this strength has just no hint.
func raise(w *pack.Wording, strength float64) {
	by := (strength + 1 - 1000) / 1000
	for _, at := range []*[2]int32{&w.Doc, &w.Window} {
		shift := int32(math.Ceil(by * float64(at[1]-at[0])))
		at[0], at[1] = at[0]+shift, at[1]+shift
	}
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

// round makes int8 weights, with a hint where the odds are even and a strong hint
// half a unit of log odds above. Words of n-grams join with weight 0: they are the
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
	w := &pack.Wording{Lang: t.lang, Kinds: 1 << t.kind, Bias: int32(math.RoundToEven(m.bias * scale * 16))}
	for k, odds := range []float64{0, 0.5} {
		w.Doc[k] = int32(math.RoundToEven(odds * scale * 16))
		w.Window[k] = int32(math.RoundToEven((odds - t.recipe.Window[1]) / t.recipe.Window[0] * scale))
	}
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
