// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// drawing is regions whose boundaries are arcs that neighbours share, so that what
// is left out of a boundary is left out on both of its sides.
type drawing struct {
	arcs    []ring
	regions map[string][][]int // rings of arcs by code; ^i is arc i backwards
}

type edge struct{ from, to point }

func (e edge) back() edge { return edge{e.to, e.from} }

const (
	// smallest is the area of a triangle that is left out of a line, in millionths
	// of a square degree at the equator, about 37 square kilometres; and the area
	// of an island that is left out, about 150.
	smallest       = 3000
	smallestIsland = 12000
)

// draw joins the units of each code, and cuts their boundaries into arcs.
func draw(units []*unit) *drawing {
	edges := map[string]map[edge]bool{}
	for _, u := range units {
		of := edges[u.code]
		if of == nil {
			of = map[edge]bool{}
			edges[u.code] = of
		}
		for _, r := range u.rings {
			for i := range r {
				e := edge{r[i], r[(i+1)%len(r)]}
				switch {
				case e.from == e.to:
				case of[e.back()]: // between two units of one region
					delete(of, e.back())
				default:
					of[e] = true
				}
			}
		}
	}
	nodes := junctions(edges)
	d := &drawing{regions: map[string][][]int{}}
	known := map[edge]int{} // arcs by their first edge, and by the first of their way back
	for _, code := range sortedKeys(edges) {
		var rings []ring
		for _, r := range chained(edges[code]) {
			rings = append(rings, r)
		}
		sort.SliceStable(rings, func(a, b int) bool { return rings[a].area() > rings[b].area() })
		for k, r := range rings {
			if k > 0 && r.area() < smallestIsland {
				break
			}
			d.regions[code] = append(d.regions[code], d.cut(r, nodes, known))
		}
	}
	for i, a := range d.arcs {
		d.arcs[i] = simple(a)
	}
	return d
}

func sortedKeys[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// junctions finds the points where more than two edges meet: there boundaries part.
func junctions(edges map[string]map[edge]bool) map[point]bool {
	degree := map[point]int{}
	seen := map[edge]bool{}
	for _, of := range edges {
		for e := range of {
			if !seen[e] && !seen[e.back()] {
				seen[e] = true
				degree[e.from]++
				degree[e.to]++
			}
		}
	}
	nodes := map[point]bool{}
	for p, n := range degree {
		if n != 2 {
			nodes[p] = true
		}
	}
	return nodes
}

func less(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }

// chained puts edges together to rings, in an order that depends on nothing else.
func chained(of map[edge]bool) []ring {
	next := map[point][]point{}
	for e := range of {
		next[e.from] = append(next[e.from], e.to)
	}
	starts := make([]point, 0, len(next))
	for p, list := range next {
		slices.SortFunc(list, less)
		starts = append(starts, p)
	}
	slices.SortFunc(starts, less)
	var rings []ring
	for _, start := range starts {
		for len(next[start]) > 0 {
			r := ring{}
			for p := start; len(next[p]) > 0; {
				r = append(r, p)
				to := next[p][0]
				next[p] = next[p][1:]
				if p = to; p == start {
					break
				}
			}
			if len(r) > 2 {
				rings = append(rings, r)
			}
		}
	}
	return rings
}

// area is that of a ring in millionths of a square degree, as wide as at the equator.
func (r ring) area() float64 {
	sum := 0.0
	for i, p := range r {
		q := r[(i+1)%len(r)]
		sum += float64(p.x)*float64(q.y) - float64(q.x)*float64(p.y)
	}
	return math.Abs(sum) / 2 * narrow(r[0])
}

// narrow is how much narrower a degree is there than at the equator.
func narrow(p point) float64 { return math.Cos(float64(p.y) / 1000 * math.Pi / 180) }

// cut gives the arcs of a ring.
func (d *drawing) cut(r ring, nodes map[point]bool, known map[edge]int) (line []int) {
	at := slices.IndexFunc(r, func(p point) bool { return nodes[p] })
	if at < 0 { // an island, or a region within another one: both have to begin at the same point
		at = slices.Index(r, slices.MinFunc(r, less))
	}
	r = append(append(slices.Clone(r[at:]), r[:at]...), r[at])
	for from, i := 0, 1; i < len(r); i++ {
		if i < len(r)-1 && !nodes[r[i]] {
			continue
		}
		arc := r[from : i+1]
		from = i
		begin, end := edge{arc[0], arc[1]}, edge{arc[len(arc)-1], arc[len(arc)-2]}
		if n, ok := known[begin]; ok {
			line = append(line, n)
			continue
		}
		known[begin] = len(d.arcs)
		known[end] = ^len(d.arcs)
		line = append(line, len(d.arcs))
		d.arcs = append(d.arcs, slices.Clone(arc))
	}
	return line
}

// simple leaves out the points that matter least (Visvalingam and Whyatt: Line
// generalisation by repeated elimination of points, 1993). The ends stay, and of an
// island as much as makes an area.
func simple(a ring) ring {
	least := 2
	if a[0] == a[len(a)-1] {
		least = 5
	}
	for len(a) > least {
		kept := ring{a[0]}
		dropped := false
		for i := 1; i < len(a)-1; i++ {
			left := len(a) - i + len(kept)
			here := triangle(kept[len(kept)-1], a[i], a[i+1])
			// Points go in rounds; of two neighbours the lesser one goes first.
			if here < smallest && left > least && !dropped && (i+2 >= len(a) || here <= triangle(a[i], a[i+1], a[i+2])) {
				dropped = true
				continue
			}
			dropped = false
			kept = append(kept, a[i])
		}
		kept = append(kept, a[len(a)-1])
		if len(kept) == len(a) {
			break
		}
		a = kept
	}
	return a
}

func triangle(a, b, c point) float64 {
	return math.Abs(float64(b.x-a.x)*float64(c.y-a.y)-float64(c.x-a.x)*float64(b.y-a.y)) / 2 * narrow(b)
}
