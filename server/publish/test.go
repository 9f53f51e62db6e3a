// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// TestOptions are what Test takes beside the list.
type TestOptions struct {
	Corpora  []string   // files of listings
	Against  *pack.Pack // an earlier pack to compare with
	Gate     bool       // hold the list against the budgets of policy.yaml
	Today    string     // as 2026-11-23
	Progress Progress
}

// Test lints the list in a folder, runs its examples and tries it on listings.
// It writes what it found and returns how many errors and breaches there are.
func Test(w io.Writer, dir string, o TestOptions) (int, error) {
	s, p, faults := Examine(os.DirFS(dir), o.Today)
	errs, err := report(w, s, dir, faults, false)
	if err != nil || p == nil {
		return errs, err
	}
	var corpora []Corpus
	for _, file := range o.Corpora {
		c, err := OpenCorpus(file)
		if err != nil {
			return errs, err
		}
		corpora = append(corpora, c)
	}
	if len(corpora) == 0 {
		return errs, nil
	}
	m, err := Measure(p, corpora, o.Against, o.Progress)
	if err != nil {
		return errs, err
	}
	if err := m.Write(w, o.Against); err != nil {
		return errs, err
	}
	out := &printer{w: w}
	if o.Gate {
		errs += out.gate(m.Breaches(s.Gate))
	}
	return errs, out.err
}

// printer writes, and remembers the first error.
type printer struct {
	w   io.Writer
	err error
}

func (o *printer) printf(format string, args ...any) {
	if o.err == nil {
		_, o.err = fmt.Fprintf(o.w, format, args...)
	}
}

// table writes rows in columns; the first row names them.
func (o *printer) table(title string, rows [][]string) {
	if o.err != nil || len(rows) < 2 {
		return
	}
	o.printf("\n%s\n", title)
	tw := tabwriter.NewWriter(o.w, 0, 8, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(tw, "  "+strings.Join(row, "\t"))
	}
	if err := tw.Flush(); o.err == nil {
		o.err = err
	}
}

// Write prints the measurement as tables. against is the earlier pack that Measure
// was given, or nil.
func (m *Measurement) Write(w io.Writer, against *pack.Pack) error {
	o := &printer{w: w}
	o.table("levels, by set and label", levelRows(m))
	o.table("hits, by indicator and language of the listing", hitRows(m))
	if never := m.Never(); len(never) > 0 {
		o.printf("\nnever fired (%d): %s\n", len(never), strings.Join(never, " "))
	}
	var pairs [][]string
	pairs = append(pairs, []string{"indicator", "", "indicator", "listings"})
	for _, p := range m.Redundant() {
		relation := "never without"
		if p.Always {
			relation = "always with"
		}
		pairs = append(pairs, []string{p.A, relation, p.B, strconv.Itoa(p.Hits)})
	}
	o.table("redundant", pairs)
	if against != nil {
		o.changes(m, against)
	}
	if langs := m.Unmeasured(); len(langs) > 0 {
		o.printf("\nnot measured, for want of harmless listings: %s\n", strings.Join(langs, " "))
	}
	return o.err
}

// rate writes "k per 1000 (low-high)".
func rate(k, n int) string {
	if n == 0 {
		return "not measured"
	}
	low, high := Interval(k, n)
	return fmt.Sprintf("%.2f (%.2f-%.2f)", 1000*float64(k)/float64(n), 1000*low, 1000*high)
}

func levelRows(m *Measurement) [][]string {
	rows := [][]string{{"set", "label", "listings", "notice+ per 1000 (95 %)", "elevated+ per 1000", "high per 1000"}}
	for _, set := range m.Sets {
		for _, label := range sortedKeys(set.Labels) {
			n, levels := set.Labels[label], set.Levels[label]
			high := levels[scorer.High]
			elevated := high + levels[scorer.Elevated]
			name := label
			if name == "" {
				name = "-"
			}
			rows = append(rows, []string{set.Name, name, strconv.Itoa(n),
				rate(elevated+levels[scorer.Notice], n), rate(elevated, n), rate(high, n)})
		}
	}
	return rows
}

// hitRows has a row per indicator and language with a hit, all sets together.
func hitRows(m *Measurement) [][]string {
	rows := [][]string{{"indicator", "strength", "status", "lang", "hits", "precision (templates)", "false alarms per 1000 benign in scope (95 %)", "benign"}}
	for i, ind := range m.Pack.Indicators {
		byLang := m.tallies(i)
		for _, lang := range sortedKeys(byLang) {
			t := byLang[lang]
			name := lang
			if name == "" {
				name = "-"
			}
			rows = append(rows, []string{ind.ID, ind.Strength.String(), string(StatusOf(ind.Status)), name,
				strconv.Itoa(t.Hits), t.precision(), rate(t.Benign, m.benign(&ind, lang)), strconv.Itoa(m.benign(&ind, lang))})
		}
	}
	return rows
}

// tallies sums up the sets for one indicator, by the listings' language.
func (m *Measurement) tallies(indicator int) map[string]*Tally {
	byLang := map[string]*Tally{}
	for _, set := range m.Sets {
		for lang, t := range set.Tallies[indicator] {
			sum := byLang[lang]
			if sum == nil {
				sum = &Tally{Fraud: map[string]bool{}, Legit: map[string]bool{}}
				byLang[lang] = sum
			}
			sum.add(set.Name, t)
		}
	}
	return byLang
}

// benign counts the harmless listings of a language that an indicator was tried on.
func (m *Measurement) benign(ind *pack.Indicator, lang string) int {
	n := 0
	for _, set := range m.Sets {
		n += set.benign(ind, lang)
	}
	return n
}

func (t *Tally) add(set string, other *Tally) {
	t.Hits += other.Hits
	t.Benign += other.Benign
	for template := range other.Fraud {
		t.Fraud[set+" "+template] = true
	}
	for template := range other.Legit {
		t.Legit[set+" "+template] = true
	}
}

// precision is the share of fraud among the labelled templates that were hit.
func (t *Tally) precision() string {
	n := len(t.Fraud) + len(t.Legit)
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %% of %d", 100*float64(len(t.Fraud))/float64(n), n)
}

func (o *printer) changes(m *Measurement, against *pack.Pack) {
	rows := [][]string{{"set", "label", "level before", "level now", "listings"}}
	for _, set := range m.Sets {
		for _, label := range sortedKeys(set.Changes) {
			changes := set.Changes[label]
			for from := range scorer.NumLevels {
				for to := range scorer.NumLevels {
					if n := changes[[2]scorer.Level{from, to}]; n > 0 {
						rows = append(rows, []string{set.Name, label, from.String(), to.String(), strconv.Itoa(n)})
					}
				}
			}
		}
	}
	title := fmt.Sprintf("changes against version %d", against.Version)
	if len(rows) == 1 {
		o.printf("\n%s: no listing changes its level\n", title)
	}
	o.table(title, rows)
	rows = [][]string{{"set", "line", "label", "level before", "level now"}}
	for _, set := range m.Sets {
		for _, v := range set.Moved {
			rows = append(rows, []string{set.Name, strconv.Itoa(v.Line), v.Label, v.From.String(), v.To.String()})
		}
	}
	o.table("the first of them", rows)
	o.table("hits that change", changedHits(m, against))
}

func changedHits(m *Measurement, against *pack.Pack) [][]string {
	now, before := map[string]int{}, map[string]int{}
	for i, ind := range m.Pack.Indicators {
		now[ind.ID] = m.together[i][i]
	}
	for _, ind := range against.Indicators {
		for _, set := range m.Sets {
			before[ind.ID] += set.Before[ind.ID]
		}
		now[ind.ID] += 0
	}
	rows := [][]string{{"indicator", "before", "now"}}
	for _, id := range sortedKeys(now) {
		if now[id] != before[id] {
			rows = append(rows, []string{id, strconv.Itoa(before[id]), strconv.Itoa(now[id])})
		}
	}
	return rows
}

func (o *printer) gate(breaches []Breach) int {
	if len(breaches) == 0 {
		o.printf("\ngate: every budget is kept\n")
		return 0
	}
	rows := [][]string{{"set", "what", "listings", "per 1000 (95 %)", "budget"}}
	for _, b := range breaches {
		rows = append(rows, []string{b.Set, b.What, fmt.Sprintf("%d of %d", b.Hits, b.Of), rate(b.Hits, b.Of), strconv.FormatFloat(b.Budget, 'g', -1, 64)})
	}
	o.table("gate: over budget", rows)
	o.printf("gate: %s; narrow the patterns, lower the strength, or set the status to test\n", count(len(breaches), "budget")+" overdrawn")
	return len(breaches)
}
