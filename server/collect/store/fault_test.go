// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"lapwing/server/collect/store"
)

// faults collects what a store says of itself.
type faults struct {
	mu  sync.Mutex
	all []error // guarded by mu
}

func (f *faults) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, err)
}

func (f *faults) list() []error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all
}

// recovers waits until the store takes reports again, by itself.
func recovers(t *testing.T, s *store.Store) {
	t.Helper()
	for range 200 {
		if s.Ready() == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the store stays out of order: %v", s.Ready())
}

func TestLockedStoreAnswersAndRecovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reports.db")
	var told faults
	s := open(t, path, store.Options{Fault: told.add})
	put(t, s, 1, 20000, store.Stored)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(id(2), 20000, envelope(2), 0); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("locked: got %v", err)
	}
	if s.Ready() == nil {
		t.Error("a locked store says that it is ready")
	}
	if rows := all(t, s); len(rows) != 1 {
		t.Errorf("reading a locked store: got %d rows, want 1", len(rows))
	}
	if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	recovers(t, s)
	put(t, s, 2, 20000, store.Stored)
	if got := told.list(); len(got) != 2 || got[0] == nil || got[1] != nil {
		t.Errorf("the operator was told %v; want once that it failed, and once that it works", got)
	}
}

func TestDamagedStoreIsRefusedAndLeftAsItIs(t *testing.T) {
	for name, damage := range map[string]func(*os.File) error{
		"no store at all": func(f *os.File) error { _, err := f.WriteAt([]byte("an invented text"), 0); return err },
		"pages of zeros":  func(f *os.File) error { _, err := f.WriteAt(make([]byte, 40960), 4096); return err },
		"cut short":       func(f *os.File) error { return f.Truncate(50_000) },
	} {
		path := filepath.Join(t.TempDir(), "reports.db")
		s := open(t, path, store.Options{})
		for n := range uint64(100) {
			put(t, s, n, 20000, store.Stored)
		}
		s.Close()
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := damage(f); err != nil {
			t.Fatal(err)
		}
		f.Close()
		before, _ := os.ReadFile(path)
		if s, err = store.Open(path, store.Options{}); err != nil {
			t.Fatalf("%s: %v: the rest of the server must start all the same", name, err)
		}
		if s.Ready() == nil {
			t.Errorf("%s: ready", name)
		}
		if _, err := s.Put(id(1000), 20000, envelope(1000), 0); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s: got %v", name, err)
		}
		for _, err := range s.After(context.Background(), 0, 1) {
			if err == nil {
				t.Errorf("%s: gives rows", name)
			}
		}
		if err := s.Backup(context.Background(), path+".backup"); err == nil {
			t.Errorf("%s: makes a backup", name)
		}
		s.Close()
		if after, _ := os.ReadFile(path); string(after) != string(before) {
			t.Errorf("%s: the file was changed; somebody may still want to rescue what is in it", name)
		}
	}
}

func TestStoreOfAnotherVersionIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reports.db")
	open(t, path, store.Options{}).Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA user_version = 2"); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Ready() == nil {
		t.Error("a file of a later version was opened: what it means is not known")
	}
}

func TestStoreThatComesLaterIsUsed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mounted-later")
	s, err := store.Open(filepath.Join(dir, "reports.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Ready() == nil {
		t.Error("ready without a directory")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	recovers(t, s)
	put(t, s, 1, 20000, store.Stored)
}

func TestPostgresThatGoesAwayLosesNothingAcknowledged(t *testing.T) {
	if cluster == nil {
		return // said by TestMain
	}
	where, err := cluster.Database()
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, where, store.Options{})
	for n := range uint64(100) {
		put(t, s, n, 20000, store.Stored)
	}
	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(id(1000), 20000, envelope(1000), 0); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("without a server: got %v", err)
	}
	if err := cluster.Restart(); err != nil {
		t.Fatal(err)
	}
	recovers(t, s)
	put(t, s, 1000, 20000, store.Stored)
	if rows := all(t, s); len(rows) != 101 {
		t.Errorf("got %d rows, want 101", len(rows))
	}
}

func TestReadersDoNotHoldUpDeletion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reports.db")
	s := open(t, path, store.Options{})
	for n := range uint64(100) {
		put(t, s, n, 20000, store.Stored)
	}
	next, stop := iter.Pull2(s.After(context.Background(), 0, 100)) // as a slow backup
	defer stop()
	next()
	withdraw(t, s, 1, 20000, store.Withdrawn)
	time.Sleep(1500 * time.Millisecond) // the log is to be emptied meanwhile, and cannot be
	put(t, s, 1000, 20000, store.Stored)
	if err := s.Ready(); err != nil {
		t.Errorf("got %v; a reader is no fault", err)
	}
}
