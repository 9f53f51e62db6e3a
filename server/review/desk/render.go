// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"bytes"
	"html/template"
	"net/http"
	"time"

	"lapwing/server/review/picture"
)

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"day":    func(d uint32) string { return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly) },
	"plain":  plain,
	"number": picture.Number,
	"dict": func(rows []row, words map[string]string) map[string]any {
		return map[string]any{"Rows": rows, "Words": words}
	},
	"words": func(w map[string]string, key string) string {
		if s := w[key]; s != "" {
			return s
		}
		return key
	},
}).ParseFS(files, "pages/*.html"))

// frame is what every page has.
type frame struct {
	Title    string
	Here     string // which of the places at the top
	Reviewer string
	Tired    bool
	Aside    int
	Body     any
}

func (s *Server) render(w http.ResponseWriter, page string, f frame) error {
	if s.desk.Signer != nil {
		f.Reviewer = s.desk.Signer.Name()
	}
	f.Aside = len(s.desk.queue.Aside())
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, page, f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err := w.Write(b.Bytes())
	return err
}

// sentences say in words what the formats call it.
var sentences = map[string]string{
	"flagged": "agrees with a mark", "missed": "was not marked", "wrong-flag": "mark seems wrong", "page": "a page",
	"open": "nobody has decided", "waiting": "waits for a second reviewer", "disputed": "reviewers differ",
	"confirmed": "confirmed", "rejected": "rejected", "withdrawn": "taken back",
	"pattern-present": "the pattern is there", "pattern-absent": "the pattern is not there",
	"context-benign": "in this context it is harmless", "too-little-text": "too little text to tell",
	"duplicate": "the same as another", "spam": "sent to waste our time",
	"personal-data": "holds personal data and should go", "other": "another reason",
	"newest": "newest", "reported": "most reported", "alike": "most alike",
}
