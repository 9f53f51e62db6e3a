// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

// Least is the smallest number that a coarse table shows.
const Least = 10

// Few stands where a coarse table has a number below Least.
const Few = -1

// Epsilon is the privacy budget of one coarse table: of what its numbers say, a
// report that is added or taken away changes the odds by e^Epsilon at most. Each
// further table that is published of the same reports costs as much again, and so
// does each month: publish once a month, and only what somebody needs.
//
// The budget does not cover which numbers are shown. That is decided on the exact
// ones, so that nothing is ever said of fewer than Least reports; who knows all
// reports but one may learn from it that a cell has reached Least.
const Epsilon = 1.0

// scale is the decay of the noise. A report counts in two numbers of its row, all
// and confirmed or rejected, so each has half of the budget.
const scale = Epsilon / 2

// Noise says what Coarse does to a table.
var Noise = fmt.Sprintf("discrete Laplace noise, epsilon %.1f for this table; numbers below %d hidden", Epsilon, Least)

// Coarse gives a table that may leave the desk: discrete Laplace noise is added to
// every number (Ghosh, Roughgarden, Sundararajan: Universally utility-maximizing
// privacy mechanisms, 2009), and numbers below Least are hidden. The noise is drawn
// from key, name, row and number: the same picture shows the same noise, so that
// asking often averages nothing out. key is of this desk, and secret.
//
// The table has to be one in which each report is in one row: see Leading.
func (t *Table) Coarse(key []byte) *Table {
	c := &Table{Name: t.Name, Title: t.Title, Unit: t.Unit, Noise: Noise, Label: t.Label}
	for _, x := range t.Cells {
		if x.Reports < Least {
			continue // not even that there is such a row
		}
		noisy := func(what string, n int) int {
			if n < Least {
				return Few
			}
			return max(n+laplace(key, fmt.Sprintf("%s\x00%s\x00%s\x00%d", t.Name, x.Name, what, n)), Least)
		}
		y := Cell{x.Name, noisy("reports", x.Reports), noisy("confirmed", x.Confirmed), noisy("rejected", x.Rejected)}
		// A part is no larger than the whole, even if the noise would have it so.
		y.Confirmed = min(y.Confirmed, y.Reports)
		y.Rejected = min(y.Rejected, y.Reports)
		c.Cells = append(c.Cells, y)
	}
	return c
}

// laplace draws from the discrete Laplace distribution of parameter e^-scale: the
// difference of two geometric numbers.
func laplace(key []byte, what string) int {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(what))
	sum := mac.Sum(nil)
	return geometric(binary.BigEndian.Uint64(sum)) - geometric(binary.BigEndian.Uint64(sum[8:]))
}

func geometric(u uint64) int {
	p := (float64(u>>11) + 0.5) / (1 << 53) // in (0, 1)
	return int(math.Log(p) / -scale)
}
