// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

// parts of the texts of an indicator, and of a level or dimension.
var (
	indicatorParts = []string{"title", "means", "benign"}
	groupParts     = []string{"title", "means"}
)

// readTexts reads texts/<lang>.yaml: what indicators, levels and dimensions are
// called in one language. English indicators have their texts in their own files.
func readTexts(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	lang := r.langOfFile(name)
	for _, e := range r.entries(root, "the file") {
		key := e.key.Value
		group, rest, grouped := strings.Cut(key, "/")
		member, part, _ := strings.Cut(rest, "/")
		switch {
		case grouped && !groupMember(group, member):
			hint := "level/<level>/title, dimension/<dimension>/means"
			if group == "wording" {
				hint = "write " + WordingID + ": {title: …, means: …, benign: …}"
			}
			r.fault(e.key, fmt.Sprintf("unknown key %q", key), hint)
		case grouped && !contains(groupParts, part):
			r.fault(e.key, fmt.Sprintf("unknown key %q", key), suggest(part, groupParts))
		case grouped:
			s.addText(r, e, lang, key)
		case strings.Contains(key, "."):
			v := r.fields(e.value, "the texts of "+key, indicatorParts...)
			r.required(e.value, v, indicatorParts...)
			for _, part := range indicatorParts {
				if v[part] != nil {
					s.addText(r, entry{e.key, v[part]}, lang, key+"/"+part)
				}
			}
		default:
			r.fault(e.key, fmt.Sprintf("unknown key %q", key), "an indicator's ID, level/<level>/title or dimension/<dimension>/title")
		}
	}
}

// groupMember reports whether there is such a level or dimension.
func groupMember(group, member string) bool {
	return group == "level" && contains(levelTexts, member) || group == "dimension" && contains(dimensions(), member)
}

// readAdvice reads advice/<lang>.yaml: what to do, one sentence per key.
func readAdvice(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	lang := r.langOfFile(name)
	for _, e := range r.entries(root, "the file") {
		s.addText(r, e, lang, "advice/"+e.key.Value)
	}
}

func (s *Source) addText(r *reader, e entry, lang, key string) {
	if len(key) > pack.MaxKey {
		r.fault(e.key, "a key of more than 128 bytes", "shorten it")
		return
	}
	if text := r.text(e.value, "a text"); text != "" {
		s.Texts = append(s.Texts, Text{r.place(e.key), pack.Text{Lang: lang, Key: key, Text: text}})
	}
}

// langOfFile is the language that a file is named after.
func (r *reader) langOfFile(name string) string {
	lang := stem(name)
	if scriptsOf[lang] == nil {
		r.faultAt(Place{File: name}, "the file is not named after a known language", "name it en.yaml, es.yaml, zh.yaml; a new language is added in server/publish/language.go")
	}
	return lang
}

// readProtected reads protected/<lang>.yaml: words and phrases, in one list or by
// what they are about.
func readProtected(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	lang := r.langOfFile(name)
	v := r.fields(root, "the file", protectedKinds...)
	for _, kind := range protectedKinds {
		if v[kind] == nil {
			continue
		}
		for _, item := range r.list(v[kind], kind) {
			s.addProtected(r, item, lang)
		}
	}
}

// protectedKinds are what a verdict must not depend on.
var protectedKinds = []string{"words", "nationality", "ethnicity", "religion", "gender"}

func (s *Source) addProtected(r *reader, n *yaml.Node, lang string) {
	text := r.text(n, "a protected word")
	if text == "" {
		return
	}
	if strings.ContainsAny(text, "*|()[]<>{}") {
		r.fault(n, "a protected word is a plain word or phrase", "write each form as a line of its own, without * ( | )")
		return
	}
	words := normal.Fold(text)
	if words == "" {
		r.fault(n, "no word is left in normal form", "take it out")
		return
	}
	s.Protected = append(s.Protected, Protected{r.place(n), lang, words})
}
