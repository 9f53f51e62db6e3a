// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"math"
	"sync/atomic"
)

// freqSlots is how many counters words share. Two words in one slot look more
// frequent than they are, so that they prove less.
const freqSlots = 1 << 20

// A frequency table says how much a word tells: log2 of all words over its
// own number, in sixteenths of a bit.
type frequency struct {
	all    atomic.Uint64
	counts []atomic.Uint32
	bits   []uint16 // by slot, once counting is over
}

func newFrequency() *frequency { return &frequency{counts: make([]atomic.Uint32, freqSlots)} }

// count may be called by many goroutines.
func (f *frequency) count(words []uint32) {
	for _, w := range words {
		f.counts[w%freqSlots].Add(1)
	}
	f.all.Add(uint64(len(words)))
}

// bit is the unit of what a word tells.
const bit = 16

func (f *frequency) settle() {
	f.bits = make([]uint16, freqSlots)
	all := math.Log2(float64(f.all.Load()) + 1)
	for k := range f.counts {
		if n := f.counts[k].Load(); n > 0 {
			f.bits[k] = uint16(bit * max(all-math.Log2(float64(n)), 0))
		}
	}
	f.counts = nil
}

func (f *frequency) of(word uint32) int { return int(f.bits[word%freqSlots]) }

func (f *frequency) sum(words []uint32) int {
	n := 0
	for _, w := range words {
		n += f.of(w)
	}
	return n
}
