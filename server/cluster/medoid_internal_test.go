// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lapwing/scorer"
)

// manyKin is an index of n different texts with copies each, all words invented.
func manyKin(t *testing.T, n, copies int) *texts {
	t.Helper()
	x := New(Options{Workers: 1})
	t.Cleanup(func() { x.Close() })
	rng := rand.New(rand.NewPCG(4, 4))
	var s Sketch
	for range n {
		words := make([]string, 40)
		for k := range words {
			words[k] = fmt.Sprintf("w%d", rng.IntN(5000))
		}
		for range copies {
			words[rng.IntN(len(words))] = fmt.Sprintf("x%d", rng.IntN(5000))
			var l scorer.Listing
			l.Text[scorer.Body] = strings.Join(words, " ")
			x.Sketch(&l, &s)
			if err := x.Add(&s); err != nil {
				t.Fatal(err)
			}
		}
	}
	x.freq.settle()
	return x.texts()
}

func TestALargeSetOfManyKinIsSplitInPieces(t *testing.T) {
	const n, copies = 500, 3
	tx := manyKin(t, n, copies)
	set := make([]uint32, tx.len())
	for k := range set {
		set[k] = uint32(k)
	}
	w := splitter{texts: tx}
	found, err := w.split(t.Context(), set) // as if links had chained all of them
	if err != nil {
		t.Fatal(err)
	}
	var seen []uint32
	for _, k := range found {
		for _, text := range k.texts {
			if name := tx.first[text] / copies; name != tx.first[k.medoid]/copies {
				t.Fatalf("texts of two origins are together: %v", k)
			}
		}
		seen = append(seen, k.texts...)
	}
	slices.Sort(seen)
	if len(seen) < n*copies*8/10 || len(slices.Compact(seen)) != len(seen) {
		t.Errorf("%d of %d copies were found, each once; want most of them", len(seen), n*copies)
	}
}
