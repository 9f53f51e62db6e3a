// SPDX-License-Identifier: Apache-2.0

package clustertest

// Counts are pairs of adverts: together in truth, together in what was found,
// in both, and all there are.
type Counts struct{ Truth, Found, Both, All float64 }

// Pairs counts. An advert that is alone has a number of its own.
func Pairs(truth, found []int) Counts {
	type cell struct{ t, f int }
	cells, rows, columns := map[cell]float64{}, map[int]float64{}, map[int]float64{}
	for k := range truth {
		cells[cell{truth[k], found[k]}]++
		rows[truth[k]]++
		columns[found[k]]++
	}
	c := Counts{All: pairs(float64(len(truth)))}
	for _, n := range cells {
		c.Both += pairs(n)
	}
	for _, n := range rows {
		c.Truth += pairs(n)
	}
	for _, n := range columns {
		c.Found += pairs(n)
	}
	return c
}

func pairs(n float64) float64 { return n * (n - 1) / 2 }

// Rand is the adjusted Rand index (Hubert, Arabie 1985): 1 for the truth, 0 for
// chance.
func (c Counts) Rand() float64 {
	expected := c.Truth * c.Found / c.All
	most := (c.Truth + c.Found) / 2
	if most == expected {
		return 1
	}
	return (c.Both - expected) / (most - expected)
}

// Precision is the share of the found pairs that are true.
func (c Counts) Precision() float64 {
	if c.Found == 0 {
		return 1
	}
	return c.Both / c.Found
}

// Recall is the share of the true pairs that were found.
func (c Counts) Recall() float64 {
	if c.Truth == 0 {
		return 1
	}
	return c.Both / c.Truth
}
