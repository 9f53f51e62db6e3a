// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/molecule-man/go-brrr"

	"lapwing/scorer/release"
)

// Tree is a release tree that is being written. One process writes at a time.
type Tree struct {
	dir  string
	lock *os.File // nil: only read
}

// ErrBusy says that another process writes the tree.
var ErrBusy = errors.New("another process is publishing to this tree")

// OpenTree opens the tree in dir for writing, and makes the directory if there
// is none.
func OpenTree(dir string) (*Tree, error) {
	for _, sub := range []string{"v1/o", "v1/root", "v1/log/proof"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, err
		}
	}
	held, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := lock(held); err != nil {
		held.Close()
		return nil, err
	}
	t := &Tree{dir: dir, lock: held}
	return t, t.sweep()
}

// ReadTree opens the tree in dir for reading only.
func ReadTree(dir string) *Tree { return &Tree{dir: dir} }

// Close lets others write.
func (t *Tree) Close() error {
	if t.lock == nil {
		return nil
	}
	return t.lock.Close()
}

// aside begins the names of files that are not finished. Servers never serve
// them: no path of a tree begins with a dot.
const aside = ".new-"

// sweep removes what a publisher that was killed left aside.
func (t *Tree) sweep() error {
	for _, sub := range []string{"v1", "v1/o", "v1/root", "v1/log/proof"} {
		left, err := filepath.Glob(filepath.Join(t.dir, sub, aside+"*"))
		if err != nil {
			return err
		}
		for _, name := range left {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes one file so that it is there whole or not at all, whatever happens.
func (t *Tree) put(name string, b []byte) error {
	path := filepath.Join(t.dir, filepath.FromSlash(name))
	f, err := os.CreateTemp(filepath.Dir(path), aside)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a rename last through a loss of power.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// get reads one file of the tree; nil if there is none.
func (t *Tree) get(name string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(t.dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// putObject writes an object and its compressed forms, where they are smaller,
// and gives what a note says of it. What is there already stays.
func (t *Tree) putObject(b []byte) (release.Blob, error) {
	blob := release.Blob{Length: len(b), Hash: sha256.Sum256(b)}
	path := release.ObjectPath(blob.Hash)
	gz, br, err := compress(b)
	if err != nil {
		return blob, err
	}
	if len(gz) < len(b) {
		blob.Gzip = len(gz)
	}
	if err := t.putOnce(path, b); err != nil {
		return blob, err
	}
	for suffix, packed := range map[string][]byte{".gz": gz, ".br": br} {
		if len(packed) < len(b) {
			if err := t.putOnce(path+suffix, packed); err != nil {
				return blob, err
			}
		}
	}
	return blob, nil
}

// putOnce is put for a file whose name decides its content.
func (t *Tree) putOnce(name string, b []byte) error {
	old, err := t.get(name)
	if err != nil || old != nil && bytes.Equal(old, b) {
		return err
	}
	return t.put(name, b)
}

// compress packs as small as the formats allow: once here, never again.
func compress(b []byte) (gz, br []byte, err error) {
	var g, r bytes.Buffer
	w, err := gzip.NewWriterLevel(&g, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	_, err = w.Write(b)
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, nil, err
	}
	v, err := brrr.NewWriter(&r, 11)
	if err != nil {
		return nil, nil, err
	}
	_, err = v.Write(b)
	err = errors.Join(err, v.Close()) // before the bytes are looked at
	return g.Bytes(), r.Bytes(), err
}

// object reads an object and checks its hash.
func (t *Tree) object(b release.Blob) ([]byte, error) {
	path := release.ObjectPath(b.Hash)
	body, err := t.get(path)
	switch {
	case err != nil:
		return nil, err
	case body == nil:
		return nil, fmt.Errorf("%s: missing", path)
	case sha256.Sum256(body) != b.Hash:
		return nil, fmt.Errorf("%s: its bytes have another hash", path)
	case b.Length > 0 && len(body) != b.Length:
		return nil, fmt.Errorf("%s: has %d bytes, announced are %d", path, len(body), b.Length)
	}
	return body, nil
}

// A Past is a release that the tree has.
type Past struct {
	*release.Release
	Note []byte
	Hash release.Hash // of the note
}

// History lists the tree's releases, oldest first: those whose inclusion in
// the log was proven, since a release without a proof never was one.
func (t *Tree) History() ([]Past, error) {
	entries, err := os.ReadDir(filepath.Join(t.dir, "v1/log/proof"))
	if err != nil {
		return nil, err
	}
	var all []Past
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		b, err := t.get("v1/o/" + e.Name())
		if err != nil {
			return nil, err
		}
		n, err := open(b, nil)
		if err != nil {
			return nil, fmt.Errorf("v1/o/%s: %v", e.Name(), err)
		}
		r, err := release.ParseRelease(n.Text)
		if err != nil {
			return nil, fmt.Errorf("v1/o/%s: %v", e.Name(), err)
		}
		all = append(all, Past{r, b, sha256.Sum256(b)})
	}
	slices.SortFunc(all, func(a, b Past) int { return int(int64(a.Version) - int64(b.Version)) })
	return all, nil
}
