// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"slices"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/publish"
)

// BenignFigure is how often a list flags the benign listings of one set in one
// language and of one kind.
type BenignFigure struct {
	Set, Lang, Kind string
	Listings        int
	AtLevel         [scorer.NumLevels]int // or above
}

// Rate gives false alarms in 1000 listings, with a 95 % interval.
func (b *BenignFigure) Rate(l scorer.Level) (rate, low, high float64) {
	low, high = publish.Interval(b.AtLevel[l], b.Listings)
	return 1000 * float64(b.AtLevel[l]) / float64(b.Listings), 1000 * low, 1000 * high
}

// benignFigures scores the benign samples, by set, language and kind.
func benignFigures(list *pack.Pack, samples []Sample) ([]BenignFigure, error) {
	s, err := scorer.New(list)
	if err != nil {
		return nil, err
	}
	var out []BenignFigure
	for i := range samples {
		x := &samples[i]
		if x.Label != "benign" {
			continue
		}
		key := [3]string{x.Set, x.Listing.Lang, x.Listing.Kind.String()}
		k := slices.IndexFunc(out, func(b BenignFigure) bool { return [3]string{b.Set, b.Lang, b.Kind} == key })
		if k < 0 {
			k = len(out)
			out = append(out, BenignFigure{Set: key[0], Lang: key[1], Kind: key[2]})
		}
		out[k].Listings++
		for l := range s.Score(&x.Listing).Level + 1 {
			out[k].AtLevel[l]++
		}
	}
	slices.SortStableFunc(out, func(a, b BenignFigure) int {
		return strings.Compare(a.Set+" "+a.Lang+" "+a.Kind, b.Set+" "+b.Lang+" "+b.Kind)
	})
	return out, nil
}
