// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"lapwing/server/review/store"
)

const (
	passphrase = "an invented passphrase"
	cheap      = 10 // what a guess at the passphrase costs here
)

func create(t *testing.T) (*store.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "desk")
	s, err := store.Create(dir, passphrase, cheap)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func reopen(t *testing.T, s *store.Store, dir string) *store.Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func entry(n int) store.Entry {
	return store.Entry{Day: 20000 + uint32(n), Sequence: uint64(n), ID: [16]byte{byte(n), byte(n >> 8), 1}, Text: fmt.Appendf(nil, "an invented text, number %d", n)}
}

func put(t *testing.T, s *store.Store, entries ...store.Entry) int {
	t.Helper()
	n, err := s.Put(entries...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func texts(t *testing.T, s *store.Store) []string {
	t.Helper()
	var list []string
	for e, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(e.Text))
	}
	return list
}

func TestReportsComeBackAfterOpeningAgain(t *testing.T) {
	s, dir := create(t)
	if n := put(t, s, entry(1), entry(2), entry(2)); n != 2 {
		t.Errorf("added %d, want 2: the same report twice is one report", n)
	}
	s = reopen(t, s, dir)
	defer s.Close()
	if n := put(t, s, entry(1), entry(3)); n != 1 {
		t.Errorf("added %d, want 1: what is there is not added again", n)
	}
	if got := texts(t, s); len(got) != 3 || got[0] != string(entry(1).Text) {
		t.Errorf("got %q, want three in the order in which they came", got)
	}
	if e, err := s.Get(entry(2).ID); err != nil || !bytes.Equal(e.Text, entry(2).Text) || e.Day != entry(2).Day {
		t.Errorf("got %+v, %v", e, err)
	}
	if s.Last() != 3 {
		t.Errorf("last is %d, want 3: the next pull would begin at the wrong place", s.Last())
	}
}

func TestWhatIsGoneDoesNotComeBack(t *testing.T) {
	s, dir := create(t)
	put(t, s, entry(1), entry(2))
	if err := s.Remove(entry(1).ID, 9); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, s, dir)
	for _, rewritten := range []bool{false, true} {
		if put(t, s, entry(1)) != 0 || s.Has(entry(1).ID) || s.Len() != 1 {
			t.Errorf("rewritten %v: a report that its sender took back is here again", rewritten)
		}
		if _, err := s.Forget(0); err != nil {
			t.Fatal(err)
		}
		s = reopen(t, s, dir)
	}
	s.Close()
}

func TestOldReportsAreForgotten(t *testing.T) {
	s, dir := create(t)
	put(t, s, entry(1), entry(2), entry(3))
	before, _ := os.Stat(filepath.Join(dir, "reports.sealed"))
	n, err := s.Forget(entry(3).Day)
	if err != nil || n != 2 {
		t.Fatalf("forgot %d, %v; want 2", n, err)
	}
	after, _ := os.Stat(filepath.Join(dir, "reports.sealed"))
	if after.Size() >= before.Size() {
		t.Errorf("the file has %d bytes, before %d: old texts are still in it", after.Size(), before.Size())
	}
	s = reopen(t, s, dir)
	defer s.Close()
	if got := texts(t, s); len(got) != 1 || got[0] != string(entry(3).Text) {
		t.Errorf("got %q, want the newest alone", got)
	}
	if n, err := s.Forget(entry(3).Day); n != 0 || err != nil {
		t.Errorf("forgot %d more, %v", n, err)
	}
}

func TestCrashLeavesWholeReports(t *testing.T) {
	s, dir := create(t)
	put(t, s, entry(1))
	put(t, s, entry(2))
	s.Close()
	file := filepath.Join(dir, "reports.sealed")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	one := len(whole) - (len(whole)-32)/2 // both records have the same length
	for size := range len(whole) {
		if err := os.WriteFile(file, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(dir, passphrase)
		if err != nil {
			t.Fatalf("cut to %d of %d bytes: %v", size, len(whole), err)
		}
		want := 0
		if size >= one {
			want = 1
		}
		if s.Len() != want {
			t.Errorf("cut to %d of %d bytes: %d reports, want %d", size, len(whole), s.Len(), want)
		}
		if put(t, s, entry(7)) != 1 {
			t.Errorf("cut to %d bytes: nothing can be added", size)
		}
		s.Close()
		size += 7
	}
}

func TestDamageIsNoticed(t *testing.T) {
	s, dir := create(t)
	put(t, s, entry(1), entry(2))
	s.Close()
	file := filepath.Join(dir, "reports.sealed")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		at := rand.IntN(len(whole))
		bad := bytes.Clone(whole)
		bad[at] ^= 1 << rand.IntN(8)
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(dir, passphrase)
		if err != nil {
			continue
		}
		// A length may be damaged so that the record seems cut short.
		if s.Dropped() == 0 {
			t.Errorf("byte %d of %d was changed, and the file was opened all the same", at, len(whole))
		}
		s.Close()
	}
}

func TestNothingIsInTheClear(t *testing.T) {
	s, dir := create(t)
	put(t, s, entry(1))
	s.Close()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte("invented")) {
			t.Errorf("%s holds a report's text in the clear", path)
		}
		if info, err := d.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v: others on this machine can read it", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnlyOneProcessHasADeskOpen(t *testing.T) {
	s, dir := create(t)
	if _, err := store.Open(dir, passphrase); !errors.Is(err, store.ErrBusy) {
		t.Errorf("got %v, want %v: two writers would destroy the file", err, store.ErrBusy)
	}
	s.Close()
	if _, err := store.Open(dir, "another passphrase"); !errors.Is(err, store.ErrPassphrase) {
		t.Errorf("got %v, want %v", err, store.ErrPassphrase)
	}
}

func TestEraseLeavesNothing(t *testing.T) {
	s, dir := create(t)
	put(t, s, entry(1))
	s.Close()
	if err := store.Erase(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there", dir)
	}
	if err := store.Erase(t.TempDir()); err == nil {
		t.Error("a folder that is no desk was erased")
	}
}
