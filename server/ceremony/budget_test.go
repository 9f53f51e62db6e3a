// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

// day is what a client fetches on a day with a release, in bytes of bodies as
// they travel.
type day struct{ head, release, proof, delta, full int }

func (d day) total() int { return 4*d.head + d.release + d.proof + d.delta }

// measure publishes releases of a generated list and gives what the last day costs.
func measure(t testing.TB, entries, days int) day {
	p := found(t)
	list := packtest.Generate(1, entries)
	for i := range days {
		now := day0.AddDate(0, 0, i)
		if i > 0 {
			list = packtest.NextDay(list, uint64(i))
		}
		list.Version = uint32(i + 1)
		b, err := pack.Encode(list)
		if err != nil {
			t.Fatal(err)
		}
		text, err := p.tree.Prepare(ceremony.Plan{Pack: b, Requires: "1.0.0", Now: now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.tree.Publish(context.Background(), p.sign(t, text, p.release[0], p.release[1]), p.online(), now); err != nil {
			t.Fatal(err)
		}
	}
	past, err := p.tree.History()
	if err != nil {
		t.Fatal(err)
	}
	last := past[len(past)-1]
	d := day{
		head:    p.size(t, release.HeadPath),
		release: p.size(t, release.ObjectPath(last.Hash)+".br"),
		proof:   p.size(t, release.ProofPath(last.Hash)),
		delta:   p.size(t, release.ObjectPath(last.Deltas[0].Hash)+".gz"),
		full:    p.size(t, release.ObjectPath(last.Pack.Hash)+".gz"),
	}
	// A log of a year's releases has proofs of nine hashes.
	proof, err := os.ReadFile(filepath.Join(p.dir, release.ProofPath(last.Hash)))
	if err != nil {
		t.Fatal(err)
	}
	hashes := strings.Count(strings.SplitN(string(proof), "\n\n", 2)[0], "\n") - 1
	d.proof += (9 - hashes) * 45
	return d
}

func (p *people) size(t testing.TB, name string) int {
	t.Helper()
	info, err := os.Stat(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Size())
}

func TestDayStaysWithinItsBytes(t *testing.T) {
	d := measure(t, 10_000, 6)
	d.check(t, 10_000, 3_600, 84_000)
	// What is signed is of the same length whatever the list's; only the list
	// and its delta grow.
	old := packtest.Generate(1, 100_000)
	next := packtest.NextDay(old, 1)
	delta, err := pack.Diff(old, next)
	if err != nil {
		t.Fatal(err)
	}
	full, err := pack.Encode(next)
	if err != nil {
		t.Fatal(err)
	}
	d.delta, d.full = gzipped(delta), gzipped(full)
	d.check(t, 100_000, 10_300, 700_000)
}

func (d day) check(t *testing.T, entries, update, full int) {
	t.Helper()
	t.Logf("%d entries: 4 heads of %d, release %d, proof %d, delta %d: %d bytes; full %d", entries, d.head, d.release, d.proof, d.delta, d.total(), d.full)
	if d.total() > update || d.full > full {
		t.Errorf("%d entries: a day costs %d bytes and the full list %d; want at most %d and %d", entries, d.total(), d.full, update, full)
	}
}

func gzipped(b []byte) int {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write(b)
	w.Close()
	return out.Len()
}
