// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

var update = flag.Bool("update", false, "write testdata/releases")

const releases = "../../testdata/releases"

// look is a scenario while it is made: what its server has beside the honest one's.
type look struct {
	name, comment, outcome, refusal string
	now                             int64
	version                         int
	whole                           bool
	change                          func(p *releasetest.Publisher)
}

// honestly is a publisher of two releases, a day apart.
func honestly() *releasetest.Publisher {
	p := releasetest.NewPublisher(tiny(1), start)
	p.Publish(tiny(2), start+day)
	return p
}

var looks = []look{
	{name: "honest", comment: "a delta leads to the second release", outcome: "updated", version: 2},
	{name: "no-answer", comment: "the server is down", outcome: "kept", version: 1, refusal: "head: could not be fetched", change: func(p *releasetest.Publisher) {
		p.Tree[release.HeadPath] = nil
	}},
	{name: "frozen", comment: "the first day's head, eight days later", now: start + 8*day, outcome: "kept", version: 1, refusal: "head: expired", change: func(p *releasetest.Publisher) {
		p.Tree[release.HeadPath] = releasetest.NewPublisher(tiny(1), start).Tree[release.HeadPath]
	}},
	{name: "changed-release", comment: "one byte of the release note is another", outcome: "kept", version: 1, refusal: "release: wrong hash", change: func(p *releasetest.Publisher) {
		b := bytes.Clone(p.Tree[release.ObjectPath(p.Head.Hash)])
		b[30] ^= 1
		p.Tree[release.ObjectPath(p.Head.Hash)] = b
	}},
	{name: "one-maintainer", comment: "a release that only one of two has signed", outcome: "kept", version: 1, refusal: "release: too few signatures", change: func(p *releasetest.Publisher) {
		p.AddNote(releasetest.Sign(p.Release.Text(), p.Signers[release.ReleaseRole][0]), 2)
		p.SignHead(start + day)
	}},
	{name: "not-in-the-log", comment: "the proof is another release's", outcome: "kept", version: 1, refusal: "proof: not proven to be in the log", change: func(p *releasetest.Publisher) {
		p.Tree[release.ProofPath(p.Head.Hash)] = p.Log.Proof(0)
	}},
	{name: "lying-delta", comment: "the delta leads elsewhere, so the whole pack is fetched", outcome: "updated", version: 2, whole: true, change: func(p *releasetest.Publisher) {
		p.Release.Deltas = []release.Delta{{From: 1, Blob: p.Put([]byte("LAPDELT\x01 but no delta"))}}
		p.SignRelease(p.Release, start+day)
	}},
	{name: "other-list", comment: "a release of another list", outcome: "kept", version: 1, refusal: "release: belongs to another list", change: func(p *releasetest.Publisher) {
		p.Release.Name = "other"
		p.SignRelease(p.Release, start+day)
	}},
	{name: "newer-program", comment: "a release for programs of the far future", outcome: "kept", version: 1, refusal: "release: needs a newer program", change: func(p *releasetest.Publisher) {
		p.Release.Requires = "999.0.0"
		p.SignRelease(p.Release, start+day)
	}},
	{name: "head-of-next-month", comment: "a head that is dated a month ahead: what it names is good", outcome: "updated", version: 2, change: func(p *releasetest.Publisher) {
		p.SignHead(start + 30*day)
	}},
	{name: "head-of-the-far-future", comment: "a head that is dated in a hundred years: what it names is past its date then", outcome: "kept", version: 1, refusal: "release: expired", change: func(p *releasetest.Publisher) {
		p.SignHead(start + 36500*day)
	}},
	{name: "new-head-key", comment: "the second root has another key for heads", outcome: "updated", version: 2, change: func(p *releasetest.Publisher) {
		p.Replace(release.HeadRole, "second-head")
		p.Rotate(start + day + 1)
	}},
	{name: "root-by-two-keepers", comment: "the second root is signed by two of the first root's keys, of three", outcome: "kept", version: 1, refusal: "root: too few signatures", change: func(p *releasetest.Publisher) {
		p.Replace(release.HeadRole, "second-head")
		p.Rotate(start + day + 1)
		p.Tree[release.RootPath(2)] = releasetest.Sign(p.Root.Text(), p.Signers[release.RootRole][:2]...)
	}},
}

// files are all of testdata/releases but its README.
func files() map[string][]byte {
	honest := honestly()
	all := map[string][]byte{
		"packaged/root": honest.Packaged.Root, "packaged/release": honest.Packaged.Release, "packaged/list.pack": honest.PackagedPack,
	}
	for _, l := range looks {
		p := honestly()
		if l.change != nil {
			l.change(p)
		}
		for path, body := range p.Tree {
			if before, ok := honest.Tree[path]; !ok || !bytes.Equal(before, body) || l.change == nil {
				all[l.name+"/"+path] = body
			}
		}
		now := l.now
		if now == 0 {
			now = start + day + 60
		}
		text := fmt.Sprintf("comment: %s\nnow: %d\noutcome: %s\nversion: %d\n", l.comment, now, l.outcome, l.version)
		if l.refusal != "" {
			text += "refusal: " + l.refusal + "\n"
		}
		if l.whole {
			text += "whole: yes\n"
		}
		all[l.name+".txt"] = []byte(text)
	}
	return all
}

func TestReleasesAreThoseOfThisSource(t *testing.T) {
	want := files()
	if *update {
		for name := range maps.Keys(want) {
			file := filepath.Join(releases, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, want[name], 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	err := filepath.WalkDir(releases, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "README.md" {
			return err
		}
		name, err := filepath.Rel(releases, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		got, err := os.ReadFile(file)
		if body, ok := want[name]; err == nil && (!ok || !bytes.Equal(got, body)) {
			t.Errorf("testdata/releases/%s is not what this source makes: go test ./scorer/release -run Releases -update, and read the diff", name)
		}
		delete(want, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		t.Errorf("testdata/releases/%s is missing: go test ./scorer/release -run Releases -update", name)
	}
}

func TestReleasesEndAsTheySay(t *testing.T) {
	all, err := releasetest.Scenarios(releases)
	if err != nil || len(all) != len(looks) {
		t.Fatalf("%d scenarios of %d: %v", len(all), len(looks), err)
	}
	for _, s := range all {
		d := &releasetest.Device{Packaged: s.Packaged, PackagedPack: s.Pack}
		if bad := s.Differs(d.Poll(s.Serve, s.Now)); bad != "" {
			t.Errorf("%s: %s", s.Name, bad)
		}
	}
}
