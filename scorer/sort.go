// SPDX-License-Identifier: Apache-2.0

package scorer

// Sorting without package slices: each type that its functions are used with
// adds 10 kB to the module. One heap sort behind two small functions adds 1 kB, is
// never quadratic, and what it sorts here is short.

// sortBy sorts n things that less compares and swap exchanges. It is not stable:
// less must tell all but equal things apart.
func sortBy(n int, less func(i, j int) bool, swap func(i, j int)) {
	// What is short, or in order already, as most of it is, is sorted by insertion;
	// the moves are counted so that nothing gets quadratic.
	moves := 0
	for i := 1; i < n; i++ {
		for j := i; j > 0 && less(j, j-1); j-- {
			swap(j, j-1)
			moves++
		}
		if moves > 64+4*n {
			break
		}
	}
	if moves <= 64+4*n {
		return
	}
	for i := n/2 - 1; i >= 0; i-- {
		siftDown(i, n, less, swap)
	}
	for i := n - 1; i > 0; i-- {
		swap(0, i)
		siftDown(0, i, less, swap)
	}
}

func siftDown(i, n int, less func(i, j int) bool, swap func(i, j int)) {
	for {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && less(child, child+1) {
			child++
		}
		if !less(i, child) {
			return
		}
		swap(i, child)
		i = child
	}
}

// sortNumbers sorts s.
func sortNumbers(s []uint32) {
	sortBy(len(s), func(i, j int) bool { return s[i] < s[j] }, func(i, j int) { s[i], s[j] = s[j], s[i] })
}

// distinct sorts s and keeps one of equal numbers.
func distinct(s []uint32) []uint32 {
	sortNumbers(s)
	n := 0
	for i, v := range s {
		if i == 0 || v != s[n-1] {
			s[n] = v
			n++
		}
	}
	return s[:n]
}
