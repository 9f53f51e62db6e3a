// SPDX-License-Identifier: Apache-2.0

package learn

import "math"

// minimise looks for the x of size n at which f is least, by L-BFGS with a
// backtracking line search. f writes its gradient at x into g; dot is the inner
// product by which that is a gradient. It stops after rounds, or when a round
// gains less than a millionth.
func minimise(n, rounds int, dot func(a, b []float64) float64, f func(x, g []float64) float64) []float64 {
	x, g := make([]float64, n), make([]float64, n)
	now := f(x, g)
	h := history{dot: dot}
	for range rounds {
		d := h.direction(g)
		slope := dot(g, d)
		if slope > -1e-10 {
			break
		}
		next, gradient := make([]float64, n), make([]float64, n)
		var then float64
		step := 1.0
		for range 30 {
			for i := range x {
				next[i] = x[i] + float64(step*d[i])
			}
			if then = f(next, gradient); then <= now+float64(1e-4*step*slope) {
				break
			}
			step /= 2
		}
		h.learn(x, next, g, gradient)
		gain := now - then
		x, g, now = next, gradient, then
		if math.Abs(gain) < 1e-6*math.Abs(now) {
			break
		}
	}
	return x
}

// history is what L-BFGS knows of the curvature: the last few steps.
type history struct {
	dot          func(a, b []float64) float64
	steps, turns [][]float64
	scale        []float64
}

const historySteps = 8

func (h *history) learn(x, next, g, gradient []float64) {
	s, y := make([]float64, len(x)), make([]float64, len(x))
	for i := range x {
		s[i] = next[i] - x[i]
		y[i] = gradient[i] - g[i]
	}
	sy := h.dot(s, y)
	if sy <= 1e-12 {
		return
	}
	h.steps, h.turns, h.scale = append(h.steps, s), append(h.turns, y), append(h.scale, 1/sy)
	if len(h.steps) > historySteps {
		h.steps, h.turns, h.scale = h.steps[1:], h.turns[1:], h.scale[1:]
	}
}

// direction is the two-loop recursion (Nocedal 1980).
func (h *history) direction(g []float64) []float64 {
	d := make([]float64, len(g))
	for i := range g {
		d[i] = -g[i]
	}
	last := len(h.steps) - 1
	if last < 0 {
		addScaled(d, d, 1/(1e-9+math.Sqrt(h.dot(g, g)))-1)
		return d
	}
	share := make([]float64, last+1)
	for k := last; k >= 0; k-- {
		share[k] = h.scale[k] * h.dot(h.steps[k], d)
		addScaled(d, h.turns[k], -share[k])
	}
	addScaled(d, d, 1/(h.scale[last]*h.dot(h.turns[last], h.turns[last]))-1)
	for k := range h.steps {
		back := h.scale[k] * h.dot(h.turns[k], d)
		addScaled(d, h.steps[k], share[k]-back)
	}
	return d
}

func addScaled(to, from []float64, by float64) {
	for i := range to {
		to[i] += float64(by * from[i])
	}
}
