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

// Epsilon is the privacy budget of one coarse table: a report that is added or
// taken away changes the odds of any table by e^Epsilon at most. A table is
// published once a month; so a reporter's loss over a year is at most twelve times
// as much.
const Epsilon = 0.5

// Coarse gives a table that may leave the desk: discrete Laplace noise is added to
// every number (Ghosh, Roughgarden, Sundararajan: Universally utility-maximizing
// privacy mechanisms, 2009), and rows below Least afterwards are left out. The noise
// is drawn from key, name, row and number: the same picture shows the same noise,
// so that asking often averages nothing out. key is of this desk, and secret.
//
// A report counts in three numbers of a row (all, confirmed, rejected), so each has
// a third of the budget.
func (t *Table) Coarse(key []byte) *Table {
	c := &Table{Name: t.Name, Title: t.Title, Unit: t.Unit, Noise: fmt.Sprintf("discrete Laplace noise, epsilon %.1f; rows of fewer than %d left out", Epsilon, Least)}
	for _, x := range t.Cells {
		noisy := func(what string, n int) int {
			return max(n+laplace(key, fmt.Sprintf("%s\x00%s\x00%s\x00%d", t.Name, x.Name, what, n)), 0)
		}
		y := Cell{Name: x.Name, Reports: noisy("reports", x.Reports), Confirmed: noisy("confirmed", x.Confirmed), Rejected: noisy("rejected", x.Rejected)}
		if y.Reports < Least {
			continue // not even that there is such a row
		}
		if y.Confirmed+y.Rejected > y.Reports {
			y.Confirmed = min(y.Confirmed, y.Reports)
			y.Rejected = min(y.Rejected, y.Reports-y.Confirmed)
		}
		c.Cells = append(c.Cells, y)
	}
	return c
}

// laplace draws from the discrete Laplace distribution of parameter e^-(Epsilon/3):
// the difference of two geometric numbers.
func laplace(key []byte, what string) int {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(what))
	sum := mac.Sum(nil)
	return geometric(binary.BigEndian.Uint64(sum)) - geometric(binary.BigEndian.Uint64(sum[8:]))
}

func geometric(u uint64) int {
	p := (float64(u>>11) + 0.5) / (1 << 53) // in (0, 1)
	return int(math.Log(p) / -(Epsilon / 3))
}
