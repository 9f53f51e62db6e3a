// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

func TestHeadCannotNameAnOldReleaseWithANewNumber(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	p.Head.Version, p.Head.Hash, p.Head.Length = 3, hashOf(p.Packaged.Release), len(p.Packaged.Release)
	p.SignHead(start + 2*day)
	refused(t, d, d.Poll(p.Serve, start+2*day), release.ARelease, release.WrongVersion, list[1])
}

func TestHeadCannotNameAnotherLength(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	p.Head.Length++
	p.SignHead(start + 2*day)
	refused(t, d, d.Poll(p.Serve, start+2*day), release.ARelease, release.WrongLength, list[0])
}

func TestStoredPackThatCannotBeReadLeadsToTheWholeOne(t *testing.T) {
	p, _, list := world(t)
	p.Publish(list[1], start+day)
	for name, answer := range map[string]func(*release.Update){
		"missing": (*release.Update).Failed,
		"other":   func(u *release.Update) { u.Got([]byte("another pack")) },
	} {
		c, err := release.New(p.Packaged, nil)
		if err != nil {
			t.Fatal(err)
		}
		u := c.Update(start+day, false)
		for w, more := u.Next(); more; w, more = u.Next() {
			if w.Stored() {
				answer(u)
				continue
			}
			body, _ := p.Serve(w.Path)
			u.Got(body)
		}
		if r := u.Result(); r.Outcome != release.Updated || r.Status.Version != list[1].Version {
			t.Errorf("%s: got %v (%v), want it updated", name, r.Outcome, r.Err)
		}
	}
}

func TestBrokenListOfOlderDeltasLeadsToTheWholePack(t *testing.T) {
	p, _, list := world(t)
	p.Listed = 0
	p.Publish(list[1], start+day)
	path := release.ObjectPath(p.Release.Older.Hash)
	for name, body := range map[string][]byte{"missing": nil, "other": []byte("lapwing deltas v1\n"), "endless": make([]byte, 1<<20)} {
		d := releasetest.NewDevice(p)
		r := d.Poll(instead(p, path, body), start+day)
		check(t, d, r, release.Updated, list[1])
		if got := d.Fetched[len(d.Fetched)-1]; got != release.ObjectPath(p.Release.Pack.Hash) {
			t.Errorf("%s: fetched %s last, want the whole pack", name, got)
		}
	}
}

func TestManyRootsAreFollowedInSeveralUpdates(t *testing.T) {
	p, d, list := world(t)
	for i := range 40 {
		p.Replace(release.HeadRole, "head-of-"+strconv.Itoa(i))
		p.Rotate(start + int64(i))
	}
	p.Publish(list[1], start+day)
	refused(t, d, d.Poll(p.Serve, start+day), release.AHead, release.TooFewSignatures, list[0])
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, list[1])
}

func TestWantNamesBothLengths(t *testing.T) {
	p, _, list := world(t)
	p.Packs = nil
	p.Publish(list[1], start+day)
	c, err := release.New(p.Packaged, nil)
	if err != nil {
		t.Fatal(err)
	}
	u := c.Update(start+day, false)
	var last release.Want
	for w, more := u.Next(); more; w, more = u.Next() {
		last = w
		body, _ := p.Serve(w.Path)
		u.Got(body)
	}
	body := p.Tree[last.Path]
	if last.Object != release.APack || last.MaxBytes != len(body) || last.Gzip != len(releasetest.Gzip(body)) {
		t.Errorf("got %+v, want %d bytes, %d gzip'd", last, len(body), len(releasetest.Gzip(body)))
	}
}

func TestAnswersNobodyAskedForChangeNothing(t *testing.T) {
	p, d, list := world(t)
	c, err := release.New(p.Packaged, nil)
	if err != nil {
		t.Fatal(err)
	}
	u := c.Update(start+day, false)
	u.Got(p.Tree[release.HeadPath])
	want := u.Result()
	u.Got(p.PackagedPack)
	u.Failed()
	if got := u.Result(); got.Outcome != want.Outcome || got.Err != want.Err {
		t.Errorf("got %+v, want %+v", got, want)
	}
	check(t, d, d.Poll(p.Serve, start+day), release.UpToDate, list[0])
}

func TestPackageIsVerifiedWhereItIsBuilt(t *testing.T) {
	p, _, _ := world(t)
	if err := p.Packaged.Verify(); err != nil {
		t.Errorf("a good package: %v", err)
	}
	unsigned := p.Packaged
	unsigned.Release = releasetest.Sign(p.Release.Text(), p.Signers[release.ReleaseRole][0])
	p.Replace(release.ReleaseRole, "new")
	p.Rotate(start + day)
	otherKeys := p.Packaged
	otherKeys.Root = p.Tree[release.RootPath(2)]
	for name, bad := range map[string]release.Packaged{"one signature": unsigned, "signed with other keys": otherKeys} {
		var got *release.Error
		if err := bad.Verify(); !errors.As(err, &got) || got.Fault != release.TooFewSignatures {
			t.Errorf("%s: got %v, want %v", name, err, release.TooFewSignatures)
		}
	}
}

func TestUnusablePackageIsAnError(t *testing.T) {
	p, _, _ := world(t)
	for name, change := range map[string]func(*release.Packaged){
		"no root":    func(p *release.Packaged) { p.Root = nil },
		"no release": func(p *release.Packaged) { p.Release = p.Root },
		"no version": func(p *release.Packaged) { p.Program = "one" },
	} {
		bad := p.Packaged
		change(&bad)
		if _, err := release.New(bad, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestStateOfAnotherListIsDropped(t *testing.T) {
	p, d, list := world(t)
	p.Publish(list[1], start+day)
	d.Poll(p.Serve, start+day)
	q := releasetest.NewPublisher(tiny(1), start)
	c, err := release.New(q.Packaged, d.State)
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Status(start); s.List != "tiny" || s.Recovering == nil {
		t.Errorf("got %+v, want the packaged list and a word about the state", s)
	}
}

func TestTextsThatAreNone(t *testing.T) {
	p, _, _ := world(t)
	root, note, head := p.Root.Text(), p.Release.Text(), p.Head.Text()
	for _, c := range []struct{ text, old, new string }{
		{root, "version 1", "version 0"}, {root, "version 1", "version 01"}, {root, "version 1", "version 4294967296"},
		{root, "version 1", "version  1"}, {root, "version 1\n", ""}, {root, "role root 3", "role root 6"},
		{root, "role root 3", "role root 0"}, {root, "role head", "role mirror"}, {root, "origin log.example/lapwing", "origin a b"},
		{root, "key root-2", "key root-1"}, {root, p.Root.Roles[0].Keys[1].String(), p.Root.Roles[0].Keys[0].String()},
		{root, p.Root.Roles[2].Keys[0].String(), p.Root.Roles[1].Keys[0].String()}, {root, "lapwing root v1", "lapwing root v2"},
		{note, "requires 0.2.0", "requires 1.x"}, {note, "requires 0.2.0", "requires 1.0.0.0"}, {note, "pack ", "pack 0 "},
		{note, "pack ", "pack 17000000 1 "}, {note, "name generated\n", "name generated\nname generated\n"},
		{note, "expires 18", "expires 08"}, {note, "pack", "pakc"}, {note, "\nname", "\n\nname"},
		{head, "issued", "expires"}, {head, "release 1", "release -1"}, {head, "root 1", "root 1 "}, {head, "\nissued", "\nmore 1\nissued"},
	} {
		s := strings.Replace(c.text, c.old, c.new, 1)
		if s == c.text {
			t.Fatalf("%q is not there to be replaced", c.old)
		}
		_, err1 := release.ParseRoot(s)
		_, err2 := release.ParseRelease(s)
		_, err3 := release.ParseHead(s)
		if err1 == nil || err2 == nil || err3 == nil {
			t.Errorf("accepted %q instead of %q", c.new, c.old)
		}
	}
	later := note + "rules 12 abc\n"
	if _, err := release.ParseRelease(later); err != nil {
		t.Errorf("a line for later programs: %v", err)
	}
	if _, err := release.ParseRelease(note + "pack 1 0 " + strings.Repeat("0", 64) + "\n"); err == nil {
		t.Error("a second pack behind the lines for later programs was accepted")
	}
}

func TestErrorsSayWhat(t *testing.T) {
	err := &release.Error{Object: release.ARelease, Fault: release.RolledBack, Got: 3, Want: 5}
	if got, want := err.Error(), "update: release: rolled back: got 3, want 5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
