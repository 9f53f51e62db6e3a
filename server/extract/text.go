// SPDX-License-Identifier: Apache-2.0

package extract

import (
	stdhtml "html"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// limit is the most UTF-16 units of one field that are read; a hostile page can have more.
const limit = 20000

const maxDepth = 400

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	skipped = set("script style noscript template svg math iframe object embed select textarea input button canvas audio video map head title")
	blocks  = set("address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form " +
		"h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre search section summary table tbody tfoot thead tr ul")
	cells = set("td th")
)

// isSpace is the white space that ends a word; the same set as in text.js.
func isSpace(r rune) bool {
	switch {
	case r >= '\t' && r <= '\r', r == ' ', r == 0x85, r == 0xa0, r == 0x1680,
		r >= 0x2000 && r <= 0x200a, r == 0x2028, r == 0x2029, r == 0x202f, r == 0x205f, r == 0x3000, r == 0xfeff:
		return true
	}
	return false
}

// units is the length in UTF-16, in which the extension counts.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// cut gives the first n units, but no half of a pair.
func cut(s string, n int) string {
	for i, r := range s {
		n--
		if r > 0xffff {
			n--
		}
		if n < 0 {
			return s[:i]
		}
	}
	return s
}

// writer collects words; a line break or a space comes between them as the page has it.
type writer struct {
	out   strings.Builder
	units int
	limit int
	gap   string
	full  bool
}

func (w *writer) space() {
	if w.gap == "" {
		w.gap = " "
	}
}

func (w *writer) line() { w.gap = "\n" }

func (w *writer) add(data string, pre bool) {
	for data != "" {
		i := strings.IndexFunc(data, func(r rune) bool { return !isSpace(r) })
		if i < 0 {
			i = len(data)
		}
		if white := data[:i]; pre && strings.Contains(white, "\n") {
			w.line()
		} else if white != "" {
			w.space()
		}
		data = data[i:]
		if data == "" || w.full {
			return
		}
		end := strings.IndexFunc(data, isSpace)
		if end < 0 {
			end = len(data)
		}
		w.word(data[:end])
		data = data[end:]
	}
}

func (w *writer) word(word string) {
	lead := w.gap
	if w.units == 0 {
		lead = ""
	}
	room := w.limit - w.units - len(lead)
	if units(word) > room {
		w.full = true
		word = cut(word, max(room, 0))
	}
	if word == "" {
		return
	}
	w.out.WriteString(lead)
	w.out.WriteString(word)
	w.units += len(lead) + units(word)
	w.gap = ""
}

func hasAttr(n *html.Node, name string) bool {
	_, ok := attr(n, name)
	return ok
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// textOf is what a person would read of an element: blocks end lines, runs of
// white space are one space, and what is never shown is left out.
func textOf(root *html.Node, omit []*html.Node) string { return textUpTo(root, omit, limit) }

func textUpTo(root *html.Node, omit []*html.Node, limit int) string {
	left := map[*html.Node]bool{}
	for _, n := range omit {
		left[n] = true
	}
	w := &writer{limit: limit}
	walk(root, w, left, false, 0)
	return w.out.String()
}

func walk(node *html.Node, w *writer, omit map[*html.Node]bool, pre bool, depth int) {
	if depth > maxDepth {
		return
	}
	for n := node.FirstChild; n != nil && !w.full; n = n.NextSibling {
		if n.Type == html.TextNode {
			w.add(n.Data, pre)
			continue
		}
		if n.Type != html.ElementNode || skipped[n.Data] || omit[n] || hasAttr(n, "hidden") {
			continue
		}
		if n.Data == "br" {
			w.line()
			continue
		}
		around(n.Data, w)
		walk(n, w, omit, pre || n.Data == "pre", depth+1)
		around(n.Data, w)
	}
}

func around(name string, w *writer) {
	if blocks[name] {
		w.line()
	} else if cells[name] {
		w.space()
	}
}

// plain is for text that is no markup: lines are kept.
func plain(s string) string {
	w := &writer{limit: limit}
	w.add(s, true)
	return w.out.String()
}

var (
	tag    = regexp.MustCompile(`<[A-Za-z/!]`)
	entity = regexp.MustCompile(`&[A-Za-z#]`)
)

// fragment is for text that may be markup, even markup escaped once more, as
// structured data often is.
func fragment(s string) string {
	s = cut(s, 4*limit)
	for range 2 {
		if tag.MatchString(s) {
			doc, err := parse(s)
			if err != nil {
				return ""
			}
			s = textOf(doc.Find("body").Nodes[0], nil)
		} else if entity.MatchString(s) {
			s = stdhtml.UnescapeString(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s))
		} else {
			break
		}
	}
	return plain(s)
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// parse reads HTML as a browser with scripts does, and takes out what a
// selector cannot see there.
func parse(s string) (*goquery.Document, error) {
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return nil, err
	}
	doc := goquery.NewDocumentFromNode(root)
	doc.Find("template").Each(func(_ int, t *goquery.Selection) {
		for c := t.Nodes[0].FirstChild; c != nil; c = t.Nodes[0].FirstChild {
			t.Nodes[0].RemoveChild(c)
		}
	})
	return doc, nil
}
