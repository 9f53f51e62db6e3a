// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"bytes"
	"testing"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

// tiny is a pack of two patterns, so that all bytes of it can be tried.
func tiny(version uint32) *pack.Pack {
	return &pack.Pack{
		Name: "tiny", Version: version, Created: "2027-01-15",
		Indicators: []pack.Indicator{{ID: "pay.per-day", Weight: 2, Kinds: 1 << pack.Job, Status: pack.Active}},
		Patterns:   []pack.Pattern{{Lang: "en", Expr: "paid each day"}, {Lang: "en", Expr: "paid each " + []string{"night", "week"}[version%2]}},
	}
}

// TestEveryByteOfEveryObjectCounts serves each object with each byte changed,
// and cut short after each byte.
func TestEveryByteOfEveryObjectCounts(t *testing.T) {
	tried := map[string]bool{}
	for _, whole := range []bool{true, false} {
		p := releasetest.NewPublisher(tiny(1), start)
		p.Replace(release.HeadRole, "second")
		p.Rotate(start + day)
		p.Intake = []byte("intake keys")
		p.Listed = 0
		if whole {
			p.Packs = nil
		}
		p.Publish(tiny(2), start+day)
		d := releasetest.NewDevice(p)
		check(t, d, d.Poll(p.Serve, start+day), release.Updated, tiny(2))
		for _, path := range d.Fetched {
			// What both ways have in common is tried once.
			if tried[path] {
				continue
			}
			tried[path] = true
			t.Run(path, func(t *testing.T) { changeEveryByte(t, p, path) })
		}
	}
}

func changeEveryByte(t *testing.T, p *releasetest.Publisher, path string) {
	body := p.Tree[path]
	for i := range body {
		changed := bytes.Clone(body)
		changed[i] ^= 1 << (i % 8)
		poll(t, p, path, changed)
		poll(t, p, path, body[:i])
	}
}

// poll updates a new device from a server that answers one path otherwise: only
// a delta and the list of deltas can do without, since the whole pack is there.
func poll(t *testing.T, p *releasetest.Publisher, path string, body []byte) {
	t.Helper()
	d := releasetest.NewDevice(p)
	r := d.Poll(instead(p, path, body), start+day)
	if r.Outcome == release.Updated && d.Fetched[len(d.Fetched)-2] == release.ObjectPath(p.Release.Pack.Hash) &&
		path != release.ObjectPath(p.Release.Pack.Hash) {
		check(t, d, r, release.Updated, tiny(2))
		return
	}
	check(t, d, r, release.Kept, tiny(1))
	if r.Err == nil || r.Err.Fault == release.NoFault {
		t.Fatalf("%s: nobody says why the old list is kept", path)
	}
}

func FuzzParse(f *testing.F) {
	p := releasetest.NewPublisher(tiny(1), start)
	f.Add(p.Root.Text())
	f.Add(p.Release.Text())
	f.Add(p.Head.Text())
	f.Add(release.OlderText([]release.Delta{{From: 3, Blob: release.Blob{Length: 10, Gzip: 9}}}))
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := release.ParseRoot(s); err == nil && r.Text() != s {
			t.Errorf("root\n%s\nbecomes\n%s", s, r.Text())
		}
		if h, err := release.ParseHead(s); err == nil && h.Text() != s {
			t.Errorf("head\n%s\nbecomes\n%s", s, h.Text())
		}
		if r, err := release.ParseRelease(s); err == nil {
			// What later programs read comes last, and is not kept.
			if text := r.Text(); len(text) > len(s) || s[:len(text)] != text {
				t.Errorf("release\n%s\nbecomes\n%s", s, text)
			}
		}
		if list, err := release.ParseOlder(s, 9); err == nil && release.OlderText(list) != s {
			t.Errorf("deltas\n%s\nbecome\n%s", s, release.OlderText(list))
		}
	})
}

// FuzzServer lets an update be answered with anything, in any order.
func FuzzServer(f *testing.F) {
	p := releasetest.NewPublisher(tiny(1), start)
	p.Publish(tiny(2), start+day)
	for _, body := range p.Tree {
		f.Add(body, uint8(0))
		f.Add(body, uint8(2))
	}
	f.Fuzz(func(t *testing.T, body []byte, at uint8) {
		d := releasetest.NewDevice(p)
		asked := uint8(0)
		r := d.Poll(func(path string) ([]byte, bool) {
			asked++
			if asked > at {
				return body, true
			}
			return p.Serve(path)
		}, start+day)
		want := tiny(1)
		if r.Outcome == release.Updated {
			want = tiny(2)
		}
		check(t, d, r, r.Outcome, want)
	})
}

// FuzzState starts from anything that could stand in the storage.
func FuzzState(f *testing.F) {
	p := releasetest.NewPublisher(tiny(1), start)
	p.Publish(tiny(2), start+day)
	d := releasetest.NewDevice(p)
	d.Poll(p.Serve, start+day)
	f.Add(d.State)
	good := d.State
	f.Fuzz(func(t *testing.T, state []byte) {
		c, err := release.New(p.Packaged, state)
		if err != nil {
			t.Fatal(err)
		}
		if s := c.Status(start); s.Version != 1 && !bytes.Equal(state, good) {
			t.Fatalf("version %d comes out of a state that was never stored", s.Version)
		}
	})
}
