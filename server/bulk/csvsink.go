// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// csvHeader names the columns. Reasons holds the indicators, most points
// first, separated by spaces; passages what they marked, separated by " | ".
const csvHeader = "id,level,score,reasons,passages,list,engine,error,line,file\n"

// newCSVSink writes one row per listing.
//
// An advert's text may begin with =, +, - or @, which spreadsheets take for a
// formula; such cells get an apostrophe in front, as is usual.
func newCSVSink(w io.Writer, p *pack.Pack, list, engine string, least scorer.Level, clusters bool) sink {
	tail := string(appendCell(append(appendCell([]byte{','}, list), ','), engine))
	one := func(dst []byte, b *Block, r *Record, l *scorer.Listing) []byte {
		dst = appendCell(dst, plainID(r.ID))
		if r.Problem != "" {
			dst = append(dst, ",,,,,,,"...)
			dst = appendCell(dst, r.Problem)
			dst = strconv.AppendInt(append(dst, ','), r.Line, 10)
			dst = appendCell(append(dst, ','), b.file)
			if clusters {
				dst = append(dst, ',')
			}
			return append(dst, '\n')
		}
		dst = append(append(dst, ','), r.Verdict.Level.String()...)
		dst = AppendScore(append(dst, ','), r.Verdict.Score)
		dst = appendReasons(append(dst, ','), p, l, &r.Verdict)
		dst = append(dst, tail...)
		dst = append(dst, ",,,"...)
		if clusters {
			dst = append(append(dst, ','), r.cluster...)
		}
		return append(dst, '\n')
	}
	head := csvHeader
	if clusters {
		head = strings.TrimSuffix(head, "\n") + ",cluster\n"
	}
	return &textSink{w: w, least: least, head: []byte(head), one: one}
}

func appendReasons(dst []byte, p *pack.Pack, l *scorer.Listing, v *scorer.Verdict) []byte {
	var passages strings.Builder
	cut := passageCutter{listing: l}
	for k := range v.Reasons {
		if k > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, indicatorID(p, v.Reasons[k].Indicator)...)
		for _, s := range v.Reasons[k].Spans {
			if passages.Len() > 0 {
				passages.WriteString(" | ")
			}
			passages.WriteString(cut.text(s))
		}
	}
	return appendCell(append(dst, ','), passages.String())
}

// plainID gives an id as people read it.
func plainID(id []byte) string {
	if len(id) > 0 && id[0] == '"' {
		if s, err := jsontext.AppendUnquote(nil, id); err == nil {
			return string(s)
		}
	}
	return string(id)
}

// appendCell quotes a cell where it must be.
func appendCell(dst []byte, s string) []byte {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 && !isNumber(s) {
		s = "'" + s
	}
	if !strings.ContainsAny(s, "\",\n\r") {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(s, `"`, `""`)...)
	return append(dst, '"')
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
