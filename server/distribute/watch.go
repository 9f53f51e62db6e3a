// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watch follows the tree until ctx ends: it reloads when the directory of the
// head tells of a change, and looks every interval besides, since network file
// systems and swapped links tell nothing. After each attempt that had a reason
// it calls report, from one goroutine.
func (s *Site) Watch(ctx context.Context, interval time.Duration, report func(switched bool, err error)) {
	events, stop := watchDir(filepath.Join(s.dir, "v1"))
	defer stop()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case _, ok := <-events:
			if !ok {
				events = nil // the interval goes on
				continue
			}
			// A publisher's rename comes as several events: let them pass, and
			// look once. What comes later is an event of its own.
			settle(ctx, events, 50*time.Millisecond)
		}
		if s.changed() {
			report(s.Reload())
		}
	}
}

// watchDir tells of changes in dir; a nil channel never does.
func watchDir(dir string) (<-chan fsnotify.Event, func()) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, func() {}
	}
	if err := w.Add(dir); err != nil {
		w.Close()
		return nil, func() {}
	}
	go func() {
		for range w.Errors { // an overflow costs one interval
		}
	}()
	return w.Events, func() { w.Close() }
}

func settle(ctx context.Context, events <-chan fsnotify.Event, quiet time.Duration) {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case _, ok := <-events:
			if !ok {
				return
			}
		}
	}
}

// sameHead reports whether dir's head still has these bytes.
func sameHead(dir string, want []byte) bool {
	tree, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer tree.Close()
	got, err := readFile(tree, "v1/head", maxNote)
	return err == nil && bytes.Equal(got, want)
}
