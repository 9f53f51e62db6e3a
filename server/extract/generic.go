// SPDX-License-Identifier: Apache-2.0

package extract

import (
	"strings"

	"golang.org/x/net/html"
)

var (
	cardNames = set("li article div section tr a")
	outside   = set("nav header footer aside form dialog script style template noscript svg select")
	mains     = []string{"main article", "article", "main", `[role="main"]`, "#content", "#main"}
)

const (
	boilerplate = `nav, header, footer, aside, form, dialog, [role="navigation"], [role="banner"], [role="contentinfo"]`
	headings    = "h1, h2, h3, h4, h5, h6"
	anchors     = "a[href]"
)

// Bounds: the least number and text of cards, and how much of a page is looked at.
const (
	leastCards = 4
	leastText  = 40
	leastMean  = 60
	mostMean   = 6000
	counted    = 600
	mostNodes  = 65536
	leastMain  = 80
)

// signature is what cards of one list have in common.
func signature(n *html.Node) string {
	if !cardNames[n.Data] && !strings.Contains(n.Data, "-") {
		return ""
	}
	class, _ := attr(n, "class")
	names := strings.FieldsFunc(class, func(r rune) bool { return strings.ContainsRune("\t\n\f\r ", r) })
	if len(names) == 0 {
		return n.Data + "."
	}
	return n.Data + "." + names[0]
}

func children(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			out = append(out, c)
		}
	}
	return out
}

// groups are children that could be cards, those alike together, in the order of the page.
func groups(parent *html.Node) [][]*html.Node {
	at := map[string]int{}
	var all, out [][]*html.Node
	for _, c := range children(parent) {
		sig := signature(c)
		if sig == "" {
			continue
		}
		i, ok := at[sig]
		if !ok {
			i = len(all)
			at[sig] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], c)
	}
	for _, g := range all {
		if len(g) >= leastCards {
			out = append(out, g)
		}
	}
	return out
}

func isCard(n *html.Node) bool {
	if n.Data == "a" {
		return hasAttr(n, "href")
	}
	return first(n, anchors) != nil
}

// cardScore is how much text a group of cards has; 0 where it is no list of cards.
func cardScore(group []*html.Node) int {
	cards, sum, total := 0, 0, 0
	for _, n := range group {
		if !isCard(n) {
			continue
		}
		length := units(textUpTo(n, nil, mostMean))
		if length < leastText {
			continue
		}
		cards++
		total += length
		sum += min(length, counted)
	}
	if cards >= leastCards && total >= leastMean*cards && total < mostMean*cards {
		return sum
	}
	return 0
}

// cards reads the group of repeated cards with the most text.
func (r *reader) cards() []found {
	var best []*html.Node
	bestScore, seen := 0, 0
	stack := []*html.Node{r.doc.Find("body").Nodes[0]}
	for len(stack) > 0 && seen < mostNodes {
		node := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		seen++
		for _, g := range groups(node) {
			if score := cardScore(g); score > bestScore {
				best, bestScore = g, score
			}
		}
		inner := children(node)
		for i := len(inner) - 1; i >= 0; i-- {
			if !outside[inner[i].Data] {
				stack = append(stack, inner[i])
			}
		}
	}
	var out []found
	for _, root := range best {
		if isCard(root) {
			if f, ok := r.card(root); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

func titleOf(root *html.Node) *html.Node {
	if h := first(root, headings); h != nil && textOf(h, nil) != "" {
		return h
	}
	var best *html.Node
	length := 0
	for _, a := range find(root, anchors) {
		if n := units(textOf(a, nil)); n > length {
			best, length = a, n
		}
	}
	return best
}

func linkOf(root, title *html.Node) *html.Node {
	if root.Data == "a" {
		return root
	}
	for n := title; n != nil; n = n.Parent {
		if n.Data == "a" && hasAttr(n, "href") {
			return n
		}
		if n == root {
			break
		}
	}
	if title != nil {
		if a := first(title, anchors); a != nil {
			return a
		}
	}
	return first(root, anchors)
}

func (r *reader) card(root *html.Node) (found, bool) {
	body := textOf(root, nil)
	if units(body) < leastText {
		return found{}, false
	}
	title := titleOf(root)
	l := Listing{Lang: r.lang, Body: body}
	if title != nil {
		l.Title = oneLine(textOf(title, nil))
	}
	if link := linkOf(root, title); link != nil {
		href, _ := attr(link, "href")
		l.URL = address(href, r.url)
	}
	return found{Listing: l, placed: true}, true
}

func (r *reader) mainRoot() *html.Node {
	doc := r.doc.Nodes[0]
	for _, css := range mains {
		if f := find(doc, css); len(f) == 1 {
			return f[0]
		}
	}
	return r.doc.Find("body").Nodes[0]
}

// main is the page's own text, where nothing else was found.
func (r *reader) main() (found, bool) {
	root, doc := r.mainRoot(), r.doc.Nodes[0]
	body := textOf(root, find(root, boilerplate))
	if units(body) < leastMain {
		return found{}, false
	}
	title := first(root, "h1")
	if title == nil {
		title = first(doc, "h1")
	}
	l := Listing{Lang: r.lang, Body: body, URL: address(r.url.String(), r.url)}
	if title != nil {
		l.Title = textOf(title, nil)
	}
	if l.Title == "" {
		l.Title = plain(r.doc.Find(`meta[property="og:title"]`).AttrOr("content", ""))
	}
	if l.Title == "" {
		if t := first(doc, "head > title"); t != nil && t.FirstChild != nil {
			l.Title = plain(t.FirstChild.Data)
		}
	}
	l.Title = oneLine(l.Title)
	return found{Listing: l, placed: true}, true
}
