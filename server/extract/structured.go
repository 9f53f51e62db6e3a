// SPDX-License-Identifier: Apache-2.0

package extract

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// kinds is what of schema.org is a listing, and of which kind.
var kinds = map[string]string{
	"JobPosting":    "job",
	"Accommodation": "housing", "Apartment": "housing", "ApartmentComplex": "housing", "House": "housing", "SingleFamilyResidence": "housing",
	"Room": "housing", "Residence": "housing", "RealEstateListing": "housing",
	"Service": "services", "TouristTrip": "travel", "Trip": "travel",
	"Product": "other", "IndividualProduct": "other", "Offer": "other",
}

// inside is where else to look in a value that is no listing, in this order.
var inside = []string{"@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "hasPart", "about"}

var periods = map[string]string{"HOUR": "per hour", "DAY": "per day", "WEEK": "per week", "MONTH": "per month", "YEAR": "per year"}

const (
	maxItems   = 500
	maxScripts = 50
	maxNesting = 6
)

type thing = map[string]any

func shortType(v any) string {
	s, _ := v.(string)
	return s[strings.LastIndexByte(s, '/')+1:]
}

func kindOf(t thing) (string, bool) {
	types, ok := t["@type"].([]any)
	if !ok {
		types = []any{t["@type"]}
	}
	for _, v := range types {
		if kind, ok := kinds[shortType(v)]; ok {
			return kind, true
		}
	}
	return "", false
}

func collect(v any, into []thing, depth int) []thing {
	if depth > maxNesting || len(into) >= maxItems {
		return into
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			into = collect(x, into, depth+1)
		}
	case thing:
		if _, ok := kindOf(v); ok {
			return append(into, v)
		}
		for _, key := range inside {
			into = collect(v[key], into, depth+1)
		}
	}
	return into
}

func jsonLD(root *html.Node) []thing {
	var things []thing
	scripts := find(root, `script[type="application/ld+json"]`)
	for _, s := range scripts[:min(len(scripts), maxScripts)] {
		var v any
		// A page's broken data says nothing.
		if s.FirstChild != nil && s.FirstChild.Type == html.TextNode && json.Unmarshal([]byte(s.FirstChild.Data), &v) == nil {
			things = collect(v, things, 0)
		}
	}
	return things
}

func itemType(n *html.Node) string {
	v, _ := attr(n, "itemtype")
	return shortType(strings.TrimSpace(v))
}

func microdata(root *html.Node) []thing {
	var out []thing
	seen := map[*html.Node]bool{}
	for _, n := range find(root, "[itemscope][itemtype]") {
		if len(out) >= maxItems {
			break
		}
		if _, ok := kinds[itemType(n)]; !ok {
			continue
		}
		up := n.Parent
		for up != nil && !seen[up] {
			up = up.Parent
		}
		if up != nil {
			continue
		}
		seen[n] = true
		out = append(out, item(n, 0))
	}
	return out
}

func item(n *html.Node, depth int) thing {
	t := thing{"@type": itemType(n)}
	properties(n, t, depth)
	return t
}

func properties(n *html.Node, t thing, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		name, _ := attr(c, "itemprop")
		name = strings.TrimSpace(name)
		nested := hasAttr(c, "itemscope")
		if _, known := t[name]; name != "" && !known {
			if !nested {
				t[name] = property(c)
			} else if depth < maxNesting {
				t[name] = item(c, depth+1)
			}
		}
		if !nested {
			properties(c, t, depth)
		}
	}
}

var valueAttr = map[string]string{"a": "href", "link": "href", "time": "datetime", "data": "value", "meter": "value"}

func property(n *html.Node) string {
	if content, ok := attr(n, "content"); ok {
		return content
	}
	if name := valueAttr[n.Data]; name != "" {
		if v, _ := attr(n, name); v != "" {
			return v
		}
	}
	return textOf(n, nil)
}

// str is some text of a value, whatever shape it has.
func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return number(v)
	case []any:
		for _, x := range v {
			if s := str(x); s != "" {
				return s
			}
		}
	case thing:
		if s := str(v["@value"]); s != "" {
			return s
		}
		return str(v["name"])
	}
	return ""
}

// number writes a number as JavaScript does.
func number(f float64) string {
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exp, _ := strings.Cut(s, "e")
		return mantissa + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func asThing(v any) thing {
	for {
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			break
		}
		v = list[0]
	}
	t, _ := v.(thing)
	return t
}

func or(values ...any) string {
	for _, v := range values {
		if s := str(v); s != "" {
			return s
		}
	}
	return ""
}

func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case bool:
		return v
	case float64:
		return v != 0
	}
	return true
}

func joined(sep string, parts ...string) string {
	var full []string
	for _, p := range parts {
		if p != "" {
			full = append(full, p)
		}
	}
	return strings.Join(full, sep)
}

func place(v any) string {
	at := asThing(v)
	if s := str(v); s != "" && !truthy(at["address"]) {
		return s
	}
	a := v
	if at["address"] != nil {
		a = at["address"]
	}
	if s, ok := a.(string); ok {
		return s
	}
	t := asThing(a)
	return joined(", ", str(t["streetAddress"]), str(t["postalCode"]), str(t["addressLocality"]), str(t["addressRegion"]), str(t["addressCountry"]))
}

func pay(t thing) string {
	if base, ok := t["baseSalary"]; ok {
		salary := asThing(base)
		value := asThing(salary["value"])
		low, high := str(value["minValue"]), str(value["maxValue"])
		amount := or(low, high, value["value"], salary["value"], base)
		if low != "" && high != "" && low != high {
			amount = low + " - " + high
		}
		if amount == "" {
			return ""
		}
		return joined(" ", amount, or(salary["currency"], t["salaryCurrency"]), periods[or(value["unitText"], salary["unitText"])])
	}
	offer := asThing(t["offers"])
	price := or(offer["price"], offer["lowPrice"], t["price"])
	if price == "" {
		return ""
	}
	return joined(" ", price, or(offer["priceCurrency"], t["priceCurrency"]))
}

func (r *reader) described(t thing, method string) found {
	kind, _ := kindOf(t)
	l := Listing{Kind: kind, Lang: r.lang}
	l.Title = oneLine(fragment(or(t["title"], t["name"], t["headline"])))
	l.Body = fragment(str(t["description"]))
	l.Company = oneLine(fragment(or(t["hiringOrganization"], t["seller"], t["offeredBy"], t["provider"])))
	where := t["jobLocation"]
	if where == nil {
		where = t["address"]
	}
	l.Location = oneLine(fragment(place(where)))
	l.Pay = oneLine(fragment(pay(t)))
	l.Contact = oneLine(fragment(joined(" ", str(t["telephone"]), str(t["email"]))))
	l.URL = address(str(t["url"]), r.url)
	return found{Listing: l, method: method, placed: method == "microdata"}
}

// structured gives the listings that the page describes for machines.
func (r *reader) structured() []found {
	root := r.doc.Nodes[0]
	if out := r.allDescribed(jsonLD(root), "jsonld"); len(out) > 0 {
		return out
	}
	return r.allDescribed(microdata(root), "microdata")
}

// allDescribed leaves out what has neither a title nor a body.
func (r *reader) allDescribed(things []thing, method string) []found {
	var out []found
	for _, t := range things {
		if f := r.described(t, method); f.Title != "" || f.Body != "" {
			out = append(out, f)
		}
	}
	return out
}
