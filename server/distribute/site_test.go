// SPDX-License-Identifier: Apache-2.0

package distribute_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/server/distribute"
	"lapwing/server/distribute/treetest"
)

// release invents the content of one release.
func release(version uint32) treetest.Release {
	return treetest.Release{
		Version: version,
		Pack:    bytes.Repeat(fmt.Appendf(nil, "pack %d of an invented list\n", version), 500),
		Deltas:  [][]byte{fmt.Appendf(nil, "a small delta to %d", version)},
	}
}

func write(t *testing.T, dir string, version uint32) string {
	t.Helper()
	hash, err := treetest.Write(dir, release(version))
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func open(t *testing.T, dir string, o distribute.Options) *distribute.Site {
	t.Helper()
	s, err := distribute.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, s *distribute.Site, path, accept string) *distribute.Answer {
	t.Helper()
	a, err := s.Get([]byte(path), []byte(accept))
	if err != nil {
		t.Fatalf("Get(%s): %v", path, err)
	}
	return a
}

func header(a *distribute.Answer, name string) string {
	for _, f := range a.Header {
		if string(f.Name) == name {
			return string(f.Value)
		}
	}
	return ""
}

func TestNewestReleaseIsServedWhole(t *testing.T) {
	dir := t.TempDir()
	hash := write(t, dir, 1)
	s := open(t, dir, distribute.Options{})
	for path, cache := range map[string]string{
		"/v1/head":              "public, max-age=300",
		"/v1/root/1":            "public, max-age=31536000, immutable",
		"/v1/o/" + hash:         "public, max-age=31536000, immutable",
		"/v1/log/checkpoint":    "public, max-age=300",
		"/v1/log/proof/" + hash: "public, max-age=300",
	} {
		a := get(t, s, path, "")
		if a == nil {
			t.Errorf("%s: no answer from a whole tree", path)
			continue
		}
		if got := header(a, "Cache-Control"); got != cache {
			t.Errorf("%s: Cache-Control: got %q, want %q", path, got, cache)
		}
		for _, name := range []string{"ETag", "Last-Modified", "Set-Cookie", "Date"} {
			if header(a, name) != "" {
				t.Errorf("%s: sends %s, which would tell one client from another", path, name)
			}
		}
	}
}

func TestEncodingIsNegotiated(t *testing.T) {
	dir := t.TempDir()
	hash := write(t, dir, 1)
	s := open(t, dir, distribute.Options{})
	for accept, want := range map[string]string{
		"":                             "",
		"gzip":                         "gzip",
		"gzip, deflate, br, zstd":      "br",
		"br;q=0, gzip":                 "gzip",
		"br;q=0.000,gzip;q=0":          "",
		"*":                            "br",
		"*;q=0":                        "",
		"br;q=0, *":                    "gzip",
		"GZIP;q=0.2":                   "gzip",
		"nonsense;;;=,,,":              "",
		strings.Repeat("gzip, ", 1000): "",
	} {
		a := get(t, s, "/v1/o/"+hash, accept)
		if got := header(a, "Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %.40q: got encoding %q, want %q", accept, got, want)
		}
		if header(a, "Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %.40q: no Vary, so a cache would hand the wrong form to the next client", accept)
		}
	}
	gz := get(t, s, "/v1/o/"+hash+".gz", "br")
	if gz == nil || header(gz, "Content-Encoding") != "" || !bytes.HasPrefix(gz.Body, []byte{0x1f, 0x8b}) {
		t.Errorf("the .gz path must give the compressed file as it is, for clients that unpack it themselves")
	}
}

func TestForeignPathsAreRefused(t *testing.T) {
	dir := t.TempDir()
	hash := write(t, dir, 1)
	if err := os.WriteFile(filepath.Join(dir, "v1/secret"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, distribute.Options{})
	for _, path := range []string{
		"", "/", "/v1", "/v1/", "/v1/head/", "/v1/head?x=1", "//v1/head", "/v1//head", "/v1/./head", "/v1/o/../head",
		"/v1/%68ead", "/V1/head", "/v1/secret", "/v1/o", "/v1/o/", "/v1/o/" + strings.ToUpper(hash), "/v1/o/" + hash + ".br",
		"/v1/o/" + hash + "/", "/v1/o/" + hash[:63], "/v1/root/01", "/v1/root/2", "/v1/root/0", "/v1/root/-1",
		"/v1/log/tile/0/000.p/0", "/v1/log/tile/0/000.p/256", "/v1/log/tile/6/000", "/v1/log/tile/0/x000/001",
		"/v1/log/tile/0/../../checkpoint", "/v1/log/.state/treeState", "/v1/log/proof/x",
	} {
		if a := get(t, s, path, ""); a != nil {
			t.Errorf("%q is answered with %d bytes; only the paths of the tree, spelled exactly, may be", path, len(a.Body))
		}
	}
}

func TestSwitchIsToAWholeReleaseOnly(t *testing.T) {
	faults := map[string]func(dir, hash string) error{
		"object missing": func(dir, hash string) error { return os.Remove(filepath.Join(dir, "v1/o", hash)) },
		"object altered": func(dir, hash string) error { return treetest.Put(dir, "v1/o/"+hash, []byte("other")) },
		"sibling altered": func(dir, hash string) error {
			gz, err := os.ReadFile(filepath.Join(dir, "v1/o", hash+".gz"))
			if err != nil {
				return err
			}
			gz[len(gz)-9] ^= 1
			return treetest.Put(dir, "v1/o/"+hash+".gz", gz)
		},
		"head cut short":     func(dir, _ string) error { return treetest.Put(dir, "v1/head", []byte("lapwing head v1\nrel")) },
		"length is a lie":    func(dir, hash string) error { return treetest.Head(dir, 2, 1, hash) },
		"head names nothing": func(dir, _ string) error { return treetest.Head(dir, 2, 10, strings.Repeat("0", 64)) },
	}
	for name, spoil := range faults {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, 1)
			s := open(t, dir, distribute.Options{})
			before := get(t, s, "/v1/head", "")
			hash := write(t, dir, 2)
			if err := spoil(dir, hash); err != nil {
				t.Fatal(err)
			}
			if switched, err := s.Reload(); err == nil || switched {
				t.Errorf("switched %v, error %v: a release that is not whole must be refused with a reason", switched, err)
			}
			if after := get(t, s, "/v1/head", ""); after != before {
				t.Errorf("the head changed although the release behind it is not whole")
			}
			write(t, dir, 3)
			if switched, err := s.Reload(); err != nil || !switched {
				t.Errorf("after the next whole release: switched %v, error %v", switched, err)
			}
		})
	}
}

func TestRollbackIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 5)
	s := open(t, dir, distribute.Options{})
	write(t, dir, 4)
	if _, err := s.Reload(); !errors.Is(err, distribute.ErrRollback) {
		t.Errorf("got %v, want ErrRollback", err)
	}
	if got := s.Version(); got != 5 {
		t.Errorf("serves release %d, want 5", got)
	}
}

func TestOlderObjectsStayWithinReach(t *testing.T) {
	dir := t.TempDir()
	old := write(t, dir, 1)
	write(t, dir, 2)
	s := open(t, dir, distribute.Options{CacheBytes: 64 << 10})
	for range 3 {
		if a := get(t, s, "/v1/o/"+old, "br"); a == nil || header(a, "Content-Encoding") != "br" {
			t.Fatalf("the release note before the newest: got %v; a client may be in the middle of it", a)
		}
	}
	if get(t, s, "/v1/log/proof/"+old, "") == nil {
		t.Errorf("the proof of an older release is gone")
	}
	if st := s.Stats(); st.Reads == 0 || st.Hits+st.Misses == 0 {
		t.Errorf("stats %+v do not show the older object's way through the cache", st)
	}
}

func TestReleaseBeyondTheMemoryLimitIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 1)
	s, err := distribute.Open(dir, distribute.Options{PinnedBytes: 1000})
	if s == nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err == nil || s.Ready() {
		t.Errorf("error %v, ready %v: a tree must not decide how much memory the server takes", err, s.Ready())
	}
}

func TestWatchFollowsReleases(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, 1)
	s := open(t, dir, distribute.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	done, seen := make(chan struct{}), make(chan uint32, 16)
	go func() {
		defer close(done)
		s.Watch(ctx, 1e8, func(switched bool, err error) {
			if err != nil {
				t.Errorf("reload: %v", err)
			}
			if switched {
				seen <- s.Version()
			}
		})
	}()
	for v := uint32(2); v < 5; v++ {
		write(t, dir, v)
		if got := <-seen; got != v {
			t.Fatalf("switched to %d, want %d", got, v)
		}
	}
	cancel()
	<-done
}
