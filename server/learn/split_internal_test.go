// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSplitKeepsTemplatesTogetherAndLosesNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var samples []Sample
		var all []int
		for i := range rapid.IntRange(1, 60).Draw(t, "rows") {
			samples = append(samples, Sample{Template: fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "template"))})
			all = append(all, i)
		}
		seed, folds := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 6).Draw(t, "folds")
		seen := make([]int, len(samples))
		for fold := range folds {
			rest, in := split(samples, all, seed, folds, fold)
			if len(rest)+len(in) != len(all) {
				t.Fatalf("%d and %d rows of %d", len(rest), len(in), len(all))
			}
			for _, i := range in {
				seen[i]++
				if slices.ContainsFunc(rest, func(k int) bool { return samples[k].Template == samples[i].Template }) {
					t.Fatalf("template %s is on both sides of fold %d: memory would be measured", samples[i].Template, fold)
				}
			}
		}
		for i, n := range seen {
			if n != 1 {
				t.Fatalf("row %d is in %d folds, want 1", i, n)
			}
		}
	})
}

func TestMinimiseFindsTheBottomOfABowl(t *testing.T) {
	dot := func(a, b []float64) float64 {
		sum := 0.0
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	}
	want := []float64{3, -2, 0.5}
	got := minimise(3, 100, dot, func(x, g []float64) float64 {
		f := 1.0
		for i := range x {
			scale := math.Pow(10, float64(i))
			g[i] = 2 * scale * (x[i] - want[i])
			f += scale * (x[i] - want[i]) * (x[i] - want[i])
		}
		return f
	})
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-2 {
			t.Errorf("x[%d] = %v, want %v", i, got[i], want[i])
		}
	}
}

// logLoss's slope is that of the loss, and neither overflows.
func TestLogLoss(t *testing.T) {
	for _, m := range []float64{-800, -3, -0.1, 0, 0.1, 3, 800} {
		loss, slope := logLoss(m)
		const h = 1e-6
		above, _ := logLoss(m + h)
		below, _ := logLoss(m - h)
		if want := (above - below) / (2 * h); math.Abs(slope-want) > 1e-4 || math.IsInf(loss, 0) || loss < 0 {
			t.Errorf("at %v: loss %v, slope %v, want %v", m, loss, slope, want)
		}
	}
}
