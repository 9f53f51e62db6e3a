// SPDX-License-Identifier: Apache-2.0

// Package treetest writes release trees for tests and benchmarks: whole and of
// the right form, with invented content and signatures that nobody could check.
// Trees with real signatures are made by server/ceremony.
package treetest

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/molecule-man/go-brrr"
)

// Release is the content of one invented release.
type Release struct {
	Version uint64
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
	note := new(strings.Builder)
	fmt.Fprintf(note, "lapwing release v1\nversion %d\n", r.Version)
	hash, err := Object(dir, r.Pack)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(note, "pack %d %s\n", len(r.Pack), hash)
	for i, d := range r.Deltas {
		if hash, err = Object(dir, d); err != nil {
			return "", err
		}
		fmt.Fprintf(note, "delta %d %d %s\n", r.Version-uint64(i)-1, len(d), hash)
	}
	note.WriteString(signature)
	if hash, err = Object(dir, []byte(note.String())); err != nil {
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
	return hash, Head(dir, r.Version, note.Len(), hash)
}

// Head writes the head that names a release.
func Head(dir string, version uint64, length int, hash string) error {
	text := fmt.Sprintf("lapwing head v1\nrelease %d %d %s\nissued 1764000000\nexpires 1764604800\n%s", version, length, hash, signature)
	return Put(dir, "v1/head", []byte(text))
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
