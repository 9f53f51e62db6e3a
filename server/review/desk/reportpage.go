// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"encoding/hex"
	"net/http"
	"time"

	"lapwing/scorer"
	"lapwing/scorer/seal"
	"lapwing/server/publish"
	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
)

func hexOf(id [16]byte) string { return hex.EncodeToString(id[:]) }

type reportBody struct {
	Hex       string
	Item      *queue.Item
	Report    *seal.Report
	Fields    []fieldView
	Then      verdictView // as the person saw it
	Today     verdictView
	Standing  decide.Standing
	Decisions []decide.Signed
	Mine      bool // the reviewer who sits here has decided
	Others    []row
	Next      string
	Reasons   []string
	Words     map[string]string
	MayDecide bool
}

type fieldView struct {
	Name   string
	Pieces []piece
}

type verdictView struct {
	There   bool
	List    string
	Level   string
	Score   float64
	Reasons []reasonView
}

type reasonView struct {
	ID, Title, Means, Benign string
	Points                   uint8
	Known                    bool // the list of today has it
}

// find reads the report that a request names.
func (s *Server) find(r *http.Request) (*queue.Item, *seal.Report, error) {
	raw, err := hex.DecodeString(r.PathValue("id"))
	if err != nil || len(raw) != 16 {
		return nil, nil, errNoReport
	}
	it, ok := s.desk.queue.Get([16]byte(raw))
	if !ok {
		return nil, nil, errNoReport
	}
	s.desk.mu.Lock()
	e, err := s.desk.Store.Get(it.ID)
	s.desk.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	report, err := seal.ParseReport(e.Text)
	return it, report, err
}

func (s *Server) reportPage(w http.ResponseWriter, r *http.Request) error {
	it, report, err := s.find(r)
	if err != nil {
		return err
	}
	s.desk.log("read", hexOf(it.ID))
	b := reportBody{
		Hex: hexOf(it.ID), Item: it, Report: report, Reasons: decide.Reasons, Words: sentences, MayDecide: s.desk.Signer != nil,
	}
	var then []scorer.Span
	b.Then, then = s.desk.seen(report)
	b.Today, then = s.desk.today(report, then)
	for f, text := range report.Text {
		if text != "" {
			b.Fields = append(b.Fields, fieldView{scorer.Field(f).String(), pieces(text, spansOf(scorer.Field(f), then))})
		}
	}
	if report.Note != "" {
		b.Fields = append(b.Fields, fieldView{"note of the reporter", pieces(report.Note, nil)})
	}
	now := s.desk.standings.load()
	b.Standing, b.Decisions = now.of(it), s.desk.decisions(it)
	b.Mine = s.desk.mine(b.Decisions) != decide.Withdrawn
	for _, other := range s.desk.queue.Group(it) {
		if other.ID != it.ID && len(b.Others) < pageSize {
			b.Others = append(b.Others, row{other, hexOf(other.ID), now.of(other)})
		}
	}
	b.Next = s.desk.next(it)
	tired := s.desk.pace.read(s.desk.Now())
	return s.render(w, "report.html", frame{Title: "Report", Here: "queue", Tired: tired, Body: b})
}

// seen gives the verdict that the person saw, and its passages.
func (d *Desk) seen(r *seal.Report) (verdictView, []scorer.Span) {
	if r.Verdict == nil {
		return verdictView{List: r.List}, nil
	}
	v := verdictView{There: true, List: r.List, Level: r.Verdict.Level.String(), Score: float64(r.Verdict.Score) / 100}
	var spans []scorer.Span
	for _, x := range r.Verdict.Reasons {
		v.Reasons = append(v.Reasons, d.reason(x.Indicator, x.Points))
		spans = append(spans, x.Spans...)
	}
	return v, spans
}

// today gives the verdict of today's list on what was sent, and adds its passages.
// What was redacted may be missing in it.
func (d *Desk) today(r *seal.Report, spans []scorer.Span) (verdictView, []scorer.Span) {
	l := scorer.Listing{Kind: r.Kind, Lang: r.Language}
	copy(l.Text[:], r.Text[:])
	verdict := d.Scorer.Score(&l)
	v := verdictView{There: true, List: d.ListName, Level: verdict.Level.String(), Score: float64(verdict.Score) / 100}
	for _, x := range verdict.Reasons {
		id := publish.WordingID
		if x.Indicator != scorer.WordingHint {
			id = d.Pack.Indicators[x.Indicator].ID
		}
		v.Reasons = append(v.Reasons, d.reason(id, x.Points))
		spans = append(spans, x.Spans...)
	}
	return v, spans
}

// reason says in the list's words what an indicator means.
func (d *Desk) reason(id string, points uint8) reasonView {
	_, known := d.lexicon[id]
	v := reasonView{ID: id, Title: d.texts[id+"/title"], Points: points, Known: known || id == publish.WordingID}
	if v.Title == "" {
		v.Title = id
	}
	v.Means, v.Benign = d.texts[id+"/means"], d.texts[id+"/benign"]
	return v
}

// next gives the address of the report to read after this one: the newest of its
// sort that nobody has decided.
func (d *Desk) next(it *queue.Item) string {
	now := d.standings.load()
	next := d.queue.First(queue.Query{Sort: it.Sort, Keep: func(x *queue.Item) bool {
		return x.Group != it.Group && now.of(x) == decide.Undecided
	}})
	if next == nil {
		return ""
	}
	return "/report/" + hexOf(next.ID)
}

// decide takes the decision of the reviewer who sits here, for one report or for
// all that are alike.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) error {
	it, _, err := s.find(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return &statusError{http.StatusBadRequest, "The form could not be read."}
	}
	x := decide.Decision{
		Verdict: decide.Verdict(r.PostForm.Get("decision")), Reason: r.PostForm.Get("reason"),
		Day: s.desk.Now().UTC().Format(time.DateOnly), Note: plain(r.PostForm.Get("note"), 200),
	}
	if x.Verdict == decide.Withdrawn && x.Reason == "" {
		x.Reason = "other"
	}
	items := []*queue.Item{it}
	if r.PostForm.Get("alike") != "" {
		items = s.desk.queue.Group(it)
	}
	if err := s.desk.decide(x, items); err != nil {
		return &statusError{http.StatusBadRequest, "Not decided: " + err.Error()}
	}
	http.Redirect(w, r, "/report/"+hexOf(it.ID), http.StatusSeeOther)
	return nil
}

func (s *Server) pause(w http.ResponseWriter, r *http.Request) error {
	s.desk.pace.paused()
	s.desk.log("paused", "")
	http.Redirect(w, r, "/queue", http.StatusSeeOther)
	return nil
}
