// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

func TestAuditPassesAnHonestTree(t *testing.T) {
	p := found(t)
	for day := range 17 {
		p.publish(t, day0.AddDate(0, 0, day))
	}
	f := p.tree.Audit(context.Background(), day0.AddDate(0, 0, 20))
	if len(f.Faults) > 0 || f.Releases != 17 || f.Log != 17 {
		t.Errorf("got %+v, want 17 releases, 17 entries and no faults", f)
	}
	if br, err := filepath.Glob(filepath.Join(p.dir, "v1/o/*.br")); err != nil || len(br) < 17 {
		t.Errorf("got %d objects packed with brotli, %v; want one of each pack at least", len(br), err)
	}
	if f.Deltas != 14 {
		t.Errorf("got %d deltas, want 14: the last fourteen releases; older ones within a week each need none", f.Deltas)
	}
}

func TestAuditFindsEveryFlippedBit(t *testing.T) {
	p := found(t)
	p.publish(t, day0)
	p.publish(t, day0.AddDate(0, 0, 1))
	now := day0.AddDate(0, 0, 1)
	n := 0
	err := filepath.WalkDir(filepath.Join(p.dir, "v1"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, ".state") || strings.Contains(path, "/tile/") && !strings.Contains(path, "/entries/") {
			return err // hash tiles are computed again by clients of the log; nobody trusts them
		}
		if strings.HasSuffix(path, "entries/000.p/1") {
			return nil // superseded by the wider one
		}
		good, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for at := 0; at < len(good); at += 1 + len(good)/5 {
			bad := append([]byte{}, good...)
			bad[at] ^= 4
			if strings.HasSuffix(path, ".gz") && at > 3 && at < 10 {
				continue // time and system of the packer: bits that mean nothing
			}
			if strings.HasSuffix(path, ".br") && at == 0 {
				continue // the size of the unpacker's window: another one does as well
			}
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				return err
			}
			if f := p.tree.Audit(context.Background(), now); len(f.Faults) == 0 {
				t.Errorf("%s: byte %d altered, and the audit is content", path, at)
			}
			n++
		}
		return os.WriteFile(path, good, 0o644)
	})
	if err != nil || n < 40 {
		t.Errorf("altered %d bytes, error %v", n, err)
	}
	if f := p.tree.Audit(context.Background(), now); len(f.Faults) > 0 {
		t.Errorf("after putting all back: %v", f.Faults)
	}
}

func TestAuditFindsWhatWasSignedButNeverPublished(t *testing.T) {
	p := found(t)
	_, good := p.publish(t, day0)
	p.publish(t, day0.AddDate(0, 0, 1))
	proof := release.ProofPath(hash(good))
	if err := os.Remove(filepath.Join(p.dir, proof)); err != nil {
		t.Fatal(err)
	}
	f := p.tree.Audit(context.Background(), day0.AddDate(0, 0, 1))
	if len(f.Faults) != 2 || !strings.Contains(f.Faults[1].Error(), "never published") {
		t.Errorf("got %v, want word of an entry of the log that the tree hides", f.Faults)
	}
}

func TestPackagedReleaseStartsAClient(t *testing.T) {
	p := found(t)
	p.publish(t, day0)
	dir := t.TempDir()
	if _, err := p.tree.Package(dir); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	_, err := release.New(release.Packaged{Root: read(ceremony.PackagedRoot), Release: read(ceremony.PackagedRelease), Program: "1.0.0", Built: day0.Unix()}, nil)
	if err != nil {
		t.Error(err)
	}
}
