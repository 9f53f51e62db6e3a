// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"cmp"
	"math"
	"slices"
)

// Scored is a listing's score and the answer.
type Scored struct {
	Score float64
	Fraud bool
}

// AUC is the area under the ROC curve: how often a fraud scores more than a
// harmless listing, ties by half. It is NaN where one of the two is missing.
func AUC(list []Scored) float64 {
	s := slices.Clone(list)
	slices.SortStableFunc(s, func(a, b Scored) int { return cmp.Compare(a.Score, b.Score) })
	var ranks, frauds float64
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j].Score == s[i].Score {
			j++
		}
		rank := float64(i+1+j) / 2
		for _, x := range s[i:j] {
			if x.Fraud {
				ranks += rank
				frauds++
			}
		}
		i = j
	}
	others := float64(len(s)) - frauds
	return (ranks - frauds*(frauds+1)/2) / (frauds * others)
}

// ThresholdAt is the least threshold that at most the given share of the harmless
// listings lie above.
func ThresholdAt(list []Scored, share float64) float64 {
	var harmless []float64
	for _, x := range list {
		if !x.Fraud {
			harmless = append(harmless, x.Score)
		}
	}
	if len(harmless) == 0 {
		return math.Inf(1)
	}
	slices.Sort(harmless)
	k := int(share * float64(len(harmless)))
	return harmless[max(len(harmless)-1-k, 0)]
}

// Recall is the share of frauds that lie above the threshold.
func Recall(list []Scored, threshold float64) float64 {
	var above, frauds float64
	for _, x := range list {
		if x.Fraud {
			frauds++
			if x.Score > threshold {
				above++
			}
		}
	}
	return above / frauds
}

// mean and deviation of a few runs.
func meanDeviation(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - mean) * (v - mean)
	}
	if len(x) > 1 {
		deviation = math.Sqrt(deviation / float64(len(x)-1))
	}
	return mean, deviation
}
