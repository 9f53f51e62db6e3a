// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"bytes"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/dgraph-io/ristretto/v2"
	"golang.org/x/sync/singleflight"
)

// Options bound what a Site may use. The zero value gives the defaults.
type Options struct {
	PinnedBytes int64 // most that the newest release may hold in memory; 256 MiB
	CacheBytes  int64 // most that older objects may hold in memory; 32 MiB
}

// Site serves one release tree. All methods are safe for concurrent use; a nil
// Site has no release.
type Site struct {
	dir     string
	options Options

	// current is only ever swapped: readers take the pointer once per request
	// and see one whole release. Nil before the first whole release was seen.
	current atomic.Pointer[snapshot]

	// cache holds older objects by request path. It is lossy by design: what it
	// forgets is read from the disk again.
	cache   *ristretto.Cache[string, *Object]
	loading singleflight.Group // one read of the disk per path, however many ask
	disk    chan struct{}      // bounds how many such reads run at once

	reloads, failures, reads atomic.Uint64
}

// ErrRollback is the cause when a tree's head names an older release than the
// one that is being served.
var ErrRollback = errors.New("the head names an older release than the one being served; a rollback is old content under a new version")

// Open prepares to serve the tree in dir and reads its newest release. Where
// there is none yet, or none that is whole, the Site is returned together with
// the error: it answers nothing until [Site.Reload] finds a whole release.
func Open(dir string, o Options) (*Site, error) {
	if o.PinnedBytes <= 0 {
		o.PinnedBytes = 256 << 20
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = 32 << 20
	}
	cache, err := ristretto.NewCache(&ristretto.Config[string, *Object]{
		NumCounters:        max(1000, o.CacheBytes/(8<<10)*10), // ten per expected object
		MaxCost:            o.CacheBytes,
		BufferItems:        64,
		IgnoreInternalCost: true, // cost is bytes of content; 56 of bookkeeping do not matter
		Metrics:            true,
	})
	if err != nil {
		return nil, fmt.Errorf("cache of older objects: %v", err)
	}
	s := &Site{dir: dir, options: o, cache: cache, disk: make(chan struct{}, 4)}
	_, err = s.Reload()
	return s, err
}

// Close stops the cache. It must not be called while Get runs.
func (s *Site) Close() { s.cache.Close() }

// Reload looks at the head and, if it changed, reads the release that it names
// and switches to it. On any error the old release stays. It reports whether
// it switched.
func (s *Site) Reload() (switched bool, err error) {
	old := s.current.Load()
	next, err := load(s.dir, s.options.PinnedBytes)
	switch {
	case err != nil:
	case old == nil:
	case bytes.Equal(old.head, next.head):
		return false, nil
	case next.release.Version < old.release.Version:
		err = fmt.Errorf("release %d after %d: %w", next.release.Version, old.release.Version, ErrRollback)
	}
	if err != nil {
		s.failures.Add(1)
		return false, fmt.Errorf("reading release tree: %w", err)
	}
	// Two reloads at once may finish in either order; the newer release stays.
	for !s.current.CompareAndSwap(old, next) {
		if old = s.current.Load(); old.release.Version > next.release.Version {
			return false, nil
		}
	}
	s.reloads.Add(1)
	return true, nil
}

// changed reports whether the tree's head differs from the one being served.
func (s *Site) changed() bool {
	now := s.current.Load()
	return now == nil || !sameHead(s.dir, now.head)
}

// Version gives the release being served, 0 if there is none.
func (s *Site) Version() uint32 { return s.Stats().Version }

// Get gives the answer for a request path, spelled as it was received, to a
// client with this Accept-Encoding header. It gives nil for a path that the
// tree does not have, and an error only for a fault of this side.
func (s *Site) Get(path, acceptEncoding []byte) (*Answer, error) {
	if s == nil {
		return nil, nil
	}
	now := s.current.Load()
	if now == nil {
		return nil, nil
	}
	if o := now.pinned[string(path)]; o != nil {
		if o.forms[Gzip] == nil && o.forms[Brotli] == nil {
			return o.forms[Identity], nil
		}
		return parseAccept(acceptEncoding).best(o), nil
	}
	o, err := s.older(now, string(path))
	if o == nil {
		return nil, err
	}
	return parseAccept(acceptEncoding).best(o), nil
}

// Ready reports whether there is a release to serve.
func (s *Site) Ready() bool { return s != nil && s.current.Load() != nil }
