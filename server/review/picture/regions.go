// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"bytes"
	"compress/gzip"
	_ "embed" // regions.bin.gz
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// The boundaries that ship with the map: first-level regions of ISO 3166-2, from
// Natural Earth and, for the United States, from the Census Bureau, both in the
// public domain. makeregions says how they were made; the file is gzip of
//
//	file    = "lapwing regions v1\n" arcs regions parts
//	arcs    = count { points }           points  = count { east north }
//	regions = count { code name rings }  rings   = count { count { arc } }
//	parts   = count { code code }        what is part of which region
//	code, name                           = length bytes
//	east, north: signed, in hundredths of a degree, from the point before
//	arc: signed; -1-i is arc i backwards
//
// Numbers are varints as encoding/binary writes them; counts and lengths unsigned.
//
//go:embed regions.bin.gz
var packedRegions []byte

// Source names whose boundaries the map has.
const Source = "Boundaries: Natural Earth; United States: Census Bureau. Both in the public domain."

type place struct{ east, north float64 } // degrees

// region is a country, or a first-level region of one.
type region struct {
	code, name string
	rings      [][]place // empty: no shape is known
}

func (r *region) country() string { return r.code[:2] }

// atlas is all regions.
type atlas struct {
	regions []region          // by code
	byCode  map[string]int    // in regions
	parts   map[string]string // the region of each subdivision below the first level
	inner   map[string]bool   // countries whose first-level regions have shapes
	borders [][]place         // between countries
}

// theAtlas is read when it is first needed.
var theAtlas = sync.OnceValue(func() *atlas {
	a, err := readAtlas(packedRegions)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return a
})

func readAtlas(packed []byte) (*atlas, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, 16<<20))
	if err != nil {
		return nil, err
	}
	return parseAtlas(plain)
}

const atlasTitle = "lapwing regions v1\n"

func parseAtlas(plain []byte) (*atlas, error) {
	rest, ok := bytes.CutPrefix(plain, []byte(atlasTitle))
	if !ok {
		return nil, errors.New("regions: not of this version")
	}
	c := &cursor{b: rest}
	arcs := make([]arc, c.count(3))
	for i := range arcs {
		arcs[i].points = c.line()
	}
	a := &atlas{byCode: map[string]int{}, parts: map[string]string{}, inner: map[string]bool{}}
	for range c.count(3) {
		r := region{code: c.text(), name: c.text()}
		if len(r.code) < 2 {
			c.fail("a code of %d bytes", len(r.code))
			break
		}
		for range c.count(1) {
			r.rings = append(r.rings, c.ring(arcs, r.country()))
		}
		a.byCode[r.code] = len(a.regions)
		a.inner[r.country()] = a.inner[r.country()] || len(r.code) > 2 && len(r.rings) > 0
		a.regions = append(a.regions, r)
	}
	for i := range arcs {
		if arcs[i].border {
			a.borders = append(a.borders, arcs[i].points)
		}
	}
	for range c.count(2) {
		code := c.text()
		a.parts[code] = c.text()
	}
	if c.err == nil && len(c.b) > 0 {
		c.fail("%d bytes too many", len(c.b))
	}
	return a, c.err
}

// cursor reads the file. After a fault it gives zeros.
type cursor struct {
	b   []byte
	err error
}

func (c *cursor) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("regions: "+format, args...)
	}
	c.b = nil
}

// count reads how many things follow, of at least so many bytes each.
func (c *cursor) count(least int) int {
	v, n := binary.Uvarint(c.b)
	if n <= 0 || v > uint64(len(c.b)/least) {
		c.fail("a count that the file is too short for")
		return 0
	}
	c.b = c.b[n:]
	return int(v)
}

func (c *cursor) number() int {
	v, n := binary.Varint(c.b)
	if n <= 0 || v < -1<<24 || v > 1<<24 {
		c.fail("a number that is none, or too large")
		return 0
	}
	c.b = c.b[n:]
	return int(v)
}

func (c *cursor) text() string {
	n := min(c.count(1), len(c.b))
	s := string(c.b[:n])
	c.b = c.b[n:]
	return s
}

// arc is part of a boundary.
type arc struct {
	points  []place
	country string // of the first region that has it
	border  bool   // a region of another country has it, too
}

func (c *cursor) line() []place {
	list := make([]place, c.count(2))
	x, y := 0, 0
	for i := range list {
		x, y = x+c.number(), y+c.number()
		list[i] = place{float64(x) / 100, float64(y) / 100}
	}
	return list
}

// ring joins arcs; the first point of each is the last of the one before.
func (c *cursor) ring(arcs []arc, country string) (list []place) {
	for range c.count(1) {
		i := c.number()
		back := i < 0
		if back {
			i = -1 - i
		}
		if i >= len(arcs) || len(arcs[i].points) < 2 {
			c.fail("arc %d", i)
			return nil
		}
		a := &arcs[i]
		if a.country == "" {
			a.country = country
		}
		a.border = a.border || a.country != country
		for k := range len(a.points) - 1 {
			if back {
				k = len(a.points) - 1 - k
			}
			list = append(list, a.points[k])
		}
	}
	return list
}

// first gives the code of the first-level region that a code means, which is
// itself if none is known.
func (a *atlas) first(code string) string {
	if top, ok := a.parts[code]; ok {
		return top
	}
	return code
}

// RegionName is what a region is called: "Berlin, Germany". A code that is not known is
// its own name.
func RegionName(code string) string {
	a := theAtlas()
	i, ok := a.byCode[code]
	if !ok {
		return code
	}
	if len(code) == 2 {
		return a.regions[i].name
	}
	if k, ok := a.byCode[code[:2]]; ok {
		return a.regions[i].name + ", " + a.regions[k].name
	}
	return a.regions[i].name
}
