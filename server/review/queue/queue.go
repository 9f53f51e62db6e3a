// SPDX-License-Identifier: Apache-2.0

package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/normal"
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

	address  string
	from, to int // in Queue.text
}

// Queue is safe for concurrent reading once it is settled.
type Queue struct {
	items   []Item
	byID    map[[16]byte]int
	text    []byte // all texts in normal form, a zero byte between them
	aside   []Aside
	names   map[string]string // one copy of each
	orders  [numOrders][]int
	members map[int][]int // by group

	today   Today
	cluster *cluster.Index
	sketch  cluster.Sketch
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
		byID: map[[16]byte]int{}, names: map[string]string{}, today: today,
		cluster: cluster.New(cluster.Options{Dir: dir, Memory: 64 << 20}),
	}
}

// Add takes a report as it is stored, in the order in which they came.
func (q *Queue) Add(id [16]byte, day uint32, text []byte) error {
	r, err := seal.ParseReport(text)
	if err == nil {
		err = q.claims(id, r)
	}
	if err != nil {
		q.aside = append(q.aside, Aside{id, day, err.Error()})
		return nil
	}
	if _, twice := q.byID[id]; twice {
		return nil
	}
	item := Item{ID: id, At: len(q.items), Day: day, Sort: r.Sort, Kind: r.Kind, Site: q.name(r.Site), Language: q.name(r.Language), Region: q.name(r.Region), address: r.Address}
	if v := r.Verdict; v != nil {
		item.Marked, item.Level = true, v.Level
		for _, reason := range v.Reasons {
			if !slices.Contains(item.Indicators, reason.Indicator) { // a report that nobody wrote by hand names each once
				item.Indicators = append(item.Indicators, q.name(reason.Indicator))
			}
		}
	}
	item.from = len(q.text)
	for _, part := range append([]string{r.Site, r.Address, r.Note}, r.Text[:]...) {
		if part != "" {
			q.text = append(append(q.text, normal.Fold(part)...), ' ')
		}
	}
	item.to = len(q.text)
	q.text = append(q.text, 0)
	q.byID[id] = len(q.items)
	q.items = append(q.items, item)
	var l scorer.Listing
	copy(l.Text[:], r.Text[:])
	q.cluster.Sketch(&l, &q.sketch)
	return q.cluster.Add(&q.sketch)
}

// claims finds what a report says that cannot be.
func (q *Queue) claims(id [16]byte, r *seal.Report) error {
	switch {
	case r.ID != id:
		return errors.New("it came in the envelope of another report")
	case q.today.Release > 0 && r.Release > q.today.Release:
		return fmt.Errorf("it claims release %d; the newest here is %d", r.Release, q.today.Release)
	case q.today.Release > 0 && r.Release == q.today.Release && r.List != "" && r.List != q.today.List:
		return fmt.Errorf("it claims that release %d is the list %s; it is %s", r.Release, r.List, q.today.List)
	}
	return nil
}

func (q *Queue) name(s string) string {
	if one, ok := q.names[s]; ok {
		return one
	}
	q.names[s] = s
	return s
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
	pages := map[string]int{}
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
		if it.address != "" {
			pages[it.Site+" "+it.address]++
		}
	}
	for i := range q.items {
		it := &q.items[i]
		it.Alike = len(q.members[it.Group])
		it.Reported = max(it.Alike, pages[it.Site+" "+it.address])
	}
	q.sort()
	return q.cluster.Close()
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
