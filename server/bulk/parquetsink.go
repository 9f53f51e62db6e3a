// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// parquetRow is a verdict, or an error, as a row.
type parquetRow struct {
	ID      *string         `parquet:"id,optional"`
	Level   *string         `parquet:"level,optional,dict"`
	Score   *float64        `parquet:"score,optional"`
	Reasons []parquetReason `parquet:"reasons,list"`
	List    string          `parquet:"list,dict"`
	Engine  string          `parquet:"engine,dict"`
	Error   *string         `parquet:"error,optional"`
	Line    *int64          `parquet:"line,optional"`
	File    *string         `parquet:"file,optional,dict"`
	Cluster *string         `parquet:"cluster,optional"` // with Config.Cluster
}

type parquetReason struct {
	Indicator string        `parquet:"indicator,dict"`
	Dimension string        `parquet:"dimension,dict"`
	Strength  string        `parquet:"strength,dict"`
	Points    int32         `parquet:"points"`
	Spans     []parquetSpan `parquet:"spans,list"`
}

type parquetSpan struct {
	Field string `parquet:"field,dict"`
	Start int64  `parquet:"start"`
	End   int64  `parquet:"end"`
	Text  string `parquet:"text"`
}

// parquetSink writes rows in groups, so that memory stays bounded.
type parquetSink struct {
	w            *parquet.GenericWriter[parquetRow]
	pack         *pack.Pack
	list, engine string
	least        scorer.Level
	rows         int // in the group that is being written
}

const parquetGroup = 100_000 // rows

func newParquetSink(w io.Writer, p *pack.Pack, list, engine string, least scorer.Level) sink {
	return &parquetSink{
		w:    parquet.NewGenericWriter[parquetRow](w, parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest})),
		pack: p, list: list, engine: engine, least: least,
	}
}

func (s *parquetSink) begin() error { return nil }

func (s *parquetSink) format(b *Block) {
	for k := range b.records {
		if r := &b.records[k]; shown(r, s.least) {
			b.rows = append(b.rows, s.row(b, r, &b.listings[k]))
		}
	}
	for k := range b.trouble {
		b.rows = append(b.rows, s.row(b, &b.trouble[k], nil))
	}
}

func (s *parquetSink) row(b *Block, r *Record, l *scorer.Listing) parquetRow {
	row := parquetRow{List: s.list, Engine: s.engine}
	if len(r.ID) > 0 {
		id := plainID(r.ID)
		row.ID = &id
	}
	if r.Problem != "" {
		line := r.Line
		row.Error, row.Line = &r.Problem, &line
		if b.file != "" {
			row.File = &b.file
		}
		return row
	}
	if r.cluster != "" {
		row.Cluster = &r.cluster
	}
	level, score := r.Verdict.Level.String(), float64(r.Verdict.Score)/100
	row.Level, row.Score = &level, &score
	cut := passageCutter{listing: l}
	for k := range r.Verdict.Reasons {
		row.Reasons = append(row.Reasons, s.reason(&r.Verdict.Reasons[k], &cut))
	}
	return row
}

func (s *parquetSink) reason(r *scorer.Reason, cut *passageCutter) parquetReason {
	name := nameOf(s.pack, r.Indicator)
	out := parquetReason{
		Indicator: name.id, Points: int32(r.Points),
		Dimension: name.dimension.String(), Strength: name.strength.String(),
	}
	for _, span := range r.Spans {
		out.Spans = append(out.Spans, parquetSpan{
			Field: span.Field.String(), Start: int64(span.Start), End: int64(span.End), Text: cut.text(span),
		})
	}
	return out
}

func (s *parquetSink) write(b *Block) error {
	if _, err := s.w.Write(b.rows); err != nil {
		return err
	}
	if s.rows += len(b.rows); s.rows >= parquetGroup {
		s.rows = 0
		return s.w.Flush()
	}
	return nil
}

func (s *parquetSink) end() error { return s.w.Close() }
