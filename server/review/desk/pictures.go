// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"net/http"
	"strings"

	"lapwing/server/review/decide"
	"lapwing/server/review/picture"
)

type pictureView struct {
	*picture.Table
	Coarse bool
}

// tables counts anew: decisions may have come since.
func (s *Server) tables() []pictureView {
	items := s.desk.queue.Items()
	standing := func(id [16]byte) decide.Standing { st, _ := s.desk.standing(id); return st }
	count := func(name, title, unit string, by picture.By) *picture.Table {
		return picture.Count(name, title, unit, items, standing, by)
	}
	return []pictureView{
		{count("weeks", "Reports by week", "week from", picture.Weeks).Chronological(), false},
		{count("indicators", "Reports by indicator", "indicator", picture.Indicators), false},
		{count("sites", "Reports by site", "site", picture.Sites), false},
		{count("languages", "Reports by language", "language", picture.Languages), false},
		{count("regions", "Reports by region", "region", picture.Regions).Coarse(s.desk.noise), true},
	}
}

func (s *Server) picturesPage(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, "pictures.html", frame{Title: "Pictures", Here: "pictures", Body: map[string]any{"Tables": s.tables()}})
}

// pictureFile gives <name>.svg or <name>.csv; with coarse=1 as it may be published.
func (s *Server) pictureFile(w http.ResponseWriter, r *http.Request) error {
	name, kind, _ := strings.Cut(r.PathValue("file"), ".")
	for _, v := range s.tables() {
		if v.Name != name {
			continue
		}
		t := v.Table
		if r.URL.Query().Get("coarse") != "" && !v.Coarse {
			t = t.Coarse(s.desk.noise)
		}
		switch kind {
		case "svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
			svg := t.Bars(30)
			if name == "weeks" {
				svg = t.Columns()
			}
			_, err := w.Write([]byte(svg))
			return err
		case "csv":
			w.Header().Set("Content-Type", "text/csv; charset=utf-8")
			w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
			return t.WriteCSV(w)
		}
	}
	return &statusError{http.StatusNotFound, "No picture of this name."}
}
