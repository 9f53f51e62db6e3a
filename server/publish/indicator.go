// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// indicatorKeys are the keys of an indicator, in the order in which they are
// best written.
var indicatorKeys = []string{
	"id", "dimension", "strength", "weight", "kinds", "status", "title", "means", "benign",
	"sources", "added", "expires", "patterns", "unless", "examples",
}

// longestReview is how long an indicator may stand without a new review.
const longestReview = 2 * 366 * 24 * time.Hour

func readIndicator(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	v := r.fields(root, "an indicator", indicatorKeys...)
	r.required(root, v, "id", "dimension", "strength", "kinds", "status", "title", "means", "benign",
		"sources", "added", "expires", "patterns", "examples")
	ind := Indicator{Place: Place{File: name, Line: root.Line, Column: root.Column}}
	ind.ID = r.id(v["id"], name)
	if v["id"] != nil {
		ind.Place = r.place(v["id"])
	}
	ind.Title = r.text(v["title"], "title")
	ind.Means = r.text(v["means"], "means")
	ind.Benign = r.text(v["benign"], "benign")
	ind.Sources = r.texts(v["sources"], "sources")
	for _, source := range ind.Sources {
		if len(source) > pack.MaxSource || len(ind.Sources) > pack.MaxSources {
			r.fault(v["sources"], "too much for a source", "author, title and year of a few works")
			break
		}
	}
	ind.Status = r.status(v["status"])
	r.judgement(&ind, v)
	r.dates(&ind, v)
	ind.Patterns = append(r.patterns(v["patterns"], "patterns", pack.Fires), r.patterns(v["unless"], "unless", pack.Unless)...)
	ind.Examples = r.examples(v["examples"])
	s.Indicators = append(s.Indicators, ind)
}

// id checks that the file lies where its ID says.
func (r *reader) id(n *yaml.Node, name string) string {
	id := r.text(n, "id")
	if id == "" {
		return stem(name)
	}
	family, rest, ok := strings.Cut(id, ".")
	if !ok || !word(family) || !word(rest) || len(id) > pack.MaxID {
		r.fault(n, fmt.Sprintf("%q is no ID", id), "write family.what-is-wrong in small letters, digits and hyphens")
		return stem(name)
	}
	if want := "indicators/" + family + "/" + id + ".yaml"; name != want {
		r.fault(n, fmt.Sprintf("the file's name does not fit the ID %q", id), "move it to "+want)
	}
	if folder := path.Base(path.Dir(name)); id != stem(name) && folder == family {
		return stem(name)
	}
	return id
}

// word reports whether s has only small letters, digits and hyphens.
func word(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func (r *reader) status(n *yaml.Node) Status {
	s := Status(r.text(n, "status"))
	switch s {
	case "", StatusDraft, StatusTest, StatusActive, StatusRetired:
		return s
	}
	r.fault(n, fmt.Sprintf("unknown status %q", s), suggest(string(s), []string{"draft", "test", "active", "retired"}))
	return ""
}

// judgement reads dimension, strength, weight and kinds.
func (r *reader) judgement(ind *Indicator, v map[string]*yaml.Node) {
	if s := r.text(v["dimension"], "dimension"); s != "" {
		dimension, ok := pack.ParseDimension(s)
		if !ok {
			r.fault(v["dimension"], fmt.Sprintf("unknown dimension %q", s), suggest(s, dimensions()))
		}
		ind.Dimension = dimension
	}
	strengthKnown := false
	if s := r.text(v["strength"], "strength"); s != "" {
		ind.Strength, strengthKnown = pack.ParseStrength(s)
		if !strengthKnown {
			r.fault(v["strength"], fmt.Sprintf("unknown strength %q", s), suggest(s, []string{"weak", "medium", "strong"}))
		}
	}
	ind.Weight = defaultWeight[ind.Strength]
	if n := v["weight"]; n != nil && strengthKnown {
		band := pack.Bands[ind.Strength]
		w := r.number(n, "weight", 1, 255)
		if w != 0 && (w < int(band[0]) || w > int(band[1])) {
			r.fault(n, fmt.Sprintf("weight %d is outside the band of %q", w, ind.Strength),
				fmt.Sprintf("from %d to %d, or change the strength", band[0], band[1]))
		}
		ind.Weight = uint8(w)
	}
	ind.Kinds = r.kinds(v["kinds"])
}

// defaultWeight is the middle of each band.
var defaultWeight = [pack.NumStrengths]uint8{pack.Weak: 2, pack.Medium: 5, pack.Strong: 10}

func (r *reader) kinds(n *yaml.Node) uint16 {
	var kinds uint16
	for _, item := range r.list(n, "kinds") {
		kind := r.kind(item)
		if kind != pack.Unknown && kinds&(1<<kind) != 0 {
			r.fault(item, fmt.Sprintf("kind %q is there twice", kind), "keep one of them")
		}
		if kind != pack.Unknown {
			kinds |= 1 << kind
		}
	}
	return kinds
}

func (r *reader) kind(n *yaml.Node) pack.Kind {
	s := r.text(n, "kind")
	kind := pack.ParseKind(s)
	if s != "" && kind == pack.Unknown {
		r.fault(n, fmt.Sprintf("unknown kind %q", s), suggest(s, kindNames()))
	}
	return kind
}

func dimensions() []string {
	var names []string
	for d := range pack.NumDimensions {
		names = append(names, d.String())
	}
	return names
}

func kindNames() []string {
	var names []string
	for k := pack.Job; k < pack.NumKinds; k++ {
		names = append(names, k.String())
	}
	return names
}

func (r *reader) dates(ind *Indicator, v map[string]*yaml.Node) {
	ind.Added = r.date(v["added"], "added")
	ind.Expires = r.date(v["expires"], "expires")
	if ind.Added == "" || ind.Expires == "" {
		return
	}
	added, _ := time.Parse(time.DateOnly, ind.Added)
	expires, _ := time.Parse(time.DateOnly, ind.Expires)
	if !expires.After(added) || expires.Sub(added) > longestReview {
		r.fault(v["expires"], fmt.Sprintf("expires on %s, added on %s", ind.Expires, ind.Added),
			"a review holds for at most two years; at the next one, move both dates")
	}
}

// patterns reads a mapping of language to patterns.
func (r *reader) patterns(n *yaml.Node, what string, role pack.Role) []Pattern {
	if n == nil {
		return nil
	}
	var out []Pattern
	for _, e := range r.entries(n, what) {
		lang := e.key.Value
		known := r.lang(e.key)
		for _, item := range r.list(e.value, what+" of "+lang) {
			text := r.text(item, "a pattern")
			if text == "" {
				continue
			}
			if p, ok := r.pattern(item); ok && known {
				r.scripts(item, lang)
				out = append(out, Pattern{Place: r.place(item), Role: role, Lang: lang, Parsed: p})
			}
		}
	}
	return out
}

func (r *reader) pattern(n *yaml.Node) (rule.Pattern, bool) {
	p, err := rule.Parse(n.Value)
	var bad *rule.Error
	if errors.As(err, &bad) {
		r.faultAt(r.inside(n, bad.Offset), bad.Problem, bad.Hint)
	}
	return p, err == nil
}

// fewestExamples of each sort and language show that a pattern was thought about.
const fewestExamples = 2

func (r *reader) examples(n *yaml.Node) []Example {
	if n == nil {
		return nil
	}
	var out []Example
	for _, e := range r.entries(n, "examples") {
		r.lang(e.key)
		v := r.fields(e.value, "the examples of "+e.key.Value, "yes", "no")
		for _, sort := range []string{"yes", "no"} {
			if v[sort] == nil {
				r.fault(e.key, fmt.Sprintf("the examples of %q have no %q", e.key.Value, sort), requiredHint["examples"])
				continue
			}
			items := r.list(v[sort], sort)
			if len(items) < fewestExamples {
				r.fault(v[sort], fmt.Sprintf("fewer than %d examples", fewestExamples), requiredHint["examples"])
			}
			for _, item := range items {
				if text := r.text(item, "an example"); text != "" {
					out = append(out, Example{r.place(item), e.key.Value, text, sort == "yes"})
				}
			}
		}
	}
	return out
}
