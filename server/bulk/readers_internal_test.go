// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/parquet-go/parquet-go"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// CSV is framed by one function, block by block, and parsed by another; were
// they to disagree about where a record ends, listings would be torn.
func FuzzCSVFramesWhereItParses(f *testing.F) {
	for _, s := range []string{"a,b\n\"c\n\"\"d\",e\n", "5\" x,y\n\"a\"b\"c,\"\n", "\"\"\"\"\n\"", "a\"\"b,\"c\"\n\r\n\n", "\"a\"\"\nb\"\n"} {
		f.Add([]byte(s), uint8(3))
	}
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		layout := csvLayout{comma: ',', slots: []Slot{SlotID, Slot(scorer.Title), Slot(scorer.Body)}}
		want := 0
		for at := 0; at < len(data); {
			if n := blankLine(data[at:]); n > 0 {
				at += n
			} else {
				var r Record
				var l scorer.Listing
				at += layout.record(bytes.Clone(data[at:]), &r, &l)
			}
			if data[at-1] == '\n' && (at < len(data) || endsOutsideQuotes(data)) {
				want = at
			}
		}
		whole := &csvRecords{csvLayout: layout}
		whole.restart()
		if got := whole.last(data); got != want {
			t.Fatalf("%q: framed up to %d, parsed up to %d", data, got, want)
		}
		pieces := &csvRecords{csvLayout: layout}
		pieces.restart()
		got := 0
		for k := 0; k < len(data); k += int(step) + 1 {
			got = pieces.last(data[:min(k+int(step)+1, len(data))])
		}
		if got != want {
			t.Fatalf("%q in pieces of %d: framed up to %d, want %d", data, step+1, got, want)
		}
	})
}

// endsOutsideQuotes follows the quotes byte by byte, as plainly as can be.
func endsOutsideQuotes(data []byte) bool {
	quoted, start := false, true
	for k := 0; k < len(data); k++ {
		switch c := data[k]; {
		case quoted && c == '"' && k+1 < len(data) && data[k+1] == '"':
			k++
		case quoted && c == '"':
			quoted, start = false, false
		case quoted:
		case start && c == '"':
			quoted = true
		default:
			start = c == ',' || c == '\n'
		}
	}
	return !quoted
}

// FuzzReaders gives any bytes to every reader: each ends, without a panic, and
// without a difference between one read and many small ones.
func FuzzReaders(f *testing.F) {
	f.Add([]byte(`{"title":"a"}`+"\n{\n"), uint8(0))
	f.Add([]byte("id,title\n1,\"a\nb\"\n"), uint8(1))
	f.Add([]byte("<p>page"), uint8(2))
	f.Add([]byte{0x1f, 0x8b, 8, 0}, uint8(3))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0}, uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, format uint8) {
		formats := []Format{FormatJSONL, FormatCSV, FormatHTML, FormatAuto}
		var outs [2]string
		for k, r := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data))} {
			var out strings.Builder
			_, err := Run(t.Context(), Config{
				Pack: emptyPack(), List: "l", Engine: Native{quiet{}}, Workers: 1,
				Inputs: []Input{{Stdin, int64(len(data))}}, Stdin: r, In: formats[int(format)%len(formats)],
				Extract: func(page string) ([]scorer.Listing, error) {
					l := scorer.Listing{}
					l.Text[scorer.Body] = page
					return []scorer.Listing{l}, nil
				},
				Out: FormatJSONL, Output: &out,
			})
			if err != nil {
				t.Fatal(err)
			}
			outs[k] = out.String()
		}
		if outs[0] != outs[1] {
			t.Errorf("%q: read at once\n%s\nbyte by byte\n%s", data, outs[0], outs[1])
		}
	})
}

func FuzzParquet(f *testing.F) {
	f.Add([]byte("PAR1\x15\x00PAR1"))
	var whole bytes.Buffer
	w := parquet.NewGenericWriter[struct {
		ID    int64   `parquet:"id"`
		Title *string `parquet:"title,optional"`
		Body  string  `parquet:"body,dict"`
	}](&whole, parquet.Compression(&parquet.Snappy))
	w.Write(make([]struct {
		ID    int64   `parquet:"id"`
		Title *string `parquet:"title,optional"`
		Body  string  `parquet:"body,dict"`
	}, 3))
	w.Close()
	f.Add(whole.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "a.parquet")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Run(t.Context(), Config{
			Pack: emptyPack(), List: "l", Engine: Native{quiet{}}, Workers: 1,
			Inputs: []Input{{path, int64(len(data))}}, Out: FormatJSONL, Output: io.Discard,
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// quiet finds nothing.
type quiet struct{}

func (quiet) Score(*scorer.Listing) scorer.Verdict { return scorer.Verdict{} }

// A cache that must forget nearly everything still changes no verdict: it has
// room for a handful of verdicts in the tail, and texts come back all the time.
func TestACacheThatDropsEntriesStaysRight(t *testing.T) {
	const distinct, rounds = 3000, 8
	var in strings.Builder
	for range rounds {
		for k := range distinct {
			// Long enough that a round does not fit into the recent blocks.
			fmt.Fprintf(&in, `{"id":%d,"body":"text %d %s"}`+"\n", k, k, strings.Repeat("and more ", 700))
		}
	}
	c := newCache("list", 4000)
	defer c.Close()
	var out strings.Builder
	r, err := Run(t.Context(), Config{
		Pack: emptyPack(), List: "list", Engine: numbered{}, Cache: c, Workers: 3,
		Inputs: []Input{{Stdin, -1}}, Stdin: strings.NewReader(in.String()), In: FormatJSONL,
		Out: FormatJSONL, Output: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(out.String()) {
		id := n % distinct
		score := string(AppendScore(nil, uint16(id)))
		if !strings.HasPrefix(line, fmt.Sprintf(`{"id":%d,"level":"none","score":%s,`, id, score)) {
			t.Fatalf("line %d: got %swant id %d with score %s", n+1, line, id, score)
		}
		n++
	}
	if n != distinct*rounds {
		t.Errorf("got %d lines, want %d", n, distinct*rounds)
	}
	// Refused, dropped on the way or evicted: how depends on the scheduler.
	if r.Cache.Scored < distinct*rounds/2 {
		t.Errorf("the cache forgot little, so this test shows nothing: %+v", r.Cache)
	}
}

// numbered gives each listing the number in its text as its score.
type numbered struct{}

func (numbered) Name() string { return "native" }

func (numbered) Score(_ context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	for k := range listings {
		var n int
		if _, err := fmt.Sscanf(listings[k].Text[scorer.Body], "text %d", &n); err != nil {
			return err
		}
		verdicts[k] = scorer.Verdict{Score: uint16(n)}
	}
	return nil
}

// Texts that agree in what is sampled and differ elsewhere are not confused.
func TestTextsThatDifferOnlyBetweenSamplesAreToldApart(t *testing.T) {
	c := newCache("list", tailBytes)
	defer c.Close()
	var in strings.Builder
	for k := range 500 {
		fmt.Fprintf(&in, `{"body":"%s text %05d %s"}`+"\n", strings.Repeat("x", 200), k, strings.Repeat("y", 900))
	}
	var out strings.Builder
	_, err := Run(t.Context(), Config{
		Pack: emptyPack(), List: "list", Engine: placed{}, Cache: c, Workers: 2,
		Inputs: []Input{{Stdin, -1}}, Stdin: strings.NewReader(in.String() + in.String()), In: FormatJSONL,
		Out: FormatJSONL, Output: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(out.String()) {
		if want := `"score":` + string(AppendScore(nil, uint16(n%500))) + ","; !strings.Contains(line, want) {
			t.Fatalf("line %d: got %swant %s", n+1, line, want)
		}
		n++
	}
}

// placed finds the number behind the first 206 bytes.
type placed struct{}

func (placed) Name() string { return "native" }

func (placed) Score(_ context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	for k := range listings {
		var n int
		if _, err := fmt.Sscanf(listings[k].Text[scorer.Body][206:], "%d", &n); err != nil {
			return err
		}
		verdicts[k] = scorer.Verdict{Score: uint16(n)}
	}
	return nil
}

func emptyPack() *pack.Pack { return &pack.Pack{Name: "lapwing", Version: 1} }
