// SPDX-License-Identifier: Apache-2.0

package queue_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/review/queue"
	"lapwing/server/review/reviewtest"
)

const list = "lapwing-7+1a2b3c4d"

func add(t testing.TB, q *queue.Queue, r *seal.Report, n int) {
	t.Helper()
	text, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Add(queue.Raw{ID: reviewtest.ID(n), Day: reviewtest.Days(reviewtest.Day(n)), Text: text}); err != nil {
		t.Fatal(err)
	}
}

func filled(t testing.TB, n int) *queue.Queue {
	t.Helper()
	q := queue.New(queue.Today{Release: 7, List: list}, t.TempDir())
	for k := range n {
		add(t, q, reviewtest.Report(k, list, 7), k)
	}
	if err := q.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return q
}

func TestNearCopiesAreOneRow(t *testing.T) {
	q := filled(t, 200)
	together := q.Page(queue.Query{Size: 1000})
	apart := q.Page(queue.Query{Size: 1000, Apart: true})
	if apart.Total != 200 {
		t.Errorf("%d rows, want 200 when each report stands by itself", apart.Total)
	}
	// Reports 4, 9 … 49 copy report 0, and so on: 40 copies of 4 texts, and the 4.
	if want := 200 - 40; together.Total != want {
		t.Errorf("%d rows, want %d: texts that differ in a number only are one row", together.Total, want)
	}
	top := q.Page(queue.Query{Size: 1, Order: queue.MostAlike}).Items[0]
	if top.Alike != 11 || len(q.Group(top)) != 11 {
		t.Errorf("the largest group has %d and %d reports, want 11", top.Alike, len(q.Group(top)))
	}
}

func TestPagesJoinToTheWhole(t *testing.T) {
	q := filled(t, 123)
	for _, order := range []queue.Order{queue.Newest, queue.MostReported, queue.MostAlike} {
		seen := map[[16]byte]bool{}
		for from := 0; ; from += 10 {
			p := q.Page(queue.Query{Order: order, Apart: true, From: from, Size: 10})
			if len(p.Items) == 0 {
				break
			}
			for k, it := range p.Items {
				if seen[it.ID] {
					t.Fatalf("order %v: a report is on two pages", order)
				}
				seen[it.ID] = true
				if order == queue.Newest && k > 0 && it.Day > p.Items[k-1].Day {
					t.Errorf("an older report stands before a newer one")
				}
			}
		}
		if len(seen) != 123 {
			t.Errorf("order %v: %d reports on all pages, want 123", order, len(seen))
		}
	}
}

func TestSearchFindsWords(t *testing.T) {
	q := queue.New(queue.Today{}, t.TempDir())
	for k, body := range []string{"A quiet farm by the sea", "A FÁRM in the hills", "A boat", "Farm"} {
		r := reviewtest.Report(k, list, 7)
		r.Text[1], r.Text[0], r.Verdict, r.Sort = body, "", nil, seal.Missed
		add(t, q, r, k)
	}
	if err := q.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"farm": 3, "Farm": 3, "quiet farm": 1, "by the": 1, "a": 4, "nowhere": 0, "board": 4} {
		if got := q.Page(queue.Query{Text: text, Size: 10}); got.Total != want {
			t.Errorf("%q finds %d reports, want %d", text, got.Total, want)
		}
	}
}

func TestClaimsThatCannotBeAreSetAside(t *testing.T) {
	q := queue.New(queue.Today{Release: 7, List: list}, t.TempDir())
	future := reviewtest.Report(0, list, 9)
	forged := reviewtest.Report(1, "lapwing-7+ffffffff", 7)
	swapped := reviewtest.Report(2, list, 7)
	swapped.ID = reviewtest.ID(77)
	for n, r := range []*seal.Report{future, forged, swapped} {
		add(t, q, r, n)
	}
	q.Add(queue.Raw{ID: reviewtest.ID(3), Day: 1, Text: []byte("{}")})
	if err := q.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if q.Len() != 0 || len(q.Aside()) != 4 {
		t.Fatalf("%d reports in the queue and %d set aside, want none and 4", q.Len(), len(q.Aside()))
	}
	for n, want := range []string{"release 9", "ffffffff", "another report", ""} {
		if !strings.Contains(q.Aside()[n].Why, want) {
			t.Errorf("set aside because %q, want a reason with %q", q.Aside()[n].Why, want)
		}
	}
}

func TestReadingOnAllCoresChangesNothing(t *testing.T) {
	var reports []queue.Raw
	for n := range 500 {
		text, err := reviewtest.Report(n, list, 7).Encode()
		if err != nil {
			t.Fatal(err)
		}
		if n%7 == 3 {
			text = text[:n%len(text)]
		}
		reports = append(reports, queue.Raw{ID: reviewtest.ID(n - n%50/49), Day: reviewtest.Days(reviewtest.Day(n)), Text: text})
	}
	one, all := queue.New(queue.Today{Release: 7, List: list}, t.TempDir()), queue.New(queue.Today{Release: 7, List: list}, t.TempDir())
	for _, r := range reports {
		if err := one.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := all.AddAll(func(yield func(queue.Raw, error) bool) {
		for _, r := range reports {
			if !yield(r, nil) {
				return
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []*queue.Queue{one, all} {
		if err := q.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(one.Items(), all.Items()) || !reflect.DeepEqual(one.Aside(), all.Aside()) {
		t.Error("reports that were read on all cores are not those that were read one by one")
	}
	if a, b := one.Page(queue.Query{Text: "number 1", Size: 1}), all.Page(queue.Query{Text: "number 1", Size: 1}); a.Total != b.Total || a.Total == 0 {
		t.Errorf("a search finds %d and %d reports", a.Total, b.Total)
	}
}

func TestFaultOfTheSourceEndsTheReading(t *testing.T) {
	torn := errors.New("an invented fault of the disk")
	q := queue.New(queue.Today{}, t.TempDir())
	err := q.AddAll(func(yield func(queue.Raw, error) bool) {
		for n := range 100 {
			if !yield(queue.Raw{ID: reviewtest.ID(n)}, nil) {
				return
			}
		}
		yield(queue.Raw{}, torn)
	})
	if !errors.Is(err, torn) {
		t.Errorf("got %v, want %v: a desk that is not whole would look whole", err, torn)
	}
}
