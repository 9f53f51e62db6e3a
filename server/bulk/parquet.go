// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// parquetSource reads the columns that make a listing, side by side and page by
// page; other columns are not touched.
type parquetSource struct {
	file    *parquet.File
	groups  []parquet.RowGroup
	columns []parquetColumn // those with a place in a listing
	pos     Position        // Offset: rows
	group   int             // the one being read
	left    int64           // rows left in it
}

type parquetColumn struct {
	leaf   int
	slot   Slot
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	buffer [256]parquet.Value
	have   []parquet.Value // of buffer, not used yet
}

func (o *opener) openParquet(in Input, f *os.File, s *opened, at Position) (src source, err error) {
	if f == nil {
		return nil, errors.New("Parquet is read from its end, so it must be a plain file: not a pipe, not compressed")
	}
	defer broken(&err)
	size := in.Size
	if size < 12 {
		return nil, errors.New("too short to be Parquet")
	}
	file, err := parquet.OpenFile(f, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, fmt.Errorf("not Parquet, or damaged: %v", err)
	}
	p := &parquetSource{file: file, groups: file.RowGroups(), pos: Position{File: at.File}, group: -1}
	if err := p.choose(file, o.fields); err != nil {
		return nil, err
	}
	s.close = append(s.close, p.closePages)
	return p, p.seek(at.Offset)
}

// choose finds the columns by name. Only plain columns of the top level hold
// one value per row.
func (p *parquetSource) choose(file *parquet.File, fields Fields) error {
	var names []string
	var leaves []int
	for _, c := range file.Root().Columns() {
		if c.Leaf() && !c.Repeated() {
			names = append(names, c.Name())
			leaves = append(leaves, c.Index())
		}
	}
	slots, err := fields.header(names)
	if err != nil {
		return err
	}
	for k, slot := range slots {
		if slot != noSlot {
			p.columns = append(p.columns, parquetColumn{leaf: leaves[k], slot: slot})
		}
	}
	return nil
}

// seek goes to a row of the file.
func (p *parquetSource) seek(row int64) error {
	p.pos.Offset, p.pos.Line = row, row
	for k, g := range p.groups {
		if row < g.NumRows() {
			return p.enter(k, row)
		}
		row -= g.NumRows()
	}
	p.group = len(p.groups)
	return nil
}

func (p *parquetSource) enter(group int, row int64) error {
	p.closePages()
	p.group = group
	if group >= len(p.groups) {
		return nil
	}
	chunks := p.groups[group].ColumnChunks()
	p.left = p.groups[group].NumRows() - row
	for k := range p.columns {
		c := &p.columns[k]
		if err := checkPages(p.file, p.file.Size(), &p.file.Metadata().RowGroups[group].Columns[c.leaf].MetaData); err != nil {
			return err
		}
		c.pages = chunks[c.leaf].Pages()
		if row > 0 {
			if err := c.pages.SeekToRow(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *parquetSource) closePages() {
	for k := range p.columns {
		c := &p.columns[k]
		if c.page != nil {
			parquet.Release(c.page)
		}
		if c.pages != nil {
			c.pages.Close()
		}
		c.pages, c.page, c.values, c.have = nil, nil, nil, nil
	}
}

// fill copies rows into b until it is full. The texts are put into data, where
// they may move while it grows, so views are made at the end.
func (p *parquetSource) fill(b *Block) (err error) {
	defer broken(&err)
	var cells []cellAt
	rows := 0 // that are whole
	defer func() {
		b.records, b.listings = b.records[:rows], b.listings[:rows]
		for _, c := range cells {
			if c.record >= rows {
				break
			}
			setCell(&b.records[c.record], &b.listings[c.record], c.slot, b.data[c.from:c.to])
		}
		for k := range b.records {
			if r := &b.records[k]; r.Problem == "" && missesText(&b.listings[k]) {
				r.Problem = noText
			}
		}
		b.next = p.pos
	}()
	for len(b.data) < blockSize && len(b.records) < blockSize/64 {
		for p.left == 0 {
			if p.group+1 >= len(p.groups) {
				return io.EOF
			}
			if err := p.enter(p.group+1, 0); err != nil {
				return err
			}
		}
		b.add(p.pos.Line + 1)
		for k := range p.columns {
			v, err := p.columns[k].next()
			if err != nil {
				return err
			}
			cells = p.put(b, p.columns[k].slot, v, cells)
		}
		rows++
		p.left--
		p.pos.Offset++
		p.pos.Line++
	}
	return nil
}

// cellAt is a text of a record, as a place in its block's data.
type cellAt struct {
	record   int
	slot     Slot
	from, to int
}

func (p *parquetSource) put(b *Block, slot Slot, v parquet.Value, cells []cellAt) []cellAt {
	if v.IsNull() {
		return cells
	}
	from := len(b.data)
	switch v.Kind() {
	case parquet.ByteArray, parquet.FixedLenByteArray:
		if len(v.ByteArray()) > MaxLine {
			b.records[len(b.records)-1].Problem = fmt.Sprintf("the text is longer than %d bytes", MaxLine)
			return cells
		}
		b.data = append(b.data, v.ByteArray()...)
	case parquet.Int32, parquet.Int64:
		b.data = strconv.AppendInt(b.data, v.Int64(), 10)
	default:
		b.data = append(b.data, v.String()...)
	}
	return append(cells, cellAt{len(b.records) - 1, slot, from, len(b.data)})
}

// setCell gives a listing one of its texts.
func setCell(r *Record, l *scorer.Listing, slot Slot, cell []byte) {
	switch slot {
	case noSlot:
	case SlotID:
		if len(cell) > 0 {
			r.ID = AppendJSONString(nil, view(cell))
		}
	case SlotKind:
		l.Kind = pack.ParseKind(view(cell))
	case SlotLang:
		l.Lang = view(cell)
	default:
		l.Text[slot] = view(cell)
	}
}

// next gives the column's value in the next row.
func (c *parquetColumn) next() (parquet.Value, error) {
	for len(c.have) == 0 {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return parquet.Value{}, err
			}
			c.page, c.values = page, page.Values()
		}
		n, err := c.values.ReadValues(c.buffer[:])
		c.have = c.buffer[:n]
		if err == io.EOF && n == 0 {
			parquet.Release(c.page)
			c.page, c.values = nil, nil
		} else if err != nil && err != io.EOF {
			return parquet.Value{}, err
		}
	}
	v := c.have[0]
	c.have = c.have[1:]
	return v, nil
}

// broken turns a panic of the Parquet library over a damaged file into an error.
func broken(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("damaged Parquet: %v", r)
	}
}
