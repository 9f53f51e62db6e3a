// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"io"

	"lapwing/scorer"
)

// sink writes a run's verdicts in one format.
type sink interface {
	// begin writes what stands before the first listing.
	begin() error
	// format readies a block; workers call it, many at once.
	format(b *Block)
	// write puts out a block that format readied, in the input's order.
	write(b *Block) error
	// end writes what stands behind the last listing.
	end() error
}

// shown tells whether a record is to be written at all.
func shown(r *Record, least scorer.Level) bool {
	return r.Problem != "" || r.Verdict.Level >= least
}

// textSink is the part that formats share which are bytes, one record after another.
type textSink struct {
	w     io.Writer
	least scorer.Level
	head  []byte
	// one appends one record; l is nil for trouble of the source.
	one func(dst []byte, b *Block, r *Record, l *scorer.Listing) []byte
}

func (s *textSink) begin() error {
	if len(s.head) == 0 {
		return nil
	}
	_, err := s.w.Write(s.head)
	return err
}

func (s *textSink) format(b *Block) {
	for k := range b.records {
		if r := &b.records[k]; shown(r, s.least) {
			b.out = s.one(b.out, b, r, &b.listings[k])
		}
	}
	for k := range b.trouble {
		b.out = s.one(b.out, b, &b.trouble[k], nil)
	}
}

func (s *textSink) write(b *Block) error {
	if len(b.out) == 0 {
		return nil
	}
	_, err := s.w.Write(b.out)
	return err
}

func (s *textSink) end() error { return nil }

// newJSONSink writes JSONL; with each listing's cluster, if there are any.
func newJSONSink(w io.Writer, f *VerdictFormat, least scorer.Level, clusters bool) sink {
	return &textSink{w: w, least: least, one: func(dst []byte, b *Block, r *Record, l *scorer.Listing) []byte {
		if r.Problem != "" {
			dst = AppendError(dst, r.ID, r.Problem, r.Line, b.file)
		} else {
			dst = f.AppendVerdict(dst, r.ID, l, &r.Verdict)
			if clusters {
				dst = appendCluster(dst, r.cluster)
			}
		}
		return append(dst, '\n')
	}}
}
