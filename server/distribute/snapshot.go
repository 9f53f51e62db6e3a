// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"lapwing/scorer/release"
)

// snapshot is one whole release, read and checked. It never changes.
type snapshot struct {
	tree    *os.Root           // where older objects are read from; closed by the collector
	pinned  map[string]*Object // by request path: the newest release and the roots
	names   map[string]bool    // every hash that the tree's v1/o holds
	logSize uint64             // leaves in the log, 0 without a log
	head    []byte
	release *release.Head
	bytes   int64 // held by pinned
}

// Limits on what a tree may ask this server to hold or read.
const (
	maxNote   = 64 << 10 // head, root, release note, proof, checkpoint
	maxTile   = 4 << 20  // an entries tile is 256 notes
	maxRoots  = 1000
	maxListed = 1 << 20 // objects in v1/o
)

// errMoved means that a publisher replaced the head while its release was read.
var errMoved = errors.New("v1/head changed while its release was read")

// loadTries is how often a release is read anew when its head moves meanwhile.
// A publisher needs far longer for a release than a server needs to read it.
const loadTries = 10

// load reads the release that dir's head names, and begins again when a new
// head is published meanwhile. Any other fault gives an error and no snapshot.
// maxBytes bounds what the release may hold in memory.
func load(dir string, maxBytes int64) (s *snapshot, err error) {
	for range loadTries {
		if s, err = loadOnce(dir, maxBytes); !errors.Is(err, errMoved) {
			break
		}
	}
	return s, err
}

func loadOnce(dir string, maxBytes int64) (*snapshot, error) {
	tree, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	s := &snapshot{tree: tree, pinned: map[string]*Object{}, names: map[string]bool{}}
	if err := s.fill(maxBytes); err != nil {
		tree.Close()
		return nil, err
	}
	return s, nil
}

func (s *snapshot) fill(maxBytes int64) error {
	var err error
	if s.head, err = readFile(s.tree, "v1/head", maxNote); err != nil {
		return err
	}
	if s.release, err = parseHead(s.head); err != nil {
		return err
	}
	if err := s.pin("/v1/head", newObject(head, [numEncodings][]byte{s.head}), maxBytes); err != nil {
		return err
	}
	if err := s.pinRelease(maxBytes); err != nil {
		return fmt.Errorf("release %d: %w", s.release.Version, err)
	}
	if err := s.pinRoots(maxBytes); err != nil {
		return err
	}
	if err := s.pinLog(maxBytes); err != nil {
		return err
	}
	if err := s.listObjects(); err != nil {
		return err
	}
	// A head that was replaced meanwhile is not mixed with what was read for
	// its predecessor.
	again, err := readFile(s.tree, "v1/head", maxNote)
	if err == nil && !bytes.Equal(again, s.head) {
		err = errMoved
	}
	return err
}

func (s *snapshot) pin(path string, o *Object, maxBytes int64) error {
	s.pinned[path] = o
	if s.bytes += o.size(); s.bytes > maxBytes {
		return fmt.Errorf("%s: with it the release would hold more than %d bytes in memory; raise pinned-bytes", path, maxBytes)
	}
	return nil
}

func (s *snapshot) pinRelease(maxBytes int64) error {
	note, err := s.pinObject(release.Blob{Length: s.release.Length, Hash: s.release.Hash}, maxBytes)
	if err != nil {
		return err
	}
	r, blobs, err := references(note)
	if err != nil {
		return err
	}
	for _, b := range blobs {
		body, err := s.pinObject(b, maxBytes)
		if err != nil {
			return err
		}
		if b == r.Older {
			if err := s.pinOlder(r, body, maxBytes); err != nil {
				return err
			}
		}
	}
	return nil
}

// pinOlder pins the deltas that the list of older ones names.
func (s *snapshot) pinOlder(r *release.Release, list []byte, maxBytes int64) error {
	older, err := release.ParseOlder(string(list), r.Version)
	if err != nil {
		return err
	}
	for _, d := range older {
		if _, err := s.pinObject(d.Blob, maxBytes); err != nil {
			return err
		}
	}
	return nil
}

// pinObject reads an object and pins it, and its gzip'd form as a file of its
// own. The lengths must be those that the note gives: a client that was
// promised another one would refuse it.
func (s *snapshot) pinObject(b release.Blob, maxBytes int64) ([]byte, error) {
	hash := b.Hash.String()
	o, err := readObject(s.tree, hash, maxBytes)
	if err != nil {
		return nil, err
	}
	if got := len(o.forms[Identity].Body); got != b.Length {
		return nil, fmt.Errorf("v1/o/%s: has %d bytes, announced are %d", hash, got, b.Length)
	}
	gz := o.gzipFile()
	if b.Gzip > 0 && (gz == nil || len(gz.forms[Identity].Body) != b.Gzip) {
		return nil, fmt.Errorf("v1/o/%s.gz: missing, or not of the %d bytes announced", hash, b.Gzip)
	}
	if gz != nil {
		s.pinned["/v1/o/"+hash+".gz"] = gz // shares the bytes, so they are counted once
	}
	return o.forms[Identity].Body, s.pin("/v1/o/"+hash, o.withFiles(), maxBytes)
}

// gzipFile gives an object's gzip'd form as a file of its own, nil if there is none.
func (o *Object) gzipFile() *Object {
	if o.forms[Gzip] == nil {
		return nil
	}
	return newObject(objectGzip, [numEncodings][]byte{o.forms[Gzip].Body})
}

// pinRoots reads v1/root/1 and on until one is missing.
func (s *snapshot) pinRoots(maxBytes int64) error {
	for n := 1; n <= maxRoots; n++ {
		path := "v1/root/" + strconv.Itoa(n)
		note, err := readFile(s.tree, path, maxNote)
		if errors.Is(err, errAbsent) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.pin("/"+path, newObject(root, [numEncodings][]byte{note}), maxBytes); err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d roots", maxRoots)
}

// pinLog reads the checkpoint and the newest release's proof, if the tree has a log.
func (s *snapshot) pinLog(maxBytes int64) error {
	for path, k := range map[string]Kind{
		"v1/log/checkpoint":                       checkpoint,
		"v1/log/proof/" + s.release.Hash.String(): proof,
	} {
		note, err := readFile(s.tree, path, maxNote)
		if errors.Is(err, errAbsent) {
			continue
		}
		if err != nil {
			return err
		}
		if k == checkpoint {
			if s.logSize, err = parseCheckpoint(note); err != nil {
				return err
			}
		}
		if err := s.pin("/"+path, newObject(k, [numEncodings][]byte{note}), maxBytes); err != nil {
			return err
		}
	}
	return nil
}

// listObjects notes which objects exist, so that a request for any other is
// refused without a look at the disk.
func (s *snapshot) listObjects() error {
	dir, err := s.tree.Open("v1/o")
	if err != nil {
		return err
	}
	defer dir.Close()
	for {
		names, err := dir.Readdirnames(1024)
		for _, name := range names {
			if isHash(name) {
				s.names[name] = true
			}
		}
		if len(s.names) > maxListed {
			return fmt.Errorf("v1/o: more than %d objects; remove those that no release of the last year names", maxListed)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
