// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"slices"
	"sync/atomic"

	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
)

// standings is how every report stands, as it was at one moment. Pages of a hundred
// thousand reports ask of each, so the answer is kept; it is never changed, only
// swapped for another one.
type standings struct {
	list []decide.Standing // by queue.Item.At
	at   int               // how many decisions were taken here since the desk was opened
}

func (s *standings) of(it *queue.Item) decide.Standing { return s.list[it.At] }

// current holds the newest standings.
type current struct{ p atomic.Pointer[standings] }

func (c *current) load() *standings { return c.p.Load() }

// fill looks up all reports.
func (c *current) fill(q *queue.Queue, f *decide.Folder) {
	s := &standings{list: make([]decide.Standing, q.Len())}
	for i := range q.Items() {
		s.list[i], _ = f.Of(q.Items()[i].ID)
	}
	c.p.Store(s)
}

// update looks up some reports anew. One caller at a time.
func (c *current) update(items []*queue.Item, f *decide.Folder) {
	old := c.load()
	s := &standings{slices.Clone(old.list), old.at + 1}
	for _, it := range items {
		s.list[it.At], _ = f.Of(it.ID)
	}
	c.p.Store(s)
}
