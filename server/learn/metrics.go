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

// Point is one of a curve.
type Point struct{ X, Y float64 }

// Curves gives the ROC curve (share of harmless listings flagged, share of frauds
// flagged) and the precision-recall curve (recall, precision), one point for each
// threshold that changes anything. Both labels must be there.
func Curves(list []Scored) (roc, pr []Point) {
	s := slices.Clone(list)
	slices.SortStableFunc(s, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	var frauds, others, tp, fp float64
	for _, x := range s {
		if x.Fraud {
			frauds++
		} else {
			others++
		}
	}
	roc = append(roc, Point{0, 0})
	for i, x := range s {
		if x.Fraud {
			tp++
		} else {
			fp++
		}
		if i+1 == len(s) || s[i+1].Score != x.Score {
			roc = append(roc, Point{fp / others, tp / frauds})
			pr = append(pr, Point{tp / frauds, tp / (tp + fp)})
		}
	}
	return roc, pr
}

// Calibration cuts the listings, by score, into parts of like size, and gives for
// each its mean score and its share of fraud.
func Calibration(list []Scored, parts int) []Point {
	s := slices.Clone(list)
	slices.SortStableFunc(s, func(a, b Scored) int { return cmp.Compare(a.Score, b.Score) })
	var out []Point
	for k := range parts {
		part := s[k*len(s)/parts : (k+1)*len(s)/parts]
		if len(part) == 0 {
			continue
		}
		var p Point
		for _, x := range part {
			p.X += x.Score / float64(len(part))
			if x.Fraud {
				p.Y += 1 / float64(len(part))
			}
		}
		out = append(out, p)
	}
	return out
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
