// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"fmt"
	"io"

	"lapwing/scorer"
)

// Extractor finds the listings of a saved page. It is safe for concurrent use.
type Extractor func(page string) ([]scorer.Listing, error)

// pageSource gives one saved page; a worker finds the listings in it.
type pageSource struct {
	o  *opener
	in Input
	r  io.Reader
	at Position
}

func (p *pageSource) fill(b *Block) error {
	b.first = 1
	b.next = Position{File: p.at.File, Offset: 1}
	if p.at.Offset > 0 { // a run before this one has had it
		return io.EOF
	}
	if p.o.extract == nil {
		return fmt.Errorf("this program reads no pages")
	}
	b.data = grow(b.data, int(max(min(p.in.Size, MaxLine), 4096))+1)
	for {
		n, err := p.r.Read(b.data[len(b.data):cap(b.data)])
		b.data = b.data[:len(b.data)+n]
		if len(b.data) > MaxLine {
			b.data = b.data[:0]
			return fmt.Errorf("the page is longer than %d bytes", MaxLine)
		}
		if err == io.EOF {
			b.parse = p
			return err
		}
		if err != nil {
			b.data = b.data[:0]
			return err
		}
		if len(b.data) == cap(b.data) {
			b.data = grow(b.data, len(b.data))
		}
	}
}

// parse gives the page's listings, numbered from 1 in the place of lines. The
// id of a page with one listing is its path, else path#number.
func (p *pageSource) parse(b *Block) {
	found, err := p.o.extract(string(b.data))
	if err != nil {
		b.fault(1, err.Error())
		return
	}
	if len(found) == 0 {
		b.fault(1, "no listing was found on the page")
	}
	for k := range found {
		r, l := b.add(int64(k + 1))
		*l = found[k]
		name := p.in.Path
		if len(found) > 1 {
			name = fmt.Sprintf("%s#%d", name, k+1)
		}
		r.ID = AppendJSONString(nil, name)
		if missesText(l) {
			r.Problem = noText
		}
	}
}
