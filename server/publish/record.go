// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io/fs"
)

// readRetired reads retired.yaml: IDs that once meant something and are never
// used again, since old reports and releases name them.
func readRetired(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	v := r.fields(root, "the file", "retired")
	r.required(root, v, "retired")
	if v["retired"] == nil || len(v["retired"].Content) == 0 {
		return
	}
	for _, item := range r.list(v["retired"], "retired") {
		v := r.fields(item, "a retired ID", "id", "when", "why")
		r.required(item, v, "id", "when", "why")
		r.date(v["when"], "when")
		r.text(v["why"], "why")
		if id := r.text(v["id"], "id"); id != "" {
			s.Retired = append(s.Retired, Retired{r.place(v["id"]), id})
		}
	}
}

// readFalsePositive reads false-positives/<id>.yaml: a text that was flagged and
// should not have been. It is invented or paraphrased, never copied.
func readFalsePositive(s *Source, fsys fs.FS, name string, faults *Faults) {
	r, root := readYAML(fsys, name, faults)
	if root == nil {
		return
	}
	v := r.fields(root, "a false positive", "id", "indicator", "kind", "lang", "text", "why", "taken-back")
	r.required(root, v, "id", "kind", "text", "why", "taken-back")
	fp := FalsePositive{Place: r.place(root), ID: r.text(v["id"], "id")}
	if fp.ID != "" && fp.ID != stem(name) {
		r.fault(v["id"], fmt.Sprintf("the file's name does not fit the ID %q", fp.ID), "move it to false-positives/"+fp.ID+".yaml")
	}
	if v["indicator"] != nil {
		fp.Indicator = r.text(v["indicator"], "indicator")
	}
	if v["kind"] != nil {
		fp.Kind = r.kind(v["kind"])
	}
	if v["lang"] != nil && r.lang(v["lang"]) {
		fp.Lang = v["lang"].Value
	}
	r.text(v["why"], "why")
	r.date(v["taken-back"], "taken-back")
	if n := v["text"]; n != nil {
		fp.Text = r.paragraphs(n)
		fp.Place = r.place(n)
	}
	s.FalsePositives = append(s.FalsePositives, fp)
}
