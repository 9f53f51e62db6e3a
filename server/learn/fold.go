// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"crypto/sha256"
	"encoding/binary"
)

// Fold gives the fold, from 0 to folds-1, that a template belongs to. It depends
// on nothing but its arguments, so that everybody splits alike.
func Fold(template string, seed uint64, folds int) int {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], seed)
	sum := sha256.Sum256(append(b[:], template...))
	return int(binary.BigEndian.Uint64(sum[:]) % uint64(folds))
}

// split parts the indexes of samples into those outside of a fold and those in it.
func split(samples []Sample, among []int, seed uint64, folds, fold int) (rest, in []int) {
	for _, i := range among {
		if Fold(samples[i].Template, seed, folds) == fold {
			in = append(in, i)
		} else {
			rest = append(rest, i)
		}
	}
	return rest, in
}
