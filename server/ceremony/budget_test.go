// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"context"
	"fmt"
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
	note := 0
	for _, tt := range []struct{ entries, days, update, full int }{
		{10_000, 7, 3_600, 84_000},
		{100_000, 2, 10_300, 700_000},
	} {
		t.Run(fmt.Sprint(tt.entries), func(t *testing.T) {
			d := measure(t, tt.entries, tt.days)
			// The note is the same whatever the list's size; the short history
			// of the large one must not flatter it.
			note = max(note, d.release)
			d.release = note
			t.Logf("%d entries: 4 heads of %d, release %d, proof %d, delta %d: %d bytes; full %d", tt.entries, d.head, d.release, d.proof, d.delta, d.total(), d.full)
			if d.total() > tt.update || d.full > tt.full {
				t.Errorf("a day costs %d bytes and the full list %d; want at most %d and %d", d.total(), d.full, tt.update, tt.full)
			}
		})
	}
}
