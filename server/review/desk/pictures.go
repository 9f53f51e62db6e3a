// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"net/http"
	"strings"
	"sync"

	"lapwing/server/review/picture"
)

// pictureView is one picture: with exact numbers, for this desk, and coarse, for
// publication. Of regions there is no exact one.
type pictureView struct {
	Exact, Coarse *picture.Table
}

// Shown is what the page shows.
func (v *pictureView) Shown() *picture.Table {
	if v.Exact != nil {
		return v.Exact
	}
	return v.Coarse
}

// album keeps the tables until a decision is taken.
type album struct {
	mu    sync.Mutex
	at    *standings // what they were counted from
	views []pictureView
	drawn map[*picture.Table]string
}

// tables counts what there is.
func (d *Desk) tables() []pictureView {
	now := d.standings.load()
	d.album.mu.Lock()
	defer d.album.mu.Unlock()
	if d.album.at == now {
		return d.album.views
	}
	items := d.queue.Items()
	count := func(name, title, unit string, by picture.By) *picture.Table {
		return picture.Count(name, title, unit, items, now.of, by)
	}
	of := func(name, title, unit string, by picture.By) pictureView {
		t := count(name, title, unit, by)
		return pictureView{t, t.Coarse(d.noise)}
	}
	weeks := count("weeks", "Reports by week", "week from", picture.Weeks()).Chronological()
	indicators := of("indicators", "Reports by indicator", "indicator", picture.Indicators)
	indicators.Coarse = count("indicators", "Reports by leading indicator", "indicator", picture.Leading(picture.Indicators)).Coarse(d.noise)
	regions := count("regions", "Reports by region", "region", picture.Regions)
	regions.Label = picture.RegionName
	d.album.at, d.album.drawn = now, map[*picture.Table]string{}
	d.album.views = []pictureView{
		{weeks, weeks.Coarse(d.noise).Chronological()},
		indicators,
		of("sites", "Reports by site", "site", picture.Sites),
		of("languages", "Reports by language", "language", picture.Languages),
		{nil, regions.Coarse(d.noise)},
	}
	return d.album.views
}

func (s *Server) picturesPage(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, "pictures.html", frame{Title: "Pictures", Here: "pictures", Body: map[string]any{
		"Views": s.desk.tables(), "Noise": picture.Noise, "Least": picture.Least, "Source": picture.Source,
	}})
}

// pictureFile gives <name>.svg or <name>.csv; with coarse=1 as it may be published,
// and an SVG with save=1 in one look for all, as a file.
func (s *Server) pictureFile(w http.ResponseWriter, r *http.Request) error {
	name, kind, _ := strings.Cut(r.PathValue("file"), ".")
	for _, v := range s.desk.tables() {
		if v.Coarse.Name != name {
			continue
		}
		t := v.Shown()
		file := name
		if r.URL.Query().Get("coarse") != "" {
			t = v.Coarse
		}
		if t == v.Coarse {
			file += "-coarse"
		}
		switch kind {
		case "svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
			svg := s.desk.album.draw(t)
			if r.URL.Query().Get("save") != "" {
				w.Header().Set("Content-Disposition", `attachment; filename="lapwing-`+file+`.svg"`)
			} else {
				svg = picture.OnScreen(svg)
			}
			_, err := w.Write([]byte(svg))
			return err
		case "csv":
			w.Header().Set("Content-Type", "text/csv; charset=utf-8")
			w.Header().Set("Content-Disposition", `attachment; filename="lapwing-`+file+`.csv"`)
			return t.WriteCSV(w)
		}
	}
	return &statusError{http.StatusNotFound, "No picture of this name."}
}

// draw draws a table, once.
func (a *album) draw(t *picture.Table) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	svg, ok := a.drawn[t]
	if !ok {
		switch t.Name {
		case "weeks":
			svg = t.Columns()
		case "regions":
			svg = t.Map()
		default:
			svg = t.Bars(30)
		}
		a.drawn[t] = svg
	}
	return svg
}
