// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/server/ceremony"
	"lapwing/server/distribute"
)

const crashPassphrase = "an invented passphrase"

// TestMain lets the test's own program be the publisher that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CEREMONY_TEST_PUBLISH"); dir != "" {
		if err := publishForever(dir, os.Getenv("CEREMONY_TEST_KEYS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// publishForever releases one list after the other until it is killed.
func publishForever(dir, keys string) error {
	var k [4]*ceremony.Key
	for i, name := range []string{"m1", "m2", "head", "log"} {
		b, err := os.ReadFile(filepath.Join(keys, name))
		if err != nil {
			return err
		}
		if k[i], err = ceremony.OpenKey(b, crashPassphrase); err != nil {
			return err
		}
	}
	tree, err := ceremony.OpenTree(dir)
	if err != nil {
		return err
	}
	p := packtest.Generate(1, 300)
	for {
		if p.Version, err = tree.NextVersion(); err != nil {
			return err
		}
		p = packtest.NextDay(p, uint64(p.Version))
		if p.Version, err = tree.NextVersion(); err != nil {
			return err
		}
		b, err := pack.Encode(p)
		if err != nil {
			return err
		}
		now := day0.Add(time.Duration(p.Version) * time.Hour)
		text, err := tree.Prepare(ceremony.Plan{Pack: b, Requires: "1.0.0", Now: now})
		if err != nil {
			return err
		}
		note := []byte(text)
		for _, key := range k[:2] {
			if note, err = ceremony.Sign(note, key); err != nil {
				return err
			}
		}
		if _, err := tree.Publish(context.Background(), note, ceremony.Online{Head: k[2], Log: k[3]}, now); err != nil {
			return err
		}
	}
}

// killed runs a publisher and kills it when until says so.
func (p *people) killed(t *testing.T, keys string, until func() bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CEREMONY_TEST_PUBLISH="+p.dir, "CEREMONY_TEST_KEYS="+keys)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for !until() {
		time.Sleep(5 * time.Millisecond)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if stderr.Len() > 0 {
		t.Fatalf("the publisher could not go on where it was killed before: %s", stderr.String())
	}
}

// served gives the version that a server would hand out now.
func (p *people) served(t *testing.T) uint32 {
	t.Helper()
	site, err := distribute.Open(p.dir, distribute.Options{})
	if err != nil {
		t.Fatalf("what a killed publisher left cannot be served: %v", err)
	}
	defer site.Close()
	return site.Version()
}

func TestKilledPublisherLeavesAWholeRelease(t *testing.T) {
	p := found(t)
	keys := t.TempDir()
	for name, k := range map[string]*ceremony.Key{"m1": p.release[0], "m2": p.release[1], "head": p.head, "log": p.log} {
		sealed, err := k.Seal(crashPassphrase, 4)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.WriteFiles(filepath.Join(keys, name), sealed); err != nil {
			t.Fatal(err)
		}
	}
	p.publish(t, day0)
	p.tree.Close()
	// How long one release takes here, so that kills fall anywhere in it.
	begin := time.Now()
	p.killed(t, keys, func() bool { return p.served(t) > 1 })
	cycle := time.Since(begin)
	last, switches := p.served(t), 0
	for range 12 {
		deadline := time.Now().Add(time.Duration(rand.Int64N(int64(2 * cycle))))
		p.killed(t, keys, func() bool { return time.Now().After(deadline) })
		now := p.served(t)
		if now < last {
			t.Fatalf("release %d after %d", now, last)
		}
		if now > last {
			last, switches = now, switches+1
		}
	}
	if switches == 0 {
		t.Fatal("nothing was published between the kills; the test shows nothing")
	}
	now := day0.Add(time.Duration(last) * time.Hour)
	for _, fault := range ceremony.ReadTree(p.dir).Audit(context.Background(), now).Faults {
		// An entry that never got its head is the one trace that a kill may leave.
		if !strings.Contains(fault.Error(), "never published") {
			t.Error(fault)
		}
	}
}

func TestTwoPublishersDoNotMeet(t *testing.T) {
	p := found(t)
	if _, err := ceremony.OpenTree(p.dir); err == nil {
		t.Error("a second publisher was let in")
	}
}

func TestLogGoesOnWithoutItsPrivateState(t *testing.T) {
	for name, spoil := range map[string]func(state string, old []byte) error{
		"missing": func(state string, _ []byte) error { return os.RemoveAll(filepath.Dir(state)) },
		"behind":  func(state string, old []byte) error { return os.WriteFile(state, old, 0o644) },
		"damaged": func(state string, _ []byte) error { return os.WriteFile(state, []byte("{"), 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			p := found(t)
			p.publish(t, day0)
			state := filepath.Join(p.dir, "v1/log/.state/treeState")
			old, err := os.ReadFile(state)
			if err != nil {
				t.Fatal(err)
			}
			p.publish(t, day0.AddDate(0, 0, 1))
			if err := spoil(state, old); err != nil {
				t.Fatal(err)
			}
			now := day0.AddDate(0, 0, 2)
			p.publish(t, now)
			if f := p.tree.Audit(context.Background(), now); len(f.Faults) > 0 || f.Log != 3 {
				t.Errorf("got %d entries and %v; a log that began again would be a second one", f.Log, f.Faults)
			}
		})
	}
}
