// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"errors"
	"strings"
)

// older finds what the newest release does not name: objects of earlier
// releases, tiles and proofs of the log. It gives nil where there is none.
func (s *Site) older(now *snapshot, path string) (*Object, error) {
	k := classify(path)
	if !now.mayHave(k, path) {
		return nil, nil
	}
	// The path alone is the key: what changes under its name is pinned, the
	// head, the checkpoint, the newest release's proof. Partial tiles have
	// their width in the path.
	if o, ok := s.cache.Get(path); ok {
		return o, nil
	}
	v, err, _ := s.loading.Do(path, func() (any, error) {
		s.disk <- struct{}{}
		defer func() { <-s.disk }()
		s.reads.Add(1)
		return now.read(k, path)
	})
	if errors.Is(err, errAbsent) {
		return nil, nil
	}
	if err != nil {
		s.failures.Add(1)
		return nil, err
	}
	o := v.(*Object)
	s.cache.Set(path, o, o.size())
	return o, nil
}

// mayHave tells without a look at the disk whether a path can exist.
func (s *snapshot) mayHave(k Kind, path string) bool {
	switch k {
	case object, objectGzip:
		return s.names[strings.TrimSuffix(path[len("/v1/o/"):], ".gz")]
	case proof:
		return s.names[path[len("/v1/log/proof/"):]]
	case tile:
		t, ok := parseTile(path[len("/v1/log/tile/"):])
		return ok && t.within(s.logSize)
	}
	return false // head, roots and the checkpoint are pinned if they exist
}

// read fetches one older file from the disk.
func (s *snapshot) read(k Kind, path string) (*Object, error) {
	switch k {
	case object:
		return readObject(s.tree, path[len("/v1/o/"):], s.limit())
	case objectGzip:
		o, err := readObject(s.tree, strings.TrimSuffix(path[len("/v1/o/"):], ".gz"), s.limit())
		if err != nil {
			return nil, err
		}
		if gz := o.gzipFile(); gz != nil {
			return gz, nil
		}
		return nil, errAbsent
	}
	limit := int64(maxNote)
	if k == tile {
		limit = maxTile
	}
	body, err := readFile(s.tree, path[1:], limit)
	if err != nil {
		return nil, err
	}
	return newObject(k, [numEncodings][]byte{body}), nil
}

// limit is the most that one older object may measure: no more than a whole
// release of today, and never less than what small lists grow to.
func (s *snapshot) limit() int64 { return max(s.bytes, 16<<20) }
