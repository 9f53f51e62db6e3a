// SPDX-License-Identifier: Apache-2.0

package queue

import (
	"slices"

	"lapwing/scorer/normal"
	"lapwing/scorer/seal"
)

// Order is how a page is sorted.
type Order uint8

// The orders.
const (
	Newest Order = iota
	MostReported
	MostAlike
	numOrders
)

var orderNames = [numOrders]string{"newest", "reported", "alike"}

// String gives the order's name in an address.
func (o Order) String() string { return orderNames[o] }

// ParseOrder is the inverse of String; Newest for anything else.
func ParseOrder(s string) Order {
	return Order(max(slices.Index(orderNames[:], s), 0))
}

// Query is what a person asks for.
type Query struct {
	Sort  seal.Sort // 0: all
	Order Order
	Text  string           // words that stand together in the listing, the note or the address
	Keep  func(*Item) bool // nil: all
	Apart bool             // every report by itself, instead of one for each group
	From  int              // how many to pass by
	Size  int              // how many to give
}

// Page is an answer.
type Page struct {
	Items []*Item
	Total int
}

// Page answers a query.
func (q *Queue) Page(ask Query) Page {
	var found set
	if phrase := normal.Fold(ask.Text); phrase != "" {
		found = q.asked.find(phrase, q.words)
	}
	shown := newSet(len(q.items)) // groups
	var p Page
	for _, i := range q.orders[ask.Order] {
		it := &q.items[i]
		if ask.Sort != 0 && it.Sort != ask.Sort || found != nil && !found.has(uint32(i)) || ask.Keep != nil && !ask.Keep(it) {
			continue
		}
		if !ask.Apart && it.Alike > 1 {
			if shown.has(uint32(it.Group)) {
				continue
			}
			shown.add(uint32(it.Group))
		}
		if p.Total >= ask.From && len(p.Items) < ask.Size {
			p.Items = append(p.Items, it)
		}
		p.Total++
	}
	return p
}

// First gives the first report that a query finds, or nil. It looks no further.
func (q *Queue) First(ask Query) *Item {
	for _, i := range q.orders[ask.Order] {
		if it := &q.items[i]; (ask.Sort == 0 || it.Sort == ask.Sort) && (ask.Keep == nil || ask.Keep(it)) {
			return it
		}
	}
	return nil
}
