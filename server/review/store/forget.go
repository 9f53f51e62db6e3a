// SPDX-License-Identifier: Apache-2.0

package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Forget rewrites the file without the reports that came before a day, and
// without the texts of those that are gone. It gives how many reports went.
func (s *Store) Forget(before uint32) (forgotten int, err error) {
	for e, err := range s.All() {
		if err != nil {
			return 0, err
		}
		if e.Day < before {
			forgotten++
		}
	}
	if forgotten == 0 && s.dead == 0 {
		return 0, nil
	}
	next := &Store{dir: s.dir, key: s.key}
	path := filepath.Join(s.dir, reportsFile)
	aside := path + ".new"
	if next.file, err = os.OpenFile(aside, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600); err != nil {
		return 0, err
	}
	if err := errors.Join(lock(next.file), s.copyTo(next, before)); err != nil {
		return 0, errors.Join(err, next.file.Close(), os.Remove(aside))
	}
	if err := os.Rename(aside, path); err != nil {
		return 0, errors.Join(err, next.file.Close(), os.Remove(aside))
	}
	if dir, err := os.Open(s.dir); err == nil { // the new name is on the disk, too
		err = errors.Join(dir.Sync(), dir.Close())
		if err != nil {
			return 0, err
		}
	}
	old := s.file
	*s = *next
	return forgotten, old.Close()
}

// copyTo puts what is to stay into a new file. That an id is gone stays known, so
// that a late copy from the collector does not come back.
func (s *Store) copyTo(next *Store, before uint32) error {
	if err := next.begin(); err != nil {
		return err
	}
	var batch []Entry
	flush := func() error {
		_, err := next.Put(batch...)
		batch = batch[:0]
		return err
	}
	forgotten := map[[16]byte]uint64{}
	for e, err := range s.All() {
		if err != nil {
			return err
		}
		if e.Day < before {
			forgotten[e.ID] = e.Sequence
			continue
		}
		if batch = append(batch, e); len(batch) == 256 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	var b []byte
	mark := func(id [16]byte, sequence uint64) {
		e := Entry{ID: id, Sequence: sequence}
		r := record{e, gone, next.end + int64(len(b)), 0}
		b = next.codec.append(b, r.place, gone, &e)
		next.note(&r)
	}
	for id := range s.gone {
		mark(id, s.last)
	}
	for id, sequence := range forgotten {
		mark(id, sequence)
	}
	return next.write(b)
}

// Erase removes a desk's folder and all in it. The key goes first, overwritten:
// without it the rest cannot be read, wherever copies may lie.
func Erase(dir string) error {
	if !Exists(dir) {
		return fmt.Errorf("%s: no desk is here", dir)
	}
	path := filepath.Join(dir, keyFile)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	noise := make([]byte, info.Size())
	rand.Read(noise)
	_, err = file.WriteAt(noise, 0)
	if err := errors.Join(err, file.Sync(), file.Close(), os.Remove(path)); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
