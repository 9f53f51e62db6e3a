// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/format"
)

// header writes a page header in Thrift's compact protocol.
func header(uncompressed, compressed, values int64) []byte {
	b := []byte{0x15, 0x00, 0x15} // 1: data page; 2:
	b = appendZigzag(b, uncompressed)
	b = appendZigzag(append(b, 0x15), compressed)     // 3:
	b = appendZigzag(append(b, 0x2c, 0x15), values)   // 5: struct, 1:
	return append(b, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0) // 2, 3, 4, end; end
}

func appendZigzag(b []byte, n int64) []byte {
	u := uint64(n<<1 ^ n>>63)
	for u >= 0x80 {
		b = append(b, byte(u)|0x80)
		u >>= 7
	}
	return append(b, byte(u))
}

func TestPagesThatAskForTooMuchAreRefusedUnread(t *testing.T) {
	for name, c := range map[string]struct {
		header []byte
		want   string
	}{
		"ordinary":        {header(100, 4, 10), ""},
		"too many bytes":  {header(1<<30, 4, 10), "larger than a page may be"},
		"too many values": {header(100, 4, 1<<30), "larger than a page may be"},
		"negative":        {header(-1, 4, 10), "larger than a page may be"},
		"goes backwards":  {header(100, -40, 10), errPageHeader.Error()},
		"cut short":       {header(100, 4, 10)[:5], errPageHeader.Error()},
	} {
		file := append(c.header, 1, 2, 3, 4)
		if c.want == errPageHeader.Error() && name == "cut short" {
			file = c.header
		}
		err := checkPages(bytes.NewReader(file), int64(len(file)), &format.ColumnMetaData{TotalCompressedSize: int64(len(file))})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: got %v, want no error", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	outside := &format.ColumnMetaData{DataPageOffset: 10, TotalCompressedSize: 100}
	if err := checkPages(bytes.NewReader(nil), 50, outside); err == nil {
		t.Error("a column outside of the file: got no error")
	}
}
