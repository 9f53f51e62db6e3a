// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"lapwing/scorer"
	"lapwing/server/cluster"
	"lapwing/server/cluster/clustertest"
)

// quality prints how well generated clusters are found. Seeds below 100 were
// looked at when bounds were chosen; these were not.
func (b *bench) quality() error {
	fmt.Printf("150 clusters of 2 to 15 copies with 2 to 4 slots, 200 adverts alone, a third of the copies rotated, mean of %d sets\n\n", b.seeds)
	fmt.Println("| word noise | ARI | pair precision | recall | MinHash ARI | precision | recall |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, noise := range []float64{0, 0.05, 0.10, 0.20, 0.30} {
		var ours, peer [3]float64
		for seed := range b.seeds {
			texts, truth := b.generate(uint64(100+seed), noise)
			found, err := b.search(texts)
			if err != nil {
				return err
			}
			add(&ours, clustertest.Pairs(truth, found), b.seeds)
			add(&peer, clustertest.Pairs(truth, minHash(texts)), b.seeds)
		}
		fmt.Printf("| %.2f | %.3f | %.4f | %.4f | %.3f | %.4f | %.4f |\n", noise, ours[0], ours[1], ours[2], peer[0], peer[1], peer[2])
	}
	fmt.Println()
	return nil
}

func add(sum *[3]float64, c clustertest.Counts, of int) {
	for k, v := range [3]float64{c.Rand(), c.Precision(), c.Recall()} {
		sum[k] += v / float64(of)
	}
}

func (b *bench) generate(seed uint64, noise float64) (texts []string, truth []int) {
	o := clustertest.Options{Seed: seed, Noise: noise, Alone: 200}
	for _, l := range b.texts {
		if len(strings.Fields(l.Body)) >= 30 {
			o.Base = append(o.Base, l.Body)
		}
	}
	if n := len(o.Base); n > 0 { // another part of them for each seed
		at := int(seed) * 97 % n
		o.Base = append(o.Base[at:n:n], o.Base[:at]...)
	}
	for _, a := range clustertest.Generate(o) {
		texts, truth = append(texts, a.Text), append(truth, a.Truth)
	}
	return texts, truth
}

// search gives each text the number of its cluster, or one of its own.
func (b *bench) search(texts []string) ([]int, error) {
	x := cluster.New(cluster.Options{Workers: b.workers, Memory: b.memory})
	defer x.Close()
	var s cluster.Sketch
	for _, text := range texts {
		l := scorer.Listing{}
		l.Text[scorer.Body] = text
		x.Sketch(&l, &s)
		if err := x.Add(&s); err != nil {
			return nil, err
		}
	}
	r, err := x.Find(context.Background())
	if err != nil {
		return nil, err
	}
	return numbers(len(texts), func(k int) string { name, _ := r.Of(k); return name }), nil
}

// numbers turns names into numbers; listings without a name get one of their own.
func numbers(n int, name func(int) string) []int {
	known := map[string]int{}
	out := make([]int, n)
	for k := range out {
		s := name(k)
		if s == "" {
			out[k] = n + k
			continue
		}
		if _, ok := known[s]; !ok {
			known[s] = len(known)
		}
		out[k] = known[s]
	}
	return out
}
