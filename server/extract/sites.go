// SPDX-License-Identifier: Apache-2.0

package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"go.yaml.in/yaml/v3"

	"lapwing/scorer/pack"
)

// Bounds on an adapter: it is data of a signed list, but a slip in it must not
// make every page slow.
const (
	maxPages    = 8
	maxSelector = 300
	maxWays     = 8
)

var (
	idRule   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,40}$`)
	hostRule = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	dateRule = regexp.MustCompile(`^20\d\d-[01]\d-[0-3]\d$`)
	// pseudo is every pseudo-class of a selector; those below are understood
	// alike by browsers and by the Go twin.
	pseudo  = regexp.MustCompile(`:[a-z-]+`)
	pseudos = []string{":first-child", ":last-child", ":nth-child", ":nth-of-type", ":first-of-type", ":last-of-type", ":not"}
	quoted  = regexp.MustCompile(`"[^"]*"`)
	fieldOf = []string{"title", "body", "company", "location", "pay", "contact", "link"}
)

// Sites reads and checks all adapters of a directory, in the order of their names.
func Sites(fsys fs.FS, dir string) ([]*Adapter, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("reading adapters: %w", err)
	}
	var out []*Adapter
	for _, e := range entries {
		if path.Ext(e.Name()) != ".yaml" {
			continue
		}
		text, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading adapters: %w", err)
		}
		a, err := ParseYAML(text)
		if err != nil {
			return nil, fmt.Errorf("reading adapter: %s: %w", e.Name(), err)
		}
		if a.ID != strings.TrimSuffix(e.Name(), ".yaml") {
			return nil, fmt.Errorf("reading adapter: %s: the id is %q; it must be the file's name", e.Name(), a.ID)
		}
		out = append(out, a)
	}
	return out, nil
}

// ParseYAML reads an adapter as it is written in server/lists/sites.
func ParseYAML(text []byte) (*Adapter, error) {
	var a Adapter
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&a); err != nil {
		return nil, err
	}
	return &a, a.check()
}

// Parse reads an adapter as it stands in a pack, as the document "adapter/<id>".
func Parse(text []byte) (*Adapter, error) {
	var a Adapter
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&a); err != nil {
		return nil, fmt.Errorf("reading adapter: %w", err)
	}
	return &a, a.check()
}

// JSON is the adapter as it goes into a pack.
func (a *Adapter) JSON() (string, error) {
	text, err := json.Marshal(a)
	return string(text), err
}

// check says what is wrong with an adapter, and what to do about it.
func (a *Adapter) check() error {
	switch {
	case !idRule.MatchString(a.ID):
		return fmt.Errorf("id %q: use lower-case letters, digits and hyphens", a.ID)
	case a.Title == "":
		return fmt.Errorf("title: say how people call the site")
	case !dateRule.MatchString(a.Checked):
		return fmt.Errorf("checked %q: give the day on which the pages were last looked at, as 2026-11-23", a.Checked)
	case len(a.Hosts) == 0:
		return fmt.Errorf("hosts: name at least one")
	case len(a.Pages) == 0 || len(a.Pages) > maxPages:
		return fmt.Errorf("pages: describe 1 to %d of them", maxPages)
	}
	for _, h := range a.Hosts {
		if !hostRule.MatchString(h) {
			return fmt.Errorf("hosts: %q is no host name; write it in lower case, without scheme and path", h)
		}
	}
	for i := range a.Pages {
		if err := a.Pages[i].check(); err != nil {
			return fmt.Errorf("page %q: %w", a.Pages[i].Name, err)
		}
	}
	return nil
}

func (p *AdapterPage) check() error {
	if p.Lists != "one" && p.Lists != "many" {
		return fmt.Errorf("lists %q: write one or many", p.Lists)
	}
	for _, g := range p.Paths {
		if !strings.HasPrefix(g, "/") && !strings.HasPrefix(g, "*") {
			return fmt.Errorf("paths: %q can match no path; begin it with / or *", g)
		}
	}
	if err := checkKind(p.Kind); err != nil {
		return err
	}
	for _, k := range p.Kinds {
		if err := checkKind(k.Kind); err != nil {
			return err
		}
		if k.Has == "" && k.Path == "" {
			return fmt.Errorf("kinds: a rule needs has or path")
		}
		if err := checkSelector(k.Has); k.Has != "" && err != nil {
			return err
		}
	}
	if len(p.Root) == 0 {
		return fmt.Errorf("root: name the element of a listing")
	}
	for _, css := range p.Root {
		if err := checkSelector(css); err != nil {
			return err
		}
	}
	return p.checkFields()
}

func (p *AdapterPage) checkFields() error {
	if len(p.Fields["title"]) == 0 && len(p.Fields["body"]) == 0 {
		return fmt.Errorf("fields: title or body must be there")
	}
	for name, ways := range p.Fields {
		if !slices.Contains(fieldOf, name) {
			return fmt.Errorf("fields: %q is none; use %s", name, strings.Join(fieldOf, ", "))
		}
		if len(ways) == 0 || len(ways) > maxWays {
			return fmt.Errorf("fields: %s: give 1 to %d ways", name, maxWays)
		}
		for _, w := range ways {
			for _, css := range append(w.Omit, w.CSS) {
				if err := checkSelector(css); css != "" && err != nil {
					return fmt.Errorf("fields: %s: %w", name, err)
				}
			}
		}
	}
	return nil
}

func checkKind(name string) error {
	if name != "" && pack.ParseKind(name) == pack.Unknown {
		return fmt.Errorf("kind %q: no listing is of it", name)
	}
	return nil
}

// checkSelector holds selectors to what browsers and the Go twin read alike.
func checkSelector(css string) error {
	if len(css) > maxSelector {
		return fmt.Errorf("selector %q: longer than %d bytes", css, maxSelector)
	}
	if _, err := cascadia.ParseGroup(css); err != nil {
		return fmt.Errorf("selector %q: %v", css, err)
	}
	for _, p := range pseudo.FindAllString(quoted.ReplaceAllString(css, `""`), -1) {
		if !slices.Contains(pseudos, p) {
			return fmt.Errorf("selector %q: %s is not understood everywhere; use %s", css, p, strings.Join(pseudos, " "))
		}
	}
	return nil
}
