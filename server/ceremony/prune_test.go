// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

func TestPruneKeepsWhatIsNeededAndNothingElse(t *testing.T) {
	p := found(t)
	last := day0
	for i := range 40 { // a release every ten days; all files are of today
		last = day0.AddDate(0, 0, 10*i)
		p.publish(t, last)
	}
	before := p.objects(t)
	tried, err := p.tree.Prune(last, true)
	if err != nil {
		t.Fatal(err)
	}
	if n := p.objects(t); n != before {
		t.Fatalf("a trial left %d files of %d", n, before)
	}
	got, err := p.tree.Prune(last, false)
	if err != nil {
		t.Fatal(err)
	}
	if got != tried || got.Objects == 0 {
		t.Errorf("pruned %+v, the trial said %+v, want the same and something", got, tried)
	}
	if again, err := p.tree.Prune(last, false); err != nil || again.Objects != 0 || again.Left != got.Left {
		t.Errorf("once more: %+v, %v; want nothing to be left to prune", again, err)
	}
	f := p.tree.Audit(context.Background(), last)
	if len(f.Faults) > 0 || f.Releases != 40 || f.Deltas == 0 {
		t.Errorf("got %d releases, %d deltas, faults %v; want 40 releases and no fault", f.Releases, f.Deltas, f.Faults)
	}
	// Life goes on: a release, and one that goes back 80 days.
	p.publish(t, last.AddDate(0, 0, 1))
	plan := ceremony.Plan{BackTo: 33, Requires: "1.0.0", Now: last.Add(48 * time.Hour)}
	if _, err := p.tree.Prepare(plan); err != nil {
		t.Errorf("going back 80 days: %v", err)
	}
	if f := p.tree.Audit(context.Background(), last.AddDate(0, 0, 2)); len(f.Faults) > 0 {
		t.Errorf("after another release: %v", f.Faults)
	}
}

func TestPruneLeavesWhatIsBeingSigned(t *testing.T) {
	p := found(t)
	p.publish(t, day0)
	next, err := pack.Encode(packtest.NextDay(p.pack, 1))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now() // as the files' times are
	text, err := p.tree.Prepare(ceremony.Plan{Pack: next, Requires: "1.0.0", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.tree.Prune(now.Add(89*24*time.Hour), false); err != nil || got.Objects != 0 {
		t.Fatalf("got %+v, %v; want nothing pruned: a release was prepared today", got, err)
	}
	r, err := release.ParseRelease(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(p.dir, release.ObjectPath(r.Pack.Hash))); err != nil {
		t.Error(err)
	}
	if got, err := p.tree.Prune(now.Add(91*24*time.Hour), false); err != nil || got.Objects == 0 {
		t.Errorf("got %+v, %v; want what nobody signed in 90 days to go", got, err)
	}
}

// objects counts the files of objects.
func (p *people) objects(t testing.TB) int {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(p.dir, "v1/o"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}
