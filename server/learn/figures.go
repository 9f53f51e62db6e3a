// SPDX-License-Identifier: Apache-2.0

package learn

import "lapwing/scorer"

// Figures are what a run of cross-validation comes to, each the mean over its
// seeds and how far the seeds lie apart (standard deviation).
type Figures struct {
	Templates map[string]int // by label
	Rows      map[string]int
	AUC       Spread
	Recall    Spread // at 1 % false alarms
	// Attacked is the recall under each attack, at the threshold of the listings as
	// they are; in the order of Attacks.
	Attacked []AttackFigure
	// Levels is the share of listings at a level or above, by label.
	Levels map[string][scorer.NumLevels]Spread
}

// AttackFigure is the recall under one attack.
type AttackFigure struct {
	Name   string
	Recall Spread
}

// Spread is a figure over several seeds.
type Spread struct {
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
}

func spread(runs []float64) Spread {
	m, d := meanDeviation(runs)
	return Spread{m, d}
}

// falseAlarms is the share of harmless listings at which recall is reported.
const falseAlarms = 0.01

// Figures sums up the outcomes.
func (f *Folded) Figures() Figures {
	out := Figures{Templates: map[string]int{}, Rows: map[string]int{}, Levels: map[string][scorer.NumLevels]Spread{}}
	seen := map[[2]string]bool{}
	for i := range f.Samples {
		x := &f.Samples[i]
		out.Rows[x.Label]++
		if key := [2]string{x.Label, x.Template}; !seen[key] {
			seen[key] = true
			out.Templates[x.Label]++
		}
	}
	var auc, recall []float64
	attacked := map[string][]float64{}
	levels := map[string][scorer.NumLevels][]float64{}
	for k := range f.Seeds {
		list := f.scored(f.Clean, k)
		at := ThresholdAt(list, falseAlarms)
		auc, recall = append(auc, AUC(list)), append(recall, Recall(list, at))
		for name, outcomes := range f.Attacked {
			attacked[name] = append(attacked[name], Recall(f.scored(outcomes, k), at))
		}
		for label, n := range out.Rows {
			runs := levels[label]
			for l, count := range f.atLevel(k, label) {
				runs[l] = append(runs[l], float64(count)/float64(n))
			}
			levels[label] = runs
		}
	}
	out.AUC, out.Recall = spread(auc), spread(recall)
	for _, name := range append([]string{Padded}, obfuscationNames()...) {
		if runs, ok := attacked[name]; ok {
			out.Attacked = append(out.Attacked, AttackFigure{name, spread(runs)})
		}
	}
	for label, runs := range levels {
		var s [scorer.NumLevels]Spread
		for l := range runs {
			s[l] = spread(runs[l])
		}
		out.Levels[label] = s
	}
	return out
}

func obfuscationNames() []string {
	var names []string
	for _, a := range Obfuscations {
		names = append(names, a.Name)
	}
	return names
}

// scored gives the scores of a seed's outcomes.
func (f *Folded) scored(outcomes []Outcome, seed int) []Scored {
	var list []Scored
	for _, o := range outcomes {
		if o.Seed == seed {
			list = append(list, Scored{float64(o.Verdict.Score), f.Samples[o.Sample].Fraud()})
		}
	}
	return list
}

// atLevel counts a seed's listings of a label at each level or above.
func (f *Folded) atLevel(seed int, label string) (n [scorer.NumLevels]int) {
	for _, o := range f.Clean {
		if o.Seed == seed && f.Samples[o.Sample].Label == label {
			for l := range o.Verdict.Level + 1 {
				n[l]++
			}
		}
	}
	return n
}
