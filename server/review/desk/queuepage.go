// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"net/http"
	"net/url"
	"strconv"

	"lapwing/scorer/seal"
	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
)

const pageSize = 50

type queueBody struct {
	Sort, Order, Standing, Text string
	Apart                       bool
	Rows                        []row
	Total, From, To             int
	Before, After               string // addresses of the neighbouring pages
	Sorts, Orders, Standings    []string
	Words                       map[string]string
	Forgotten                   int
}

type row struct {
	*queue.Item
	Hex      string
	Standing decide.Standing
}

func (s *Server) queuePage(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	b := queueBody{
		Sort: v.Get("sort"), Order: queue.ParseOrder(v.Get("order")).String(), Standing: v.Get("standing"),
		Text: plain(v.Get("text"), 200), Apart: v.Get("apart") != "", Words: sentences,
		Sorts:  []string{"flagged", "missed", "wrong-flag", "page"},
		Orders: []string{"newest", "reported", "alike"}, Standings: []string{"open", "waiting", "disputed", "confirmed", "rejected"},
		Forgotten: s.desk.forgotten,
	}
	ask := queue.Query{Order: queue.ParseOrder(b.Order), Text: b.Text, Apart: b.Apart, Size: pageSize}
	ask.Sort, _ = seal.ParseSort(b.Sort)
	ask.From, _ = strconv.Atoi(v.Get("from"))
	ask.From = max(ask.From, 0)
	now := s.desk.standings.load()
	if b.Standing != "" {
		ask.Keep = func(it *queue.Item) bool { return now.of(it).String() == b.Standing }
	}
	page := s.desk.queue.Page(ask)
	for _, it := range page.Items {
		b.Rows = append(b.Rows, row{it, hexOf(it.ID), now.of(it)})
	}
	b.Total, b.From, b.To = page.Total, min(ask.From+1, page.Total), min(ask.From+len(page.Items), page.Total)
	address := func(from int) string {
		next := url.Values{}
		for key := range v {
			next.Set(key, v.Get(key))
		}
		next.Set("from", strconv.Itoa(from))
		return "/queue?" + next.Encode()
	}
	if ask.From > 0 {
		b.Before = address(max(ask.From-pageSize, 0))
	}
	if b.To < page.Total {
		b.After = address(ask.From + pageSize)
	}
	return s.render(w, "queue.html", frame{Title: "Queue", Here: "queue", Body: b})
}

func (s *Server) asidePage(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, "aside.html", frame{Title: "Set aside", Here: "aside", Body: map[string]any{
		"Reports": s.desk.queue.Aside(), "Decisions": s.desk.folder.Aside(), "Cut": s.desk.Store.Dropped(),
	}})
}
