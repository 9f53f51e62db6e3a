// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"filippo.io/age"
)

const (
	keyFile     = "desk.key"
	reportsFile = "reports.sealed"
)

// Store is an opened folder. One process has it open at a time. Its methods are
// not safe for concurrent use.
type Store struct {
	dir     string
	key     []byte
	codec   *codec
	file    *os.File
	end     int64 // of the last whole record
	places  map[[16]byte]int64
	gone    map[[16]byte]bool
	dead    int // reports that are gone and whose texts are still in the file
	last    uint64
	dropped int64
}

// ErrPassphrase says that a passphrase does not open the folder.
var ErrPassphrase = errors.New("the passphrase does not open this desk")

// ErrBusy says that another process has the folder open.
var ErrBusy = errors.New("another process has this desk open; end it first")

// Create makes a folder with a key of its own, and opens it. workFactor is the
// cost of a guess at the passphrase, as a power of two; 18 takes about a second.
func Create(dir, passphrase string, workFactor int) (*Store, error) {
	if len(passphrase) < 12 {
		return nil, errors.New("passphrase: want at least 12 characters; five random words are better")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	key := make([]byte, 32)
	rand.Read(key)
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(key); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, keyFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s: a desk is here already", dir)
	}
	if err != nil {
		return nil, err
	}
	_, err = file.Write(sealed.Bytes())
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	return open(dir, key)
}

// Exists reports whether dir is a desk's folder.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, keyFile))
	return err == nil
}

// Open opens a folder that Create has made.
func Open(dir, passphrase string) (*Store, error) {
	sealed, err := os.ReadFile(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, fmt.Errorf("opening desk: %w", err)
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	var wrong *age.NoIdentityMatchError
	if errors.As(err, &wrong) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", keyFile, err)
	}
	key, err := io.ReadAll(io.LimitReader(r, 64))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("opening %s: damaged; take it from a backup, nothing else opens the reports", keyFile)
	}
	return open(dir, key)
}

func open(dir string, key []byte) (*Store, error) {
	s := &Store{dir: dir, key: key}
	file, err := os.OpenFile(filepath.Join(dir, reportsFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		file.Close()
		return nil, err
	}
	s.file = file
	if err := s.begin(); err != nil {
		file.Close()
		return nil, fmt.Errorf("opening %s: %w", filepath.Join(dir, reportsFile), err)
	}
	return s, nil
}

// begin reads the head and finds the records.
func (s *Store) begin() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < headSize { // new, or a crash at the very beginning
		head := make([]byte, headSize)
		copy(head, magic)
		rand.Read(head[len(magic):])
		if _, err := s.file.WriteAt(head, 0); err != nil {
			return err
		}
	}
	head := make([]byte, headSize)
	if _, err := s.file.ReadAt(head, 0); err != nil {
		return err
	}
	if string(head[:len(magic)]) != magic {
		return errors.New("not a desk's file, or of a later version of this program")
	}
	if s.codec, err = newCodec(s.key, [saltSize]byte(head[len(magic):])); err != nil {
		return err
	}
	s.places, s.gone, s.end = map[[16]byte]int64{}, map[[16]byte]bool{}, headSize
	for r, err := range s.records() {
		if errors.Is(err, errCut) {
			return s.cut()
		}
		if err != nil {
			return err
		}
		s.note(&r)
		s.end = r.after
	}
	return nil
}

// cut puts aside what a crash left of a record at the end. It is kept, sealed as
// it is: a disk that damages a length looks the same.
func (s *Store) cut() error {
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	rest := make([]byte, info.Size()-s.end)
	if _, err := s.file.ReadAt(rest, s.end); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, reportsFile+".cut"), rest, 0o600); err != nil {
		return err
	}
	s.dropped = int64(len(rest))
	return s.file.Truncate(s.end)
}

// Dropped gives how many bytes of an unfinished record Open has put aside.
func (s *Store) Dropped() int64 { return s.dropped }

type record struct {
	Entry
	kind         kind
	place, after int64
}

func (s *Store) note(r *record) {
	s.last = max(s.last, r.Sequence)
	if r.kind == gone {
		if s.Has(r.ID) {
			s.dead++
		}
		delete(s.places, r.ID)
		s.gone[r.ID] = true
	} else if !s.gone[r.ID] {
		s.places[r.ID] = r.place
	}
}

// records reads all records in the order of the file. An error is the last thing given.
func (s *Store) records() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		in := bufio.NewReaderSize(io.NewSectionReader(s.file, headSize, 1<<62), 1<<20)
		for at := headSize; ; {
			k, e, after, err := s.codec.next(in, at)
			if err == io.EOF {
				return
			}
			if err != nil && !errors.Is(err, errCut) {
				err = fmt.Errorf("at byte %d: %w", at, err)
			}
			if !yield(record{e, k, at, after}, err) || err != nil {
				return
			}
			at = after
		}
	}
}

// Len is how many reports there are.
func (s *Store) Len() int { return len(s.places) }

// Last is the highest sequence number that was put.
func (s *Store) Last() uint64 { return s.last }

// Has reports whether a report is there.
func (s *Store) Has(id [16]byte) bool { _, ok := s.places[id]; return ok }

// All gives every report in the order in which they came.
func (s *Store) All() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for r, err := range s.records() {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			if at, ok := s.places[r.ID]; ok && at == r.place && !yield(r.Entry, nil) {
				return
			}
		}
	}
}

// Get gives one report.
func (s *Store) Get(id [16]byte) (Entry, error) {
	at, ok := s.places[id]
	if !ok {
		return Entry{}, fmt.Errorf("report %x: not here", id)
	}
	in := bufio.NewReader(io.NewSectionReader(s.file, at, 1<<62))
	_, e, _, err := s.codec.next(in, at)
	return e, err
}

// Put adds reports; those that are there, or are gone, are passed by. They are on
// the disk when it returns.
func (s *Store) Put(entries ...Entry) (added int, err error) {
	var b []byte
	from := s.end
	var fresh []record
	for _, e := range entries {
		if s.Has(e.ID) || s.gone[e.ID] {
			s.last = max(s.last, e.Sequence)
			continue
		}
		if len(e.Text) > maxText {
			return 0, fmt.Errorf("report %x: %d bytes, at most %d", e.ID, len(e.Text), maxText)
		}
		at := from + int64(len(b))
		b = s.codec.append(b, at, aReport, &e)
		r := record{e, aReport, at, from + int64(len(b))}
		s.note(&r) // so that the same id twice in one call is added once
		fresh = append(fresh, r)
	}
	if err := s.write(b); err != nil {
		for _, r := range fresh {
			delete(s.places, r.ID)
		}
		return 0, err
	}
	return len(fresh), nil
}

// Remove takes a report away for good, and remembers that it is gone. Its text
// stays in the file, sealed, until Forget rewrites it.
func (s *Store) Remove(id [16]byte, sequence uint64) error {
	e := Entry{ID: id, Sequence: sequence}
	b := s.codec.append(nil, s.end, gone, &e)
	r := record{e, gone, s.end, 0}
	if err := s.write(b); err != nil {
		return err
	}
	s.note(&r)
	return nil
}

func (s *Store) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if _, err := s.file.WriteAt(b, s.end); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	s.end += int64(len(b))
	return nil
}

// Derive gives 32 secret bytes that are always the same for this folder and purpose.
func (s *Store) Derive(purpose string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("lapwing desk: " + purpose))
	return mac.Sum(nil)
}

// Close ends the use of the folder.
func (s *Store) Close() error {
	clear(s.key)
	return s.file.Close()
}
