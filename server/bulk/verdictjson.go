// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"strconv"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/cluster"
	"lapwing/wasm/ready"
)

// WordingIndicator is the name of the wording model's reason in JSON.
const WordingIndicator = "wording.resembles-known-fraud"

// ListName is what verdicts call a list: "<name>-<version>+" and the first
// eight hexadecimal digits of SHA-256 of the encoded pack.
func ListName(p *pack.Pack, encoded []byte) string {
	return ready.Name(p, encoded)
}

// VerdictFormat writes verdicts of one list and one engine as JSON. It is safe
// for concurrent use.
type VerdictFormat struct {
	reasons []string // per indicator: the opening of a reason, up to "points":
	beyond  []string // the same for the wording hint, and for the oddities below it
	tail    string   // what closes every line: the list and the engine
}

// NewVerdictFormat prepares the constant parts of every line. List is what
// ListName gives; engine is "native" or "wasm".
func NewVerdictFormat(p *pack.Pack, list, engine string) *VerdictFormat {
	f := &VerdictFormat{
		reasons: make([]string, len(p.Indicators)),
	}
	for k := scorer.WordingHint; k > firstOddity-int(cluster.NumOddities); k-- {
		n := nameOf(p, k)
		f.beyond = append(f.beyond, reasonOpening(n.id, n.dimension.String(), n.strength.String()))
	}
	for k, ind := range p.Indicators {
		f.reasons[k] = reasonOpening(ind.ID, ind.Dimension.String(), ind.Strength.String())
	}
	tail := AppendJSONString([]byte(`],"list":`), list)
	tail = AppendJSONString(append(tail, `,"engine":`...), engine)
	f.tail = string(append(tail, '}'))
	return f
}

func reasonOpening(id, dimension, strength string) string {
	b := AppendJSONString([]byte(`{"indicator":`), id)
	b = AppendJSONString(append(b, `,"dimension":`...), dimension)
	b = AppendJSONString(append(b, `,"strength":`...), strength)
	return string(append(b, `,"points":`...))
}

// AppendVerdict appends one verdict as a JSON object, without a line feed. The
// keys and their order are those of DESIGN.md, section 11; the bytes are those
// that JavaScript's JSON.stringify gives for the same object. Id is the
// listing's id as JSON; where it is empty, null is written.
func (f *VerdictFormat) AppendVerdict(dst, id []byte, l *scorer.Listing, v *scorer.Verdict) []byte {
	dst = append(dst, `{"id":`...)
	dst = appendID(dst, id)
	dst = append(dst, `,"level":"`...)
	dst = append(dst, v.Level.String()...)
	dst = append(dst, `","score":`...)
	dst = AppendScore(dst, v.Score)
	dst = append(dst, `,"reasons":[`...)
	cut := passageCutter{listing: l}
	for k := range v.Reasons {
		r := &v.Reasons[k]
		if k > 0 {
			dst = append(dst, ',')
		}
		if r.Indicator < 0 {
			dst = append(dst, f.beyond[scorer.WordingHint-r.Indicator]...)
		} else {
			dst = append(dst, f.reasons[r.Indicator]...)
		}
		dst = strconv.AppendUint(dst, uint64(r.Points), 10)
		dst = append(dst, `,"spans":[`...)
		for j, s := range r.Spans {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = appendSpan(dst, s, cut.text(s))
		}
		dst = append(dst, "]}"...)
	}
	return append(dst, f.tail...)
}

// appendCluster adds a cluster's name to a line that AppendVerdict wrote; null
// for a listing that is alone.
func appendCluster(dst []byte, name string) []byte {
	dst = append(dst[:len(dst)-1], `,"cluster":`...)
	if name == "" {
		dst = append(dst, "null"...)
	} else {
		dst = AppendJSONString(dst, name)
	}
	return append(dst, '}')
}

func appendSpan(dst []byte, s scorer.Span, text string) []byte {
	dst = append(dst, `{"field":"`...)
	dst = append(dst, s.Field.String()...)
	dst = append(dst, `","start":`...)
	dst = strconv.AppendUint(dst, uint64(s.Start), 10)
	dst = append(dst, `,"end":`...)
	dst = strconv.AppendUint(dst, uint64(s.End), 10)
	dst = append(dst, `,"text":`...)
	dst = AppendJSONString(dst, text)
	return append(dst, '}')
}

// AppendError appends the line of a listing that could not be read or scored.
// File is named only where it is not empty: a run over one input has no need of it.
func AppendError(dst, id []byte, problem string, line int64, file string) []byte {
	dst = append(dst, `{"id":`...)
	dst = appendID(dst, id)
	dst = append(dst, `,"error":`...)
	dst = AppendJSONString(dst, problem)
	dst = append(dst, `,"line":`...)
	dst = strconv.AppendInt(dst, line, 10)
	if file != "" {
		dst = append(dst, `,"file":`...)
		dst = AppendJSONString(dst, file)
	}
	return append(dst, '}')
}

func appendID(dst, id []byte) []byte {
	if len(id) == 0 {
		return append(dst, "null"...)
	}
	return append(dst, id...)
}

// AppendScore appends hundredths as a decimal number without trailing zeros:
// 3725 is 37.25, 4000 is 40.
func AppendScore(dst []byte, hundredths uint16) []byte {
	dst = strconv.AppendUint(dst, uint64(hundredths/100), 10)
	rest := hundredths % 100
	if rest == 0 {
		return dst
	}
	dst = append(dst, '.', byte('0'+rest/10))
	if rest%10 != 0 {
		dst = append(dst, byte('0'+rest%10))
	}
	return dst
}

// AppendJSONString appends s as a JSON string, escaping what JSON.stringify
// escapes and nothing else. A byte that is not UTF-8 becomes U+FFFD, so that
// code points keep their count.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	done := 0
	for k := 0; k < len(s); {
		c := s[k]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[k:])
			if r == utf8.RuneError && n == 1 {
				dst = append(dst, s[done:k]...)
				dst = append(dst, "\uFFFD"...)
				done = k + 1
			}
			k += n
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			k++
			continue
		}
		dst = append(dst, s[done:k]...)
		dst = appendEscape(dst, c)
		k++
		done = k
	}
	dst = append(dst, s[done:]...)
	return append(dst, '"')
}

const lowerHex = "0123456789abcdef"

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', lowerHex[c>>4], lowerHex[c&15])
}
