// SPDX-License-Identifier: Apache-2.0

// Package spill keeps more than memory holds, for the length of one run: a Tape
// of records that are read back by their place, and a Sorter of pairs that are
// read back in order.
//
// Both stay in memory up to a bound and go to files beyond it. A file has no
// name: it is taken out of its folder as it is made, so that nothing of a run is
// left behind, whether it ends, is interrupted or is killed. What is written is
// encrypted with a key that only the process has, since listings say how to
// reach people.
package spill
