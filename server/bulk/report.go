// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Report is what the page of a run says.
type Report struct {
	Result  *Result
	Pack    *pack.Pack
	List    string
	Engine  string
	Lang    string // of the indicators' titles
	Created string // day of the report
}

//go:embed report.html
var reportPage string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"thousands": func(n any) string { return Thousands(reflect.ValueOf(n).Int()) },
	"score":     func(n uint16) string { return string(AppendScore(nil, n)) },
	"idText":    func(id any) string { return shorten(clean(plainID([]byte(fmt.Sprint(id)))), 80) },
	"oddity":    oddityTitle,
	"cutText":   func(s string) string { return clip(s, 600) },
	"meter":     func(n, all int) string { return fmt.Sprintf("%.1f", 12*float64(n)/float64(max(all, 1))) },
	"add":       func(a, b int) int { return a + b },
}).Parse(reportPage))

// WriteReport writes one HTML page that needs nothing else: no script, no
// font, no request. What adverts say is escaped by the template.
func WriteReport(w io.Writer, r Report) error {
	e := newExplainer(r.Pack, r.Lang)
	s := &r.Result.Summary
	top := Top(s.Indicators, 15)
	for k := range top {
		top[k].Name = e.title(top[k].Name)
	}
	view := reportView{
		Report: r, Flagged: s.Levels[scorer.Notice] + s.Levels[scorer.Elevated] + s.Levels[scorer.High],
		Charts: []chart{
			newChart("Levels", levelCounts(s), s.Listings),
			newChart("Most frequent indicators", top, s.Listings),
			newChart("Kinds of listing", kindCounts(s), s.Listings),
			newChart("Languages, as the listings say", Top(NamedLanguages(s), 12), s.Listings),
		},
		Worst: s.Worst,
	}
	if err := reportTemplate.Execute(w, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

type reportView struct {
	Report
	Flagged int64
	Charts  []chart
	Worst   []Excerpt
}

// chart is a bar chart; lengths are in the units of its SVG.
type chart struct {
	Title  string
	Height int
	Bars   []bar
}

type bar struct {
	Name, Class string
	N           int64
	Share       string // of all listings
	Y, Width    int
}

// Measures of a chart, as the template has them.
const (
	barPitch = 26
	barRoom  = 300
)

func newChart(title string, counts []Count, all int64) chart {
	c := chart{Title: title, Height: len(counts)*barPitch + 4}
	most := int64(1)
	for _, n := range counts {
		most = max(most, n.N)
	}
	for k, n := range counts {
		b := bar{Name: clip(n.Name, 64), N: n.N, Y: k * barPitch, Width: int(n.N * barRoom / most)}
		if n.N > 0 {
			b.Width = max(b.Width, 2)
		}
		if all > 0 {
			b.Share = fmt.Sprintf("%.1f %%", 100*float64(n.N)/float64(all))
		}
		if _, ok := scorer.ParseLevel(n.Name); ok {
			b.Class = n.Name
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

func levelCounts(s *Summary) []Count {
	var out []Count
	for l := int(scorer.High); l >= int(scorer.None); l-- {
		out = append(out, Count{scorer.Level(l).String(), s.Levels[l]})
	}
	return out
}

func kindCounts(s *Summary) []Count {
	counts := map[string]int64{}
	for k, n := range s.Kinds {
		name := pack.Kind(k).String()
		if name == "" {
			name = notSaid
		}
		if n > 0 {
			counts[name] = n
		}
	}
	return Top(counts, len(counts))
}

const notSaid = "(not said)"

// NamedLanguages is Summary.Languages with a name for those that say none.
func NamedLanguages(s *Summary) map[string]int64 {
	out := map[string]int64{}
	for lang, n := range s.Languages {
		if lang == "" {
			lang = notSaid
		}
		out[lang] = n
	}
	return out
}

// Thousands writes 1234567 as "1 234 567".
func Thousands(n int64) string {
	s := fmt.Sprint(n)
	var b strings.Builder
	for k, c := range s {
		if k > 0 && (len(s)-k)%3 == 0 && s[k-1] != '-' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}
