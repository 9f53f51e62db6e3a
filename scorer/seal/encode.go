// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"strconv"

	"lapwing/scorer"
	"lapwing/scorer/release"
)

// formatVersion is the value of the first key.
const formatVersion = "1"

// Encode gives the report as people are shown it and as it is sealed. It fails
// for what Check does not accept, and for more than MaxReport bytes.
func (r *Report) Encode() ([]byte, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	w := writer{b: append(make([]byte, 0, 1024), "{\n"...)}
	w.raw("lapwing_report", formatVersion)
	w.text("id", release.EncodeHex(r.ID[:]))
	w.text("sort", r.Sort.String())
	w.text("day", r.Day)
	w.text("list", r.List)
	w.raw("release", strconv.FormatUint(uint64(r.Release), 10))
	w.text("program", r.Program)
	w.text("site", r.Site)
	w.text("address", r.Address)
	w.text("region", r.Region)
	w.text("kind", r.Kind.String())
	w.text("language", r.Language)
	for f := range scorer.URL {
		w.text(f.String(), r.Text[f])
	}
	if v := r.Verdict; v != nil {
		w.text("level", v.Level.String())
		w.raw("score", hundredths(v.Score))
		w.reasons(v.Reasons)
	}
	w.text("note", r.Note)
	w.b = append(w.b, "\n}\n"...)
	if over := len(w.b) - MaxReport; over > 0 {
		return nil, &Error{Object: AReport, Over: over, Fault: TooLong}
	}
	return w.b, nil
}

// writer writes the lines of a report, each but the first behind a comma.
type writer struct{ b []byte }

func (w *writer) key(name string) {
	if len(w.b) > len("{\n") {
		w.b = append(w.b, ",\n"...)
	}
	w.b = append(append(append(w.b, "  \""...), name...), "\": "...)
}

func (w *writer) raw(name, value string) {
	w.key(name)
	w.b = append(w.b, value...)
}

// text leaves a field out that is empty.
func (w *writer) text(name, value string) {
	if value != "" {
		w.key(name)
		w.quote(value)
	}
}

// quote writes a string; only four characters are escaped.
func (w *writer) quote(s string) {
	w.b = append(w.b, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			w.b = append(w.b, '\\', c)
		case '\n':
			w.b = append(w.b, '\\', 'n')
		case '\t':
			w.b = append(w.b, '\\', 't')
		default:
			w.b = append(w.b, c)
		}
	}
	w.b = append(w.b, '"')
}

func (w *writer) number(before string, n uint64) {
	w.b = strconv.AppendUint(append(w.b, before...), n, 10)
}

func (w *writer) reasons(reasons []Reason) {
	if len(reasons) == 0 {
		return
	}
	w.key("reasons")
	w.b = append(w.b, '[')
	for i, r := range reasons {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, "\n    {\"indicator\": "...)
		w.quote(r.Indicator)
		w.number(`, "points": `, uint64(r.Points))
		w.b = append(w.b, `, "spans": [`...)
		for k, s := range r.Spans {
			if k > 0 {
				w.b = append(w.b, ", "...)
			}
			w.b = append(w.b, `{"field": `...)
			w.quote(s.Field.String())
			w.number(`, "start": `, uint64(s.Start))
			w.number(`, "end": `, uint64(s.End))
			w.b = append(w.b, '}')
		}
		w.b = append(w.b, "]}"...)
	}
	w.b = append(w.b, "\n  ]"...)
}

// hundredths writes 3725 as 37.25, and 4000 as 40.
func hundredths(n uint16) string {
	s := strconv.Itoa(int(n) / 100)
	if f := n % 100; f != 0 {
		s += "." + string(rune('0'+f/10))
		if f%10 != 0 {
			s += string(rune('0' + f%10))
		}
	}
	return s
}
