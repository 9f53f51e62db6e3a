// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"lapwing/scorer/pack"
)

// readHelpline reads helplines/<country>.yaml into the document
// "helpline/<country>". No number without where it was read, and when.
func readHelpline(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	v := r.fields(root, "a help line", "country", "emergency", "lines", "directory")
	r.required(root, v, "country", "directory")
	if country := r.text(v["country"], "country"); country != "" && !strings.EqualFold(country, stem(name)) {
		r.fault(v["country"], fmt.Sprintf("country %q does not fit the file's name", country), "name the file after the country's two letters; world.yaml is for all others")
	}
	if v["emergency"] != nil {
		r.text(v["emergency"], "emergency")
	}
	if lines := v["lines"]; lines != nil && (lines.Kind != yaml.SequenceNode || len(lines.Content) > 0) {
		for _, item := range r.list(lines, "lines") {
			s.HelpLines = append(s.HelpLines, r.line(item))
		}
	}
	if v["directory"] != nil {
		directory := r.fields(v["directory"], "the directory", "name", "web")
		r.required(v["directory"], directory, "name", "web")
		r.text(directory["name"], "name")
		r.text(directory["web"], "web")
	}
	s.addDocument(r, root, "helpline/"+stem(name))
}

// answerers are who may answer a help line; people choose by it.
var answerers = []string{"ngo", "government", "police"}

func (r *reader) line(n *yaml.Node) HelpLine {
	v := r.fields(n, "a line", "name", "number", "text", "web", "who", "languages", "hours", "anonymous", "source", "checked", "status")
	r.required(n, v, "name", "who", "source", "checked")
	if v["number"] == nil && v["text"] == nil && v["web"] == nil {
		r.fault(n, "a line that cannot be reached", `write at least one of "number", "text" and "web"`)
	}
	if who := r.text(v["who"], "who"); who != "" && !contains(answerers, who) {
		r.fault(v["who"], fmt.Sprintf("unknown answerer %q", who), suggest(who, answerers))
	}
	for _, key := range []string{"name", "number", "text", "web", "hours", "source", "status"} {
		r.text(v[key], key)
	}
	return HelpLine{r.place(n), r.date(v["checked"], "checked")}
}

// readSite reads sites/<id>.yaml, a site's adapter, into the document
// "adapter/<id>". What an adapter holds is said by schema/site.json.
func readSite(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	values := map[string]*yaml.Node{}
	for _, e := range r.entries(root, "an adapter") {
		values[e.key.Value] = e.value
	}
	r.required(root, values, "id")
	if id := r.text(values["id"], "id"); id != "" && id != stem(name) {
		r.fault(values["id"], fmt.Sprintf("the file's name does not fit the ID %q", id), "move it to sites/"+id+".yaml")
	}
	s.addDocument(r, root, "adapter/"+stem(name))
}

// addDocument keeps a YAML value as canonical JSON: keys sorted, no spaces.
func (s *Source) addDocument(r *reader, n *yaml.Node, name string) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r.value(n)); err != nil {
		r.fault(n, err.Error(), "")
		return
	}
	s.Documents = append(s.Documents, pack.Document{Name: name, JSON: string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))})
}

// value gives what a node says as encoding/json takes it. Numbers stay as they
// are written; what looks like a date or a telephone number is text.
func (r *reader) value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for _, e := range r.entries(n, "a value") {
			m[e.key.Value] = r.value(e.value)
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			list = append(list, r.value(item))
		}
		return list
	}
	switch {
	case n.Tag == "!!null":
		return nil
	case n.Tag == "!!bool":
		return n.Value == "true"
	case (n.Tag == "!!int" || n.Tag == "!!float") && len(n.Value) < 10 && json.Valid([]byte(n.Value)):
		return json.Number(n.Value)
	}
	return n.Value
}
