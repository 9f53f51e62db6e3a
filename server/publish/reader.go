// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a file of the source in bytes, wording models excepted.
const maxFile = 1 << 20

// maxText bounds a single text in bytes.
const maxText = 2048

// reader reads one YAML file. It notes what is wrong and goes on, so that one
// run shows all faults. The source is reviewed, but whoever proposes a change
// may write anything: aliases are refused, since they make small files large.
type reader struct {
	file   string
	lines  []string
	faults *Faults
}

// readYAML gives the root value of a file, or nil if it has none.
func readYAML(fsys fs.FS, name string, faults *Faults) (*reader, *yaml.Node) {
	r := &reader{file: name, faults: faults}
	text, err := readBounded(fsys, name, maxFile)
	if err != nil {
		r.faultAt(Place{File: name}, err.Error(), "")
		return r, nil
	}
	if !utf8.Valid(text) {
		r.faultAt(Place{File: name}, "not UTF-8", "save the file as UTF-8")
		return r, nil
	}
	r.lines = strings.Split(string(text), "\n")
	var doc yaml.Node
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	if err := decoder.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		r.syntaxError(err)
		return r, nil
	}
	if err := decoder.Decode(new(yaml.Node)); err == nil {
		r.faultAt(Place{File: name}, "more than one document", `take out the "---" inside the file`)
	}
	if len(doc.Content) != 1 {
		r.faultAt(Place{File: name}, "empty file", "write the entry or remove the file")
		return r, nil
	}
	if !r.plain(doc.Content[0]) {
		return r, nil
	}
	return r, doc.Content[0]
}

// readBounded reads a whole file, or says that it is too long.
func readBounded(fsys fs.FS, name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("longer than %d bytes", limit)
	}
	return fs.ReadFile(fsys, name)
}

// syntaxError turns the decoder's error into a fault. The library gives no
// position as data, and often names the line where a block began; what a person
// looks for is the first line behind the longest beginning that is YAML.
func (r *reader) syntaxError(err error) {
	problem := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(problem, "line "); ok {
		if _, after, ok := strings.Cut(rest, ": "); ok {
			problem = after
		}
	}
	place := Place{File: r.file}
	if len(r.lines) <= mostLines {
		n := len(r.lines) - 1
		for n > 0 && yaml.Unmarshal([]byte(strings.Join(r.lines[:n], "\n")), new(yaml.Node)) != nil {
			n--
		}
		place.Line, place.Column = n+1, 1
	}
	r.faultAt(place, "not YAML: "+problem, `put values in quotes that hold ": " or " #", or begin with [ { * & ! | > % @`)
}

// mostLines bounds the search for the line of a syntax error.
const mostLines = 1000

// plain refuses anchors and aliases, and reports whether there are none.
func (r *reader) plain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		r.fault(n, "an alias (*"+n.Value+")", `repeat the value; put a pattern that begins with "*" in quotes`)
		return false
	}
	if n.Anchor != "" {
		r.fault(n, "an anchor (&"+n.Anchor+")", `take it out; put a pattern that begins with "&" in quotes`)
		return false
	}
	ok := true
	for _, child := range n.Content {
		ok = r.plain(child) && ok
	}
	return ok
}

func (r *reader) place(n *yaml.Node) Place {
	return Place{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *reader) fault(n *yaml.Node, problem, hint string) {
	r.faultAt(r.place(n), problem, hint)
}

func (r *reader) faultAt(p Place, problem, hint string) {
	*r.faults = append(*r.faults, Fault{Place: p, Problem: problem, Hint: hint})
}

// inside gives the place of a byte of a scalar's value: the scalar's own place
// where the value runs over several lines.
func (r *reader) inside(n *yaml.Node, offset int) Place {
	p := r.place(n)
	if n.Line < 1 || n.Line > len(r.lines) || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return p
	}
	raw := []rune(r.lines[n.Line-1])
	column := n.Column - 1
	quote := rune(0)
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 && column < len(raw) {
		quote = raw[column]
		column++
	}
	for _, c := range n.Value[:min(offset, len(n.Value))] {
		if column >= len(raw) {
			return p
		}
		if quote == '\'' && c == '\'' {
			column++
		} else if quote == '"' && raw[column] == '\\' {
			column++
		} else if raw[column] != c {
			return p
		}
		column++
	}
	p.Column = column + 1
	return p
}

// entry is a key of a mapping and its value.
type entry struct{ key, value *yaml.Node }

// entries gives a mapping's entries in the order in which they are written.
func (r *reader) entries(n *yaml.Node, what string) []entry {
	if n.Kind != yaml.MappingNode {
		r.fault(n, what+" is not a mapping", `write it as lines of "key: value"`)
		return nil
	}
	seen := map[string]bool{}
	var list []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fault(key, "a key that is no text", "write a plain word before the colon")
		case seen[key.Value]:
			r.fault(key, `"`+key.Value+`" is there twice`, "keep one of them")
		default:
			seen[key.Value] = true
			list = append(list, entry{key, n.Content[i+1]})
		}
	}
	return list
}

// fields gives a mapping's values by key, and faults for keys not in known.
func (r *reader) fields(n *yaml.Node, what string, known ...string) map[string]*yaml.Node {
	values := map[string]*yaml.Node{}
	for _, e := range r.entries(n, what) {
		if !contains(known, e.key.Value) {
			r.fault(e.key, fmt.Sprintf("unknown key %q", e.key.Value), suggest(e.key.Value, known))
			continue
		}
		values[e.key.Value] = e.value
	}
	return values
}

// required notes the keys that are not there.
func (r *reader) required(n *yaml.Node, values map[string]*yaml.Node, keys ...string) {
	for _, key := range keys {
		if values[key] == nil && n.Kind == yaml.MappingNode {
			r.fault(n, fmt.Sprintf("%q is missing", key), requiredHint[key])
		}
	}
}

// requiredHint says what a key that may not be missing is for.
var requiredHint = map[string]string{
	"id":       "the file's name without .yaml",
	"kinds":    "name the kinds of listing that it is for: what is normal for a flat may not be for a job",
	"sources":  "name the work that it rests on, by title and year",
	"benign":   "say in which harmless cases it occurs",
	"means":    "say in one or two sentences what it means to a reader",
	"title":    "say in a few words what was seen",
	"expires":  "at most two years after it was added",
	"added":    "the day of the first review, as 2026-11-23",
	"patterns": "at least one language with one pattern",
	"examples": "for each language two texts that it must find and two that it must not",
	"source":   "where the fact was read",
	"checked":  "the day on which it was last verified, as 2026-11-23",
}

// text gives a scalar's value without the spaces around it; "" with a fault if
// it is not one or has nothing in it.
func (r *reader) text(n *yaml.Node, what string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		hint := "write text behind the colon"
		if n.Kind == yaml.SequenceNode || n.Kind == yaml.MappingNode {
			hint = "put it in quotes: YAML reads [ and { at the start of a value as a list or a mapping"
		}
		r.fault(n, what+" is no text", hint)
		return ""
	}
	s := strings.TrimSpace(n.Value)
	if s == "" {
		r.fault(n, what+" is empty", "write it or take the key out")
	}
	if len(s) > maxText {
		r.fault(n, fmt.Sprintf("%s is longer than %d bytes", what, maxText), "say it in fewer words")
		return ""
	}
	if strings.ContainsFunc(s, isControl) {
		r.fault(n, what+" has a control character", "write it on one line, or fold it with >-")
		return ""
	}
	return s
}

func isControl(c rune) bool { return c < ' ' || c == 0x7f }

// list gives a sequence's items; a fault if it is none or empty.
func (r *reader) list(n *yaml.Node, what string) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.fault(n, what+" is not a list", `write it as lines of "- item", or as [one, two]`)
		return nil
	}
	if len(n.Content) == 0 {
		r.fault(n, what+" is an empty list", "write an item or take the key out")
	}
	return n.Content
}

func (r *reader) texts(n *yaml.Node, what string) []string {
	var out []string
	for _, item := range r.list(n, what) {
		if s := r.text(item, "an item of "+what); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// date gives a day as 2026-11-23.
func (r *reader) date(n *yaml.Node, what string) string {
	s := r.text(n, what)
	if s == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		r.fault(n, fmt.Sprintf("%s: %q is no date", what, s), "write it as 2026-11-23")
		return ""
	}
	return s
}

// number gives a whole number within bounds.
func (r *reader) number(n *yaml.Node, what string, least, most int) int {
	s := r.text(n, what)
	if s == "" {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < least || v > most {
		r.fault(n, fmt.Sprintf("%s: %q is out of bounds", what, s), fmt.Sprintf("write a whole number from %d to %d", least, most))
		return 0
	}
	return v
}

// paragraphs gives a scalar's value, line breaks included.
func (r *reader) paragraphs(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		r.fault(n, "no text", "write the text behind the colon, or below it after |")
		return ""
	}
	return n.Value
}
