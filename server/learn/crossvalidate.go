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
	Sample  int // index into the samples
	Seed    int // index into the seeds
	Verdict scorer.Verdict
}

// Folded are the outcomes of cross-validation: as they are, and under attack.
type Folded struct {
	Samples  []Sample
	Seeds    []uint64
	Clean    []Outcome
	Attacked map[string][]Outcome // by attack; frauds only
}

// CrossValidate scores each labelled listing with the list and a model that was
// trained on the folds that its template is not in, for each seed. padding is
// harmless text of the same kind, to be put around frauds.
func CrossValidate(list *pack.Pack, samples, padding []Sample, lang string, kind pack.Kind, seeds []uint64, folds int, attacks bool, r Recipe, progress Progress) (*Folded, error) {
	t, err := newTrainer(list, samples, lang, kind, r)
	if err != nil {
		return nil, err
	}
	out := &Folded{Samples: t.samples, Seeds: seeds, Attacked: map[string][]Outcome{}}
	for k, seed := range seeds {
		for fold := range folds {
			rest, in := split(out.Samples, t.all(), seed, folds, fold)
			w, err := t.train(rest, seed, nil)
			if err != nil {
				return nil, fmt.Errorf("fold %d of seed %d: %w", fold+1, seed, err)
			}
			s, err := scorer.New(with(list, w))
			if err != nil {
				return nil, err
			}
			for _, i := range in {
				out.score(s, i, k, padding, attacks)
			}
			if progress != nil {
				progress("cross-validation", k*folds+fold+1, len(seeds)*folds)
			}
		}
	}
	return out, nil
}

func (f *Folded) score(s *scorer.Scorer, i, seed int, padding []Sample, attacks bool) {
	x := &f.Samples[i]
	f.Clean = append(f.Clean, Outcome{i, seed, s.Score(&x.Listing)})
	if !x.Fraud() {
		return
	}
	attacked := func(name string, l scorer.Listing) {
		f.Attacked[name] = append(f.Attacked[name], Outcome{i, seed, s.Score(&l)})
	}
	// The same listing meets the same attack, whatever was scored before it.
	rng := rand.New(rand.NewPCG(f.Seeds[seed], uint64(i)))
	if len(padding) > 0 {
		attacked(Padded, Pad(x.Listing, 3, padding, rng))
	}
	if attacks {
		for _, a := range Obfuscations {
			attacked(a.Name, a.Apply(x.Listing, rng))
		}
	}
}

// Padded names the attack of Pad with three times the text.
const Padded = "three times harmless text around it"
