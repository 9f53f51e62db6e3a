// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// A Parquet page says in its header how long it is when decompressed and how
// many values it holds, and the library allocates what it says: a file of a few
// bytes can ask for gigabytes. So the headers of the columns that are read are
// looked at first.

const (
	maxPageBytes  = 128 << 20 // decompressed; usual are 1 MiB, some writers reach 100 MB
	maxPageValues = 4 << 20
	maxPageHeader = 64 << 10
)

var errPageHeader = errors.New("a page's header cannot be read")

// checkPages reads the headers of a column chunk's pages.
func checkPages(r io.ReaderAt, size int64, c *format.ColumnMetaData) error {
	at := c.DataPageOffset
	if d := c.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + c.TotalCompressedSize
	if at < 0 || c.TotalCompressedSize < 0 || end > size {
		return errors.New("a column lies outside of the file")
	}
	buf := make([]byte, min(maxPageHeader, end-at))
	for at < end {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), end-at)], at)
		if err != nil && err != io.EOF {
			return err
		}
		h := thriftReader{b: buf[:n]}
		page := h.pageHeader()
		if h.bad || page.compressed < 0 {
			return errPageHeader
		}
		if page.bytes < 0 || page.bytes > maxPageBytes || page.values < 0 || page.values > maxPageValues {
			return fmt.Errorf("a page of %d bytes and %d values is larger than a page may be (%d bytes, %d values)",
				page.bytes, page.values, maxPageBytes, maxPageValues)
		}
		at += int64(h.at) + page.compressed
	}
	return nil
}

// pageHeader is what matters of format.PageHeader.
type pageHeader struct {
	bytes, compressed, values int64
}

// thriftReader reads Thrift's compact protocol as far as page headers need it.
type thriftReader struct {
	b   []byte
	at  int
	bad bool
}

// Types of the compact protocol.
const (
	thriftStop = iota
	thriftTrue
	thriftFalse
	thriftI8
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
)

func (t *thriftReader) pageHeader() pageHeader {
	var p pageHeader
	t.fields(func(id int, kind byte) {
		switch {
		case id == 2 && kind == thriftI32:
			p.bytes = t.zigzag()
		case id == 3 && kind == thriftI32:
			p.compressed = t.zigzag()
		case kind == thriftStruct && (id == 5 || id == 7 || id == 8): // data, dictionary, data of version 2
			t.fields(func(id int, kind byte) {
				if id == 1 && kind == thriftI32 {
					p.values = t.zigzag()
				} else {
					t.skip(kind, 0)
				}
			})
		default:
			t.skip(kind, 0)
		}
	})
	return p
}

// fields calls read at each field of a struct.
func (t *thriftReader) fields(read func(id int, kind byte)) {
	id := 0
	for !t.bad {
		head := t.byte()
		kind := head & 15
		if kind == thriftStop {
			return
		}
		if delta := int(head >> 4); delta > 0 {
			id += delta
		} else {
			id = int(t.zigzag())
		}
		read(id, kind)
	}
}

func (t *thriftReader) skip(kind byte, depth int) {
	const deepest = 8
	if depth > deepest {
		t.bad = true
	}
	switch kind {
	case thriftTrue, thriftFalse: // the value is the type
	case thriftI8:
		t.byte()
	case thriftI16, thriftI32, thriftI64:
		t.zigzag()
	case thriftDouble:
		t.pass(8)
	case thriftBinary:
		t.pass(t.uvarint())
	case thriftStruct:
		t.fields(func(_ int, kind byte) { t.skip(kind, depth+1) })
	case thriftList, thriftSet:
		t.skipList(depth)
	default: // a page header has no maps
		t.bad = true
	}
}

func (t *thriftReader) skipList(depth int) {
	head := t.byte()
	n := uint64(head >> 4)
	if n == 15 {
		n = t.uvarint()
	}
	kind := head & 15
	for ; n > 0 && !t.bad; n-- {
		if kind == thriftTrue || kind == thriftFalse {
			t.byte()
		} else {
			t.skip(kind, depth+1)
		}
	}
}

func (t *thriftReader) byte() byte {
	if t.bad || t.at >= len(t.b) {
		t.bad = true
		return 0
	}
	t.at++
	return t.b[t.at-1]
}

func (t *thriftReader) pass(n uint64) {
	if n > uint64(len(t.b)-t.at) {
		t.bad = true
		return
	}
	t.at += int(n)
}

func (t *thriftReader) uvarint() uint64 {
	v, n := binary.Uvarint(t.b[t.at:])
	if n <= 0 {
		t.bad = true
		return 0
	}
	t.at += n
	return v
}

func (t *thriftReader) zigzag() int64 {
	u := t.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}
