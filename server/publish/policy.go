// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io/fs"
	"strconv"

	"go.yaml.in/yaml/v3"

	"lapwing/scorer/pack"
)

// readPolicy reads policy.yaml: the numbers that turn points into levels, and
// the budgets that decide what may be published.
func readPolicy(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	keys := []string{"name", "version", "created", "family-cap", "window-words", "near-words", "levels", "gate"}
	v := r.fields(root, "the policy", keys...)
	r.required(root, v, keys...)
	s.Name = r.text(v["name"], "name")
	if s.Name != "" && (!word(s.Name) || len(s.Name) > pack.MaxName) {
		r.fault(v["name"], fmt.Sprintf("%q is no name for a list", s.Name), "small letters, digits and hyphens")
	}
	s.Version = uint32(r.number(v["version"], "version", 1, 1<<31-1))
	s.Created = r.date(v["created"], "created")
	s.Policy.FamilyCap = uint8(r.number(v["family-cap"], "family-cap", 1, 255))
	s.Policy.WindowWords = uint16(r.number(v["window-words"], "window-words", 1, 10000))
	s.Policy.NearWords = uint16(r.number(v["near-words"], "near-words", 1, 1000))
	for _, item := range r.list(v["levels"], "levels") {
		r.level(s, item)
	}
	if v["levels"] != nil && !s.general() {
		r.fault(v["levels"], "no rule holds for every kind and language", "add one with neither kind nor lang")
	}
	if v["gate"] != nil {
		s.Gate = r.gate(v["gate"])
	}
}

func (r *reader) level(s *Source, n *yaml.Node) {
	v := r.fields(n, "a level rule", "kind", "lang", "notice", "elevated", "high")
	r.required(n, v, "notice", "elevated", "high")
	var l pack.LevelRule
	if v["kind"] != nil {
		l.Kind = r.kind(v["kind"])
	}
	if v["lang"] != nil && r.lang(v["lang"]) {
		l.Lang = v["lang"].Value
	}
	l.Notice = uint16(r.number(v["notice"], "notice", 1, 1000))
	l.Elevated = uint16(r.number(v["elevated"], "elevated", 1, 1000))
	l.High = uint16(r.number(v["high"], "high", 1, 1000))
	if l.Notice > l.Elevated || l.Elevated > l.High {
		r.fault(n, "a lower level needs more points than a higher one", "notice, elevated and high never fall in this order")
	}
	for _, have := range s.Policy.Levels {
		if have.Kind == l.Kind && have.Lang == l.Lang {
			r.fault(n, "a second rule for the same kind and language", "keep one of them")
			return
		}
	}
	s.Policy.Levels = append(s.Policy.Levels, l)
}

func (s *Source) general() bool {
	for _, l := range s.Policy.Levels {
		if l.Kind == pack.Unknown && l.Lang == "" {
			return true
		}
	}
	return false
}

func (r *reader) gate(n *yaml.Node) Gate {
	var g Gate
	v := r.fields(n, "gate", "indicators", "levels")
	r.required(n, v, "indicators", "levels")
	if list := v["indicators"]; list != nil {
		budgets := r.fields(list, "indicators", "weak", "medium", "strong")
		r.required(list, budgets, "weak", "medium", "strong")
		g.Indicator[pack.Weak] = r.budget(budgets["weak"])
		g.Indicator[pack.Medium] = r.budget(budgets["medium"])
		g.Indicator[pack.Strong] = r.budget(budgets["strong"])
	}
	if list := v["levels"]; list != nil {
		budgets := r.fields(list, "levels", "notice", "elevated", "high")
		r.required(list, budgets, "notice", "elevated", "high")
		g.Notice = r.budget(budgets["notice"])
		g.Elevated = r.budget(budgets["elevated"])
		g.High = r.budget(budgets["high"])
	}
	return g
}

// budget reads listings per 1000.
func (r *reader) budget(n *yaml.Node) float64 {
	s := r.text(n, "a budget")
	if s == "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= 1000) {
		r.fault(n, fmt.Sprintf("%q is no budget", s), "write how many of 1000 harmless listings may be flagged, as 0.5")
		return 0
	}
	return v
}
