// SPDX-License-Identifier: Apache-2.0

package extract

import (
	"net/url"
	"strings"
	"sync"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Adapter says where the listings stand on one site's pages. It is data; the
// fields are explained in server/lists/sites/README.md.
type Adapter struct {
	ID      string        `json:"id" yaml:"id"`
	Title   string        `json:"title" yaml:"title"`
	Hosts   []string      `json:"hosts" yaml:"hosts"`
	Checked string        `json:"checked" yaml:"checked"`
	Pages   []AdapterPage `json:"pages" yaml:"pages"`
}

// AdapterPage describes one sort of page of the site.
type AdapterPage struct {
	Name   string           `json:"name" yaml:"name"`
	Lists  string           `json:"lists" yaml:"lists"`
	Paths  []string         `json:"paths,omitempty" yaml:"paths"`
	Kind   string           `json:"kind,omitempty" yaml:"kind"`
	Kinds  []KindRule       `json:"kinds,omitempty" yaml:"kinds"`
	Lang   string           `json:"lang,omitempty" yaml:"lang"`
	Root   []string         `json:"root" yaml:"root"`
	Fields map[string][]Way `json:"fields" yaml:"fields"`
}

// KindRule names a listing's kind where the path, or something in the listing, tells it.
type KindRule struct {
	Path string `json:"path,omitempty" yaml:"path"`
	Has  string `json:"has,omitempty" yaml:"has"`
	Kind string `json:"kind" yaml:"kind"`
}

// Way is one way of finding a field; the first that gives something holds.
type Way struct {
	CSS   string   `json:"css,omitempty" yaml:"css"`
	Attr  string   `json:"attr,omitempty" yaml:"attr"`
	All   bool     `json:"all,omitempty" yaml:"all"`
	Omit  []string `json:"omit,omitempty" yaml:"omit"`
	Strip []string `json:"strip,omitempty" yaml:"strip"`
}

func pick(adapters []*Adapter, u *url.URL) *Adapter {
	host := strings.ToLower(u.Hostname())
	for _, a := range adapters {
		for _, rule := range a.Hosts {
			if host == rule || strings.HasSuffix(host, "."+rule) {
				return a
			}
		}
	}
	return nil
}

// pathFits matches a path whole; "*" is any run of characters.
func pathFits(path, glob string) bool {
	parts := strings.Split(glob, "*")
	if len(parts) == 1 {
		return path == glob
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(path, first) {
		return false
	}
	rest := path[len(first):]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

func (a *Adapter) pagesFor(u *url.URL) []*AdapterPage {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	var out []*AdapterPage
	for i := range a.Pages {
		p := &a.Pages[i]
		fits := len(p.Paths) == 0
		for _, glob := range p.Paths {
			fits = fits || pathFits(path, glob)
		}
		if fits {
			out = append(out, p)
		}
	}
	return out
}

// find gives the matches below n in the order of the page. A selector that does
// not parse matches nothing; reading adapters has refused it before.
func find(n *html.Node, css string) []*html.Node {
	sel, ok := compiled.Load(css)
	if !ok {
		group, err := cascadia.ParseGroup(css)
		if err != nil {
			return nil
		}
		sel, _ = compiled.LoadOrStore(css, group)
	}
	return cascadia.QueryAll(n, sel.(cascadia.SelectorGroup))
}

// compiled keeps the selectors that were parsed; there are as many as in the
// adapters and in this package, and no page can add one.
var compiled sync.Map

func first(n *html.Node, css string) *html.Node {
	if found := find(n, css); len(found) > 0 {
		return found[0]
	}
	return nil
}

func (p *AdapterPage) roots(doc *html.Node) []*html.Node {
	for _, css := range p.Root {
		if found := find(doc, css); len(found) > 0 {
			if p.Lists == "one" {
				return found[:1]
			}
			return found
		}
	}
	return nil
}

func (p *AdapterPage) kindOf(u *url.URL, root *html.Node) string {
	for _, k := range p.Kinds {
		if k.Path != "" && !pathFits(u.EscapedPath(), k.Path) {
			continue
		}
		if k.Has != "" && first(root, k.Has) == nil {
			continue
		}
		return k.Kind
	}
	return p.Kind
}

func (w *Way) targets(root *html.Node) []*html.Node {
	if w.CSS == "" {
		return []*html.Node{root}
	}
	found := find(root, w.CSS)
	if !w.All && len(found) > 1 {
		return found[:1]
	}
	return found
}

func (w *Way) value(root *html.Node) string {
	var values []string
	for _, n := range w.targets(root) {
		var raw string
		if w.Attr != "" {
			v, _ := attr(n, w.Attr)
			raw = plain(v)
		} else {
			raw = textOf(n, w.omitted(n))
		}
		for _, s := range w.Strip {
			raw = strings.TrimSuffix(strings.TrimPrefix(raw, s), s)
		}
		if raw = plain(raw); raw != "" {
			values = append(values, raw)
		}
	}
	return strings.Join(values, "\n")
}

func (w *Way) omitted(n *html.Node) []*html.Node {
	if len(w.Omit) == 0 {
		return nil
	}
	return find(n, strings.Join(w.Omit, ", "))
}

func field(root *html.Node, ways []Way) string {
	for i := range ways {
		if v := ways[i].value(root); v != "" {
			return v
		}
	}
	return ""
}

func (p *AdapterPage) listing(u *url.URL, root *html.Node, lang string) Listing {
	l := Listing{Kind: p.kindOf(u, root), Lang: lang}
	if p.Lang != "" {
		l.Lang = p.Lang
	}
	for _, f := range l.fields() {
		*f.text = field(root, p.Fields[f.name])
		if f.name != "body" {
			*f.text = oneLine(*f.text)
		}
	}
	if ways := p.Fields["link"]; len(ways) > 0 {
		l.URL = address(field(root, ways), u)
	}
	if l.URL == "" && p.Lists == "one" {
		l.URL = address(u.String(), u)
	}
	return l
}
