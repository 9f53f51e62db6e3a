// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"strings"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// WordingID is the indicator that the wording model's reason is shown under.
const WordingID = "wording.resembles-known-fraud"

// levels that a person is shown a text for.
var levelTexts = []string{"none", "notice", "elevated", "high"}

// Languages lists the languages that the list has patterns in; "en" always.
func (s *Source) Languages() []string {
	seen := map[string]bool{"en": true}
	for i := range s.Indicators {
		if !s.Indicators[i].Packed() {
			continue
		}
		for _, p := range s.Indicators[i].Patterns {
			seen[p.Lang] = true
		}
	}
	return sortedKeys(seen)
}

// translations checks that whoever reads a listing in a language of the list can
// read every reason in it.
func (c *checker) translations() {
	have := map[string]bool{}
	for _, t := range c.Texts {
		if have[t.Lang+" "+t.Key] {
			c.fault(t.Place, fmt.Sprintf("the text %q is there twice", t.Key), "keep one of them")
		}
		have[t.Lang+" "+t.Key] = true
	}
	c.strayTexts()
	for _, lang := range c.Languages() {
		place := Place{File: "texts/" + lang + ".yaml"}
		for i := range c.Indicators {
			ind := &c.Indicators[i]
			if lang != "en" && ind.Packed() && ind.speaks(lang) && !have[lang+" "+ind.ID+"/title"] {
				c.fault(place, fmt.Sprintf("no translation of %q", ind.ID), "add "+ind.ID+": {title: …, means: …, benign: …}")
			}
		}
		if len(c.Wording) > 0 && !have[lang+" "+WordingID+"/title"] {
			c.fault(place, fmt.Sprintf("no text for %q", WordingID), "add "+WordingID+": {title: …, means: …, benign: …}")
		}
		for _, key := range groupKeys() {
			if !have[lang+" "+key] {
				c.fault(place, fmt.Sprintf("no text for %q", key), "add it as a line of its own")
			}
		}
	}
}

// speaks reports whether the indicator has a pattern in the language. Its text is
// shown in English to readers of the others.
func (ind *Indicator) speaks(lang string) bool {
	for _, p := range ind.Patterns {
		if p.Lang == lang {
			return true
		}
	}
	return false
}

// groupKeys lists the keys of what levels and dimensions are called.
func groupKeys() []string {
	var keys []string
	for _, part := range groupParts {
		for _, level := range levelTexts {
			keys = append(keys, "level/"+level+"/"+part)
		}
		for _, dimension := range dimensions() {
			keys = append(keys, "dimension/"+dimension+"/"+part)
		}
	}
	return keys
}

// strayTexts finds texts of indicators that are not there, or of which there is a
// second English text.
func (c *checker) strayTexts() {
	status := map[string]Status{WordingID: StatusActive}
	var ids []string
	for i := range c.Indicators {
		status[c.Indicators[i].ID] = c.Indicators[i].Status
		ids = append(ids, c.Indicators[i].ID)
	}
	for _, t := range c.Texts {
		section, part, _ := strings.Cut(t.Key, "/")
		switch {
		case !strings.Contains(section, ".") || part != "title":
		case status[section] == "":
			c.fault(t.Place, fmt.Sprintf("a text for %q, which is no indicator", section), suggestID(section, ids))
		case t.Lang == "en" && section != WordingID:
			c.fault(t.Place, fmt.Sprintf("a second English text for %q", section), "English texts stand in the indicator's own file")
		}
	}
}

// protected finds protected words in patterns. Scoring does not see such words,
// so that such a pattern would never match; and it must not.
func (c *checker) protected(ind *Indicator) {
	phrases, most := c.phrases, c.longest
	for i := range ind.Patterns {
		p := &ind.Patterns[i]
		walk(p.Parsed, func(item rule.Item) {
			words, ok := item.(rule.Words)
			if !ok {
				return
			}
			fields := strings.Fields(string(words))
			for from := range fields {
				for n := min(most, len(fields)-from); n > 0; n-- {
					if phrase := strings.Join(fields[from:from+n], " "); phrases[phrase] {
						c.fault(p.Place, fmt.Sprintf("%q is a protected word", phrase),
							"nationality, ethnicity, religion and gender are never scored: write the pattern without it")
						break
					}
				}
			}
		})
	}
}

// protectedPhrases gives the protected phrases and the words of the longest.
func (s *Source) protectedPhrases() (phrases map[string]bool, longest int) {
	phrases = map[string]bool{}
	for _, p := range s.Protected {
		phrases[p.Words] = true
		longest = max(longest, strings.Count(p.Words, " ")+1)
	}
	return phrases, longest
}

// walk calls f for every item of a pattern that is no group.
func walk(p rule.Pattern, f func(rule.Item)) {
	var segment func(rule.Segment)
	segment = func(s rule.Segment) {
		for _, item := range s {
			if g, ok := item.(rule.Group); ok {
				for _, alt := range g.Alts {
					segment(alt)
				}
				continue
			}
			f(item)
		}
	}
	for _, t := range p.Terms {
		for _, s := range t.Sequence.Segments {
			segment(s)
		}
	}
}

func addDays(date string, n int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// textsOf gives the English texts of an indicator.
func textsOf(ind *Indicator) []pack.Text {
	return []pack.Text{
		{Lang: "en", Key: ind.ID + "/title", Text: ind.Title},
		{Lang: "en", Key: ind.ID + "/means", Text: ind.Means},
		{Lang: "en", Key: ind.ID + "/benign", Text: ind.Benign},
	}
}
