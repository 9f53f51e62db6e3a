// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"math"
	"slices"
)

// Recipe holds the numbers that training is done with. They were chosen by
// cross-validation on folds by template; see MODEL_CARD.md.
type Recipe struct {
	Features  int     // most n-grams that weigh something
	Templates int     // in how many templates each word of an n-gram must occur
	Smoothing float64 // listings that each n-gram is imagined to have been in, in either class
	Cost      float64 // weight of the loss against the penalty
	Balance   float64 // a template of n rows counts as n^(1-Balance)
	Rounds    int     // of L-BFGS
	Folds     int     // for setting thresholds
	// Hint is the share of labelled harmless listings, Budget that of each set of
	// benign ones, that may get a hint.
	Hint, Budget float64
	// What a window's sum says, in units of log odds: Window[0] of the sum and Window[1].
	Window [2]float64
}

// DefaultRecipe is what the shipped model is made with.
var DefaultRecipe = Recipe{Features: 36000, Templates: 3, Smoothing: 0.2, Cost: 10, Balance: 0.3, Rounds: 60, Folds: 5,
	Hint: 0.08, Budget: 0.02, Window: [2]float64{0.2, -2}}

// linear is a model before it is rounded: score = Σ weight / √(n + docPrior) + bias.
type linear struct {
	features []uint32 // ascending
	weights  []float64
	bias     float64
}

// docPrior is that of scorer/wording.go.
const docPrior = 20

// table is what a model is fitted to: rows of listings, columns of features.
type table struct {
	features []uint32  // ascending
	rows     [][]int32 // columns of each listing's features, ascending
	fraud    []bool
	weight   []float64 // of each row
}

// fit trains on the samples with the given indexes: a logistic regression whose
// inputs are n-grams scaled by their log count ratio ("NB-SVM": Wang & Manning 2012),
// so that what occurs in one class only needs little weight to count. Of its n-grams
// those that move the most are kept, as they are: fitted once more without the
// others they would have to say everything alone, and do worse on other templates.
func fit(texts []text, samples []Sample, train []int, r Recipe) linear {
	t := &table{weight: rowWeights(samples, train, r.Balance)}
	rare := rareWords(texts, samples, train, r.Templates)
	grams := make([][]uint32, len(train))
	for k, i := range train {
		t.fraud = append(t.fraud, samples[i].Fraud())
		grams[k] = texts[i].grams(rare)
	}
	t.fill(grams, vocabulary(grams))
	weights, bias := t.regress(t.logRatios(r.Smoothing), r)
	m := linear{bias: bias}
	for _, c := range t.foremost(weights, r.Features) {
		m.features = append(m.features, t.features[c])
		m.weights = append(m.weights, weights[c])
	}
	return m
}

// fill makes the rows of the features that are wanted.
func (t *table) fill(grams [][]uint32, features []uint32) {
	t.features, t.rows = features, make([][]int32, len(grams))
	for k, g := range grams {
		t.rows[k] = columns(nil, g, features)
	}
}

// rareWords are words of the training texts that fewer templates have than least:
// names, addresses, slips of the pen. No feature holds one of them.
func rareWords(texts []text, samples []Sample, train []int, least int) map[uint64]bool {
	seen := map[uint64]map[string]bool{}
	for _, i := range train {
		for _, words := range [2][]uint64{texts[i].title, texts[i].body} {
			for _, w := range words {
				if seen[w] == nil {
					seen[w] = map[string]bool{}
				}
				seen[w][samples[i].Template] = true
			}
		}
	}
	rare := map[uint64]bool{}
	for w, templates := range seen {
		if len(templates) < least {
			rare[w] = true
		}
	}
	return rare
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
func vocabulary(grams [][]uint32) []uint32 {
	all := slices.Concat(grams...)
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

// logRatios says how much more of a feature there is in frauds than in others.
func (t *table) logRatios(smoothing float64) []float64 {
	fraud, other := make([]float64, len(t.features)), make([]float64, len(t.features))
	for k, row := range t.rows {
		count := other
		if t.fraud[k] {
			count = fraud
		}
		for _, c := range row {
			count[c] += t.weight[k]
		}
	}
	sumFraud, sumOther := 0.0, 0.0
	for c := range t.features {
		sumFraud += fraud[c] + smoothing
		sumOther += other[c] + smoothing
	}
	for c := range t.features {
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
func (t *table) regress(ratio []float64, r Recipe) (weights []float64, bias float64) {
	n := len(t.rows)
	sign, scale := make([]float64, n), make([]float64, n)
	for k, row := range t.rows {
		scale[k] = 1 / math.Sqrt(float64(len(row))+docPrior)
		sign[k] = -1
		if t.fraud[k] {
			sign[k] = 1
		}
	}
	gram := products(t.rows, ratio, scale)
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
			d := sign[k] * slope * t.weight[k]
			loss += float64(t.weight[k]*l) + float64(0.5*x[k]*x[n+k]/r.Cost)
			g[k] = x[k]/r.Cost + d
			g[2*n] += d
		}
		multiply(g[n:2*n], gram, g[:n])
		return loss
	})
	weights = make([]float64, len(ratio))
	for k, row := range t.rows {
		for _, c := range row {
			weights[c] += float64(x[k] * scale[k] * ratio[c])
		}
	}
	for c := range weights {
		weights[c] *= ratio[c]
	}
	return weights, x[2*n]
}

// multiply sets to = matrix · v.
func multiply(to, matrix, v []float64) {
	for k := range to {
		sum := 0.0
		for j, x := range matrix[k*len(v) : (k+1)*len(v)] {
			sum += float64(x * v[j])
		}
		to[k] = sum
	}
}

// products gives the inner products of all pairs of rows.
func products(rows [][]int32, ratio, scale []float64) []float64 {
	n := len(rows)
	gram := make([]float64, n*n)
	in := make([][]int32, len(ratio)) // rows that have a feature
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

// foremost gives the columns of the features that move the most listings the most, by weight and
// by the root of how many listings they are in; at most as many as are wanted.
func (t *table) foremost(weights []float64, most int) []int {
	in := make([]float64, len(t.features))
	for _, row := range t.rows {
		for _, c := range row {
			in[c]++
		}
	}
	says := make([]float64, len(in))
	for c := range in {
		says[c] = math.Abs(weights[c]) * math.Sqrt(in[c])
	}
	sorted := slices.Clone(says)
	slices.Sort(sorted)
	least := sorted[max(len(sorted)-most, 0)]
	var out []int
	for c := range says {
		if says[c] >= least && len(out) < most {
			out = append(out, c)
		}
	}
	return out
}
