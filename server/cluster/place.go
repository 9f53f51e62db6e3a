// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"hash/fnv"
	"slices"
	"strings"

	"lapwing/scorer/normal"
)

// maxPlaceWords is how many words of a place count; an address has no more.
const maxPlaceWords = 8

// placeWords appends the hashes of a place's words, without what stands in
// brackets and without numbers: "Springfield (12 Elm St)" is Springfield.
func placeWords(location string, dst []uint32) []uint32 {
	location, _, _ = strings.Cut(location, "(")
	for word := range strings.FieldsSeq(normal.Fold(location)) {
		if strings.ContainsAny(word, "0123456789") || len(dst) == maxPlaceWords {
			continue
		}
		h := fnv.New32a()
		h.Write([]byte(word))
		dst = append(dst, h.Sum32())
	}
	slices.Sort(dst)
	return slices.Compact(dst)
}

// maxPlaces is how many places are told apart in one cluster.
const maxPlaces = 64

// places counts places that cannot be one: "Springfield" and "Springfield, US"
// can, since each word of the one is in the other.
func places(sets [][]uint32) int {
	slices.SortFunc(sets, func(a, b []uint32) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	var kept [][]uint32
	for _, s := range sets {
		if len(s) > 0 && len(kept) < maxPlaces && !slices.ContainsFunc(kept, func(k []uint32) bool { return within(k, s) }) {
			kept = append(kept, s)
		}
	}
	return len(kept)
}

// within tells whether all of a is in b; both ascend.
func within(a, b []uint32) bool {
	for _, h := range a {
		if _, ok := slices.BinarySearch(b, h); !ok {
			return false
		}
	}
	return true
}
