// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	mapWidth, mapHeight = 920, 560
	mapTop              = 52
)

// Map draws a coarse table of regions on a map of the part of the earth that it is
// about. A region that the table does not have is drawn like one of which nothing
// was reported: nobody can tell the two apart.
func (t *Table) Map() string {
	a := theAtlas()
	counts := map[string]int{}
	var shown []*region
	apart := 0 // rows without a place on the map
	for _, c := range t.Cells {
		if r := a.drawn(c.Name); r != nil {
			counts[r.code] = c.Reports
			shown = append(shown, r)
		} else {
			apart++
		}
	}
	steps := classes(counts)
	var b strings.Builder
	begin(&b, t, "", mapWidth+20, mapHeight+mapTop+92)
	fmt.Fprintf(&b, `<svg x="10" y="%d" width="%d" height="%d" viewBox="0 0 %d %d"><rect class="sea" width="100%%" height="100%%"/>`, mapTop, mapWidth, mapHeight, mapWidth, mapHeight)
	v := viewOf(shown)
	var numbers strings.Builder
	for i := range a.regions {
		v.region(&b, &numbers, &a.regions[i], counts, steps)
	}
	v.borders(&b, a.borders)
	b.WriteString(numbers.String() + "</svg>")
	legend(&b, steps, mapTop+mapHeight+18)
	notes := []string{Source}
	if apart > 0 {
		notes = append(notes, fmt.Sprintf("Rows of the table that name a country, or no region that this map has: %d.", apart))
	}
	for k, note := range notes {
		fmt.Fprintf(&b, `<text x="10" y="%d" class="soft">%s</text>`, mapTop+mapHeight+60+18*k, escaped(note))
	}
	b.WriteString("</svg>")
	return b.String()
}

// drawn gives the region of a row, if it has a shape. A country has one where its
// regions have none: otherwise its shape is what is left of it.
func (a *atlas) drawn(code string) *region {
	i, ok := a.byCode[code]
	if !ok || len(a.regions[i].rings) == 0 || len(code) == 2 && a.inner[code] {
		return nil
	}
	return &a.regions[i]
}

// classes gives the numbers at which colours change.
func classes(counts map[string]int) []int {
	most := Least
	for _, n := range counts {
		most = max(most, n)
	}
	var ladder []int
	for _, n := range []int{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000} {
		if n <= most {
			ladder = append(ladder, n)
		}
	}
	if len(ladder) <= maxClasses {
		return ladder
	}
	steps := make([]int, maxClasses)
	for i := range steps {
		steps[i] = ladder[i*(len(ladder)-1)/(maxClasses-1)]
	}
	return steps
}

const maxClasses = 5

// class is the colour of a number, from 1; 0 for what is not told.
func class(n int, steps []int) int {
	k := 0
	for k < len(steps) && n >= steps[k] {
		k++
	}
	return k
}

// view is how the plane lies on the paper.
type view struct {
	meridian float64
	box
}

func viewOf(shown []*region) view {
	if len(shown) == 0 {
		return view{11, box{-2.72, -1.33, 2.72, 1.33}.around(0.02, 0, float64(mapWidth)/mapHeight)}
	}
	v := view{meridianOf(shown), nowhere}
	for _, r := range shown {
		ring, _ := r.largest()
		_, b := projected(ring, v.meridian)
		v.box = v.with(b.left, b.low).with(b.right, b.high)
	}
	v.box = v.around(0.18, 0.16, float64(mapWidth)/mapHeight)
	return v
}

// paper gives where a point of the plane is on the paper.
func (v *view) paper(p [2]float64) (x, y float64) {
	return (p[0] - v.left) / (v.right - v.left) * mapWidth, (v.high - p[1]) / (v.high - v.low) * mapHeight
}

// region draws one region, if it is in view, and its number where there is room.
func (v *view) region(b, numbers *strings.Builder, r *region, counts map[string]int, steps []int) {
	var path strings.Builder
	for _, ring := range r.rings {
		points, around := projected(ring, v.meridian)
		if around.meets(v.box) {
			v.ring(&path, points)
		}
	}
	if path.Len() == 0 {
		return
	}
	n, told := counts[r.code]
	name := RegionName(r.code)
	if !told {
		fmt.Fprintf(b, `<path class="m0" d="%s"/>`, path.String())
		return
	}
	k := class(n, steps)
	fmt.Fprintf(b, `<path class="m%d" d="%s"><title>%s: %d</title></path>`, k, path.String(), escaped(name), n)
	ring, middle := r.largest()
	points, size := projected(ring, v.meridian)
	turned, _ := projected([]place{middle}, v.meridian)
	x, y := v.paper(turned[0])
	left, high := v.paper([2]float64{size.left, size.high})
	right, low := v.paper([2]float64{size.right, size.low})
	text := strconv.Itoa(n)
	if len(points) > 0 && right-left > float64(len(text)*8+8) && low-high > 16 {
		fmt.Fprintf(numbers, `<text x="%.0f" y="%.0f" text-anchor="middle" class="n%d">%s</text>`, x, y+4, k, text)
		return
	}
	// Too small for its number, and perhaps to be seen.
	fmt.Fprintf(numbers, `<circle cx="%.0f" cy="%.0f" r="5" class="m%d"/><text x="%.0f" y="%.0f" class="halo">%s</text>`, x, y, k, x+8, y+4, text)
}

// borders draws the lines between countries.
func (v *view) borders(b *strings.Builder, lines [][]place) {
	var path strings.Builder
	for _, line := range lines {
		points, around := projected(line, v.meridian)
		if around.meets(v.box) {
			v.line(&path, points)
		}
	}
	fmt.Fprintf(b, `<path class="border" d="%s"/>`, path.String())
}

func (v *view) ring(path *strings.Builder, points [][2]float64) {
	v.line(path, points)
	path.WriteByte('z')
}

// line writes a path in tenths of a pixel, without what nobody could see.
func (v *view) line(path *strings.Builder, points [][2]float64) {
	var last [2]int
	drawn := 0
	for _, p := range points {
		x, y := v.paper(p)
		at := [2]int{int(x * 10), int(y * 10)}
		if dx, dy := at[0]-last[0], at[1]-last[1]; drawn > 0 && dx*dx+dy*dy < 64 {
			continue
		}
		if drawn == 0 {
			path.WriteByte('M')
			path.WriteString(tenth(at[0]) + " " + tenth(at[1]))
		} else {
			path.WriteByte('l')
			path.WriteString(tenth(at[0]-last[0]) + " " + tenth(at[1]-last[1]))
		}
		last = at
		drawn++
	}
}

func tenth(n int) string {
	if n%10 == 0 {
		return strconv.Itoa(n / 10)
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.Itoa(n/10) + "." + strconv.Itoa(n%10)
}

// legend says what the colours mean.
func legend(b *strings.Builder, steps []int, y int) {
	x := 10
	item := func(k int, text string) {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="22" height="14" class="m%d"/><text x="%d" y="%d">%s</text>`, x, y, k, x+28, y+12, escaped(text))
		x += 28 + len(text)*8 + 18
	}
	item(0, fmt.Sprintf("fewer than %d, or none", Least))
	for k, from := range steps {
		text := fmt.Sprintf("%d and more", from)
		if k+1 < len(steps) {
			text = fmt.Sprintf("%d to %d", from, steps[k+1]-1)
		}
		item(k+1, text)
	}
}
