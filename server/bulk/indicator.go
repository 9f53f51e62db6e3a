// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/cluster"
)

// Reasons name indicators by their number in the pack. Below scorer.WordingHint
// stand the oddities of clusters, which no single listing shows.
const firstOddity = scorer.WordingHint - 1

func oddityReason(o cluster.Oddity) scorer.Reason {
	return scorer.Reason{Indicator: firstOddity - int(o), Points: o.Points()}
}

// named is what a reason's number stands for.
type named struct {
	id        string
	dimension pack.Dimension
	strength  pack.Strength
}

func nameOf(p *pack.Pack, k int) named {
	switch {
	case k >= 0:
		ind := &p.Indicators[k]
		return named{ind.ID, ind.Dimension, ind.Strength}
	case k == scorer.WordingHint:
		return named{WordingIndicator, pack.DeceptiveRecruitment, pack.Weak}
	}
	o := cluster.Oddity(firstOddity - k)
	return named{o.ID(), o.Dimension(), pack.Weak}
}

func indicatorID(p *pack.Pack, k int) string { return nameOf(p, k).id }

// oddityTitles are what oddities say to people, in English.
func oddityTitles(titles map[string]string) {
	for o := range cluster.NumOddities {
		titles[o.ID()] = o.Title()
	}
}

func oddityTitle(id string) string {
	for o := range cluster.NumOddities {
		if o.ID() == id {
			return o.Title()
		}
	}
	return id
}

// withOddities is a verdict with what its listing's cluster shows: reasons more,
// and a score that is higher within its level. A level it never changes: agencies
// and landlords use templates too.
func withOddities(v scorer.Verdict, odd cluster.Oddities) scorer.Verdict {
	if odd == 0 {
		return v
	}
	reasons := append([]scorer.Reason(nil), v.Reasons...)
	points := 0
	for _, o := range odd.List() {
		reasons = append(reasons, oddityReason(o))
		points += int(o.Points())
	}
	// The scorer's curve inside a level, band*x/(x+half), from x to x+points.
	const band, half = 2500, 20
	level := int(v.Level) * band
	within := min(max(int(v.Score)-level, 0), band-1)
	rest := band - within // band*half/(x+half)
	score := level + band - band*half*rest/(band*half+points*rest)
	v.Reasons, v.Score = reasons, uint16(min(max(score, int(v.Score)), level+band-1))
	return v
}
