// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
)

// Cell is one row of a table.
type Cell struct {
	Name      string
	Reports   int // this and the others: Few where a coarse table hides a number
	Confirmed int // of these, by two reviewers
	Rejected  int
}

// Share is how many of the decided reports were confirmed, in percent; ok is
// false where none is decided, or it is not told.
func (c *Cell) Share() (percent int, ok bool) {
	n := c.Confirmed + c.Rejected
	if n == 0 || c.Confirmed < 0 || c.Rejected < 0 {
		return 0, false
	}
	return (100*c.Confirmed + n/2) / n, true
}

// Table is what a picture shows.
type Table struct {
	Name  string // in addresses and file names
	Title string
	Unit  string // what a row is
	Cells []Cell
	Noise string // what was done to the numbers; "" for exact ones

	Label func(name string) string // what a row is called; nil: as its name
}

// Called is what a row is called.
func (t *Table) Called(c Cell) string {
	if t.Label == nil {
		return c.Name
	}
	return t.Label(c.Name)
}

// By says what rows of a table are.
type By func(*queue.Item) []string

// Standing gives how a report stands.
type Standing func(*queue.Item) decide.Standing

// Count makes a table: a report counts in each row that by names.
func Count(name, title, unit string, items []queue.Item, standing Standing, by By) *Table {
	cells := map[string]*Cell{}
	for i := range items {
		st := standing(&items[i])
		for _, row := range by(&items[i]) {
			c := cells[row]
			if c == nil {
				c = &Cell{Name: row}
				cells[row] = c
			}
			c.Reports++
			switch st {
			case decide.IsConfirmed:
				c.Confirmed++
			case decide.IsRejected:
				c.Rejected++
			}
		}
	}
	t := &Table{Name: name, Title: title, Unit: unit}
	for _, c := range cells {
		t.Cells = append(t.Cells, *c)
	}
	slices.SortFunc(t.Cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(b.Reports, a.Reports), cmp.Compare(a.Name, b.Name))
	})
	return t
}

// Weeks names the Monday of the week in which a report came.
func Weeks() By {
	names := map[uint32][]string{} // by day: many reports come on one
	return func(it *queue.Item) []string {
		name, ok := names[it.Day]
		if !ok {
			day := time.Unix(int64(it.Day)*86400, 0).UTC()
			monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
			name = []string{monday.Format(time.DateOnly)}
			names[it.Day] = name
		}
		return name
	}
}

// Indicators names those that the reporter saw, in the order of the verdict.
func Indicators(it *queue.Item) []string { return it.Indicators }

// Sites names the site that a report is of.
func Sites(it *queue.Item) []string { return known(it.Site) }

// Languages names the language of the page.
func Languages(it *queue.Item) []string { return known(it.Language) }

// Regions names the first-level region that the reporter chose, or the one that
// holds what was chosen.
func Regions(it *queue.Item) []string { return known(theAtlas().first(it.Region)) }

// Leading takes the first row alone, so that a report counts once: of indicators the
// one with the most points.
func Leading(by By) By {
	return func(it *queue.Item) []string {
		if rows := by(it); len(rows) > 1 {
			return rows[:1]
		} else {
			return rows
		}
	}
}

func known(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// Chronological puts the rows of a table of days in their order, with the weeks in
// which nothing came, or of which nothing is told.
func (t *Table) Chronological() *Table {
	slices.SortFunc(t.Cells, func(a, b Cell) int { return cmp.Compare(a.Name, b.Name) })
	gap := Cell{}
	if t.Noise != "" {
		gap = Cell{Reports: Few, Confirmed: Few, Rejected: Few}
	}
	var filled []Cell
	for _, c := range t.Cells {
		for n := len(filled); n > 0 && n < 1000; n = len(filled) {
			next, err := time.Parse(time.DateOnly, filled[n-1].Name)
			if err != nil {
				break
			}
			name := next.AddDate(0, 0, 7).Format(time.DateOnly)
			if name >= c.Name {
				break
			}
			gap.Name = name
			filled = append(filled, gap)
		}
		filled = append(filled, c)
	}
	t.Cells = filled
	return t
}

// WriteCSV writes the table.
func (t *Table) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	row := func(name, called, reports, confirmed, rejected, note string) {
		fields := []string{name, called, reports, confirmed, rejected, note}
		if t.Label == nil {
			fields = slices.Delete(fields, 1, 2)
		}
		c.Write(fields) // a fault comes back from Error
	}
	row(t.Unit, "name", "reports", "confirmed", "rejected", "note")
	for _, x := range t.Cells {
		row(guarded(x.Name), guarded(t.Called(x)), Number(x.Reports), Number(x.Confirmed), Number(x.Rejected), t.Noise)
	}
	c.Flush()
	return c.Error()
}

// Number writes a number of a table.
func Number(n int) string {
	if n == Few {
		return "fewer than " + strconv.Itoa(Least)
	}
	return strconv.Itoa(n)
}

// guarded keeps a spreadsheet from taking a name for a formula.
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r|%", rune(s[0])) {
		return "'" + s
	}
	return s
}
