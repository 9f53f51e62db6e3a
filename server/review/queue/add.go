// SPDX-License-Identifier: Apache-2.0

package queue

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"sync"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/seal"
	"lapwing/server/cluster"
)

// Raw is a report as it is stored.
type Raw struct {
	ID   [16]byte
	Day  uint32
	Text []byte
}

// sheet is a report that was read, and what the queue keeps of it.
type sheet struct {
	raw    Raw
	why    error // it is to be set aside
	report *seal.Report
	folded []byte // its texts in normal form
	sketch cluster.Sketch
}

// Add takes a report, in the order in which they came.
func (q *Queue) Add(r Raw) error {
	s := sheets.Get().(*sheet)
	defer sheets.Put(s)
	q.read(s, r)
	return q.put(s)
}

// sheets are used again: their buffers are most of what reading takes.
var sheets = sync.Pool{New: func() any { return new(sheet) }}

// AddAll takes reports as Add does, and reads them on all cores.
func (q *Queue) AddAll(reports iter.Seq2[Raw, error]) error {
	type batch struct {
		sheets []*sheet
		read   chan struct{} // closed when they are
	}
	const size = 32
	n := runtime.GOMAXPROCS(0)
	jobs, inOrder := make(chan *batch, n), make(chan *batch, 4*n)
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for b := range jobs {
				for _, s := range b.sheets {
					q.read(s, s.raw)
				}
				close(b.read)
			}
		})
	}
	var fault error
	workers.Go(func() {
		defer close(inOrder)
		defer close(jobs)
		b := &batch{read: make(chan struct{})}
		send := func() {
			jobs <- b
			inOrder <- b
			b = &batch{read: make(chan struct{})}
		}
		for r, err := range reports {
			if err != nil {
				fault = err
				return
			}
			s := sheets.Get().(*sheet)
			s.raw = r
			if b.sheets = append(b.sheets, s); len(b.sheets) == size {
				send()
			}
		}
		send()
	})
	var err error
	for b := range inOrder {
		<-b.read
		for _, s := range b.sheets {
			if err == nil {
				err = q.put(s)
			}
			sheets.Put(s)
		}
	}
	workers.Wait()
	return errors.Join(fault, err)
}

// read does what needs no other report. Many may read at the same time.
func (q *Queue) read(s *sheet, raw Raw) {
	s.raw, s.folded = raw, s.folded[:0]
	s.report, s.why = seal.ParseReport(raw.Text)
	if s.why == nil {
		s.why = q.claims(raw.ID, s.report)
	}
	if s.why != nil {
		return
	}
	r := s.report
	for _, part := range append([]string{r.Site, r.Address, r.Note}, r.Text[:]...) {
		if part != "" {
			s.folded = append(append(s.folded, normal.Fold(part)...), ' ')
		}
	}
	var l scorer.Listing
	copy(l.Text[:], r.Text[:])
	q.cluster.Sketch(&l, &s.sketch)
}

// put takes a report that was read.
func (q *Queue) put(s *sheet) error {
	id, day := s.raw.ID, s.raw.Day
	if s.why != nil {
		q.aside = append(q.aside, Aside{id, day, s.why.Error()})
		return nil
	}
	if _, twice := q.byID[id]; twice {
		return nil
	}
	r := s.report
	item := Item{ID: id, At: len(q.items), Day: day, Sort: r.Sort, Kind: r.Kind, Site: q.name(r.Site), Language: q.name(r.Language), Region: q.name(r.Region)}
	if r.Address != "" {
		item.page = q.pageOf(r)
	}
	if v := r.Verdict; v != nil {
		item.Marked, item.Level = true, v.Level
		for _, reason := range v.Reasons {
			if !slices.Contains(item.Indicators, reason.Indicator) { // a report that nobody wrote by hand names each once
				item.Indicators = append(item.Indicators, q.name(reason.Indicator))
			}
		}
	}
	q.words.add(s.folded)
	q.byID[id] = len(q.items)
	q.items = append(q.items, item)
	return q.cluster.Add(&s.sketch)
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

// pageOf numbers the pages that reports are of, from 1.
func (q *Queue) pageOf(r *seal.Report) uint32 {
	key := pageKey(r.Site, r.Address)
	n, ok := q.pages[key]
	if !ok {
		n = uint32(len(q.pages)) + 1
		q.pages[key] = n
	}
	return n
}

// name gives one copy of a string that many reports have.
func (q *Queue) name(s string) string {
	if one, ok := q.names[s]; ok {
		return one
	}
	q.names[s] = s
	return s
}
