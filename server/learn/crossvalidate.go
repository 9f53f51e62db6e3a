// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"fmt"
	"math/rand/v2"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Outcome is the verdict on one listing, by a model that has not seen its template.
type Outcome struct {
	Sample      int // index into the samples
	Seed        int // index into the seeds
	Verdict     scorer.Verdict
	Doc, Window int32 // the wording model's margins
	Thresholds  [2][2]int32
}

// Folded are the outcomes of cross-validation: as they are, and under attack.
type Folded struct {
	Samples  []Sample
	Seeds    []uint64
	Clean    []Outcome
	Attacked map[string][]Outcome // by attack; frauds only
}

// CrossValidate scores each labelled listing with the list base and a model that
// was trained on the folds that its template is not in, for each seed. padding is
// harmless text of the same kind, to be put around frauds.
func CrossValidate(base *pack.Pack, samples, padding []Sample, lang string, kind pack.Kind, seeds []uint64, folds int, attacks bool, r Recipe, progress func(done, of int)) (*Folded, error) {
	s, err := scorer.New(without(base))
	if err != nil {
		return nil, err
	}
	out := &Folded{Seeds: seeds, Attacked: map[string][]Outcome{}}
	for i := range samples {
		l := &samples[i].Listing
		if l.Lang == lang && l.Kind == kind && (samples[i].Fraud() || samples[i].Label == "legit") {
			out.Samples = append(out.Samples, samples[i])
		}
	}
	t := trainer{base: base, samples: out.Samples, texts: readTexts(s, out.Samples), lang: lang, kind: kind, recipe: r}
	all := make([]int, len(out.Samples))
	for i := range all {
		all[i] = i
	}
	for k, seed := range seeds {
		for fold := range folds {
			rest, in := split(out.Samples, all, seed, folds, fold)
			w, err := t.train(rest, seed)
			if err != nil {
				return nil, fmt.Errorf("fold %d of seed %d: %w", fold+1, seed, err)
			}
			s, err := scorer.New(with(base, w))
			if err != nil {
				return nil, err
			}
			for _, i := range in {
				out.score(s, w, i, k, padding, attacks)
			}
			if progress != nil {
				progress(k*folds+fold+1, len(seeds)*folds)
			}
		}
	}
	return out, nil
}

func (f *Folded) score(s *scorer.Scorer, w *pack.Wording, i, seed int, padding []Sample, attacks bool) {
	outcome := func(l scorer.Listing) Outcome {
		d, b, _ := s.WordingMargins(&l)
		return Outcome{i, seed, s.Score(&l), d, b, [2][2]int32{w.Doc, w.Window}}
	}
	x := &f.Samples[i]
	f.Clean = append(f.Clean, outcome(x.Listing))
	if !x.Fraud() {
		return
	}
	// The same listing meets the same attack, whatever was scored before it.
	rng := rand.New(rand.NewPCG(f.Seeds[seed], uint64(i)))
	if len(padding) > 0 {
		f.Attacked[Padded] = append(f.Attacked[Padded], outcome(Pad(x.Listing, 3, padding, rng)))
	}
	if attacks {
		for _, a := range Obfuscations {
			f.Attacked[a.Name] = append(f.Attacked[a.Name], outcome(a.Apply(x.Listing, rng)))
		}
	}
}

// Padded names the attack of Pad with three times the text.
const Padded = "three times harmless text around it"
