// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"time"

	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
)

// Cell is one row of a table.
type Cell struct {
	Name      string
	Reports   int
	Confirmed int // of these, by two reviewers
	Rejected  int
}

// Share is how many of the decided reports were confirmed, in percent; ok is
// false where none is decided.
func (c *Cell) Share() (percent int, ok bool) {
	n := c.Confirmed + c.Rejected
	if n == 0 {
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
}

// By says what rows of a table are.
type By func(*queue.Item) []string

// Standing gives how a report stands.
type Standing func(id [16]byte) decide.Standing

// Count makes a table: a report counts in each row that by names.
func Count(name, title, unit string, items []queue.Item, standing Standing, by By) *Table {
	cells := map[string]*Cell{}
	for i := range items {
		st := standing(items[i].ID)
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
func Weeks(it *queue.Item) []string {
	day := time.Unix(int64(it.Day)*86400, 0).UTC()
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return []string{monday.Format(time.DateOnly)}
}

// Indicators, Sites, Languages and Regions are what else rows can be.
func Indicators(it *queue.Item) []string {
	return slices.Compact(slices.Sorted(slices.Values(it.Indicators)))
}

// Sites names the site that a report is of.
func Sites(it *queue.Item) []string { return known(it.Site) }

// Languages names the language of the page.
func Languages(it *queue.Item) []string { return known(it.Language) }

// Regions names the region that the reporter chose.
func Regions(it *queue.Item) []string { return known(it.Region) }

func known(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// Chronological puts the rows of a table of days in their order, with the weeks in
// which nothing came.
func (t *Table) Chronological() *Table {
	slices.SortFunc(t.Cells, func(a, b Cell) int { return cmp.Compare(a.Name, b.Name) })
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
			filled = append(filled, Cell{Name: name})
		}
		filled = append(filled, c)
	}
	t.Cells = filled
	return t
}

// WriteCSV writes the table.
func (t *Table) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{t.Unit, "reports", "confirmed", "rejected", "note"})
	for _, x := range t.Cells {
		row := []string{guarded(x.Name), strconv.Itoa(x.Reports), strconv.Itoa(x.Confirmed), strconv.Itoa(x.Rejected), t.Noise}
		c.Write(row)
	}
	c.Flush()
	return c.Error()
}

// guarded keeps a spreadsheet from taking a name for a formula.
func guarded(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t') {
		return "'" + s
	}
	return s
}
