// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"testing"
)

func unpacked(t testing.TB) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packedRegions))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAtlasCoversTheEarth(t *testing.T) {
	if len(packedRegions) > 400<<10 {
		t.Errorf("the boundaries take %d bytes in the program, want 400 kB at most", len(packedRegions))
	}
	a := theAtlas()
	shapes, countries := 0, map[string]bool{}
	for i := range a.regions {
		r := &a.regions[i]
		if len(r.code) > 2 && len(r.rings) > 0 {
			shapes++
		}
		if len(r.rings) > 0 {
			countries[r.country()] = true
		}
		for _, ring := range r.rings {
			for _, p := range ring {
				if math.Abs(p.east) > 180 || math.Abs(p.north) > 90 {
					t.Fatalf("%s has a point at %v", r.code, p)
				}
			}
		}
	}
	if shapes < 2400 || len(countries) < 230 {
		t.Errorf("%d regions in %d countries have a shape, want 2400 and 230", shapes, len(countries))
	}
	for _, code := range []string{"DE-BE", "FR-IDF", "ES-CT", "GB-ENG", "IT-25", "PL-14", "RO-CJ", "UA-30", "US-CA", "IN-MH", "PH-00", "NG-LA", "MX-CMX", "BR-SP", "TH-10", "BE-BRU", "NO-03"} {
		if a.drawn(code) == nil {
			t.Errorf("%s has no place on the map", code)
		}
	}
}

// Two neighbours share the points of their border, since each was left out of both.
func TestNeighboursShareTheirBorder(t *testing.T) {
	a := theAtlas()
	points := map[place]bool{}
	for _, ring := range a.regions[a.byCode["FR-GES"]].rings {
		for _, p := range ring {
			points[p] = true
		}
	}
	shared := 0
	for _, ring := range a.regions[a.byCode["FR-BFC"]].rings {
		for _, p := range ring {
			if points[p] {
				shared++
			}
		}
	}
	if shared < 10 {
		t.Errorf("Grand Est and Bourgogne-Franche-Comté share %d points: there would be gaps between them", shared)
	}
}

func TestProjectionKeepsAreas(t *testing.T) {
	area := func(west, south float64) float64 {
		const d = 0.01
		var s float64
		c := []place{{west, south}, {west + d, south}, {west + d, south + d}, {west, south + d}}
		for i := range c {
			x, y := equalEarth(c[i], 11)
			u, v := equalEarth(c[(i+1)%4], 11)
			s += x*v - u*y
		}
		return s / 2 / math.Cos((south+d/2)*math.Pi/180)
	}
	want := area(11, 0)
	for _, at := range []place{{40, 50}, {-100, -30}, {11, 70}, {170, 10}} {
		if got := area(at.east, at.north); math.Abs(got/want-1) > 1e-3 {
			t.Errorf("at %v an area is %.4f of what it is at the equator", at, got/want)
		}
	}
}

func FuzzParseAtlas(f *testing.F) {
	whole := unpacked(f)
	f.Add(whole[:2000])
	f.Add([]byte(atlasTitle + "\x01\x02\x02\x02\x04\x04\x01\x02DE\x01D\x01\x01\x00\x00"))
	f.Add([]byte(atlasTitle))
	f.Fuzz(func(t *testing.T, plain []byte) {
		a, err := parseAtlas(plain)
		if err != nil {
			return
		}
		v := viewOf(nil)
		for i := range a.regions {
			for _, ring := range a.regions[i].rings {
				projected(ring, v.meridian)
			}
			a.regions[i].largest()
		}
	})
}
