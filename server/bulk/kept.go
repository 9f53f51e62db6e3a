// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"encoding/binary"
	"errors"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// A kept record is a listing and its verdict between the two passes of a run
// with clusters, as bytes that never leave the run:
//
//	line, file, id, problem
//	kind, language, the texts              (not where there is a problem)
//	level, score, number of reasons, each: indicator (signed), points, number of
//	spans, each: field, start, length
//
// Numbers are varints; texts have their length before them.

// keepRecord appends a record, and where it ends.
func keepRecord(ends []int, dst []byte, file string, r *Record, l *scorer.Listing) ([]int, []byte) {
	dst = binary.AppendUvarint(dst, uint64(r.Line))
	dst = keepText(dst, file)
	dst = keepText(dst, view(r.ID))
	dst = keepText(dst, r.Problem)
	if r.Problem != "" {
		return append(ends, len(dst)), dst
	}
	dst = append(dst, byte(l.Kind))
	dst = keepText(dst, l.Lang)
	for _, text := range l.Text {
		dst = keepText(dst, text)
	}
	v := &r.Verdict
	dst = append(dst, byte(v.Level))
	dst = binary.AppendUvarint(dst, uint64(v.Score))
	dst = binary.AppendUvarint(dst, uint64(len(v.Reasons)))
	for k := range v.Reasons {
		reason := &v.Reasons[k]
		dst = binary.AppendVarint(dst, int64(reason.Indicator))
		dst = append(dst, reason.Points)
		dst = binary.AppendUvarint(dst, uint64(len(reason.Spans)))
		for _, s := range reason.Spans {
			dst = append(dst, byte(s.Field))
			dst = binary.AppendUvarint(dst, uint64(s.Start))
			dst = binary.AppendUvarint(dst, uint64(s.End-s.Start))
		}
	}
	return append(ends, len(dst)), dst
}

func keepText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

var errKept = errors.New("reading a temporary file: it is not what was written")

// takeKept makes records of the bytes that keepRecord wrote; texts are views.
func (b *Block) takeKept(data []byte) error {
	k := keptReader{rest: data}
	for len(k.rest) > 0 && !k.torn {
		line := int64(k.number())
		b.keptFile = k.text()
		r, l := b.add(line)
		if id := k.bytes(); len(id) > 0 {
			r.ID = id
		}
		if r.Problem = k.text(); r.Problem != "" {
			continue
		}
		l.Kind, l.Lang = pack.Kind(k.byte()), k.text()
		for f := range l.Text {
			l.Text[f] = k.text()
		}
		r.Verdict = k.verdict()
	}
	if k.torn {
		return errKept
	}
	b.file = b.keptFile
	return nil
}

// keptReader reads what keepRecord wrote; torn says that something else came.
type keptReader struct {
	rest []byte
	torn bool
}

func (k *keptReader) verdict() scorer.Verdict {
	v := scorer.Verdict{Level: scorer.Level(k.byte()), Score: uint16(k.number())}
	for range k.count() {
		indicator, n := binary.Varint(k.rest)
		k.skip(n)
		r := scorer.Reason{Indicator: int(indicator), Points: k.byte()}
		for range k.count() {
			s := scorer.Span{Field: scorer.Field(k.byte()), Start: uint32(k.number())}
			s.End = s.Start + uint32(k.number())
			r.Spans = append(r.Spans, s)
		}
		v.Reasons = append(v.Reasons, r)
	}
	return v
}

// skip goes on by what a varint took; n is 0 or less where there was none.
func (k *keptReader) skip(n int) {
	if n <= 0 {
		k.torn, k.rest = true, nil
		return
	}
	k.rest = k.rest[n:]
}

func (k *keptReader) number() uint64 {
	v, n := binary.Uvarint(k.rest)
	k.skip(n)
	return v
}

// count reads how many things follow: not more than there are bytes.
func (k *keptReader) count() int {
	n := k.number()
	if n > uint64(len(k.rest)) {
		k.torn, k.rest = true, nil
		return 0
	}
	return int(n)
}

func (k *keptReader) byte() byte {
	if len(k.rest) == 0 {
		k.torn = true
		return 0
	}
	c := k.rest[0]
	k.rest = k.rest[1:]
	return c
}

func (k *keptReader) bytes() []byte {
	n := k.count()
	b := k.rest[:n:n]
	k.rest = k.rest[n:]
	return b
}

func (k *keptReader) text() string { return view(k.bytes()) }
