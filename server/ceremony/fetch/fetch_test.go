// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
	"lapwing/server/ceremony/fetch"
)

// world is a publisher with a release that the program was shipped with.
type world struct {
	*releasetest.Publisher
	packaged release.Packaged
	first    []byte // encoded pack
	list     *pack.Pack
	now      time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{list: packtest.Generate(1, 500), now: time.Unix(1_764_000_000, 0)}
	w.Publisher = releasetest.NewPublisher(w.list, w.now.Unix())
	w.packaged = w.Packaged
	var err error
	if w.first, err = pack.Encode(w.list); err != nil {
		t.Fatal(err)
	}
	return w
}

// next publishes a day's change.
func (w *world) next() {
	w.now = w.now.Add(24 * time.Hour)
	w.list = packtest.NextDay(w.list, uint64(w.list.Version))
	w.Publish(w.list, w.now.Unix())
}

func (w *world) store(t *testing.T, dir string) *fetch.Store {
	t.Helper()
	s, err := fetch.Open(dir, w.packaged, w.first)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// source is the publisher's tree without a lie.
func (w *world) source(_ context.Context, path string, limit int) ([]byte, error) {
	b, ok := w.Serve(path)
	if !ok {
		return nil, errors.New("not there")
	}
	if len(b) > limit {
		return nil, errors.New("too long")
	}
	return b, nil
}

func version(t *testing.T, s *fetch.Store) uint32 {
	t.Helper()
	b, err := s.Pack()
	if err != nil {
		t.Fatal(err)
	}
	p, err := pack.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return p.Version
}

func TestStoreFollowsAndRemembers(t *testing.T) {
	w, dir := newWorld(t), t.TempDir()
	for range 3 {
		w.next()
		s := w.store(t, dir) // each time another process
		if r, err := s.Update(t.Context(), w.source, w.now); err != nil || r.Outcome != release.Updated {
			t.Fatalf("got %v, %v, %v", r.Outcome, r.Err, err)
		}
		if got := version(t, w.store(t, dir)); got != w.list.Version {
			t.Errorf("the next process reads version %d, want %d", got, w.list.Version)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 2 {
		t.Errorf("got %q, want the state and one list", left)
	}
}

func TestLostListIsFetchedAgain(t *testing.T) {
	w, dir := newWorld(t), t.TempDir()
	w.next()
	if _, err := w.store(t, dir).Update(t.Context(), w.source, w.now); err != nil {
		t.Fatal(err)
	}
	packs, _ := filepath.Glob(filepath.Join(dir, "*.pack"))
	if err := os.WriteFile(packs[0], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := w.store(t, dir)
	if _, err := s.Pack(); !errors.Is(err, fetch.ErrLost) {
		t.Errorf("got %v, want ErrLost: a damaged list must not be scored with", err)
	}
	if _, err := s.Update(t.Context(), w.source, w.now); err != nil {
		t.Fatal(err)
	}
	if got := version(t, s); got != w.list.Version {
		t.Errorf("got version %d, want %d", got, w.list.Version)
	}
}

func TestKilledBetweenListAndStateKeepsTheOldList(t *testing.T) {
	w, dir := newWorld(t), t.TempDir()
	w.next()
	if _, err := w.store(t, dir).Update(t.Context(), w.source, w.now); err != nil {
		t.Fatal(err)
	}
	before := w.list.Version
	state, err := os.ReadFile(filepath.Join(dir, "state"))
	if err != nil {
		t.Fatal(err)
	}
	old, _ := filepath.Glob(filepath.Join(dir, "*.pack"))
	oldPack, err := os.ReadFile(old[0])
	if err != nil {
		t.Fatal(err)
	}
	w.next()
	if _, err := w.store(t, dir).Update(t.Context(), w.source, w.now); err != nil {
		t.Fatal(err)
	}
	// As it was when the new list was written and the state was not yet.
	os.WriteFile(filepath.Join(dir, "state"), state, 0o600)
	os.WriteFile(old[0], oldPack, 0o600)
	if got := version(t, w.store(t, dir)); got != before {
		t.Errorf("got version %d, want %d, whole", got, before)
	}
}

// endless answers with bytes for as long as anybody reads.
type endless struct{ sent int }

func (e *endless) Read(p []byte) (int, error) {
	if e.sent += len(p); e.sent > 64<<20 {
		panic("fetch reads whatever it is sent")
	}
	clear(p)
	return len(p), nil
}

func TestHostileServersChangeNothing(t *testing.T) {
	w := newWorld(t)
	w.next()
	bomb := func(size int) []byte {
		var b bytes.Buffer
		g := gzip.NewWriter(&b)
		io.Copy(g, io.LimitReader(&endless{}, int64(size)))
		g.Close()
		return b.Bytes()
	}(20 << 20)
	for name, answer := range map[string]http.HandlerFunc{
		"nothing there": http.NotFound,
		"endless data":  func(rw http.ResponseWriter, r *http.Request) { io.Copy(rw, &endless{}) },
		"a page":        func(rw http.ResponseWriter, r *http.Request) { io.WriteString(rw, "<h1>welcome</h1>") },
		"a redirect":    func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/elsewhere", http.StatusFound) },
		"cut short": func(rw http.ResponseWriter, r *http.Request) {
			b, _ := w.Serve(strings.TrimPrefix(r.URL.Path, "/"))
			rw.Write(b[:len(b)/2])
		},
		"gzip bombs": func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, ".gz") {
				rw.Write(bomb)
				return
			}
			rw.Header().Set("Content-Encoding", "gzip")
			rw.Write(bomb)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			s := w.store(t, t.TempDir())
			r, err := s.Update(t.Context(), fetch.HTTP(server.URL), w.now)
			if err != nil || r.Outcome != release.Kept || r.Err == nil {
				t.Errorf("got %v, %v, %v; want the old list kept and a reason", r.Outcome, r.Err, err)
			}
			if got := version(t, s); got != 1 {
				t.Errorf("the list is version %d, want 1", got)
			}
		})
	}
}

func TestRequestsAreTheSameForEverybody(t *testing.T) {
	w := newWorld(t)
	w.next()
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if name != "Accept-Encoding" {
				t.Errorf("%s: sends %s: %q", r.URL.Path, name, r.Header.Get(name))
			}
		}
		if r.URL.RawQuery != "" {
			t.Errorf("%s has a query", r.URL)
		}
		seen = append(seen, r.URL.Path)
		rw.Header().Set("Set-Cookie", "id=7")
		rw.Header().Set("ETag", `"7"`)
		b, ok := w.Serve(strings.TrimPrefix(r.URL.Path, "/"))
		if !ok {
			http.NotFound(rw, r)
			return
		}
		rw.Write(b)
	}))
	defer server.Close()
	dir := t.TempDir()
	source := fetch.HTTP(server.URL + "/")
	for range 2 {
		if _, err := w.store(t, dir).Update(t.Context(), source, w.now); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) < 5 || seen[0] != "/v1/head" {
		t.Errorf("asked for %q", seen)
	}
}
