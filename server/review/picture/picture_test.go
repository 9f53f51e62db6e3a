// SPDX-License-Identifier: Apache-2.0

package picture_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"lapwing/server/review/decide"
	"lapwing/server/review/picture"
	"lapwing/server/review/queue"
)

// table invents a table of rows.
func table(name string, cells ...picture.Cell) *picture.Table {
	return &picture.Table{Name: name, Title: "An invented table", Unit: "row", Cells: cells}
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	d.Strict = true
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%.300s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if e.Name.Local == "script" || strings.HasPrefix(strings.ToLower(a.Name.Local), "on") || a.Name.Local == "href" {
					t.Errorf("<%s %s=…>: a picture runs and fetches nothing", e.Name.Local, a.Name.Local)
				}
			}
		}
	}
}

const hostile = `</text><script>alert(1)</script>" onload="alert(1)` + "\x00\x1b\u202e]]>"

func TestNamesAreTextInPictures(t *testing.T) {
	cells := []picture.Cell{{Name: hostile, Reports: 30, Confirmed: 12, Rejected: 11}, {Name: "DE-BE", Reports: 20}, {Name: strings.Repeat("ü", 500), Reports: 10}}
	x := table("sites", cells...)
	x.Title = hostile
	for name, svg := range map[string]string{"bars": x.Bars(30), "columns": x.Columns(), "map": x.Map(), "on a screen": picture.OnScreen(x.Map()), "empty": table("none").Bars(5), "an empty map": table("none").Map()} {
		t.Run(name, func(t *testing.T) { wellFormed(t, svg) })
	}
}

func TestSpreadsheetsGetNoFormulas(t *testing.T) {
	var names []string
	for _, first := range []string{"=", "+", "-", "@", "\t", "\r", "|", "%"} {
		names = append(names, first+`HYPERLINK("https://evil.example","x")`)
	}
	x := table("sites")
	for _, name := range names {
		x.Cells = append(x.Cells, picture.Cell{Name: name + "\nsecond line, \"quoted\"", Reports: 3})
	}
	var b strings.Builder
	if err := x.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != len(names)+1 {
		t.Fatalf("%d rows, %v; want %d", len(rows), err, len(names)+1)
	}
	for _, row := range rows[1:] {
		for _, field := range row[:1] {
			if strings.ContainsAny(field[:1], "=+-@\t\r|%") {
				t.Errorf("a field begins with %q: a spreadsheet would take it for a formula", field[:1])
			}
		}
	}
}

func TestCoarseShowsNoSmallNumber(t *testing.T) {
	for seed := range 50 {
		x := table(fmt.Sprint("table", seed))
		for n := range 40 {
			x.Cells = append(x.Cells, picture.Cell{Name: fmt.Sprint(n), Reports: n, Confirmed: n / 2, Rejected: n - n/2})
		}
		c := x.Coarse([]byte("an invented key"))
		if len(c.Cells) != 30 {
			t.Fatalf("%d rows, want the 30 that have ten reports or more", len(c.Cells))
		}
		for _, cell := range c.Cells {
			for _, n := range []int{cell.Reports, cell.Confirmed, cell.Rejected} {
				if n != picture.Few && n < picture.Least {
					t.Errorf("row %s says %d", cell.Name, n)
				}
			}
			if cell.Confirmed > cell.Reports || cell.Rejected > cell.Reports {
				t.Errorf("row %s has parts larger than the whole: %+v", cell.Name, cell)
			}
		}
		if !strings.Contains(c.Noise, "epsilon 1.0") || !strings.Contains(c.Bars(99), "Discrete Laplace noise, epsilon 1.0") {
			t.Error("the budget is not stated on the picture")
		}
	}
}

// A report that is added changes a number by one. So the odds of each outcome may
// change by e^(Epsilon/2) at most, for each of the two numbers that it is in.
func TestNoiseKeepsToItsBudget(t *testing.T) {
	const draws, middle = 60000, 5000
	count := map[int]int{}
	sum, squares := 0.0, 0.0
	for k := range draws {
		c := table(fmt.Sprint(k), picture.Cell{Name: "x", Reports: middle}).Coarse([]byte("an invented key"))
		d := c.Cells[0].Reports - middle
		count[d]++
		sum += float64(d)
		squares += float64(d * d)
	}
	if mean := sum / draws; math.Abs(mean) > 0.06 {
		t.Errorf("the noise has a mean of %.3f: tables would be off on the whole", mean)
	}
	a := math.Exp(-picture.Epsilon / 2)
	want := 2 * a / ((1 - a) * (1 - a))
	if got := squares / draws; math.Abs(got-want) > 0.06*want {
		t.Errorf("variance %.2f, want %.2f: that of discrete Laplace noise with half of the budget", got, want)
	}
	for d := -6; d < 6; d++ {
		p, q := float64(count[d]), float64(count[d+1])
		if bound := math.Exp(picture.Epsilon/2) * 1.12; p/q > bound || q/p > bound {
			t.Errorf("%+d comes %d times and %+d %d times: odds beyond the budget", d, count[d], d+1, count[d+1])
		}
	}
}

func TestAskingAgainShowsTheSameNoise(t *testing.T) {
	x := table("sites", picture.Cell{Name: "board.example", Reports: 400, Confirmed: 200})
	key := []byte("an invented key")
	first := x.Coarse(key).Cells[0]
	for range 20 {
		if got := x.Coarse(key).Cells[0]; got != first {
			t.Fatalf("got %+v after %+v: asking often would average the noise out", got, first)
		}
	}
	differ := false
	for k := range byte(20) {
		differ = differ || x.Coarse([]byte{k}).Cells[0] != first
	}
	if !differ {
		t.Error("every desk has the same noise: whoever has the program could take it away")
	}
}

func item(id byte, day uint32, region string, indicators ...string) queue.Item {
	return queue.Item{ID: [16]byte{id}, Day: day, Region: region, Indicators: indicators}
}

func TestCountingFollowsDecisions(t *testing.T) {
	items := []queue.Item{item(1, 20700, "FR-75C", "b", "a"), item(2, 20700, "FR-IDF", "a"), item(3, 20722, "ZZ-9", "a"), item(4, 20722, "")}
	standing := func(it *queue.Item) decide.Standing {
		return []decide.Standing{decide.IsConfirmed, decide.IsRejected, decide.Waiting, decide.IsConfirmed}[it.ID[0]-1]
	}
	regions := picture.Count("regions", "", "region", items, standing, picture.Regions)
	if len(regions.Cells) != 2 || regions.Cells[0] != (picture.Cell{Name: "FR-IDF", Reports: 2, Confirmed: 1, Rejected: 1}) {
		t.Errorf("got %+v; Paris is in Île-de-France", regions.Cells)
	}
	leading := picture.Count("indicators", "", "indicator", items, standing, picture.Leading(picture.Indicators))
	if total := leading.Cells[0].Reports + leading.Cells[1].Reports; total != 3 {
		t.Errorf("%d reports in all rows, want 3: each counts once, with its first indicator", total)
	}
	weeks := picture.Count("weeks", "", "week", items, standing, picture.Weeks()).Chronological()
	if len(weeks.Cells) != 4 || weeks.Cells[1].Reports != 0 || weeks.Cells[0].Reports != 2 {
		t.Errorf("got %+v, want four weeks, two of them empty", weeks.Cells)
	}
	coarse := table("weeks", picture.Cell{Name: "2026-11-02", Reports: 50}, picture.Cell{Name: "2026-11-16", Reports: 50}).Coarse(nil).Chronological()
	if len(coarse.Cells) != 3 || coarse.Cells[1].Reports != picture.Few {
		t.Errorf("got %+v: of a week that is hidden nobody may say that it was empty", coarse.Cells)
	}
}

func TestMapColoursWhatIsTold(t *testing.T) {
	x := table("regions", picture.Cell{Name: "DE-BE", Reports: 40}, picture.Cell{Name: "FR-IDF", Reports: 120}, picture.Cell{Name: "DE", Reports: 30}, picture.Cell{Name: "XX-1", Reports: 30})
	svg := x.Map()
	for _, want := range []string{"<title>Berlin, Germany: 40</title>", "<title>Île-de-France, France: 120</title>", "fewer than 10, or none", "40</text>", "100 and more", "public domain", "no region that this map has: 2"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map lacks %q", want)
		}
	}
	if strings.Count(svg, "<title>") != 2 {
		t.Error("regions are told apart that the table does not have")
	}
	if one := table("regions", picture.Cell{Name: "SG", Reports: 40}).Map(); strings.Count(one, "<title>") != 0 && !strings.Contains(one, "Singapore: 40") {
		t.Error("a country without regions has lost its number")
	}
}

func TestRegionsHaveNames(t *testing.T) {
	for code, want := range map[string]string{"DE-BE": "Berlin, Germany", "US-NY": "New York, United States of America", "RO": "Romania", "ZZ-1": "ZZ-1", "": ""} {
		if got := picture.RegionName(code); got != want {
			t.Errorf("%q is called %q, want %q", code, got, want)
		}
	}
}
