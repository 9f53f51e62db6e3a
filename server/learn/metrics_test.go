// SPDX-License-Identifier: Apache-2.0

package learn_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"lapwing/server/learn"
)

func scored(s string, scores ...float64) []learn.Scored {
	var list []learn.Scored
	for i, v := range scores {
		list = append(list, learn.Scored{Score: v, Fraud: s[i] == 'F'})
	}
	return list
}

func TestAUCByHand(t *testing.T) {
	for _, test := range []struct {
		name string
		list []learn.Scored
		want float64
	}{
		{"all in order", scored("FFLL", 4, 3, 2, 1), 1},
		{"the wrong way round", scored("FFLL", 1, 2, 3, 4), 0},
		{"three pairs of four", scored("FFLL", 4, 2, 3, 1), 0.75},
		{"a tie is half", scored("FL", 1, 1), 0.5},
		{"all tied", scored("FLFL", 2, 2, 2, 2), 0.5},
	} {
		if got := learn.AUC(test.list); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if got := learn.AUC(scored("FF", 1, 2)); !math.IsNaN(got) {
		t.Errorf("without a harmless listing: %v, want NaN", got)
	}
}

func TestRecallAtFalseAlarmsByHand(t *testing.T) {
	// Harmless: 1 to 10. Frauds: 3.5, 8.5, 9.5, 10.5.
	list := scored("LLLLLLLLLLFFFF", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3.5, 8.5, 9.5, 10.5)
	for _, test := range []struct{ share, threshold, recall float64 }{
		{0, 10, 0.25}, {0.05, 10, 0.25}, {0.1, 9, 0.5}, {0.2, 8, 0.75}, {1, 1, 1},
	} {
		at := learn.ThresholdAt(list, test.share)
		if got := learn.Recall(list, at); at != test.threshold || got != test.recall {
			t.Errorf("at %v: threshold %v, recall %v; want %v, %v", test.share, at, got, test.threshold, test.recall)
		}
	}
	if at := learn.ThresholdAt(scored("F", 1), 0.01); !math.IsInf(at, 1) {
		t.Errorf("without a harmless listing: threshold %v, want none that is ever passed", at)
	}
}

func TestCurvesByHand(t *testing.T) {
	roc, pr := learn.Curves(scored("FLFL", 4, 3, 2, 2))
	if got, want := fmt.Sprint(roc), "[{0 0} {0 0.5} {0.5 0.5} {1 1}]"; got != want {
		t.Errorf("ROC %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(pr), "[{0.5 1} {0.5 0.5} {1 0.5}]"; got != want {
		t.Errorf("precision-recall %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(learn.Calibration(scored("LLFLFF", 1, 2, 3, 4, 5, 6), 2)), "[{2 0.3333333333333333} {5 0.6666666666666666}]"; got != want {
		t.Errorf("calibration %s, want %s", got, want)
	}
}

// The area under the curve is that by ranks, and no threshold lets too many pass.
func TestCurvesAgreeWithFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := []learn.Scored{{Score: 1, Fraud: true}, {Score: 2}}
		for range rapid.IntRange(0, 40).Draw(t, "more") {
			list = append(list, learn.Scored{Score: float64(rapid.IntRange(0, 9).Draw(t, "score")), Fraud: rapid.Bool().Draw(t, "fraud")})
		}
		roc, _ := learn.Curves(list)
		area := 0.0
		for i := 1; i < len(roc); i++ {
			area += (roc[i].X - roc[i-1].X) * (roc[i].Y + roc[i-1].Y) / 2
		}
		if auc := learn.AUC(list); math.Abs(area-auc) > 1e-9 {
			t.Fatalf("area %v, AUC %v", area, auc)
		}
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		at, above, harmless := learn.ThresholdAt(list, share), 0, 0
		for _, x := range list {
			if !x.Fraud {
				harmless++
				if x.Score > at {
					above++
				}
			}
		}
		if float64(above) > share*float64(harmless) {
			t.Fatalf("%d of %d harmless listings above the threshold, want at most a share of %v", above, harmless, share)
		}
	})
}

func TestNoTemplateIsOnBothSidesOfASplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		template, seed, folds := rapid.String().Draw(t, "template"), rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 20).Draw(t, "folds")
		fold := learn.Fold(template, seed, folds)
		if fold < 0 || fold >= folds {
			t.Fatalf("fold %d of %d", fold, folds)
		}
		if again := learn.Fold(template, seed, folds); again != fold {
			t.Fatalf("one template in folds %d and %d: it would be trained on and measured", fold, again)
		}
	})
	// Folds of a thousand templates are of like size.
	var size [5]int
	for i := range 1000 {
		size[learn.Fold(fmt.Sprint(i), 7, 5)]++
	}
	for fold, n := range size {
		if n < 150 || n > 250 {
			t.Errorf("fold %d has %d of 1000 templates, want about 200", fold, n)
		}
	}
}
