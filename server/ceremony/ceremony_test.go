// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

// day0 is when the first release of the tests is made.
var day0 = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// people are the holders of all keys of an invented project.
type people struct {
	root, release []*ceremony.Key
	head, log     *ceremony.Key
	dir           string
	tree          *ceremony.Tree
	pack          *pack.Pack
}

func generate(t testing.TB, role, name string) *ceremony.Key {
	t.Helper()
	k, err := ceremony.Generate(role, name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// found makes keys, a tree and its first root.
func found(t testing.TB) *people {
	t.Helper()
	p := &people{dir: t.TempDir(), head: generate(t, "head", "head"), log: generate(t, "log", "lapwing.example/log")}
	for i := range 5 {
		p.root = append(p.root, generate(t, "root", fmt.Sprintf("root%d", i+1)))
	}
	for i := range 3 {
		p.release = append(p.release, generate(t, "release", fmt.Sprintf("m%d", i+1)))
	}
	var err error
	if p.tree, err = ceremony.OpenTree(p.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.tree.Close() })
	if _, err := p.tree.PublishRoot(p.sign(t, p.planRoot(t, 1), p.root[0], p.root[1], p.root[2])); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *people) planRoot(t testing.TB, version uint32) string {
	t.Helper()
	keys := append(append([]*ceremony.Key{p.head, p.log}, p.root...), p.release...)
	text, err := ceremony.PlanRoot(ceremony.RootPlan{Version: version, Thresholds: [release.NumRoles]int{3, 2, 1, 1}, Keys: keys}, day0)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (p *people) sign(t testing.TB, text string, keys ...*ceremony.Key) []byte {
	t.Helper()
	b := []byte(text)
	for _, k := range keys {
		var err error
		if b, err = ceremony.Sign(b, k); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (p *people) online() ceremony.Online { return ceremony.Online{Log: p.log, Head: p.head} }

// release publishes the next day's list and gives its note.
func (p *people) publish(t testing.TB, now time.Time) (*release.Release, []byte) {
	t.Helper()
	version, err := p.tree.NextVersion()
	if err != nil {
		t.Fatal(err)
	}
	if p.pack == nil {
		p.pack = packtest.Generate(1, 300)
	} else {
		p.pack = packtest.NextDay(p.pack, uint64(version))
	}
	p.pack.Version = version
	b, err := pack.Encode(p.pack)
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.tree.Prepare(ceremony.Plan{Pack: b, Requires: "1.0.0", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	note := p.sign(t, text, p.release[0], p.release[1])
	r, err := p.tree.Publish(context.Background(), note, p.online(), now)
	if err != nil {
		t.Fatal(err)
	}
	return r, note
}

// packaged is what a program would be shipped with now.
func (p *people) packaged(t testing.TB, note []byte, now time.Time) release.Packaged {
	t.Helper()
	_, root, err := p.tree.Root()
	if err != nil {
		t.Fatal(err)
	}
	return release.Packaged{Root: root, Release: note, Program: "1.0.0", Built: now.Unix()}
}

// update lets a client look at the tree.
func (p *people) update(t testing.TB, c *release.Client, stored []byte, now time.Time) (release.Result, []string) {
	t.Helper()
	var asked []string
	u := c.Update(now.Unix(), false)
	for w, more := u.Next(); more; w, more = u.Next() {
		if w.Stored() {
			asked = append(asked, "stored pack")
			u.Got(stored)
			continue
		}
		asked = append(asked, w.Object.String())
		b, err := os.ReadFile(filepath.Join(p.dir, w.Path))
		if err != nil {
			u.Failed()
			continue
		}
		u.Got(b)
	}
	return u.Result(), asked
}

func TestClientFollowsWhatThePublisherDoes(t *testing.T) {
	p := found(t)
	_, first := p.publish(t, day0)
	stored, err := pack.Encode(p.pack)
	if err != nil {
		t.Fatal(err)
	}
	c, err := release.New(p.packaged(t, first, day0), nil)
	if err != nil {
		t.Fatal(err)
	}
	for day := 1; day < 4; day++ {
		now := day0.AddDate(0, 0, day)
		p.publish(t, now)
		result, asked := p.update(t, c, stored, now)
		if result.Outcome != release.Updated || result.Whole {
			t.Fatalf("day %d: %v, whole pack %v, error %v after %q; want an update by a delta", day, result.Outcome, result.Whole, result.Err, asked)
		}
		if want := "head, release, proof, stored pack, delta"; strings.Join(asked, ", ") != want {
			t.Errorf("day %d: asked for %q, want %s", day, asked, want)
		}
		stored = result.Save.Pack
	}
}

func TestRotationReachesClients(t *testing.T) {
	p := found(t)
	_, first := p.publish(t, day0)
	c, err := release.New(p.packaged(t, first, day0), nil)
	if err != nil {
		t.Fatal(err)
	}
	// Everything but three root keys is replaced: the worst that can be survived.
	p.head, p.log = generate(t, "head", "head-2"), generate(t, "log", "lapwing.example/log")
	p.release = []*ceremony.Key{generate(t, "release", "n1"), generate(t, "release", "n2")}
	kept := p.root[:3]
	p.root = append(append([]*ceremony.Key{}, kept...), generate(t, "root", "root6"))
	text := p.planRoot(t, 2)
	var few *ceremony.ThresholdError
	if _, err := p.tree.PublishRoot(p.sign(t, text, kept[0], kept[1], p.root[3])); !errors.As(err, &few) {
		t.Errorf("two old keys and a new one: got %v, want a ThresholdError: the old root needs three of its own", err)
	}
	if _, err := p.tree.PublishRoot(p.sign(t, text, kept...)); err != nil {
		t.Fatal(err)
	}
	now := day0.AddDate(0, 0, 1)
	if _, err := p.tree.Renew(context.Background(), p.online(), now); !errors.As(err, &few) {
		t.Errorf("renewing a release of keys that were replaced: got %v, want a ThresholdError", err)
	}
	p.publish(t, now)
	result, asked := p.update(t, c, nil, now)
	if result.Outcome != release.Updated {
		t.Errorf("%v, error %v after %q; want the rotation followed and the release taken", result.Outcome, result.Err, asked)
	}
}

func TestTakeBackIsOldContentUnderANewVersion(t *testing.T) {
	p := found(t)
	p.publish(t, day0)
	good := p.pack
	_, bad := p.publish(t, day0.AddDate(0, 0, 1))
	now := day0.AddDate(0, 0, 2)
	text, err := p.tree.Prepare(ceremony.Plan{BackTo: 1, Requires: "1.0.0", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.tree.Publish(context.Background(), p.sign(t, text, p.release[1], p.release[2]), p.online(), now); err != nil {
		t.Fatal(err)
	}
	stored, err := pack.Encode(p.pack)
	if err != nil {
		t.Fatal(err)
	}
	c, err := release.New(p.packaged(t, bad, now), nil)
	if err != nil {
		t.Fatal(err)
	}
	result, _ := p.update(t, c, stored, now)
	if result.Outcome != release.Updated {
		t.Fatalf("%v, %v", result.Outcome, result.Err)
	}
	got, err := pack.Decode(result.Save.Pack)
	if err != nil {
		t.Fatal(err)
	}
	if got.Version != 3 || len(got.Patterns) != len(good.Patterns) {
		t.Errorf("got version %d with %d patterns, want 3 with the %d of release 1", got.Version, len(got.Patterns), len(good.Patterns))
	}
}

func TestPublishingRefusesWhatClientsWould(t *testing.T) {
	p := found(t)
	_, first := p.publish(t, day0)
	p.publish(t, day0.AddDate(0, 0, 1))
	ctx, now := context.Background(), day0.AddDate(0, 0, 2)
	p.pack = packtest.NextDay(p.pack, 9)
	p.pack.Version = 3
	b, err := pack.Encode(p.pack)
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.tree.Prepare(ceremony.Plan{Pack: b, Requires: "1.0.0", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	head, err := os.ReadFile(filepath.Join(p.dir, "v1/head"))
	if err != nil {
		t.Fatal(err)
	}
	good := p.sign(t, text, p.release[0], p.release[1])
	stranger := generate(t, "release", "m1")
	for name, try := range map[string]func() error{
		"one signature": func() error {
			_, err := p.tree.Publish(ctx, p.sign(t, text, p.release[0]), p.online(), now)
			return err
		},
		"one signature twice": func() error {
			_, err := p.tree.Publish(ctx, p.sign(t, text, p.release[0], p.release[0]), p.online(), now)
			return err
		},
		"a stranger of the same name": func() error {
			_, err := p.tree.Publish(ctx, p.sign(t, text, p.release[1], stranger), p.online(), now)
			return err
		},
		"changed after signing": func() error {
			_, err := p.tree.Publish(ctx, []byte(strings.Replace(string(good), "requires 1.0.0", "requires 0.0.1", 1)), p.online(), now)
			return err
		},
		"an old release": func() error { _, err := p.tree.Publish(ctx, first, p.online(), now); return err },
		"expired":        func() error { _, err := p.tree.Publish(ctx, good, p.online(), now.AddDate(0, 0, 91)); return err },
		"head of a stranger": func() error {
			_, err := p.tree.Publish(ctx, good, ceremony.Online{Log: p.log, Head: generate(t, "head", "head")}, now)
			return err
		},
		"log of a stranger": func() error {
			_, err := p.tree.Publish(ctx, good, ceremony.Online{Log: generate(t, "log", "lapwing.example/log"), Head: p.head}, now)
			return err
		},
		"no log key": func() error { _, err := p.tree.Publish(ctx, good, ceremony.Online{Head: p.head}, now); return err },
	} {
		if err := try(); err == nil {
			t.Errorf("%s: was published", name)
		}
		if after, err := os.ReadFile(filepath.Join(p.dir, "v1/head")); err != nil || string(after) != string(head) {
			t.Fatalf("%s: the head changed, or %v", name, err)
		}
	}
	if _, err := p.tree.Publish(ctx, good, p.online(), now); err != nil {
		t.Errorf("the good release after all that: %v", err)
	}
}
