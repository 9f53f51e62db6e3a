// SPDX-License-Identifier: Apache-2.0

// Benchbytes shows what a day's change of a list costs in bytes, beside other
// ways of sending it:
//
//	go run ./server/ceremony/benchbytes
//
// It needs zstd and bsdiff. The lists are generated, the same on every machine.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/molecule-man/go-brrr"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("benchbytes: error: ")
	for _, tool := range []string{"zstd", "bsdiff"} {
		if _, err := exec.LookPath(tool); err != nil {
			log.Fatalf("%v\nbenchbytes: hint: apt-get install zstd bsdiff", err)
		}
	}
	dir, err := os.MkdirTemp("", "benchbytes")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, entries := range []int{10_000, 100_000} {
		if err := compare(dir, entries); err != nil {
			log.Print(err)
			return
		}
	}
}

// days are the ages of the client's list that are tried.
var days = []int{1, 7, 30}

func compare(dir string, entries int) error {
	old := packtest.Generate(1, entries)
	b, err := newBase(dir, old)
	if err != nil {
		return err
	}
	next, age := old, 0
	fmt.Printf("%d entries, 1 %% changed per day; bytes\n", entries)
	for _, day := range days {
		for ; age < day; age++ {
			next = packtest.NextDay(next, uint64(age))
		}
		if err := b.row(day, next); err != nil {
			return err
		}
	}
	fmt.Println()
	return nil
}

// base is the list that a client has, in the forms that others patch.
type base struct {
	dir        string
	pack       *pack.Pack
	bin, plain string // files: encoded, and as JSON
}

func newBase(dir string, p *pack.Pack) (*base, error) {
	b := &base{dir: dir, pack: p, bin: filepath.Join(dir, "old.pack"), plain: filepath.Join(dir, "old.json")}
	bin, plain, err := forms(p)
	if err != nil {
		return nil, err
	}
	return b, errors.Join(os.WriteFile(b.bin, bin, 0o600), os.WriteFile(b.plain, plain, 0o600))
}

// entry is a pattern as a list in JSON would have it.
type entry struct {
	Expr      string `json:"expr"`
	Lang      string `json:"lang"`
	Indicator string `json:"indicator"`
	Weight    uint8  `json:"weight"`
}

func forms(p *pack.Pack) (bin, plain []byte, err error) {
	if bin, err = pack.Encode(p); err != nil {
		return nil, nil, err
	}
	all := make([]entry, len(p.Patterns))
	for i, pat := range p.Patterns {
		ind := p.Indicators[pat.Indicator]
		all[i] = entry{pat.Expr, pat.Lang, ind.ID, ind.Weight}
	}
	plain, err = json.Marshal(all)
	return bin, plain, err
}

// row prints the ways from the base to next.
func (b *base) row(day int, next *pack.Pack) error {
	delta, err := pack.Diff(b.pack, next)
	if err != nil {
		return err
	}
	bin, plain, err := forms(next)
	if err != nil {
		return err
	}
	newBin, newPlain := filepath.Join(b.dir, "new.pack"), filepath.Join(b.dir, "new.json")
	if err := errors.Join(os.WriteFile(newBin, bin, 0o600), os.WriteFile(newPlain, plain, 0o600)); err != nil {
		return err
	}
	if day == days[0] {
		fmt.Printf("  whole list       pack gzip %d, brotli %d; JSON gzip %d, brotli %d\n", gz(bin), br(bin), gz(plain), br(plain))
		fmt.Printf("  %-8s %12s %12s %12s %12s %12s %12s\n", "update", "delta gzip", "delta br", "zstd (JSON)", "zstd (pack)", "bsdiff", "JSON gzip")
	}
	out := filepath.Join(b.dir, "patch")
	onPlain, err := run(out, "zstd", "-q", "-f", "-19", "--long=27", "--patch-from="+b.plain, newPlain, "-o", out)
	if err != nil {
		return err
	}
	onBin, err := run(out, "zstd", "-q", "-f", "-19", "--long=27", "--patch-from="+b.bin, newBin, "-o", out)
	if err != nil {
		return err
	}
	diff, err := run(out, "bsdiff", b.bin, newBin, out)
	if err != nil {
		return err
	}
	fmt.Printf("  %-8s %12d %12d %12d %12d %12d %12d\n", fmt.Sprintf("%d days", day), gz(delta), br(delta), onPlain, onBin, diff, gz(plain))
	return nil
}

// run lets a tool write out and gives its size.
func run(out, tool string, args ...string) (int64, error) {
	if b, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %v\n%s", tool, err, b)
	}
	info, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func gz(b []byte) int {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write(b)
	w.Close()
	return out.Len()
}

func br(b []byte) int {
	var out bytes.Buffer
	w, err := brrr.NewWriter(&out, 11)
	if err != nil {
		return 0
	}
	w.Write(b)
	w.Close()
	return out.Len()
}
