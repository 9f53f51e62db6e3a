// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"lapwing/scorer"
)

// Cluster is what people and other programs are told of one.
type Cluster struct {
	Name      string   `json:"cluster"`
	Size      int      `json:"size"`  // listings
	Texts     int      `json:"texts"` // different ones among them
	Odd       []string `json:"odd"`   // see Oddity.ID
	Template  []Part   `json:"template"`
	Places    []Count  `json:"places"` // as the listings say, most frequent first
	Employers []Count  `json:"employers"`
	Contacts  int      `json:"contacts"` // how many ways to answer that no listing joins; none is named
	Members   []Member `json:"members"`
}

// Count is a name and how many listings have it.
type Count struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// Member says where a listing stands.
type Member struct {
	ID   RawID  `json:"id"`
	File string `json:"file,omitempty"`
	Line int64  `json:"line"`
}

// RawID is an id as JSON; null if it is empty.
type RawID string

// MarshalJSON writes it as it is.
func (id RawID) MarshalJSON() ([]byte, error) {
	if id == "" {
		return []byte("null"), nil
	}
	return []byte(id), nil
}

// Item is a listing as whoever keeps the listings gives it back.
type Item struct {
	Member
	Listing scorer.Listing
}

// Fetch gives the listing of a number. It must be safe for concurrent use.
type Fetch func(listing int) (*Item, error)

// Bounds on what is told of one cluster.
const (
	maxTold   = 10_000 // members whose place and employer are counted
	maxCounts = 20
	maxName   = 120 // code points of a place or an employer
)

// Each gives every cluster, the largest first.
func (r *Result) Each(ctx context.Context, fetch Fetch, each func(*Cluster) error) error {
	const ahead = 64
	for from := 0; from < len(r.clusters); from += ahead {
		part := r.clusters[from:min(from+ahead, len(r.clusters))]
		told := make([]*Cluster, len(part))
		failed := make([]error, len(part))
		var all sync.WaitGroup
		for w := range r.texts.index.options.Workers {
			all.Go(func() {
				teller := newTeller(r, fetch)
				for k := w; k < len(part); k += r.texts.index.options.Workers {
					told[k], failed[k] = teller.tell(&part[k])
				}
			})
		}
		all.Wait()
		for k := range told {
			if err := cmp.Or(failed[k], ctx.Err()); err != nil {
				return err
			}
			if err := each(told[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell gathers what a cluster's listings say.
func (w *teller) tell(c *found) (*Cluster, error) {
	out := &Cluster{Name: c.label(), Size: int(c.to - c.from), Texts: len(c.texts), Contacts: int(c.contacts), Odd: []string{}}
	for _, o := range c.odd.List() {
		out.Odd = append(out.Odd, o.ID())
	}
	placeNames, employers := map[string]int{}, map[string]int{}
	for k, listing := range w.result.members[c.from:c.to] {
		item, err := w.fetch(int(listing))
		if err != nil {
			return nil, err
		}
		out.Members = append(out.Members, item.Member)
		if k < maxTold {
			w.count(placeNames, item.Listing.Text[scorer.Location])
			w.count(employers, item.Listing.Text[scorer.Company])
		}
	}
	out.Places, out.Employers = w.top(placeNames), w.top(employers)
	var err error
	out.Template, err = w.template(c)
	return out, err
}

func (w *teller) count(names map[string]int, name string) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return
	}
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName]) + "…"
	}
	names[name]++
}

// top gives the most frequent names, without what tells how to reach somebody.
func (w *teller) top(names map[string]int) []Count {
	all := make([]Count, 0, len(names))
	for name, n := range names {
		all = append(all, Count{name, n})
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	all = all[:min(len(all), maxCounts)]
	for k := range all {
		all[k].Name = w.redact(all[k].Name)
	}
	return all
}
