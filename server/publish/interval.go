// SPDX-License-Identifier: Apache-2.0

package publish

import "math"

// Interval is Wilson's 95 % interval for a share of k in n: what the true share
// may be, given that only so many were looked at.
func Interval(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // of the normal distribution, two-sided 95 %
	share, size := float64(k)/float64(n), float64(n)
	centre := share + z*z/(2*size)
	spread := z * math.Sqrt(share*(1-share)/size+z*z/(4*size*size))
	scale := 1 + z*z/size
	low, high = (centre-spread)/scale, (centre+spread)/scale
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}
