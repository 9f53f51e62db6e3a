// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"bytes"
	"maps"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

// instead is a server that answers one path with something else.
func instead(p *releasetest.Publisher, path string, body []byte) releasetest.Server {
	return func(asked string) ([]byte, bool) {
		if asked == path {
			return body, body != nil
		}
		return p.Serve(asked)
	}
}

func TestArbitraryPackIsRefused(t *testing.T) {
	p, _, list := world(t)
	p.Packs = nil // no deltas
	p.Publish(list[1], start+day)
	other, err := pack.Encode(list[2])
	if err != nil {
		t.Fatal(err)
	}
	path := release.ObjectPath(p.Release.Pack.Hash)
	right := p.Tree[path]
	for name, c := range map[string]struct {
		body []byte
		want release.Fault
	}{
		"another pack":    {append(other, make([]byte, max(0, len(right)-len(other)))...)[:len(right)], release.WrongHash},
		"endless data":    {make([]byte, len(right)+1), release.WrongLength},
		"cut short":       {right[:len(right)-1], release.WrongLength},
		"no answer":       {nil, release.Unreachable},
		"a gzip'd answer": {releasetest.Gzip(right), release.WrongLength},
	} {
		t.Run(name, func(t *testing.T) {
			d := releasetest.NewDevice(p)
			refused(t, d, d.Poll(instead(p, path, c.body), start+day), release.APack, c.want, list[0])
			check(t, d, d.Poll(p.Serve, start+day+1), release.Updated, list[1])
		})
	}
}

func TestEndlessDataIsRefusedEverywhere(t *testing.T) {
	p, _, list := world(t)
	p.Intake = []byte("intake")
	p.Replace(release.ReleaseRole, "second")
	p.Rotate(start + day)
	p.Packs = nil
	p.Publish(list[1], start+day)
	note := p.Head.Hash
	for object, path := range map[release.Object]string{
		release.AHead: release.HeadPath, release.ARoot: release.RootPath(2), release.ARelease: release.ObjectPath(note),
		release.AProof: release.ProofPath(note), release.APack: release.ObjectPath(p.Release.Pack.Hash),
		release.AnIntake: release.ObjectPath(p.Release.Intake.Hash),
	} {
		d := releasetest.NewDevice(p)
		refused(t, d, d.Poll(instead(p, path, make([]byte, 20<<20)), start+day), object, release.WrongLength, list[0])
	}
}

func TestMissingObjectsKeepTheOldList(t *testing.T) {
	p, _, list := world(t)
	p.Intake = []byte("intake")
	p.Replace(release.ReleaseRole, "second")
	p.Rotate(start + day)
	p.Packs = nil
	p.Publish(list[1], start+day)
	for path := range p.Tree {
		d := releasetest.NewDevice(p)
		r := d.Poll(instead(p, path, nil), start+day)
		if path == release.RootPath(1) || path == release.ObjectPath(hashOf(p.Packaged.Release)) ||
			path == release.ProofPath(hashOf(p.Packaged.Release)) || path == release.ObjectPath(hashOf(p.PackagedPack)) {
			check(t, d, r, release.Updated, list[1]) // not asked for
			continue
		}
		check(t, d, r, release.Kept, list[0])
		if r.Err.Fault != release.Unreachable {
			t.Errorf("%s is missing: got %v, want %v", path, r.Err, release.Unreachable)
		}
		check(t, d, d.Poll(p.Serve, start+day+1), release.Updated, list[1])
	}
}

func TestRollbackIsRefused(t *testing.T) {
	p, d, list := world(t)
	oldTree := p.Tree[release.HeadPath]
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	t.Run("of the head", func(t *testing.T) {
		refused(t, d, d.Poll(instead(p, release.HeadPath, oldTree), start+day), release.AHead, release.RolledBack, list[1])
	})
	t.Run("of the release, with a stolen head key", func(t *testing.T) {
		first := *p.Head
		first.Version, first.Hash, first.Length = 1, hashOf(p.Packaged.Release), len(p.Packaged.Release)
		first.Issued, first.Expires = start+2*day, start+3*day
		head := releasetest.Sign(first.Text(), p.Signers[release.HeadRole]...)
		refused(t, d, d.Poll(instead(p, release.HeadPath, head), start+2*day), release.ARelease, release.RolledBack, list[1])
	})
	t.Run("below the package, by wiping the storage", func(t *testing.T) {
		d := releasetest.NewDevice(p)
		d.Packaged.Release, d.PackagedPack = p.Tree[release.ObjectPath(p.Head.Hash)], d.Pack
		d.PackagedPack = p.Tree[release.ObjectPath(p.Release.Pack.Hash)]
		refused(t, d, d.Poll(instead(p, release.HeadPath, oldTree), start+day), release.ARelease, release.RolledBack, list[1])
	})
}

func TestTwoContentsUnderOneVersionAreRefused(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	other := *list[2]
	other.Version = list[1].Version
	p.Packs = nil
	p.Publish(&other, start+2*day)
	refused(t, d, d.Poll(p.Serve, start+2*day), release.ARelease, release.TwoFaced, list[1])
	t.Run("that was shipped", func(t *testing.T) {
		p, d, list := world(t)
		other := *list[2]
		other.Version = list[0].Version
		p.Packs = nil
		p.Publish(&other, start+day)
		refused(t, d, d.Poll(p.Serve, start+day), release.ARelease, release.TwoFaced, list[0])
	})
	t.Run("under one time", func(t *testing.T) {
		p, d, list := world(t)
		p.SignHead(start + day)
		d.Poll(p.Serve, start+day)
		p.Publish(list[1], start+day)
		refused(t, d, d.Poll(p.Serve, start+day), release.AHead, release.TwoFaced, list[0])
	})
}

func TestFastForwardIsHealedByNewKeys(t *testing.T) {
	p, d, list := world(t)
	honest := maps.Clone(p.Tree)
	far := *list[3]
	far.Version = 1<<32 - 1
	p.Publish(&far, start+day)
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, &far)
	p.Tree = honest
	p.Packs = p.Packs[:1]
	p.Publish(list[1], start+2*day)
	r := d.Poll(p.Serve, start+2*day)
	if r.Outcome != release.Kept || r.Err.Fault != release.RolledBack {
		t.Fatalf("got %v (%v), want it refused as %v", r.Outcome, r.Err, release.RolledBack)
	}
	p.Replace(release.ReleaseRole, "new")
	p.Rotate(start + 3*day)
	p.Publish(list[2], start+3*day)
	check(t, d, d.Poll(p.Serve, start+3*day), release.Updated, list[2])
}

// Whoever has the head's key alone can freeze clients as long as they ask
// whoever has it, and not a day longer.
func TestAStolenHeadKeyLeavesNothingBehind(t *testing.T) {
	for name, lie := range map[string]func(h *release.Head){
		"a version that nobody signed":    func(h *release.Head) { h.Version, h.Hash = 1<<32-1, release.Hash{1} },
		"another version of what is used": func(h *release.Head) { h.Version = 1<<32 - 1 },
		"a date in a hundred years":       func(h *release.Head) { h.Issued += 36500 * day },
		"a date in two days":              func(h *release.Head) { h.Issued += 2 * day },
		"a date in a hundred years, and a version": func(h *release.Head) {
			h.Issued, h.Version, h.Hash = h.Issued+36500*day, 1<<32-1, release.Hash{1}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, d, list := world(t)
			h := *p.Head
			h.Issued = start + day
			lie(&h)
			h.Expires = h.Issued + release.HeadLife
			head := releasetest.Sign(h.Text(), p.Signers[release.HeadRole]...)
			r := d.Poll(instead(p, release.HeadPath, head), start+day)
			if r.Outcome == release.Updated {
				t.Fatalf("got %v, want the old list", r.Outcome)
			}
			if ahead := h.Issued > start+2*day; r.Outcome == release.UpToDate && r.Status.ClockSlow != ahead {
				t.Errorf("got slow clock %v, want %v: whose clock is wrong, a client cannot know", r.Status.ClockSlow, ahead)
			}
			p.Publish(list[1], start+day+10)
			check(t, d, d.Poll(p.Serve, start+day+20), release.Updated, list[1])
		})
	}
}

func TestHeadsAheadOfTheClockDoNotAddUp(t *testing.T) {
	p, d, list := world(t)
	now := int64(start + day)
	for i := range int64(30) { // each a day ahead of the one before
		h := *p.Head
		h.Issued = now + (i+1)*day
		h.Expires = h.Issued + release.HeadLife
		head := releasetest.Sign(h.Text(), p.Signers[release.HeadRole]...)
		check(t, d, d.Poll(instead(p, release.HeadPath, head), now), release.UpToDate, list[0])
	}
	p.Publish(list[1], now+day+1)
	check(t, d, d.Poll(p.Serve, now+day+1), release.Updated, list[1])
}

func TestASlowClockKeepsNobodyFromNews(t *testing.T) {
	p, d, list := world(t)
	const slow = 60 * day
	first := p.Tree[release.HeadPath]
	for i := 1; i < 4; i++ {
		now := start + int64(i)*30*day
		p.Publish(list[i], now)
		r := d.Poll(p.Serve, now-slow)
		check(t, d, r, release.Updated, list[i])
		if slow := now-slow < start || i > 1; r.Status.ClockSlow != slow {
			t.Errorf("release %d: got slow clock %v, want %v", i, r.Status.ClockSlow, slow)
		}
	}
	refused(t, d, d.Poll(instead(p, release.HeadPath, first), start), release.ARelease, release.RolledBack, list[3])
}

func TestStolenKeysAreOfNoUseOnceReplaced(t *testing.T) {
	p, d, list := world(t)
	stolen := p.Threshold(release.ReleaseRole)
	p.Replace(release.ReleaseRole, "new")
	p.Rotate(start + day)
	p.Packs = nil
	p.Publish(list[1], start+day)
	note := releasetest.Sign(p.Release.Text(), stolen...)
	p.AddNote(note, p.Release.Version)
	p.SignHead(start + 2*day)
	refused(t, d, d.Poll(p.Serve, start+2*day), release.ARelease, release.TooFewSignatures, list[0])
}

func TestFreezeIsNoticed(t *testing.T) {
	p, d, list := world(t)
	d.Poll(p.Serve, start+day)
	p.Publish(list[1], start+2*day)
	frozen := releasetest.NewPublisher(list[0], start).Serve
	check(t, d, d.Poll(frozen, start+6*day), release.UpToDate, list[0])
	r := d.Poll(frozen, start+7*day)
	refused(t, d, r, release.AHead, release.Expired, list[0])
	if !r.Status.StaleHead || r.Status.StaleList {
		t.Errorf("got %+v, want a stale head and a list that is not stale yet", r.Status)
	}
	r = d.Poll(frozen, start+90*day)
	if !r.Status.StaleHead || !r.Status.StaleList || r.Status.Age != 90*day {
		t.Errorf("got %+v, want it said that the list is 90 days old", r.Status)
	}
}

func TestExpiryAtEveryLevel(t *testing.T) {
	t.Run("release", func(t *testing.T) {
		p, d, list := world(t)
		p.Publish(list[1], start+day)
		p.SignHead(start + 95*day)
		refused(t, d, d.Poll(p.Serve, start+95*day), release.ARelease, release.Expired, list[0])
	})
	t.Run("root", func(t *testing.T) {
		p, d, list := world(t)
		p.Publish(list[1], start+400*day)
		r := d.Poll(p.Serve, start+400*day)
		refused(t, d, r, release.ARoot, release.Expired, list[0])
		if !r.Status.StaleRoot {
			t.Error("a root past its date goes unmentioned")
		}
		p.Rotate(start + 400*day) // the old keys may still pass on
		check(t, d, d.Poll(p.Serve, start+400*day), release.Updated, list[1])
	})
	t.Run("head that is valid for a year", func(t *testing.T) {
		p, d, list := world(t)
		p.Head.Issued, p.Head.Expires = start+day, start+365*day
		p.Tree[release.HeadPath] = releasetest.Sign(p.Head.Text(), p.Signers[release.HeadRole]...)
		refused(t, d, d.Poll(p.Serve, start+day), release.AHead, release.ValidTooLong, list[0])
	})
	t.Run("release that is valid for a year", func(t *testing.T) {
		p, d, list := world(t)
		p.Publish(list[1], start+day)
		p.Release.Expires = start + 366*day
		p.SignRelease(p.Release, start+day)
		refused(t, d, d.Poll(p.Serve, start+day), release.ARelease, release.ValidTooLong, list[0])
	})
}

func TestClockFarInThePast(t *testing.T) {
	p, d, list := world(t)
	old := instead(p, release.HeadPath, p.Tree[release.HeadPath])
	d.Packaged.Built = start + 30*day
	// A head of before the program was built does not come back to life.
	refused(t, d, d.Poll(old, 0), release.AHead, release.Expired, list[0])
	p.Publish(list[1], start+31*day)
	r := d.Poll(p.Serve, 0)
	check(t, d, r, release.Updated, list[1])
	if !r.Status.ClockSlow {
		t.Error("a clock that stands at 1970 goes unmentioned")
	}
}

func TestTimeNeverRunsBackBehindTheNewestHead(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	p.SignHead(start + 95*day)
	// The release ran out on day 91; the clock says that it is day 50.
	r := d.Poll(p.Serve, start+50*day)
	refused(t, d, r, release.ARelease, release.Expired, list[0])
	if !r.Status.ClockSlow {
		t.Errorf("got %+v, want a slow clock", r.Status)
	}
	p.Publish(list[2], start+60*day)
	check(t, d, d.Poll(p.Serve, start+50*day), release.Updated, list[2])
	p.SignHead(start + 60*day + 1)
	d.Poll(p.Serve, start+60*day)
	if s := d.Status(start); !s.ClockSlow || s.Age != 1 {
		t.Errorf("a clock set back to the first day: got %+v, want a slow clock and a list of a second", s)
	}
}

func TestClockFarInTheFuture(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	refused(t, d, d.Poll(p.Serve, start+5000*day), release.ARoot, release.Expired, list[0])
	refused(t, d, d.Poll(p.Serve, start+200*day), release.AHead, release.Expired, list[0])
	// Nothing of that is kept once the clock is set right.
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[1])
}

func TestMixAndMatchIsRefused(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	second := p.Tree[release.ObjectPath(p.Head.Hash)]
	p.Publish(list[2], start+2*day)
	path := release.ObjectPath(p.Head.Hash)
	body := append(bytes.Clone(second), make([]byte, 1000)...)[:min(len(p.Tree[path]), len(second)+1000)]
	r := d.Poll(instead(p, path, body), start+2*day)
	refused(t, d, r, release.ARelease, release.WrongHash, list[0])
	// A delta of another release under the right path leads to the whole pack.
	delta := release.ObjectPath(p.Release.Deltas[1].Hash)
	r = d.Poll(instead(p, delta, p.Tree[release.ObjectPath(p.Release.Deltas[0].Hash)]), start+2*day)
	check(t, d, r, release.Updated, list[2])
	if !r.Whole {
		t.Error("the whole pack was fetched, and nobody was told")
	}
}

func TestDeltaThatLiesLeadsToTheWholePack(t *testing.T) {
	p, _, list := world(t)
	p.Publish(list[1], start+day)
	honest := *p.Release
	elsewhere, err := pack.Diff(list[0], list[2])
	if err != nil {
		t.Fatal(err)
	}
	for name, lie := range map[string][]byte{
		"to another pack": elsewhere, "that is no delta": []byte("no delta"), "that is a pack": p.PackagedPack,
	} {
		r := honest
		r.Deltas = []release.Delta{{From: 1, Blob: p.Put(lie)}}
		p.SignRelease(&r, start+2*day)
		d := releasetest.NewDevice(p)
		got := d.Poll(p.Serve, start+2*day)
		check(t, d, got, release.Updated, list[1])
		if !got.Whole {
			t.Errorf("%s: the whole pack was fetched, and nobody was told", name)
		}
	}
}
