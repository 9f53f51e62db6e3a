// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lapwing/scorer/pack"
)

// UnknownIndicatorError says that a pack has no such indicator.
type UnknownIndicatorError struct {
	ID   string
	Hint string
}

func (e *UnknownIndicatorError) Error() string { return fmt.Sprintf("no indicator %q", e.ID) }

// Show writes all that a pack says of one indicator; with an empty ID, a line
// for each indicator.
func Show(w io.Writer, p *pack.Pack, id string) error {
	o := &printer{w: w}
	if id == "" {
		o.overview(p)
		return o.err
	}
	at := slices.IndexFunc(p.Indicators, func(ind pack.Indicator) bool { return ind.ID == id })
	if at < 0 {
		return &UnknownIndicatorError{id, suggestID(id, sortedKeys(indicatorsByID(p)))}
	}
	o.indicator(p, at)
	return o.err
}

func (o *printer) overview(p *pack.Pack) {
	o.printf("%s, version %d of %s: %s, %s, %s\n", p.Name, p.Version, p.Created,
		count(len(p.Indicators), "indicator"), count(len(p.Patterns), "pattern"), count(len(p.Protected), "protected word"))
	titles := textsByKey(p)
	rows := [][]string{{"id", "strength", "points", "status", "title"}}
	for _, ind := range p.Indicators {
		rows = append(rows, []string{ind.ID, ind.Strength.String(), fmt.Sprint(ind.Weight), string(StatusOf(ind.Status)), titles["en "+ind.ID+"/title"]})
	}
	o.table("indicators", rows)
}

func (o *printer) indicator(p *pack.Pack, at int) {
	ind := &p.Indicators[at]
	texts := textsByKey(p)
	o.printf("%s\n%s\n\n", ind.ID, texts["en "+ind.ID+"/title"])
	o.printf("means      %s\nbenign     %s\n", texts["en "+ind.ID+"/means"], texts["en "+ind.ID+"/benign"])
	o.printf("dimension  %s\nstrength   %s, %d points\nkinds      %s\nstatus     %s, expires %s\n",
		ind.Dimension, ind.Strength, ind.Weight, kindList(ind.Kinds), StatusOf(ind.Status), ind.Expires)
	for _, source := range ind.Sources {
		o.printf("source     %s\n", source)
	}
	o.printf("\npatterns\n")
	var lines []string
	for i := range p.Patterns {
		if int(p.Patterns[i].Indicator) == at {
			lines = append(lines, patternLine(&p.Patterns[i]))
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		o.printf("  %s\n", line)
	}
	var langs []string
	for _, t := range p.Texts {
		if t.Key == ind.ID+"/title" && t.Lang != "en" {
			langs = append(langs, t.Lang+" "+t.Text)
		}
	}
	if len(langs) > 0 {
		o.printf("\ntranslated\n  %s\n", strings.Join(langs, "\n  "))
	}
}
