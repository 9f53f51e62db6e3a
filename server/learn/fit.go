// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"math"
	"slices"
)

// Recipe holds the numbers that training is done with. They were chosen by
// cross-validation on folds by template; see MODEL_CARD.md.
type Recipe struct {
	Features    int        // most n-grams that weigh something
	Smoothing   float64    // listings that each n-gram is imagined to have been in, in either class
	Cost        float64    // weight of the loss against the penalty
	Balance     float64    // a template of n rows counts as n^(1-Balance)
	Rounds      int        // of L-BFGS
	Folds       int        // for setting thresholds
	Hint        [2]float64 // share of harmless listings at which each channel gives a hint, and a strong hint
	WindowWords int        // the list's window
}

// DefaultRecipe is what the shipped model is made with.
var DefaultRecipe = Recipe{Features: 30000, Smoothing: 0.3, Cost: 10, Balance: 0.3, Rounds: 60, Folds: 5,
	Hint: [2]float64{0.03, 0.005}, WindowWords: 90}

// linear is a model before it is rounded: score = Σ weight / √(n + docPrior) + bias.
type linear struct {
	features []uint32 // ascending
	weights  []float64
	bias     float64
}

// docPrior is that of scorer/wording.go.
const docPrior = 20

// fit trains on the samples with the given indexes: a logistic regression whose
// inputs are n-grams scaled by their log count ratio ("NB-SVM": Wang & Manning 2012),
// so that what occurs in one class only needs little weight to count.
func fit(texts []text, samples []Sample, train []int, r Recipe) linear {
	weight := rowWeights(samples, train, r.Balance)
	features := vocabulary(texts, train)
	ratio := logRatios(texts, samples, train, features, weight, r.Smoothing)
	w, bias := regress(texts, samples, train, features, ratio, weight, r)
	m := linear{features: features, weights: w, bias: bias}
	return m.prune(texts, train, r.Features)
}

// rowWeights makes rows of a large template count less, and sums to their number.
func rowWeights(samples []Sample, train []int, balance float64) []float64 {
	size := map[string]float64{}
	for _, i := range train {
		size[samples[i].Template]++
	}
	w, sum := make([]float64, len(train)), 0.0
	for k, i := range train {
		w[k] = math.Pow(size[samples[i].Template], -balance)
		sum += w[k]
	}
	for k := range w {
		w[k] *= float64(len(train)) / sum
	}
	return w
}

// vocabulary gives all features of the texts, ascending.
func vocabulary(texts []text, train []int) []uint32 {
	var all []uint32
	for _, i := range train {
		all = append(all, texts[i].grams...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// columns gives where a text's features stand in the vocabulary; those that do
// not are left out.
func columns(dst []int32, grams, features []uint32) []int32 {
	at := 0
	for _, g := range grams {
		k, ok := slices.BinarySearch(features[at:], g)
		at += k
		if ok {
			dst = append(dst, int32(at))
		}
	}
	return dst
}

func logRatios(texts []text, samples []Sample, train []int, features []uint32, weight []float64, smoothing float64) []float64 {
	fraud, other := make([]float64, len(features)), make([]float64, len(features))
	var cols []int32
	for k, i := range train {
		cols = columns(cols[:0], texts[i].grams, features)
		count := other
		if samples[i].Fraud() {
			count = fraud
		}
		for _, c := range cols {
			count[c] += weight[k]
		}
	}
	sumFraud, sumOther := 0.0, 0.0
	for c := range features {
		sumFraud += fraud[c] + smoothing
		sumOther += other[c] + smoothing
	}
	for c := range features {
		fraud[c] = math.Log((fraud[c] + smoothing) / sumFraud * sumOther / (other[c] + smoothing))
	}
	return fraud
}

// regress finds the weights that lose least: log loss, each row's input divided by
// √(n + docPrior), and a penalty on the squares of the weights before scaling.
//
// There are hundreds of rows and hundreds of thousands of n-grams, and the best
// weights are a sum of rows. So it works on the rows' shares in that sum: x holds
// the shares, then the margins that they make (rows·rowsᵀ·shares), then the bias,
// and gradients likewise; the inner product of two such vectors is that of the
// weights that they stand for.
func regress(texts []text, samples []Sample, train []int, features []uint32, ratio, weight []float64, r Recipe) ([]float64, float64) {
	n := len(train)
	rows, sign, scale := make([][]int32, n), make([]float64, n), make([]float64, n)
	for k, i := range train {
		rows[k] = columns(nil, texts[i].grams, features)
		scale[k] = 1 / math.Sqrt(float64(len(rows[k]))+docPrior)
		sign[k] = -1
		if samples[i].Fraud() {
			sign[k] = 1
		}
	}
	gram := products(rows, len(features), ratio, scale)
	dot := func(a, b []float64) float64 {
		sum := float64(a[2*n] * b[2*n])
		for k := range n {
			sum += float64(a[k] * b[n+k])
		}
		return sum
	}
	x := minimise(2*n+1, r.Rounds, dot, func(x, g []float64) float64 {
		loss := 0.0
		g[2*n] = 0
		for k := range n {
			l, slope := logLoss(sign[k] * (x[n+k] + x[2*n]))
			d := sign[k] * slope * weight[k]
			loss += float64(weight[k]*l) + float64(0.5*x[k]*x[n+k]/r.Cost)
			g[k] = x[k]/r.Cost + d
			g[2*n] += d
		}
		for k := range n {
			sum := 0.0
			for j, v := range gram[k*n : (k+1)*n] {
				sum += float64(v * g[j])
			}
			g[n+k] = sum
		}
		return loss
	})
	w := make([]float64, len(features))
	for k, row := range rows {
		for _, c := range row {
			w[c] += float64(x[k] * scale[k] * ratio[c])
		}
	}
	for c := range w {
		w[c] *= ratio[c]
	}
	return w, x[2*n]
}

// products gives the inner products of all pairs of rows.
func products(rows [][]int32, features int, ratio, scale []float64) []float64 {
	n := len(rows)
	gram := make([]float64, n*n)
	in := make([][]int32, features) // rows that have a feature
	for k, row := range rows {
		for _, c := range row {
			in[c] = append(in[c], int32(k))
		}
	}
	for c, list := range in {
		v := float64(ratio[c] * ratio[c])
		for a, k := range list {
			to := gram[int(k)*n:]
			for _, j := range list[:a+1] {
				to[j] += v
			}
		}
	}
	for k := range n {
		for j := range k + 1 {
			v := gram[k*n+j] * scale[k] * scale[j]
			gram[k*n+j], gram[j*n+k] = v, v
		}
	}
	return gram
}

// logLoss gives log(1+exp(-m)) and its slope.
func logLoss(m float64) (loss, slope float64) {
	if m > 0 {
		e := math.Exp(-m)
		return math.Log1p(e), -e / (1 + e)
	}
	e := math.Exp(m)
	return math.Log1p(e) - m, -1 / (1 + e)
}

// prune keeps the features that move the most listings the most: by weight and
// by the root of how many listings they are in.
func (m *linear) prune(texts []text, train []int, most int) linear {
	in := make([]float64, len(m.features))
	var cols []int32
	for _, i := range train {
		cols = columns(cols[:0], texts[i].grams, m.features)
		for _, c := range cols {
			in[c]++
		}
	}
	says := make([]float64, len(in))
	for c := range in {
		says[c] = math.Abs(m.weights[c]) * math.Sqrt(in[c])
	}
	sorted := slices.Clone(says)
	slices.Sort(sorted)
	least := sorted[max(len(sorted)-most, 0)]
	out := linear{bias: m.bias}
	for c := range says {
		if says[c] >= least && len(out.features) < most {
			out.features = append(out.features, m.features[c])
			out.weights = append(out.weights, m.weights[c])
		}
	}
	return out
}
