// SPDX-License-Identifier: Apache-2.0

package learn_test

import (
	"encoding/json"
	"strings"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/server/learn"
)

// withParcels is the list with one indicator and a model.
func withParcels(t *testing.T, files ...string) *pack.Pack {
	t.Helper()
	p := list()
	p.Indicators = []pack.Indicator{{ID: "job.parcels", Strength: pack.Medium, Weight: 5, Kinds: 1 << pack.Job, Status: pack.Active}}
	p.Patterns = []pack.Pattern{{Lang: "en", Expr: "parcel"}, {Lang: "de", Expr: "paket"}}
	w, err := learn.Train(p, read(t, files...), "en", pack.Job, 1, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Wording = []pack.Wording{*w}
	return p
}

func TestEvaluationCountsAndFolds(t *testing.T) {
	labelled, harmless := data(t, "labelled.jsonl", "fraud", "legit"), data(t, "harmless.jsonl", "benign")
	p := withParcels(t, labelled)
	e, err := learn.Evaluate(p, []string{labelled, harmless}, learn.EvaluateOptions{Folds: 3, Recipe: small(), Against: list()})
	if err != nil {
		t.Fatal(err)
	}
	s := e.Summary()
	if len(s.Indicators) != 1 || s.Indicators[0].Precision == nil || *s.Indicators[0].Precision != 1 || s.Indicators[0].FalseAlarms == nil {
		t.Fatalf("indicators %+v, want one that never fires on honest templates", s.Indicators)
	}
	if r := s.Indicators[0].FalseAlarms; r.Listings != 0 || r.Of != 240 || r.Low != 0 || r.High < 10 || r.High > 20 {
		t.Errorf("false alarms %+v, want 0 of 240, up to about 16 in 1000", r)
	}
	if len(s.Folds) != 1 || s.Folds[0].AUC.Mean < 0.99 || s.AsIs == nil || s.AsIs.AUC < 0.99 {
		t.Errorf("folds %+v, as it is %+v: two sorts that share no word are told apart", s.Folds, s.AsIs)
	}
	if len(s.Changes) == 0 || s.Changes[0].From != "none" || s.Changes[0].Label != "fraud" {
		t.Errorf("changes %+v, want frauds that had no level with the empty list", s.Changes)
	}
	if len(s.Unmeasured) != 1 || s.Unmeasured[0] != "de" {
		t.Errorf("not measured: %q, want German", s.Unmeasured)
	}
	if _, err := json.Marshal(s); err != nil {
		t.Error(err)
	}
	var text strings.Builder
	if err := e.Write(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"job.parcels", "100 % of", "not measured, for want of harmless listings: de", "folds by template", "fraud at notice"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text does not say %q:\n%s", want, text.String())
		}
	}
}

func TestNothingIsTrainedWithoutFolds(t *testing.T) {
	labelled := data(t, "labelled.jsonl", "fraud", "legit")
	e, err := learn.Evaluate(withParcels(t, labelled), []string{labelled}, learn.EvaluateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s := e.Summary(); len(s.Folds) != 0 || s.AsIs == nil {
		t.Errorf("folds %v, as it is %v; want only the second", s.Folds, s.AsIs)
	}
}

// A model that has seen a template must not score it: rows of a template that
// carries both labels would otherwise be told apart by memory.
func TestFoldsDoNotScoreFromMemory(t *testing.T) {
	labelled := read(t, data(t, "labelled.jsonl", "fraud", "legit"))
	for i := range labelled { // labels by template that say nothing of the words
		labelled[i].Label = []string{"fraud", "legit"}[learn.Fold(labelled[i].Template, 99, 2)]
	}
	f, err := learn.CrossValidate(list(), labelled, nil, "en", pack.Job, learn.Seeds, 5, false, small(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if auc := f.Figures().AUC.Mean; auc > 0.7 {
		t.Errorf("ROC-AUC %.2f on labels that are drawn by lot, want about 0.5", auc)
	}
	if n := len(f.Clean); n != 3*len(labelled) {
		t.Errorf("%d outcomes, want each listing once for each of 3 seeds: %d", n, 3*len(labelled))
	}
}
