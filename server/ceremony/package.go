// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"errors"
	"os"
	"path/filepath"

	"lapwing/scorer/release"
)

// Files of a packaged release: what a program is shipped with, so that it has
// a list and keys before it ever asks a server, and a floor below which no
// server can take it.
const (
	PackagedRoot    = "root"
	PackagedRelease = "release"
	PackagedPack    = "list.pack"
)

// Package writes what a program is to be shipped with into dir: the newest
// root, the release that is public, and its pack.
func (t *Tree) Package(dir string) (*release.Release, error) {
	_, root, err := t.Root()
	if err != nil {
		return nil, err
	}
	r, note, err := t.newest()
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, errors.New("nothing was released yet")
	}
	body, err := t.object(r.Pack)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for name, b := range map[string][]byte{PackagedRoot: root, PackagedRelease: note, PackagedPack: body} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return nil, err
		}
	}
	return r, nil
}
