// SPDX-License-Identifier: Apache-2.0

package extract

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// Listing is what one advert of a page says. An empty field is unknown.
type Listing struct {
	Kind     string `json:"kind"`
	Lang     string `json:"lang"`
	Title    string `json:"title"`
	Body     string `json:"body"`
	Company  string `json:"company"`
	Location string `json:"location"`
	Pay      string `json:"pay"`
	Contact  string `json:"contact"`
	URL      string `json:"url"`
}

type namedField struct {
	name string
	text *string
}

// fields are those that an adapter names, but for the link.
func (l *Listing) fields() []namedField {
	return []namedField{
		{"title", &l.Title}, {"body", &l.Body}, {"company", &l.Company},
		{"location", &l.Location}, {"pay", &l.Pay}, {"contact", &l.Contact},
	}
}

// Page is what was read of one page.
type Page struct {
	// Site is the adapter's ID, "" where no adapter knows the host.
	Site string `json:"site"`
	// Method is how the listings were found: adapter, jsonld, microdata, cards, main, none.
	Method string `json:"method"`
	// Drift says that the adapter expected listings at this address and found
	// none: the site has changed.
	Drift    bool      `json:"drift"`
	Listings []Listing `json:"listings"`
}

// Read finds the listings of a page, which is UTF-8. The address picks the
// adapter; "" means the one that the page itself gives as canonical.
func Read(page, pageURL string, adapters []*Adapter) (Page, error) {
	doc, err := parse(page)
	if err != nil {
		return Page{}, fmt.Errorf("reading page: %w", err)
	}
	if pageURL == "" {
		pageURL = ownAddress(doc)
	}
	u, err := url.Parse(pageURL)
	if err != nil {
		return Page{}, fmt.Errorf("reading page: the address cannot be read: %v", err)
	}
	r := reader{doc: doc, url: u, lang: language(doc)}
	return r.read(pick(adapters, u)), nil
}

// ownAddress is what a page says of where it is; a page that says nothing has none.
func ownAddress(doc *goquery.Document) string {
	if href, ok := doc.Find(`link[rel="canonical"]`).Attr("href"); ok {
		return href
	}
	content, _ := doc.Find(`meta[property="og:url"]`).Attr("content")
	return content
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}$`)

func language(doc *goquery.Document) string {
	lang := strings.ToLower(strings.TrimSpace(doc.Find("html").AttrOr("lang", "")))
	if i := strings.IndexAny(lang, "-_"); i >= 0 {
		lang = lang[:i]
	}
	if languageTag.MatchString(lang) {
		return lang
	}
	return ""
}

type reader struct {
	doc  *goquery.Document
	url  *url.URL
	lang string
}

func (r *reader) read(site *Adapter) Page {
	out := Page{Listings: []Listing{}}
	if site != nil {
		out.Site = site.ID
		pages := site.pagesFor(r.url)
		for _, p := range pages {
			if found := r.byAdapter(p); len(found) > 0 {
				if p.Lists == "one" {
					complete(&found[0], r.structured())
				}
				out.Method, out.Listings = "adapter", listings(found)
				return out
			}
		}
		out.Drift = len(pages) > 0
	}
	method, found := r.byItself()
	out.Method, out.Listings = method, listings(found)
	return out
}

// found is a listing and whether its place in the page is known.
type found struct {
	Listing
	placed bool
	method string
}

func listings(fs []found) []Listing {
	out := make([]Listing, len(fs))
	for i, f := range fs {
		out[i] = f.Listing
	}
	return out
}

func (r *reader) byAdapter(p *AdapterPage) []found {
	var out []found
	for _, root := range p.roots(r.doc.Nodes[0]) {
		if l := p.listing(r.url, root, r.lang); l.Title != "" || l.Body != "" {
			out = append(out, found{Listing: l, placed: true})
		}
	}
	return out
}

// complete takes what the adapter left open from the page's own data, if that
// tells of one listing.
func complete(to *found, data []found) {
	if len(data) != 1 {
		return
	}
	if to.Kind == "" {
		to.Kind = data[0].Kind
	}
	from := data[0].fields()
	for i, f := range to.fields() {
		if *f.text == "" {
			*f.text = *from[i].text
		}
	}
}

func (r *reader) byItself() (string, []found) {
	data := r.structured()
	if len(data) == 1 {
		r.thicken(&data[0])
	}
	if len(data) > 0 {
		return data[0].method, data
	}
	if cards := r.cards(); len(cards) > 0 {
		return "cards", cards
	}
	if main, ok := r.main(); ok {
		return "main", []found{main}
	}
	return "none", nil
}

// thicken gives a described listing whose text is thin the text that the page shows.
func (r *reader) thicken(f *found) {
	if !f.placed {
		if main, ok := r.main(); ok && units(f.Body) < 200 && units(main.Body) > units(f.Body) {
			f.Body = main.Body
		}
	}
	if f.URL == "" {
		f.URL = address(r.url.String(), r.url)
	}
}
