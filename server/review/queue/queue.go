// SPDX-License-Identifier: Apache-2.0

package queue

import (
	"context"
	"crypto/sha256"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/seal"
	"lapwing/server/cluster"
)

// Item is what the queue knows of a report.
type Item struct {
	ID         [16]byte
	At         int    // in Items
	Day        uint32 // on which it came, days since 1970
	Sort       seal.Sort
	Kind       pack.Kind
	Marked     bool // the person saw a verdict: Level and Indicators
	Level      scorer.Level
	Indicators []string
	Site       string
	Language   string
	Region     string
	Group      int // number of the group of texts alike; those that are alone have one of their own
	Alike      int // reports in the group
	Reported   int // reports of the same page, or of the group, whichever are more

	page uint32 // number of the page that it is of; 0: none was sent
}

// Queue is safe for concurrent reading once it is settled.
type Queue struct {
	items   []Item
	byID    map[[16]byte]int
	words   *words
	asked   searches
	aside   []Aside
	names   map[string]string   // one copy of each
	pages   map[[16]byte]uint32 // numbers of pages, by pageKey
	orders  [numOrders][]int
	members map[int][]int // by group

	today   Today
	cluster *cluster.Index // nil once it is settled
}

// pageKey stands for a page: addresses themselves are not kept.
func pageKey(site, address string) [16]byte {
	sum := sha256.Sum256([]byte(site + " " + address))
	return [16]byte(sum[:16])
}

// Aside is a report that was not let in.
type Aside struct {
	ID  [16]byte
	Day uint32
	Why string
}

// Today is what is known of releases, to recognise reports that claim others.
type Today struct {
	Release uint32 // the newest list; 0: unknown
	List    string // what verdicts call it
}

// New makes an empty queue. dir is where grouping may put hashes of words that
// memory does not hold.
func New(today Today, dir string) *Queue {
	return &Queue{
		byID: map[[16]byte]int{}, names: map[string]string{}, pages: map[[16]byte]uint32{}, words: newWords(), today: today,
		cluster: cluster.New(cluster.Options{Dir: dir, Memory: 64 << 20}),
	}
}

// Settle groups texts that are nearly alike and puts everything in order. It ends
// the adding.
func (q *Queue) Settle(ctx context.Context) error {
	result, err := q.cluster.Find(ctx)
	if err != nil {
		return err
	}
	groups := map[string]int{}
	q.members = map[int][]int{}
	of := make([]int, len(q.pages)+1) // reports of each page
	for i := range q.items {
		it := &q.items[i]
		it.Group = i
		if name, _ := result.Of(i); name != "" {
			if first, ok := groups[name]; ok {
				it.Group = first
			} else {
				groups[name] = i
			}
		}
		q.members[it.Group] = append(q.members[it.Group], i)
		if it.page > 0 {
			of[it.page]++
		}
	}
	for i := range q.items {
		it := &q.items[i]
		it.Alike = len(q.members[it.Group])
		it.Reported = max(it.Alike, of[it.page])
	}
	q.sort()
	index := q.cluster
	q.cluster, q.pages = nil, nil
	return index.Close()
}

func (q *Queue) sort() {
	newest := make([]int, len(q.items))
	for i := range newest {
		newest[i] = len(newest) - 1 - i
	}
	slices.SortStableFunc(newest, func(a, b int) int { return int(q.items[b].Day) - int(q.items[a].Day) })
	by := func(count func(*Item) int) []int {
		list := slices.Clone(newest)
		slices.SortStableFunc(list, func(a, b int) int { return count(&q.items[b]) - count(&q.items[a]) })
		return list
	}
	q.orders[Newest] = newest
	q.orders[MostReported] = by(func(it *Item) int { return it.Reported })
	q.orders[MostAlike] = by(func(it *Item) int { return it.Alike })
}

// Len is how many reports are in the queue.
func (q *Queue) Len() int { return len(q.items) }

// Aside gives the reports that were not let in.
func (q *Queue) Aside() []Aside { return q.aside }

// Get finds a report.
func (q *Queue) Get(id [16]byte) (*Item, bool) {
	i, ok := q.byID[id]
	if !ok {
		return nil, false
	}
	return &q.items[i], true
}

// Items gives all reports, in the order in which they came.
func (q *Queue) Items() []Item { return q.items }

// Group gives the reports of the group that an item is in, newest first.
func (q *Queue) Group(it *Item) []*Item {
	var list []*Item
	for _, i := range slices.Backward(q.members[it.Group]) {
		list = append(list, &q.items[i])
	}
	return list
}
