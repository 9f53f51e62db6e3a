// SPDX-License-Identifier: Apache-2.0

package pull_test

import (
	"bytes"
	"context"
	"crypto/hpke"
	"encoding/hex"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/pull"
	"lapwing/server/collect/stream"
)

func newKey(t *testing.T) (hpke.PrivateKey, seal.Key) {
	t.Helper()
	private, err := hpke.MLKEM768X25519().GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return private, seal.Key{Name: "intake-2026-11", Public: private.PublicKey().Bytes()}
}

// row seals the n-th report into a row of that number.
func row(t *testing.T, n uint64, keys ...seal.Key) stream.Row {
	t.Helper()
	envelope, err := collecttest.Sealed(collecttest.Report(n), 1, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return stream.Row{Sequence: n, Day: 20781, ID: seal.IDOf(collecttest.Code(n)), Blob: envelope}
}

func rowsOf(rows ...stream.Row) iter.Seq2[stream.Row, error] {
	return func(yield func(stream.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestReportsAreOpenedAndFaultsAreTold(t *testing.T) {
	private, key := newKey(t)
	_, other := newKey(t)
	damaged := row(t, 4, key)
	damaged.Blob[3000] ^= 1
	// A forger who seals report 5 for an envelope with the id of report 6.
	swapped := row(t, 5, key)
	swapped.ID = seal.IDOf(collecttest.Code(6))
	for _, tt := range []struct {
		name  string
		row   stream.Row
		fault string
	}{
		{"to one key", row(t, 1, key), ""},
		{"to two keys", row(t, 2, other, key), ""},
		{"to another month's", row(t, 3, other), "keys that are not here"},
		{"damaged", damaged, "damaged"},
		{"of another id", swapped, "own id"},
		{"no envelope", stream.Row{Sequence: 7, Blob: make([]byte, 4096)}, "malformed"},
		{"withdrawn", stream.Row{Sequence: 8, ID: stream.ID{8}}, "withdrawn"},
	} {
		for o, err := range pull.Open(rowsOf(tt.row), pull.NewKeys(private)) {
			if err != nil || o.Sequence != tt.row.Sequence || o.ID != tt.row.ID || o.Day != tt.row.Day {
				t.Fatalf("%s: got %+v, %v", tt.name, o, err)
			}
			want, _ := collecttest.Report(tt.row.Sequence).Encode()
			switch {
			case tt.fault == "withdrawn":
				if !o.Withdrawn || o.Report != nil || o.Fault != "" {
					t.Errorf("%s: got %+v", tt.name, o)
				}
			case tt.fault == "":
				if o.Report == nil || o.Report.Note != collecttest.Report(tt.row.Sequence).Note || !bytes.Equal(o.Raw, want) || o.Fault != "" {
					t.Errorf("%s: got %+v", tt.name, o)
				}
			case o.Report != nil || !strings.Contains(o.Fault, tt.fault):
				t.Errorf("%s: got fault %q, want %q in it", tt.name, o.Fault, tt.fault)
			}
		}
	}
}

// serve answers as a collecting server does, a few rows at a time.
func serve(t *testing.T, key string, rows []stream.Row) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key {
			http.Error(w, "no", 401)
			return
		}
		var after uint64
		fmt.Sscan(r.URL.Query().Get("after"), &after)
		b := []byte(stream.Title)
		n := 0
		for _, row := range rows {
			if row.Sequence > after && n < 2 {
				b = stream.Append(b, row)
				n++
			}
		}
		w.Write(b)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestRowsComeFromServerAndFileAlike(t *testing.T) {
	_, key := newKey(t)
	var rows []stream.Row
	file := []byte(stream.Title)
	for n := uint64(1); n <= 5; n++ {
		rows = append(rows, row(t, n, key))
		file = stream.Append(file, rows[n-1])
	}
	name := filepath.Join(t.TempDir(), "export")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	server, err := pull.HTTP(serve(t, "secret", rows), "secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range []pull.Source{server, pull.File(name)} {
		for after, want := range []int{5, 4, 3, 2, 1, 0} {
			got := 0
			for row, err := range source.After(context.Background(), uint64(after)) {
				if err != nil || !bytes.Equal(row.Blob, rows[after+got].Blob) {
					t.Fatalf("%T after %d: row %d: %v", source, after, row.Sequence, err)
				}
				got++
			}
			if got != want {
				t.Errorf("%T after %d: got %d rows, want %d", source, after, got, want)
			}
		}
	}
}

func TestFaultyServersAreFoundOut(t *testing.T) {
	_, key := newKey(t)
	backwards := []stream.Row{row(t, 5, key), row(t, 4, key)}
	for name, rows := range map[string][]stream.Row{"numbers that fall": backwards, "no such key": nil} {
		base := serve(t, map[bool]string{true: "secret", false: "another"}[rows != nil], rows)
		server, err := pull.HTTP(base, "secret")
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range server.After(context.Background(), 0) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, base := range []string{"http://reports.example", "reports.example", "ftp://x"} {
		if _, err := pull.HTTP(base, "secret"); err == nil {
			t.Errorf("%s: the key would go over the wire in the clear", base)
		}
	}
}

func TestFolderKeepsEachReportOnceAndForgetsWithdrawnOnes(t *testing.T) {
	private, key := newKey(t)
	_, other := newKey(t)
	dir := filepath.Join(t.TempDir(), "reports")
	put := func(want string, rows ...stream.Row) {
		t.Helper()
		f, err := pull.OpenFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		for o, err := range pull.Open(rowsOf(rows...), pull.NewKeys(private)) {
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Put(o); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Save(); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(f.Last, f.Added, f.Known, f.Withdrawn, f.Refused); got != want {
			t.Errorf("got last, added, known, withdrawn, refused %s; want %s", got, want)
		}
	}
	one, two := row(t, 1, key), row(t, 2, key)
	put("3 2 0 0 1", one, two, row(t, 3, other))
	put("3 0 1 0 0", one) // fetched again
	put("9 0 0 1 0", stream.Row{Sequence: 9, ID: one.ID})
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range names {
		info, _ := n.Info()
		got = append(got, fmt.Sprint(n.Name(), info.Mode()))
	}
	want := fmt.Sprint([]string{hex.EncodeToString(two.ID[:]) + ".json-rw-------", "pulled-rw-------", "refused.jsonl-rw-------"})
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	report, _ := os.ReadFile(filepath.Join(dir, hex.EncodeToString(two.ID[:])+".json"))
	if want, _ := collecttest.Report(2).Encode(); !bytes.Equal(report, want) {
		t.Errorf("got %s", report)
	}
	if err := os.WriteFile(filepath.Join(dir, "pulled"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pull.OpenFolder(dir); err == nil {
		t.Error("a folder that does not know how far it has come was opened")
	}
}
