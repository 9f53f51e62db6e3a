// SPDX-License-Identifier: Apache-2.0

package decide

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Verdict is what a reviewer decides.
type Verdict string

// The verdicts.
const (
	Confirmed Verdict = "confirmed" // the report is right: the mark, or that one is missing, or that it is wrong
	Rejected  Verdict = "rejected"  // it is not
	Withdrawn Verdict = "withdrawn" // the reviewer's decision before this one does not hold
)

// Reasons are the words for why; the desk's pages have the sentences.
var Reasons = []string{
	"pattern-present", "pattern-absent", "context-benign", "too-little-text",
	"duplicate", "spam", "personal-data", "other",
}

const maxNote = 200

// title begins the text of every decision.
const title = "lapwing decision v1\n"

// Decision is one signed statement.
type Decision struct {
	Report  [16]byte
	Number  int
	Verdict Verdict
	Reason  string
	Day     string // UTC: 2026-11-24
	Note    string
}

// Text is what the reviewer signs; ParseDecision reads it.
func (d *Decision) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, title+"report %x\nnumber %d\ndecision %s\nreason %s\nday %s\n", d.Report, d.Number, d.Verdict, d.Reason, d.Day)
	if d.Note != "" {
		fmt.Fprintf(&b, "note %s\n", d.Note)
	}
	return b.String()
}

// ParseDecision reads the text of a decision. There is one way to write each.
func ParseDecision(text string) (*Decision, error) {
	rest, ok := strings.CutPrefix(text, title)
	if !ok {
		return nil, errors.New("reading decision: it does not begin with «lapwing decision v1»")
	}
	fields := map[string]string{}
	for line := range strings.Lines(rest) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if _, twice := fields[key]; twice || !ok {
			return nil, fmt.Errorf("reading decision: line %q", line)
		}
		fields[key] = value
	}
	d := &Decision{Verdict: Verdict(fields["decision"]), Reason: fields["reason"], Day: fields["day"], Note: fields["note"]}
	id, err := hex.DecodeString(fields["report"])
	if err != nil || len(id) != len(d.Report) {
		return nil, fmt.Errorf("reading decision: report %q", fields["report"])
	}
	copy(d.Report[:], id)
	if d.Number, err = strconv.Atoi(fields["number"]); err != nil {
		return nil, fmt.Errorf("reading decision: number %q", fields["number"])
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.Text() != text {
		return nil, errors.New("reading decision: not written as this program writes it")
	}
	return d, nil
}

func (d *Decision) check() error {
	switch {
	case d.Number < 1 || d.Number > 1_000_000:
		return fmt.Errorf("decision: number %d", d.Number)
	case d.Verdict != Confirmed && d.Verdict != Rejected && d.Verdict != Withdrawn:
		return fmt.Errorf("decision %q: want confirmed, rejected or withdrawn", d.Verdict)
	case !known(d.Reason):
		return fmt.Errorf("decision: reason %q: want one of %s", d.Reason, strings.Join(Reasons, ", "))
	case utf8.RuneCountInString(d.Note) > maxNote:
		return fmt.Errorf("decision: the note has more than %d characters", maxNote)
	case !utf8.ValidString(d.Note) || strings.ContainsFunc(d.Note, control):
		return errors.New("decision: the note has a line break or a control character")
	}
	if _, err := time.Parse(time.DateOnly, d.Day); err != nil {
		return fmt.Errorf("decision: day %q", d.Day)
	}
	return nil
}

func control(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }

func known(reason string) bool {
	for _, r := range Reasons {
		if r == reason {
			return true
		}
	}
	return false
}
