// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"errors"
	"fmt"
	"io"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/publish"
)

// Evaluation is what a finished list does on sets of listings.
type Evaluation struct {
	*publish.Measurement
	Against *pack.Pack // an earlier pack that it was compared with, or nil
	// AsIs are the scores of labelled listings by the list as it is. They flatter
	// it where its model was trained on them.
	AsIs []Scored
	// Folds are by language and kind; empty where nothing was trained.
	Folds []FoldsResult
	// TooFew are languages and kinds with too few templates for folds.
	TooFew []string
}

// FoldsResult is the same list with models that have not seen the templates that
// they score.
type FoldsResult struct {
	Lang, Kind string
	Figures    Figures
	Scored     []Scored // of all seeds
}

// EvaluateOptions are what Evaluate takes beside the list and the data.
type EvaluateOptions struct {
	Against  *pack.Pack
	Folds    int // 0: score labelled listings with the list as it is, and train nothing
	Recipe   Recipe
	Progress Progress
}

// Evaluate tries a list on files of listings.
func Evaluate(list *pack.Pack, files []string, o EvaluateOptions) (*Evaluation, error) {
	var corpora []publish.Corpus
	for _, file := range files {
		c, err := publish.OpenCorpus(file)
		if err != nil {
			return nil, err
		}
		corpora = append(corpora, c)
	}
	e := &Evaluation{Against: o.Against}
	var samples []Sample // labelled ones: of the others only counts are kept
	var err error
	e.Measurement, err = publish.MeasureEach(list, corpora, o.Against, reads(o.Progress), func(row *publish.Row, v *scorer.Verdict) {
		if row.Label == "fraud" || row.Label == "legit" {
			e.AsIs = append(e.AsIs, Scored{float64(v.Score), row.Label == "fraud"})
			samples = append(samples, sampleOf("", row))
		}
	})
	if err != nil || o.Folds == 0 || len(list.Wording) == 0 {
		return e, err
	}
	for _, s := range labelled(samples) {
		f, err := CrossValidate(list, samples, nil, s.lang, s.kind, Seeds, o.Folds, false, o.Recipe, o.Progress)
		if errors.Is(err, errFew) {
			e.TooFew = append(e.TooFew, s.lang+" "+s.kind.String())
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("folds of %s, %s: %w", s.lang, s.kind, err)
		}
		r := FoldsResult{Lang: s.lang, Kind: s.kind.String(), Figures: f.Figures()}
		for k := range f.Seeds {
			r.Scored = append(r.Scored, f.scored(f.Clean, k)...)
		}
		e.Folds = append(e.Folds, r)
	}
	return e, nil
}

// Write prints the evaluation for people.
func (e *Evaluation) Write(w io.Writer) error {
	if err := e.Measurement.Write(w, e.Against); err != nil {
		return err
	}
	s := e.Summary()
	if s.AsIs != nil {
		if _, err := fmt.Fprintf(w, "\nlabelled listings, the list as it is (too kind where its model was trained on them)\n  ROC-AUC %.3f, recall at 1 %% false alarms %.3f\n", s.AsIs.AUC, s.AsIs.Recall); err != nil {
			return err
		}
	}
	for _, few := range e.TooFew {
		if _, err := fmt.Fprintf(w, "\n%s: too few templates to cut into folds\n", few); err != nil {
			return err
		}
	}
	for _, f := range s.Folds {
		if _, err := fmt.Fprintf(w, "\n%s, %s: folds by template, the mean of %d seeds\n  ROC-AUC %.3f ± %.3f, recall at 1 %% false alarms %.3f ± %.3f\n",
			f.Lang, f.Kind, len(Seeds), f.AUC.Mean, f.AUC.Deviation, f.Recall.Mean, f.Recall.Deviation); err != nil {
			return err
		}
		for _, label := range []string{"fraud", "legit"} {
			l := f.Levels[label]
			if _, err := fmt.Fprintf(w, "  %s at notice %.1f %%, elevated %.1f %%, high %.1f %%\n", label, 100*l["notice"], 100*l["elevated"], 100*l["high"]); err != nil {
				return err
			}
		}
	}
	return nil
}

// EvaluationSummary is an Evaluation for machines.
type EvaluationSummary struct {
	*publish.Summary
	AsIs  *AsIsSummary   `json:"labelled_as_is,omitempty"`
	Folds []FoldsSummary `json:"folds,omitempty"`
}

// AsIsSummary are figures of the list as it is.
type AsIsSummary struct {
	AUC    float64 `json:"roc_auc"`
	Recall float64 `json:"recall_at_1_percent"`
}

// FoldsSummary are figures on folds by template.
type FoldsSummary struct {
	Lang   string                        `json:"lang"`
	Kind   string                        `json:"kind"`
	AUC    Spread                        `json:"roc_auc"`
	Recall Spread                        `json:"recall_at_1_percent"`
	Levels map[string]map[string]float64 `json:"share_at_level"` // by label, then level, or above
}

// Summary gives the evaluation for machines.
func (e *Evaluation) Summary() *EvaluationSummary {
	s := &EvaluationSummary{Summary: e.Measurement.Summary()}
	if bothLabels(e.AsIs) {
		s.AsIs = &AsIsSummary{AUC(e.AsIs), Recall(e.AsIs, ThresholdAt(e.AsIs, falseAlarms))}
	}
	for _, f := range e.Folds {
		x := FoldsSummary{Lang: f.Lang, Kind: f.Kind, AUC: f.Figures.AUC, Recall: f.Figures.Recall, Levels: map[string]map[string]float64{}}
		for label, levels := range f.Figures.Levels {
			x.Levels[label] = map[string]float64{}
			for l := scorer.Notice; l < scorer.NumLevels; l++ {
				x.Levels[label][l.String()] = levels[l].Mean
			}
		}
		s.Folds = append(s.Folds, x)
	}
	return s
}

func bothLabels(list []Scored) bool {
	var has [2]bool
	for _, s := range list {
		if s.Fraud {
			has[1] = true
		} else {
			has[0] = true
		}
	}
	return has == [2]bool{true, true}
}
