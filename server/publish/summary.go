// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"slices"
	"strings"

	"lapwing/scorer"
)

// Summary is a Measurement for machines: the same figures as its tables.
type Summary struct {
	Levels     []LevelSummary     `json:"levels"`
	Indicators []IndicatorSummary `json:"indicators"`
	Never      []string           `json:"never_fired"`
	Redundant  []Pair             `json:"redundant"`
	Unmeasured []string           `json:"not_measured"` // languages
	Changes    []ChangeSummary    `json:"changes,omitempty"`
}

// LevelSummary says how many listings of one label in one set are at a level or above.
type LevelSummary struct {
	Set      string `json:"set"`
	Label    string `json:"label"`
	Notice   Rate   `json:"notice"`
	Elevated Rate   `json:"elevated"`
	High     Rate   `json:"high"`
}

// IndicatorSummary says what one indicator did on listings of one language.
type IndicatorSummary struct {
	ID       string `json:"indicator"`
	Strength string `json:"strength"`
	Status   string `json:"status"`
	Lang     string `json:"lang"`
	Hits     int    `json:"hits"`
	// Templates of labelled listings; Precision is absent where there are none.
	Fraud     int      `json:"fraud_templates"`
	Legit     int      `json:"legit_templates"`
	Precision *float64 `json:"precision,omitempty"`
	// FalseAlarms is absent where no benign listing is in the indicator's scope.
	FalseAlarms *Rate `json:"false_alarms,omitempty"`
}

// ChangeSummary counts the listings whose level an earlier pack gave otherwise.
type ChangeSummary struct {
	Set      string `json:"set"`
	Label    string `json:"label"`
	From     string `json:"from"`
	To       string `json:"to"`
	Listings int    `json:"listings"`
}

// Rate is a share in 1000 with its 95 % interval.
type Rate struct {
	Listings int     `json:"listings"`
	Of       int     `json:"of"`
	Per1000  float64 `json:"per_1000"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
}

// RateOf makes a rate of k in n; n is not 0.
func RateOf(k, n int) Rate {
	low, high := Interval(k, n)
	return Rate{k, n, 1000 * float64(k) / float64(n), 1000 * low, 1000 * high}
}

// Summary gives the measurement for machines.
func (m *Measurement) Summary() *Summary {
	s := &Summary{Never: m.Never(), Redundant: m.Redundant(), Unmeasured: m.Unmeasured()}
	for _, set := range m.Sets {
		for _, label := range sortedKeys(set.Labels) {
			n, levels := set.Labels[label], set.Levels[label]
			high := levels[scorer.High]
			elevated := high + levels[scorer.Elevated]
			s.Levels = append(s.Levels, LevelSummary{set.Name, label, RateOf(elevated+levels[scorer.Notice], n), RateOf(elevated, n), RateOf(high, n)})
		}
		for _, label := range sortedKeys(set.Changes) {
			for step, n := range set.Changes[label] {
				s.Changes = append(s.Changes, ChangeSummary{set.Name, label, step[0].String(), step[1].String(), n})
			}
		}
	}
	slices.SortFunc(s.Changes, func(a, b ChangeSummary) int {
		return strings.Compare(a.Set+" "+a.Label+" "+a.From+" "+a.To, b.Set+" "+b.Label+" "+b.From+" "+b.To)
	})
	for i := range m.Pack.Indicators {
		s.Indicators = append(s.Indicators, m.indicator(i)...)
	}
	return s
}

func (m *Measurement) indicator(at int) []IndicatorSummary {
	ind := &m.Pack.Indicators[at]
	byLang := m.tallies(at)
	var out []IndicatorSummary
	for _, lang := range sortedKeys(byLang) {
		t := byLang[lang]
		x := IndicatorSummary{
			ID: ind.ID, Strength: ind.Strength.String(), Status: string(StatusOf(ind.Status)), Lang: lang,
			Hits: t.Hits, Fraud: len(t.Fraud), Legit: len(t.Legit),
		}
		if n := x.Fraud + x.Legit; n > 0 {
			share := float64(x.Fraud) / float64(n)
			x.Precision = &share
		}
		if n := m.benign(ind, lang); n > 0 {
			r := RateOf(t.Benign, n)
			x.FalseAlarms = &r
		}
		out = append(out, x)
	}
	return out
}

// Unmeasured lists the pack's languages in which no harmless listing was tried.
func (m *Measurement) Unmeasured() []string {
	langs := map[string]bool{"en": true}
	for i := range m.Pack.Patterns {
		langs[m.Pack.Patterns[i].Lang] = true
	}
	return slices.DeleteFunc(sortedKeys(langs), func(lang string) bool {
		return slices.ContainsFunc(m.Sets, func(set *SetResult) bool { return set.hasBenign(lang) })
	})
}
