// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// siteSchema says what an adapter holds. The other kinds of file are checked by
// the code that reads them, which knows more than a schema can say; a test
// holds their schemas, made for editors, against the same files.
const siteSchema = "schema/site.json"

// checkSchemas holds the adapters against their schema, if the folder has one.
func checkSchemas(s *Source, fsys fs.FS) Faults {
	var faults Faults
	text, err := fs.ReadFile(fsys, siteSchema)
	if err != nil {
		return nil
	}
	schema, err := CompileSchema(siteSchema, text)
	if err != nil {
		return Faults{{Place: Place{File: siteSchema}, Problem: err.Error()}}
	}
	for _, d := range s.Documents {
		id, ok := strings.CutPrefix(d.Name, "adapter/")
		if !ok {
			continue
		}
		r, root := readYAML(fsys, "sites/"+id+".yaml", &Faults{})
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(d.JSON))
		if err == nil {
			err = schema.Validate(value)
		}
		if bad, ok := err.(*jsonschema.ValidationError); ok && root != nil {
			r.faults = &faults
			r.schemaFaults(root, bad)
		}
	}
	return faults
}

// CompileSchema reads a JSON Schema that refers to nothing outside itself.
func CompileSchema(name string, text []byte) (*jsonschema.Schema, error) {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(jsonschema.SchemeURLLoader{})
	if err := compiler.AddResource(name, value); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return compiler.Compile(name)
}

// schemaFaults turns the innermost causes of a validation error into faults.
func (r *reader) schemaFaults(root *yaml.Node, err *jsonschema.ValidationError) {
	if len(err.Causes) > 0 {
		for _, cause := range err.Causes {
			r.schemaFaults(root, cause)
		}
		return
	}
	// The message reads "at '/path': problem"; the path is told as line and column.
	problem := err.Error()
	if _, rest, ok := strings.Cut(problem, "': "); ok {
		problem = rest
	}
	r.fault(find(root, err.InstanceLocation), problem, "see "+siteSchema)
}

// find follows a path of keys and indices as far as it leads.
func find(n *yaml.Node, path []string) *yaml.Node {
	for _, step := range path {
		next := n
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == step {
					next = n.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(step); err == nil && i < len(n.Content) {
				next = n.Content[i]
			}
		}
		if next == n {
			return n
		}
		n = next
	}
	return n
}

// JSONOf gives a YAML file of the list as JSON, as editors see it.
func JSONOf(fsys fs.FS, name string) ([]byte, error) {
	var faults Faults
	r, root := readYAML(fsys, name, &faults)
	if len(faults) > 0 {
		return nil, &FaultsError{faults}
	}
	return json.Marshal(r.value(root))
}
