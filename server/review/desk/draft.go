// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"lapwing/scorer"
	"lapwing/scorer/seal"
	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
)

// draft is YAML for the list, for a person to read before it is committed.
type draft struct {
	Name string // of the file
	For  string // where it goes
	YAML string
}

var errNotAgreed = &statusError{http.StatusConflict, "Two reviewers must have confirmed this report before anything is written for the list."}

// draftOf writes what a confirmed report adds to the list: a wrong flag becomes a
// false positive that stays taken back, anything else an example.
func (d *Desk) draftOf(it *queue.Item, r *seal.Report, indicator string) (*draft, error) {
	if d.standings.load().of(it) != decide.IsConfirmed {
		return nil, errNotAgreed
	}
	if r.Sort == seal.WrongFlag {
		return d.falsePositive(r)
	}
	if _, ok := d.lexicon[indicator]; !ok {
		return nil, &statusError{http.StatusBadRequest, fmt.Sprintf("No indicator %q is in today's list. Choose one that is, or add it to the list first.", indicator)}
	}
	return d.example(r, indicator)
}

const warning = "Read this before you commit it: no name, place, number or address of a real person may be in it.\n" +
	"Change the words until nobody who wrote or read the advert would know it again."

func (d *Desk) falsePositive(r *seal.Report) (*draft, error) {
	id := "report-" + hexOf(r.ID)[:12]
	b, err := yamlOf(warning, struct {
		ID    string `yaml:"id"`
		Kind  string `yaml:"kind"`
		Lang  string `yaml:"lang"`
		Text  string `yaml:"text"`
		Why   string `yaml:"why"`
		Taken string `yaml:"taken-back"`
	}{id, r.Kind.String(), language(r), replaced(text(r)), "Say why this is harmless.", d.Now().UTC().Format(time.DateOnly)})
	return &draft{id + ".yaml", "server/lists/false-positives/" + id + ".yaml", b}, err
}

func (d *Desk) example(r *seal.Report, indicator string) (*draft, error) {
	var lines []string
	for _, sentence := range sentencesOf(r, indicator) {
		lines = append(lines, replaced(sentence))
	}
	if len(lines) == 0 {
		lines = append(lines, replaced(text(r)))
	}
	ind := &d.Pack.Indicators[d.lexicon[indicator]]
	where := fmt.Sprintf("server/lists/indicators/%s/%s.yaml", ind.Family(), indicator)
	b, err := yamlOf(warning+"\nAdd it to "+where+".", map[string]any{"examples": map[string]any{language(r): map[string]any{"yes": lines}}})
	return &draft{indicator + "-" + hexOf(r.ID)[:12] + ".yaml", where, b}, err
}

func yamlOf(comment string, v any) (string, error) {
	var b bytes.Buffer
	for line := range strings.Lines(comment) {
		b.WriteString("# " + strings.TrimSuffix(line, "\n") + "\n")
	}
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := errors.Join(e.Encode(v), e.Close())
	return b.String(), err
}

func language(r *seal.Report) string {
	if lang, _, _ := strings.Cut(r.Language, "-"); lang != "" {
		return lang
	}
	return "en"
}

// text is what a listing says, in one piece.
func text(r *seal.Report) string {
	var parts []string
	for _, f := range []scorer.Field{scorer.Title, scorer.Body, scorer.Pay} {
		if r.Text[f] != "" {
			parts = append(parts, strings.TrimSpace(r.Text[f]))
		}
	}
	return strings.Join(parts, "\n")
}

// replaced takes personal data out once more: the reporter may have put it back.
func replaced(s string) string {
	out, _ := seal.Apply(s, seal.NewRedactor().Redact(s), nil)
	return out
}

// sentencesOf gives the sentences that hold an indicator's passages.
func sentencesOf(r *seal.Report, indicator string) []string {
	if r.Verdict == nil {
		return nil
	}
	var list []string
	for _, x := range r.Verdict.Reasons {
		if x.Indicator != indicator {
			continue
		}
		for _, sp := range x.Spans {
			if int(sp.Field) >= len(r.Text) {
				continue
			}
			s := around([]rune(r.Text[sp.Field]), int(sp.Start), int(sp.End))
			if s != "" && (len(list) == 0 || list[len(list)-1] != s) {
				list = append(list, s)
			}
		}
	}
	return list
}

// around widens a passage to the sentence or line that it stands in.
func around(text []rune, start, end int) string {
	if start > len(text) || end > len(text) || start > end {
		return ""
	}
	ends := func(r rune) bool { return strings.ContainsRune(".!?\n。！？", r) }
	for start > 0 && !ends(text[start-1]) {
		start--
	}
	for end < len(text) && !ends(text[end]) {
		end++
	}
	if end < len(text) && text[end] != '\n' {
		end++
	}
	return strings.TrimSpace(string(text[start:end]))
}

type draftBody struct {
	Hex       string
	Wrong     bool
	Indicator string
	Choices   []string
	Draft     *draft
	Why       string // there is none
	Written   string // path
}

func (s *Server) draftPage(w http.ResponseWriter, r *http.Request) error {
	return s.showDraft(w, r, r.URL.Query().Get("indicator"), false)
}

func (s *Server) writeDraft(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &statusError{http.StatusBadRequest, "The form could not be read."}
	}
	return s.showDraft(w, r, r.PostForm.Get("indicator"), true)
}

func (s *Server) showDraft(w http.ResponseWriter, r *http.Request, indicator string, write bool) error {
	it, report, err := s.find(r)
	if err != nil {
		return err
	}
	b := draftBody{Hex: hexOf(it.ID), Wrong: report.Sort == seal.WrongFlag, Indicator: indicator, Choices: it.Indicators}
	if b.Indicator == "" && len(it.Indicators) > 0 {
		b.Indicator = it.Indicators[0]
	}
	var why *statusError
	b.Draft, err = s.desk.draftOf(it, report, b.Indicator)
	if errors.As(err, &why) {
		b.Why = why.text
	} else if err != nil {
		return err
	}
	if write && b.Draft != nil {
		dir := filepath.Join(s.desk.Dir, "drafts")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		b.Written = filepath.Join(dir, b.Draft.Name)
		if err := os.WriteFile(b.Written, []byte(b.Draft.YAML), 0o600); err != nil {
			return err
		}
		s.desk.log("drafted", b.Hex)
	}
	return s.render(w, "draft.html", frame{Title: "For the list", Here: "queue", Body: b})
}
