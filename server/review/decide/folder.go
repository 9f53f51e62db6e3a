// SPDX-License-Identifier: Apache-2.0

package decide

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Signed is a decision and whose it is.
type Signed struct {
	Decision
	By   string // the reviewer's name
	note string
	key  string // name+ID
}

// Folder is a folder of decisions that was read. Its methods are not safe for
// concurrent use.
type Folder struct {
	dir       string
	verifiers map[string]note.Verifier // by name+ID
	by        map[[16]byte][]Signed    // each reviewer's that holds, sorted by reviewer
	notes     map[string]bool          // every note that is here
	aside     []error
}

const (
	suffix     = ".decisions"
	maxFile    = 256 << 20
	maxNoteLen = 4096
)

// Open reads a folder; it is made if need be. reviewers are verifier keys, as
// signed notes write them.
func Open(dir string, reviewers []string) (*Folder, error) {
	f := &Folder{dir: dir, verifiers: map[string]note.Verifier{}, by: map[[16]byte][]Signed{}, notes: map[string]bool{}}
	for _, key := range reviewers {
		v, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("reviewer's key %q: %w", key, err)
		}
		f.verifiers[keyName(v.Name(), v.KeyHash())] = v
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		b, err := readBounded(file)
		if err != nil {
			return nil, err
		}
		f.read(filepath.Base(file), b)
	}
	return f, nil
}

func readBounded(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s: %d bytes, at most %d", file, info.Size(), maxFile)
	}
	return os.ReadFile(file)
}

func keyName(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// read takes over what a file holds, and gives what was new in it.
func (f *Folder) read(name string, b []byte) (fresh []Signed) {
	for k, text := range split(b) {
		s, err := f.verify(text)
		if err != nil {
			f.aside = append(f.aside, fmt.Errorf("%s: decision %d: %w", name, k+1, err))
			continue
		}
		if !f.notes[s.note] {
			f.hold(s)
			fresh = append(fresh, *s)
		}
	}
	return fresh
}

// split cuts a file into notes: each begins with its title, so that one which a
// crash cut short spoils no other.
func split(b []byte) []string {
	var list []string
	title := []byte("\n" + title)
	for len(b) > 0 {
		end := len(b)
		if at := bytes.Index(b[1:], title); at >= 0 {
			end = at + 2
		}
		if text := string(bytes.Trim(b[:end], "\n")); text != "" {
			list = append(list, text+"\n")
		}
		b = b[end:]
	}
	return list
}

func (f *Folder) verify(text string) (*Signed, error) {
	if len(text) > maxNoteLen {
		return nil, fmt.Errorf("%d bytes, at most %d", len(text), maxNoteLen)
	}
	n, err := note.Open([]byte(text), verifierList(f.verifiers))
	if err != nil {
		return nil, fmt.Errorf("not signed by a reviewer of this desk: %w", err)
	}
	d, err := ParseDecision(n.Text)
	if err != nil {
		return nil, err
	}
	sig := n.Sigs[0]
	return &Signed{Decision: *d, By: sig.Name, note: text, key: keyName(sig.Name, sig.Hash)}, nil
}

// verifierList finds verifiers among those of the desk.
type verifierList map[string]note.Verifier

func (k verifierList) Verifier(name string, hash uint32) (note.Verifier, error) {
	if v := k[keyName(name, hash)]; v != nil {
		return v, nil
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// hold takes a verified decision in: the highest number of each reviewer holds.
func (f *Folder) hold(s *Signed) {
	f.notes[s.note] = true
	list := f.by[s.Report]
	at, ok := slices.BinarySearchFunc(list, s.key, func(x Signed, key string) int { return strings.Compare(x.key, key) })
	switch {
	case !ok:
		f.by[s.Report] = slices.Insert(list, at, *s)
	case s.Number > list[at].Number || s.Number == list[at].Number && s.Text() < list[at].Text():
		list[at] = *s
	}
}

// Aside gives what was read and does not count, and why.
func (f *Folder) Aside() []error { return f.aside }

// Decide signs a decision and adds it to the reviewer's own file. Its number is set here.
func (f *Folder) Decide(d Decision, signer note.Signer) (*Signed, error) {
	list, err := f.DecideAll([]Decision{d}, signer)
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// DecideAll is Decide for many reports, all in one write.
func (f *Folder) DecideAll(list []Decision, signer note.Signer) ([]Signed, error) {
	key := keyName(signer.Name(), signer.KeyHash())
	if f.verifiers[key] == nil {
		return nil, fmt.Errorf("%s is no reviewer of this desk: put the public key into its folder reviewers", signer.Name())
	}
	var fresh []Signed
	for _, d := range list {
		d.Number = 1
		for _, s := range f.by[d.Report] {
			if s.key == key {
				d.Number = s.Number + 1
			}
		}
		if err := d.check(); err != nil {
			return nil, err
		}
		signed, err := note.Sign(&note.Note{Text: d.Text()}, signer)
		if err != nil {
			return nil, err
		}
		s, err := f.verify(string(signed))
		if err != nil {
			return nil, err
		}
		fresh = append(fresh, *s)
	}
	if err := f.append(fresh...); err != nil {
		return nil, err
	}
	for i := range fresh {
		f.hold(&fresh[i])
	}
	return fresh, nil
}

// append writes notes behind those of the same reviewer.
func (f *Folder) append(list ...Signed) error {
	byKey := map[string][]byte{}
	for _, s := range list {
		byKey[s.key] = append(append(append(byKey[s.key], '\n'), s.note...), '\n')
	}
	for key, b := range byKey {
		file, err := os.OpenFile(filepath.Join(f.dir, key+suffix), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		_, err = file.Write(b)
		if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Merge takes over the decisions of a file that a colleague sent. Those that do
// not count are in Aside.
func (f *Folder) Merge(file string) (added int, err error) {
	b, err := readBounded(file)
	if err != nil {
		return 0, err
	}
	fresh := f.read(filepath.Base(file), b)
	return len(fresh), f.append(fresh...)
}

// Files gives the decisions' files, to be sent to colleagues.
func (f *Folder) Files() ([]string, error) {
	return filepath.Glob(filepath.Join(f.dir, "*"+suffix))
}
