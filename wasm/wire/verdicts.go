// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"lapwing/scorer"
)

// headSize is what stands before an answer's content.
const headSize = 6

// BeginAnswer appends the head of an answer of status OK. What is appended after
// it is its content; EndAnswer completes it.
func BeginAnswer(dst []byte) []byte {
	return append(dst, 0, 0, 0, 0, Version, byte(OK))
}

// EndAnswer fills in the length of the answer that begins at b[at].
func EndAnswer(b []byte, at int) {
	putU32(b[at:], uint32(len(b)-at-4))
}

// AppendError appends a whole answer that says why there is none.
func AppendError(dst []byte, status Status, sentence string) []byte {
	at := len(dst)
	dst = append(dst, 0, 0, 0, 0, Version, byte(status))
	dst = appendStr(dst, sentence)
	EndAnswer(dst, at)
	return dst
}

// AnswerSize gives the size of the whole answer from its first four bytes, or an
// error if a guest claims more than MaxAnswer.
func AnswerSize(head []byte) (int, error) {
	if len(head) < 4 {
		return 0, errMalformed
	}
	n := uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16 | uint32(head[3])<<24
	if n < headSize-4 || n > MaxAnswer-4 {
		return 0, errMalformed
	}
	return int(n) + 4, nil
}

// OpenAnswer gives the content of a whole answer, or an *Error if the guest
// answered with one.
func OpenAnswer(answer []byte) ([]byte, error) {
	size, err := AnswerSize(answer)
	if err != nil || size != len(answer) {
		return nil, errMalformed
	}
	r := reader{rest: answer[4:]}
	if err := r.version(); err != nil {
		return nil, err
	}
	status := Status(r.u8())
	if status == OK {
		return r.rest, nil
	}
	sentence := r.bytes()
	if err := r.done(); err != nil || status >= NumStatuses {
		return nil, errMalformed
	}
	return nil, &Error{Status: status, Sentence: string(sentence[:min(len(sentence), maxSentence)])}
}

// AppendCount appends the number of verdicts (or texts, or documents) that follow.
func AppendCount(dst []byte, n int) []byte { return appendUv(dst, uint32(n)) }

// AppendVerdict appends one verdict to an answer's content.
func AppendVerdict(dst []byte, v *scorer.Verdict) []byte {
	dst = append(dst, byte(v.Level), byte(v.Score), byte(v.Score>>8))
	dst = appendUv(dst, uint32(len(v.Reasons)))
	for i := range v.Reasons {
		reason := &v.Reasons[i]
		dst = appendUv(dst, uint32(reason.Indicator+1))
		dst = append(dst, reason.Points)
		dst = appendUv(dst, uint32(len(reason.Spans)))
		for _, span := range reason.Spans {
			dst = append(dst, byte(span.Field))
			dst = appendUv(dst, span.Start)
			dst = appendUv(dst, span.End-span.Start)
		}
	}
	return dst
}

// Verdicts reads the content of an answer to a score request of listings.
// indicators is how many the loaded pack has. Whatever a guest wrote, each
// verdict that is returned is well formed: its level, fields and indicators
// exist, and no span ends after its text.
func Verdicts(content []byte, listings []scorer.Listing, indicators int) ([]scorer.Verdict, error) {
	r := reader{rest: content}
	if n := r.count(4); n != len(listings) {
		return nil, errMalformed
	}
	verdicts := make([]scorer.Verdict, len(listings))
	for i := range verdicts {
		r.verdict(&verdicts[i], &listings[i], indicators)
		if r.bad {
			return nil, errMalformed
		}
	}
	if err := r.done(); err != nil {
		return nil, err
	}
	return verdicts, nil
}

// maxScore is Verdict.Score's greatest value.
const maxScore = 10000

func (r *reader) verdict(v *scorer.Verdict, l *scorer.Listing, indicators int) {
	v.Level = scorer.Level(r.u8())
	v.Score = r.u16()
	n := r.count(3)
	if v.Level >= scorer.NumLevels || v.Score > maxScore || n > indicators+1 {
		r.fail()
		return
	}
	if n == 0 {
		return // nil, as the scorer gives it
	}
	v.Reasons = make([]scorer.Reason, n)
	for i := range v.Reasons {
		r.reason(&v.Reasons[i], l, indicators)
	}
}

func (r *reader) reason(reason *scorer.Reason, l *scorer.Listing, indicators int) {
	number := r.uv()
	if uint64(number) > uint64(indicators) {
		r.fail()
		return
	}
	reason.Indicator = int(number) - 1
	reason.Points = r.u8()
	n := r.count(3)
	if n == 0 {
		return
	}
	reason.Spans = make([]scorer.Span, n)
	for i := range reason.Spans {
		field := scorer.Field(r.u8())
		start, length := r.uv(), r.uv()
		// A field has at most as many code points as bytes.
		if field >= scorer.NumFields || uint64(start)+uint64(length) > uint64(len(l.Text[field])) {
			r.fail()
			return
		}
		reason.Spans[i] = scorer.Span{Field: field, Start: start, End: start + length}
	}
}

func putU32(b []byte, v uint32) {
	b[0], b[1], b[2], b[3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
}
