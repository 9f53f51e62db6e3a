// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"bytes"
	"sync"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

const (
	start = 1_800_000_000 // some day in 2027
	day   = releasetest.Day
)

// packs are a pack and what becomes of it on three days after.
var packs = sync.OnceValue(func() []*pack.Pack {
	list := []*pack.Pack{packtest.Generate(1, 400)}
	for i := 1; i < 4; i++ {
		list = append(list, packtest.NextDay(list[i-1], uint64(i)))
	}
	return list
})

// world is a publisher with one release, and a device that was shipped with it.
func world(t testing.TB) (*releasetest.Publisher, *releasetest.Device, []*pack.Pack) {
	t.Helper()
	list := packs()
	p := releasetest.NewPublisher(list[0], start)
	return p, releasetest.NewDevice(p), list
}

// check compares an outcome, and says whether the right pack is in use.
func check(t testing.TB, d *releasetest.Device, r release.Result, outcome release.Outcome, want *pack.Pack) {
	t.Helper()
	if r.Outcome != outcome {
		t.Fatalf("got %v (%v), want %v", r.Outcome, r.Err, outcome)
	}
	b, err := pack.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(d.InUse(), b) {
		got, err := pack.Decode(d.InUse())
		if err != nil {
			t.Fatalf("the pack in use does not decode: %v", err)
		}
		t.Fatalf("the pack in use has version %d, want %d", got.Version, want.Version)
	}
	if s := d.Status(start); s.Version != want.Version {
		t.Fatalf("the release in use is %d, want %d", s.Version, want.Version)
	}
}

// refused is check for an attack: the old list is kept, for the reason given.
func refused(t testing.TB, d *releasetest.Device, r release.Result, o release.Object, f release.Fault, old *pack.Pack) {
	t.Helper()
	check(t, d, r, release.Kept, old)
	if r.Err.Object != o || r.Err.Fault != f {
		t.Fatalf("got %v, want %v: %v", r.Err, o, f)
	}
}

func TestFreshDeviceIsUpToDate(t *testing.T) {
	p, d, list := world(t)
	r := d.Poll(p.Serve, start+day)
	check(t, d, r, release.UpToDate, list[0])
	if len(d.Fetched) != 1 {
		t.Errorf("fetched %v, want the head alone", d.Fetched)
	}
}

func TestDeltaLeadsToTheNextRelease(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	r := d.Poll(p.Serve, start+day+10)
	check(t, d, r, release.Updated, list[1])
	if r.Whole || len(d.Fetched) != 4 {
		t.Errorf("fetched %v, want head, release, proof and delta", d.Fetched)
	}
	check(t, d, d.Poll(p.Serve, start+day+20), release.UpToDate, list[1])
}

func TestOlderDeltaIsFoundInItsList(t *testing.T) {
	p, d, list := world(t)
	p.Listed = 1
	for i := 1; i < 4; i++ {
		p.Publish(list[i], start+int64(i)*day)
	}
	r := d.Poll(p.Serve, start+4*day)
	check(t, d, r, release.Updated, list[3])
	if r.Whole || len(d.Fetched) != 5 {
		t.Errorf("fetched %v, want head, release, proof, list of older deltas and delta", d.Fetched)
	}
}

func TestWithoutDeltaTheWholePackIsFetched(t *testing.T) {
	p, d, list := world(t)
	p.Listed = 0
	p.Packs = nil
	p.Publish(list[2], start+day)
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[2])
}

func TestLostPackIsFetchedAgain(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	d.Pack = d.Pack[:100]
	check(t, d, d.Poll(p.Serve, start+2*day), release.Updated, list[1])
}

func TestADamagedPackInUseLeadsToTheWholeOne(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	for i := 0; i < len(d.PackagedPack); i += 97 {
		damaged := bytes.Clone(d.PackagedPack)
		damaged[i] ^= 1
		c, err := release.New(d.Packaged, nil)
		if err != nil {
			t.Fatal(err)
		}
		u := c.Update(start+day, false) // the host has not noticed
		for w, more := u.Next(); more; w, more = u.Next() {
			body := damaged
			if !w.Stored() {
				body, _ = p.Serve(w.Path)
			}
			u.Got(body)
		}
		r := u.Result()
		if r.Outcome != release.Updated || !r.Whole || hashOf(r.Save.Pack) != p.Release.Pack.Hash {
			t.Fatalf("byte %d: got %v (%v), want the new pack, whole", i, r.Outcome, r.Err)
		}
	}
}

func TestIntakeKeysComeWithTheRelease(t *testing.T) {
	p, d, list := world(t)
	p.Intake = []byte("invented intake keys of November")
	p.Publish(list[1], start+day)
	r := d.Poll(p.Serve, start+day)
	check(t, d, r, release.Updated, list[1])
	if got := d.Status(start + day).Intake; !bytes.Equal(got, p.Intake) {
		t.Errorf("got intake keys %q, want %q", got, p.Intake)
	}
	p.Publish(list[2], start+2*day)
	d.Poll(p.Serve, start+2*day)
	if len(d.Fetched) != 4 {
		t.Errorf("fetched %v: intake keys that have not changed need not be fetched again", d.Fetched)
	}
}

func TestIntakeKeysOfThePackagedReleaseAreFetched(t *testing.T) {
	p, _, list := world(t)
	p.Intake = []byte("invented intake keys of November")
	shipped := p.Publish(list[1], start+day)
	p.Packaged.Release, p.PackagedPack = shipped, p.Tree[release.ObjectPath(p.Release.Pack.Hash)]
	d := releasetest.NewDevice(p)
	d.Poll(p.Serve, start+day)
	if got := d.Status(start + day).Intake; !bytes.Equal(got, p.Intake) {
		t.Errorf("got intake keys %q, want %q: no release may ever follow", got, p.Intake)
	}
	r := d.Poll(p.Serve, start+2*day)
	check(t, d, r, release.UpToDate, list[1])
}

func TestRootsAreFollowedOneByOne(t *testing.T) {
	p, d, list := world(t)
	for i, role := range []release.Role{release.HeadRole, release.ReleaseRole, release.LogRole, release.RootRole} {
		p.Replace(role, "second-"+role.String())
		p.Rotate(start + int64(i)*1000)
	}
	p.Publish(list[1], start+day)
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[1])
	if len(d.Fetched) != 8 {
		t.Errorf("fetched %v, want the head, four roots, release, proof and delta", d.Fetched)
	}
}

func TestDamagedStateFallsBackToThePackage(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	for i := range d.State {
		state := bytes.Clone(d.State)
		state[i] ^= 1
		c, err := release.New(d.Packaged, state)
		if err != nil {
			t.Fatalf("byte %d: %v", i, err)
		}
		s := c.Status(start)
		if s.Version != list[0].Version || s.Recovering == nil || s.Recovering.Fault != release.Damaged {
			t.Fatalf("byte %d changed: got %+v, want the packaged list and a named fault", i, s)
		}
	}
	for n := range d.State {
		c, err := release.New(d.Packaged, d.State[:n])
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if s := c.Status(start); s.Version != list[0].Version || (s.Recovering == nil) != (n == 0) {
			t.Fatalf("the first %d bytes: got %+v, want the packaged list and a named fault", n, s)
		}
	}
	d.State = d.State[:100]
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[1])
	if s := d.Status(start + day); s.Recovering != nil {
		t.Errorf("after the update it is still said that %v", s.Recovering)
	}
}

func TestNewerPackageWins(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	note := p.Publish(list[2], start+2*day)
	d.Packaged.Release, d.PackagedPack = note, p.Tree[release.ObjectPath(p.Release.Pack.Hash)]
	if s := d.Status(start + 2*day); s.Version != list[2].Version || !s.Packaged {
		t.Errorf("got %+v, want the newer list of the package", s)
	}
	// It is a floor, too: without any stored state, nothing older comes in.
	d.State, d.Pack = nil, nil
	old := releasetest.NewPublisher(list[1], start+3*day)
	refused(t, d, d.Poll(old.Serve, start+3*day), release.ARelease, release.RolledBack, list[2])
}

func TestADeadProgramLosesNothing(t *testing.T) {
	p, _, list := world(t)
	p.Intake = []byte("intake")
	p.Publish(list[1], start+day)
	for n := range 7 {
		d := releasetest.NewDevice(p)
		if _, done := d.PollUntil(p.Serve, start+day, n); done {
			check(t, d, d.Poll(p.Serve, start+day), release.UpToDate, list[1])
			continue
		}
		check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[1])
	}
}

func TestStatusTellsAge(t *testing.T) {
	p, d, list := world(t)
	d.Poll(p.Serve, start+day)
	for _, c := range []struct {
		now       int64
		head, old bool
	}{
		{start + day, false, false},
		{start + 7*day - 1, false, false},
		{start + 7*day, true, false},
		{start + 90*day - 1, true, false},
		{start + 90*day, true, true},
	} {
		s := d.Status(c.now)
		if s.StaleHead != c.head || s.StaleList != c.old || s.Age != c.now-start {
			t.Errorf("after %d days: got %+v, want stale head %v, stale list %v", (c.now-start)/day, s, c.head, c.old)
		}
	}
	check(t, d, d.Poll(p.Serve, start+day), release.UpToDate, list[0])
}

func TestHeadSaysWhenToComeBack(t *testing.T) {
	p, d, _ := world(t)
	p.Head.Poll = 12 * 3600
	p.SignHead(start + day)
	if r := d.Poll(p.Serve, start+day); r.Poll != 12*3600 {
		t.Errorf("got %d seconds, want %d", r.Poll, 12*3600)
	}
}

func TestProgramWithNewKeysDropsWhatTheOldOnesSigned(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[3], start+day) // by a thief, who has both maintainers' keys
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[3])
	p.Replace(release.ReleaseRole, "new")
	p.Rotate(start + 2*day)
	p.Packs = p.Packs[:1]
	d.Packaged.Release = p.Publish(list[1], start+2*day)
	d.Packaged.Root = p.Tree[release.RootPath(2)]
	d.PackagedPack = p.Tree[release.ObjectPath(p.Release.Pack.Hash)]
	check(t, d, d.Poll(p.Serve, start+2*day), release.UpToDate, list[1])
}

func TestLogMayStartAgainWithAnotherKey(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	p.Replace(release.LogRole, "new")
	p.Log.Entries = nil
	p.Rotate(start + 2*day)
	p.Publish(list[2], start+2*day)
	check(t, d, d.Poll(p.Serve, start+2*day), release.Updated, list[2])
}
