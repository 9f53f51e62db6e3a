// SPDX-License-Identifier: Apache-2.0

// Package treetest writes release trees for tests and benchmarks: whole and of
// the right form, with invented content and signatures that nobody could check.
// Trees with real signatures are made by server/ceremony.
package treetest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/molecule-man/go-brrr"

	"lapwing/scorer/release"
)

// Release is the content of one invented release.
type Release struct {
	Version uint32
	Pack    []byte   // the object that the note names as the pack
	Deltas  [][]byte // the objects that it names as deltas
}

const signature = "\n— test AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

// Write adds a release to the tree in dir, the head last, and gives the hash
// of its release note.
func Write(dir string, r Release) (string, error) {
	for _, sub := range []string{"v1/o", "v1/root", "v1/log/proof"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return "", err
		}
	}
	note := release.Release{Name: "test", Version: r.Version, Issued: 1764000000, Expires: 1771776000, Requires: "1.0.0"}
	var err error
	if note.Pack, err = blob(dir, r.Pack); err != nil {
		return "", err
	}
	for i, d := range r.Deltas {
		if uint32(i)+1 >= r.Version {
			break // there is no release before the first
		}
		b, err := blob(dir, d)
		if err != nil {
			return "", err
		}
		note.Deltas = append(note.Deltas, release.Delta{From: r.Version - uint32(i) - 1, Blob: b})
	}
	text := note.Text() + signature
	hash, err := Object(dir, []byte(text))
	if err != nil {
		return "", err
	}
	checkpoint := fmt.Sprintf("test\n%d\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n%s", r.Version, signature)
	files := map[string]string{
		"v1/root/1":            "lapwing root v1\nversion 1\n" + signature,
		"v1/log/checkpoint":    checkpoint,
		"v1/log/proof/" + hash: "c2sp.org/tlog-proof@v1\nindex 0\n\n" + checkpoint,
	}
	for name, text := range files {
		if err := Put(dir, name, []byte(text)); err != nil {
			return "", err
		}
	}
	return hash, Head(dir, r.Version, len(text), hash)
}

// blob writes an object and gives what a note says of it.
func blob(dir string, body []byte) (release.Blob, error) {
	hash, err := Object(dir, body)
	if err != nil {
		return release.Blob{}, err
	}
	b := release.Blob{Length: len(body), Hash: sha256.Sum256(body)}
	gz, err := os.Stat(filepath.Join(dir, "v1/o", hash+".gz"))
	if err == nil {
		b.Gzip = int(gz.Size())
	}
	return b, nil
}

// Head writes the head that names a release.
func Head(dir string, version uint32, length int, hash string) error {
	h := release.Head{Root: 1, Version: version, Length: length, Issued: 1764000000, Expires: 1764604800}
	if _, err := hex.Decode(h.Hash[:], []byte(hash)); err != nil {
		return err
	}
	return Put(dir, "v1/head", []byte(h.Text()+signature))
}

// Object writes one object with its compressed siblings, where they are
// smaller, and gives its hash.
func Object(dir string, body []byte) (string, error) {
	sum := sha256.Sum256(body)
	hash := fmt.Sprintf("%x", sum)
	var gz, br bytes.Buffer
	w := gzip.NewWriter(&gz)
	w.Write(body)
	w.Close()
	b, err := brrr.NewWriter(&br, 5)
	if err != nil {
		return "", err
	}
	b.Write(body)
	b.Close()
	for suffix, packed := range map[string][]byte{".gz": gz.Bytes(), ".br": br.Bytes()} {
		if len(packed) < len(body) {
			if err := Put(dir, "v1/o/"+hash+suffix, packed); err != nil {
				return "", err
			}
		}
	}
	return hash, Put(dir, "v1/o/"+hash, body)
}

// Put writes one file of the tree aside and renames it into place.
func Put(dir, name string, body []byte) error {
	path := filepath.Join(dir, name)
	aside := path + ".new"
	if err := os.WriteFile(aside, body, 0o644); err != nil {
		return err
	}
	return os.Rename(aside, path)
}
