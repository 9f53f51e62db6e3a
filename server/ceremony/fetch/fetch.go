// SPDX-License-Identifier: Apache-2.0

// Package fetch keeps a list up to date on a machine with a file system: it
// brings package release's client what it asks for, from a server or a copy of
// the tree, and stores what the client says. What is to be believed is the
// client's decision alone; this package believes nothing.
//
//	store, err := fetch.Open(dir, packaged, pack)
//	result, err := store.Update(ctx, fetch.HTTP("https://list.example"), time.Now())
//	list, err := store.Pack()
//
// It links no signing code.
package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lapwing/scorer/release"
)

// A Source gives the file at a path of the tree, at most limit bytes of it;
// more is an error.
type Source func(ctx context.Context, path string, limit int) ([]byte, error)

// Dir is a copy of a tree.
func Dir(dir string) Source {
	return func(_ context.Context, path string, limit int) ([]byte, error) {
		f, err := os.Open(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readAll(f, limit)
	}
}

// HTTP is a server. Requests are the same for everybody: no cookie, no name of
// the program, nothing that was learnt from an answer before.
func HTTP(base string) Source {
	client := &http.Client{
		Timeout: 2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a tree does not redirect
		},
	}
	return func(ctx context.Context, path string, limit int) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, "GET", strings.TrimSuffix(base, "/")+"/"+path, nil)
		if err != nil {
			return nil, err
		}
		r.Header.Set("User-Agent", "")
		resp, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", path, resp.Status)
		}
		return readAll(resp.Body, limit)
	}
}

// errLong says that a body is longer than it may be.
var errLong = errors.New("longer than announced")

func readAll(r io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(b) > limit {
		return nil, errLong
	}
	return b, nil
}

// get brings one thing: packed, where the tree has it so, and unpacked no
// further than it was announced.
func get(ctx context.Context, from Source, w release.Want) ([]byte, error) {
	if w.Gzip == 0 {
		return from(ctx, w.Path, w.MaxBytes)
	}
	packed, err := from(ctx, w.Path+".gz", w.Gzip)
	if err != nil {
		return from(ctx, w.Path, w.MaxBytes) // a copy of the tree may lack the compressed forms
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return readAll(r, w.MaxBytes)
}

// Store is a directory with the client's state and the list in use. One
// program at a time may update it.
type Store struct {
	dir      string
	client   *release.Client
	packaged []byte // pack
}

const stateFile = "state"

// Open reads the store in dir, which need not exist. packaged and pack are what
// the program was shipped with.
func Open(dir string, packaged release.Packaged, pack []byte) (*Store, error) {
	state, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	c, err := release.New(packaged, state)
	if err != nil {
		return nil, err
	}
	return &Store{dir, c, pack}, nil
}

// Status says how things stand.
func (s *Store) Status(now time.Time) release.Status { return s.client.Status(now.Unix()) }

// ErrLost says that the stored list is missing or damaged; Update brings it back.
var ErrLost = errors.New("the stored list is missing or damaged; update again")

// Pack gives the list in use, encoded.
func (s *Store) Pack() ([]byte, error) {
	want := s.client.Status(0).Pack
	if sha256.Sum256(s.packaged) == want {
		return s.packaged, nil
	}
	b, err := os.ReadFile(s.packFile(want))
	if err != nil || sha256.Sum256(b) != want {
		return nil, ErrLost
	}
	return b, nil
}

func (s *Store) packFile(h release.Hash) string {
	return filepath.Join(s.dir, h.String()+".pack")
}

// Update looks for a newer list and stores it. The result says what came of
// it; the error is for the store itself.
func (s *Store) Update(ctx context.Context, from Source, now time.Time) (release.Result, error) {
	old, err := s.Pack()
	u := s.client.Update(now.Unix(), err != nil)
	for w, more := u.Next(); more; w, more = u.Next() {
		body := old
		if !w.Stored() {
			body, err = get(ctx, from, w)
		} else if body == nil {
			err = ErrLost
		}
		if err != nil {
			u.Failed()
			err = nil
			continue
		}
		u.Got(body)
	}
	r := u.Result()
	if r.Save == nil {
		return r, nil
	}
	return r, s.save(r.Save)
}

// save writes the list first, under its own name, and then the state that
// speaks of it: whatever happens between, the old state still has its list.
func (s *Store) save(saved *release.Saved) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	inUse := s.packFile(s.client.Status(0).Pack)
	if saved.Pack != nil {
		if err := writeFile(inUse, saved.Pack); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(s.dir, stateFile), saved.State); err != nil {
		return err
	}
	all, err := filepath.Glob(filepath.Join(s.dir, "*.pack"))
	for _, name := range all {
		if name != inUse {
			os.Remove(name) // tidiness: what stays is removed next time
		}
	}
	return err
}

// writeFile writes aside, syncs and renames.
func writeFile(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
