// SPDX-License-Identifier: Apache-2.0

package cluster

// likeness is what an alignment says, by the description-length principle: if
// one text is written down as changes of the other, how many bits does that save?
//
// A run of matching words saves what its words tell (rare ones more), and costs
// the bits that say where it begins; a run that costs more than it saves is not
// used. Texts that share no origin match in scattered little words, and save
// nothing.
type likeness struct {
	gain    int // sixteenths of a bit
	of      int // what the shorter text takes by itself; 0 where covered says no
	covered int // share of the text that has run out of the other, of 256; the lesser of both
}

// Bounds of likeness. They were chosen on generated clusters with other seeds
// than those that are measured (see clustertest).
const (
	runCost    = 9 * bit // says where a run begins
	longestGap = 10      // words without a match that may still be slots or noise
	leastShare = 0.20    // of the shorter text's bits must be saved
	leastCover = 179     // of 256
)

func (l likeness) alike() bool {
	return float64(l.gain) >= leastShare*float64(l.of) && l.covered >= leastCover
}

// compare tells how alike the last text that was prepared and b are.
func (al *aligner) compare(b []uint32, f *frequency) likeness {
	a := al.a
	turn, pairs := al.align(b)
	var l likeness
	if turn > 0 {
		l.gain -= runCost
	}
	var gapsA, gapsB int32 // words in long gaps
	var endA, endB int32   // of the last run that is used
	for k := 0; k < len(pairs); {
		from := k
		saves := 0
		for ; k < len(pairs) && pairs[k].A-pairs[from].A == int32(k-from) && pairs[k].B-pairs[from].B == int32(k-from); k++ {
			saves += f.of(a[pairs[k].A])
		}
		if saves <= runCost {
			continue
		}
		l.gain += saves - runCost
		gapsA += long(pairs[from].A - endA)
		gapsB += long(pairs[from].B - endB)
		endA, endB = pairs[k-1].A+1, pairs[k-1].B+1
	}
	gapsA += long(int32(len(a)) - endA)
	gapsB += long(int32(len(b)) - endB)
	l.covered = min(256*(len(a)-int(gapsA))/len(a), 256*(len(b)-int(gapsB))/len(b))
	if l.covered >= leastCover { // else it is decided
		l.of = min(f.sum(a), f.sum(b))
	}
	return l
}

// long counts the words of a gap if it is a long one.
func long(gap int32) int32 {
	if gap > longestGap {
		return gap
	}
	return 0
}
