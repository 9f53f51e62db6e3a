// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"lapwing/scorer/pack"
)

// DiffPacks writes what changed between two packs for a person to review, and
// reports whether anything did. Lines begin with "+", "-" or "~".
func DiffPacks(w io.Writer, old, now *pack.Pack) (bool, error) {
	d := &differ{printer: printer{w: w}}
	d.section("list")
	d.field("name", old.Name, now.Name)
	d.field("version", strconv.Itoa(int(old.Version)), strconv.Itoa(int(now.Version)))
	d.field("created", old.Created, now.Created)
	d.indicators(old, now)
	d.section("protected words")
	d.set(listed(old.Protected), listed(now.Protected))
	d.section("texts")
	d.set(textsByKey(old), textsByKey(now))
	d.section("documents")
	d.set(documentsByName(old), documentsByName(now))
	d.section("policy")
	d.set(policyLines(&old.Policy), policyLines(&now.Policy))
	d.section("wording models")
	d.set(wordingLines(old), wordingLines(now))
	if !d.any {
		d.printf("no difference\n")
	}
	return d.any, d.err
}

type differ struct {
	printer
	title string // of a section that has no line yet
	any   bool
}

func (d *differ) section(title string) { d.title = title }

func (d *differ) line(format string, args ...any) {
	if d.title != "" {
		d.printf("%s\n", d.title)
		d.title = ""
	}
	d.any = true
	d.printf("  "+format+"\n", args...)
}

func (d *differ) field(name, old, now string) {
	if old != now {
		d.line("~ %s: %s → %s", name, old, now)
	}
}

// set compares two mappings; a value of "" is left out of the line.
func (d *differ) set(old, now map[string]string) {
	all := map[string]bool{}
	for k := range old {
		all[k] = true
	}
	for k := range now {
		all[k] = true
	}
	for _, k := range sortedKeys(all) {
		before, was := old[k]
		after, is := now[k]
		switch {
		case !was:
			d.line("+ %s%s", k, colon(after))
		case !is:
			d.line("- %s%s", k, colon(before))
		case before != after:
			d.line("- %s%s", k, colon(before))
			d.line("+ %s%s", k, colon(after))
		}
	}
}

// longestValue is how much of a value is shown, in characters.
const longestValue = 160

func colon(s string) string {
	if s == "" {
		return ""
	}
	if r := []rune(s); len(r) > longestValue {
		s = string(r[:longestValue]) + "…"
	}
	return ": " + s
}

func (d *differ) indicators(old, now *pack.Pack) {
	before, after := indicatorsByID(old), indicatorsByID(now)
	all := map[string]bool{}
	for id := range before {
		all[id] = true
	}
	for id := range after {
		all[id] = true
	}
	for _, id := range sortedKeys(all) {
		a, was := before[id]
		b, is := after[id]
		switch {
		case !was:
			d.section("+ " + id)
			d.line("  %s, %d points, %s, for %s", b.Strength, b.Weight, StatusOf(b.Status), kindList(b.Kinds))
		case !is:
			d.section("- " + id)
			d.line("  %s, %d points, %s, for %s", a.Strength, a.Weight, StatusOf(a.Status), kindList(a.Kinds))
		default:
			d.section("~ " + id)
			d.field("dimension", a.Dimension.String(), b.Dimension.String())
			d.field("strength", a.Strength.String(), b.Strength.String())
			d.field("weight", strconv.Itoa(int(a.Weight)), strconv.Itoa(int(b.Weight)))
			d.field("status", string(StatusOf(a.Status)), string(StatusOf(b.Status)))
			d.field("kinds", kindList(a.Kinds), kindList(b.Kinds))
			d.field("expires", a.Expires, b.Expires)
			d.field("sources", strings.Join(a.Sources, "; "), strings.Join(b.Sources, "; "))
		}
		d.set(patternLines(old, id), patternLines(now, id))
	}
}

// StatusOf names a packed indicator's status.
func StatusOf(s pack.Status) Status {
	if s == pack.Active {
		return StatusActive
	}
	return StatusTest
}

func kindList(kinds uint16) string {
	var names []string
	for k := pack.Job; k < pack.NumKinds; k++ {
		if kinds&(1<<k) != 0 {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, ", ")
}

func indicatorsByID(p *pack.Pack) map[string]*pack.Indicator {
	m := map[string]*pack.Indicator{}
	for i := range p.Indicators {
		m[p.Indicators[i].ID] = &p.Indicators[i]
	}
	return m
}

func patternLines(p *pack.Pack, id string) map[string]string {
	m := map[string]string{}
	at := slices.IndexFunc(p.Indicators, func(ind pack.Indicator) bool { return ind.ID == id })
	for _, pattern := range p.Patterns {
		if int(pattern.Indicator) == at {
			m[patternLine(&pattern)] = ""
		}
	}
	return m
}

func patternLine(p *pack.Pattern) string {
	if p.Role == pack.Unless {
		return p.Lang + " unless " + p.Expr
	}
	return p.Lang + " " + p.Expr
}

func listed(words []string) map[string]string {
	m := map[string]string{}
	for _, w := range words {
		m[w] = ""
	}
	return m
}

func textsByKey(p *pack.Pack) map[string]string {
	m := map[string]string{}
	for _, t := range p.Texts {
		m[t.Lang+" "+t.Key] = t.Text
	}
	return m
}

func documentsByName(p *pack.Pack) map[string]string {
	m := map[string]string{}
	for _, d := range p.Documents {
		m[d.Name] = d.JSON
	}
	return m
}

func policyLines(p *pack.Policy) map[string]string {
	m := map[string]string{
		"family-cap":   strconv.Itoa(int(p.FamilyCap)),
		"window-words": strconv.Itoa(int(p.WindowWords)),
		"near-words":   strconv.Itoa(int(p.NearWords)),
	}
	for _, l := range p.Levels {
		name := strings.Join(strings.Fields("levels "+l.Kind.String()+" "+l.Lang), " ")
		m[name] = fmt.Sprintf("notice %d, elevated %d, high %d", l.Notice, l.Elevated, l.High)
	}
	return m
}

func wordingLines(p *pack.Pack) map[string]string {
	m := map[string]string{}
	for _, w := range p.Wording {
		sum := uint64(14695981039346656037) // FNV-1a: tells two models apart, no more
		for i, f := range w.Features {
			sum = (sum ^ uint64(f)<<8 ^ uint64(uint8(w.Weights[i]))) * 1099511628211
		}
		m[w.Lang+" "+kindList(w.Kinds)] = fmt.Sprintf("%d features (%08x), bias %d, text %v, window %v",
			len(w.Features), sum>>32, w.Bias, w.Doc, w.Window)
	}
	return m
}
