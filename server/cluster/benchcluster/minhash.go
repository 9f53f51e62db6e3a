// SPDX-License-Identifier: Apache-2.0

package main

import (
	"hash/fnv"
	"math"
	"strings"
)

// minHash is the peer: MinHash of word pairs in 64 bands of 2 (Broder 1997),
// then single links where a candidate's estimated resemblance reaches a bound.
func minHash(texts []string) []int {
	const bands, rows, bound = 64, 2, 0.15
	signatures := make([][bands * rows]uint64, len(texts))
	for k, text := range texts {
		signatures[k] = signature(strings.Fields(strings.ToLower(text)))
	}
	parent := make([]int, len(texts))
	for k := range parent {
		parent[k] = k
	}
	root := func(k int) int {
		for parent[k] != k {
			parent[k] = parent[parent[k]]
			k = parent[k]
		}
		return k
	}
	for band := range bands {
		buckets := map[[rows]uint64][]int{}
		for k := range signatures {
			key := [rows]uint64(signatures[k][band*rows : band*rows+rows])
			for _, other := range buckets[key] {
				if root(k) != root(other) && resemblance(&signatures[k], &signatures[other]) >= bound {
					parent[root(k)] = root(other)
				}
			}
			buckets[key] = append(buckets[key], k)
		}
	}
	out := make([]int, len(texts))
	for k := range out {
		out[k] = root(k)
	}
	return out
}

func signature(words []string) [128]uint64 {
	var least [128]uint64
	for k := range least {
		least[k] = math.MaxUint64
	}
	for k := range words {
		h := fnv.New64a()
		h.Write([]byte(strings.Join(words[k:min(k+2, len(words))], " ")))
		x := h.Sum64()
		for j := range least {
			x = x*6364136223846793005 + 1442695040888963407
			least[j] = min(least[j], x^x>>29)
		}
	}
	return least
}

func resemblance(a, b *[128]uint64) float64 {
	n := 0
	for k := range a {
		if a[k] == b[k] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}
