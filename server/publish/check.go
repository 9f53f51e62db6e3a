// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"slices"

	"lapwing/scorer/pack"
)

// Check looks at the files of the list together: what is there twice, missing,
// expired or forbidden. today is a date such as 2026-11-23; "" leaves dates alone.
func (s *Source) Check(today string) Faults {
	c := checker{Source: s, today: today}
	c.phrases, c.longest = s.protectedPhrases()
	c.identifiers()
	for i := range s.Indicators {
		if ind := &s.Indicators[i]; ind.Status != StatusRetired {
			c.dates(ind)
			c.languages(ind)
			c.repetitions(ind)
			c.protected(ind)
		}
	}
	c.translations()
	c.falsePositives()
	c.helpLines()
	c.faults.Sort()
	return c.faults
}

type checker struct {
	*Source
	today   string
	phrases map[string]bool // protected ones
	longest int             // words of the longest of them
	faults  Faults
}

func (c *checker) fault(p Place, problem, hint string) {
	c.faults = append(c.faults, Fault{Place: p, Problem: problem, Hint: hint})
}

func (c *checker) warn(p Place, problem, hint string) {
	c.faults = append(c.faults, Fault{Place: p, Problem: problem, Hint: hint, Warning: true})
}

// identifiers finds an ID that two files have, or that is retired.
func (c *checker) identifiers() {
	retired := map[string]Place{}
	for _, r := range c.Retired {
		if first, ok := retired[r.ID]; ok {
			c.fault(r.Place, fmt.Sprintf("%q is retired twice", r.ID), "it is also in "+first.String())
		}
		retired[r.ID] = r.Place
	}
	files := map[string]Place{}
	for i := range c.Indicators {
		ind := &c.Indicators[i]
		if first, ok := files[ind.ID]; ok {
			c.fault(ind.Place, fmt.Sprintf("the ID %q is there twice", ind.ID), "it is also in "+first.String()+"; choose another")
		}
		files[ind.ID] = ind.Place
		if place, ok := retired[ind.ID]; ok {
			c.fault(ind.Place, fmt.Sprintf("the ID %q was retired", ind.ID), "see "+place.String()+"; an ID never changes meaning: choose another")
		}
	}
}

// soon is how many days before its end an indicator is mentioned.
const soon = 30

func (c *checker) dates(ind *Indicator) {
	switch {
	case c.today == "" || ind.Expires == "":
	case ind.Expires < c.today:
		c.fault(ind.Place, "expired on "+ind.Expires, "review it and move added and expires, or set its status to retired")
	case ind.Expires < addDays(c.today, soon):
		c.warn(ind.Place, "expires on "+ind.Expires, "review it soon")
	}
}

// verified is for how many days a help line's number is believed.
const verified = 366

func (c *checker) helpLines() {
	for _, l := range c.HelpLines {
		if c.today != "" && l.Checked != "" && addDays(l.Checked, verified) < c.today {
			c.warn(l.Place, "last checked on "+l.Checked, "call or look it up, then move the date; readers are told that it is old")
		}
	}
}

// languages compares the languages of patterns and examples.
func (c *checker) languages(ind *Indicator) {
	patterns, examples := map[string]Place{}, map[string]Place{}
	for _, p := range ind.Patterns {
		if _, ok := patterns[p.Lang]; !ok && p.Role == pack.Fires {
			patterns[p.Lang] = p.Place
		}
	}
	for _, e := range ind.Examples {
		if _, ok := examples[e.Lang]; !ok {
			examples[e.Lang] = e.Place
		}
	}
	for _, lang := range sortedKeys(patterns) {
		if _, ok := examples[lang]; !ok {
			c.fault(patterns[lang], fmt.Sprintf("patterns in %q without examples", lang), requiredHint["examples"])
		}
	}
	for _, lang := range sortedKeys(examples) {
		if _, ok := patterns[lang]; !ok {
			c.fault(examples[lang], fmt.Sprintf("examples in %q without patterns", lang), "write the patterns that find them, or take them out")
		}
	}
	for _, p := range ind.Patterns {
		if _, ok := patterns[p.Lang]; !ok && p.Role == pack.Unless && len(patterns) > 0 {
			c.warn(p.Place, fmt.Sprintf(`"unless" in %q, where nothing fires`, p.Lang), "take it out, or write the patterns")
		}
	}
}

// repetitions finds a pattern that the indicator has twice in one language.
func (c *checker) repetitions(ind *Indicator) {
	type key struct {
		lang, expr string
		role       pack.Role
	}
	seen := map[key]Place{}
	for i := range ind.Patterns {
		p := &ind.Patterns[i]
		k := key{p.Lang, p.Parsed.String(), p.Role}
		if first, ok := seen[k]; ok {
			c.fault(p.Place, "the same pattern twice", fmt.Sprintf("it also stands in line %d; case, accents and punctuation make no difference", first.Line))
		}
		seen[k] = p.Place
	}
}

// falsePositives finds records of indicators that there never were.
func (c *checker) falsePositives() {
	known := map[string]bool{"": true}
	for _, r := range c.Retired {
		known[r.ID] = true
	}
	var ids []string
	for i := range c.Indicators {
		known[c.Indicators[i].ID] = true
		ids = append(ids, c.Indicators[i].ID)
	}
	for _, fp := range c.FalsePositives {
		if !known[fp.Indicator] {
			c.fault(fp.Place, fmt.Sprintf("no indicator %q", fp.Indicator), suggestID(fp.Indicator, ids))
		}
	}
}

func suggestID(id string, ids []string) string {
	best, least := "", 6
	for _, have := range ids {
		if d := distance(id, have); d < least {
			best, least = have, d
		}
	}
	if best == "" {
		return "write the ID of an indicator of the list"
	}
	return fmt.Sprintf("did you mean %q?", best)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
