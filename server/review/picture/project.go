// SPDX-License-Identifier: Apache-2.0

package picture

import "math"

// equalEarth projects a place, in radii of the earth, with the meridian in the
// middle (Šavrič, Patterson, Jenny: The Equal Earth map projection, 2019). Equal
// areas stay equal, so that a dark region is not the larger for lying in the north.
func equalEarth(p place, meridian float64) (x, y float64) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	t := math.Asin(math.Sqrt(3) / 2 * math.Sin(p.north*math.Pi/180))
	t2 := t * t
	t6 := t2 * t2 * t2
	l := (p.east - meridian) * math.Pi / 180
	return 2 * math.Sqrt(3) * l * math.Cos(t) / (3 * (9*a4*t6*t2 + 7*a3*t6 + 3*a2*t2 + a1)), t * (a4*t6*t2 + a3*t6 + a2*t2 + a1)
}

// box is part of the plane.
type box struct{ left, low, right, high float64 }

var nowhere = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

func (b box) with(x, y float64) box {
	return box{min(b.left, x), min(b.low, y), max(b.right, x), max(b.high, y)}
}

func (b box) meets(o box) bool {
	return b.left <= o.right && o.left <= b.right && b.low <= o.high && o.low <= b.high
}

// around widens a box by a margin, to a least width, and to a shape.
func (b box) around(margin, least, ratio float64) box {
	w, h := (b.right-b.left)*(1+2*margin), (b.high-b.low)*(1+2*margin)
	w = max(w, least, h*ratio)
	h = w / ratio
	x, y := (b.left+b.right)/2, (b.low+b.high)/2
	return box{x - w/2, y - h/2, x + w/2, y + h/2}
}

// projected is a ring in the plane. It stays in one piece: a ring that begins half
// a turn away from the meridian is taken as a whole to the nearer side.
func projected(ring []place, meridian float64) (list [][2]float64, b box) {
	b = nowhere
	turn := 0.0
	if len(ring) > 0 {
		turn = -360 * math.Round((ring[0].east-meridian)/360)
	}
	for _, p := range ring {
		x, y := equalEarth(place{p.east + turn, p.north}, meridian)
		list = append(list, [2]float64{x, y})
		b = b.with(x, y)
	}
	return list, b
}

// largest gives the ring with the largest area, and its middle.
func (r *region) largest() (ring []place, middle place) {
	most := -1.0
	for _, candidate := range r.rings {
		if a, c := middleOf(candidate); a > most {
			most, ring, middle = a, candidate, c
		}
	}
	return ring, middle
}

// middleOf gives the area and the centre of gravity of a ring.
func middleOf(ring []place) (area float64, middle place) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		w := p.east*q.north - q.east*p.north
		area += w / 2
		middle.east += (p.east + q.east) * w / 6
		middle.north += (p.north + q.north) * w / 6
	}
	if area == 0 {
		if len(ring) > 0 {
			middle = ring[0]
		}
		return 0, middle
	}
	middle.east /= area
	middle.north /= area
	return math.Abs(area) * math.Cos(middle.north*math.Pi/180), middle
}

// meridianOf gives the meridian in the middle of some regions.
func meridianOf(list []*region) float64 {
	x, y := 0.0, 0.0
	for _, r := range list {
		_, m := r.largest()
		x += math.Cos(m.east * math.Pi / 180)
		y += math.Sin(m.east * math.Pi / 180)
	}
	return math.Round(math.Atan2(y, x) * 180 / math.Pi)
}
