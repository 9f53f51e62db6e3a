// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Result is what a search has found. It may be read by many goroutines.
type Result struct {
	texts    *texts
	of       []uint32 // by listing: 1 + its cluster's number, or 0
	clusters []found  // largest first
	members  []uint32 // listings by cluster, ascending
	odd      []Oddities
}

// found is what is kept of every cluster.
type found struct {
	name     uint64
	medoid   uint32 // text
	from, to uint32 // in members
	texts    []uint32
	contacts uint32
	odd      Oddities
}

// Find searches. The index takes no more listings afterwards, and must stay
// open for as long as the result is used.
func (x *Index) Find(ctx context.Context) (*Result, error) {
	x.freq.settle()
	t := x.texts()
	sets, err := x.link(ctx, t)
	if err != nil {
		return nil, fmt.Errorf("clustering: %w", err)
	}
	kins, err := x.split(ctx, t, sets)
	if err != nil {
		return nil, fmt.Errorf("clustering: %w", err)
	}
	r := &Result{texts: t, of: make([]uint32, x.docs.len()), odd: make([]Oddities, x.docs.len())}
	r.gather(kins)
	if err := x.names(r.odd); err != nil {
		return nil, fmt.Errorf("clustering: %w", err)
	}
	for k := range r.clusters {
		if err := r.judge(&r.clusters[k]); err != nil {
			return nil, fmt.Errorf("clustering: %w", err)
		}
	}
	return r, nil
}

// gather makes clusters out of kin, and of texts that are alone but stand in
// several listings.
func (r *Result) gather(kins []kin) {
	t := r.texts
	taken := make([]bool, t.len())
	for _, k := range kins {
		for _, text := range k.texts {
			taken[text] = true
		}
	}
	for text, n := range t.copies {
		if n > 1 && !taken[text] {
			kins = append(kins, kin{uint32(text), []uint32{uint32(text)}})
		}
	}
	size := make(map[uint32]uint32, len(kins)) // by medoid
	for _, k := range kins {
		for _, text := range k.texts {
			size[k.medoid] += t.copies[text]
		}
	}
	slices.SortFunc(kins, func(a, b kin) int {
		return cmp.Or(cmp.Compare(size[b.medoid], size[a.medoid]), cmp.Compare(a.medoid, b.medoid))
	})
	cluster := make([]uint32, t.len()) // by text
	next := make([]uint32, len(kins))
	at := uint32(0)
	for k, of := range kins {
		n := size[of.medoid]
		r.clusters = append(r.clusters, found{name: t.name(of.medoid), medoid: of.medoid, from: at, to: at + n, texts: of.texts})
		for _, text := range of.texts {
			cluster[text] = uint32(k) + 1
		}
		next[k] = at
		at += n
	}
	r.members = make([]uint32, at)
	for listing, text := range t.rank {
		if text == none || cluster[text] == 0 {
			continue
		}
		k := cluster[text]
		r.of[listing] = k
		r.members[next[k-1]] = uint32(listing)
		next[k-1]++
	}
}

// judge notes what is odd about a cluster, and with it about its listings.
func (r *Result) judge(c *found) error {
	members := r.members[c.from:c.to]
	odd, contacts, err := r.texts.index.look(members)
	if err != nil {
		return err
	}
	for _, k := range members {
		c.odd |= r.odd[k] // names that one listing's contact has
	}
	for _, k := range members {
		r.odd[k] |= odd
	}
	c.odd |= odd
	c.contacts = uint32(contacts)
	return nil
}

// Clusters gives the number of clusters.
func (r *Result) Clusters() int { return len(r.clusters) }

// Listings gives how many listings are in a cluster.
func (r *Result) Listings() int { return len(r.members) }

// Odd counts the clusters with each oddity, by its ID.
func (r *Result) Odd() map[string]int64 {
	n := map[string]int64{}
	for k := range r.clusters {
		for _, o := range r.clusters[k].odd.List() {
			n[o.ID()]++
		}
	}
	return n
}

// Of gives the name of a listing's cluster, "" if it is alone, and what is odd.
func (r *Result) Of(listing int) (name string, odd Oddities) {
	if k := r.of[listing]; k > 0 {
		name = r.clusters[k-1].label()
	}
	return name, r.odd[listing]
}

// label is the cluster's name as it is written. It depends on the medoid's text
// alone, so that it is the same in another run over the same listings.
func (c *found) label() string { return fmt.Sprintf("c-%016x", c.name) }
