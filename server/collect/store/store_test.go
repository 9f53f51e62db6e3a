// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lapwing/server/collect/store"
	"lapwing/server/collect/store/pgtest"
)

// cluster is nil where PostgreSQL is not installed.
var cluster *pgtest.Cluster

func TestMain(m *testing.M) {
	if child := os.Getenv("LAPWING_STORE_CHILD"); child != "" {
		runChild(child)
		return
	}
	var err error
	if cluster, err = pgtest.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if cluster == nil {
		fmt.Println("PostgreSQL is not installed: only the SQLite part is tested")
	}
	code := m.Run()
	cluster.Stop()
	os.Exit(code)
}

// each runs a test with an empty store of each engine.
func each(t *testing.T, test func(t *testing.T, where string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "reports.db")) })
	if cluster == nil {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		where, err := cluster.Database()
		if err != nil {
			t.Fatal(err)
		}
		test(t, where)
	})
}

func open(t *testing.T, where string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(where, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Ready(); err != nil {
		t.Fatal(err)
	}
	return s
}

func id(n uint64) (id store.ID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

// envelope makes one that is like no other.
func envelope(n uint64) []byte {
	b := make([]byte, 4096)
	for i := 0; i < len(b); i += 8 {
		binary.LittleEndian.PutUint64(b[i:], (n+1)*0x9E3779B97F4A7C15^uint64(i)*0xD6E8FEB86659FD93)
	}
	return b
}

func put(t *testing.T, s *store.Store, n uint64, day store.Day, want store.Outcome) {
	t.Helper()
	if got, err := s.Put(id(n), day, envelope(n), 0); err != nil || got != want {
		t.Errorf("storing report %d: got %v, %v; want %v", n, got, err, want)
	}
}

func withdraw(t *testing.T, s *store.Store, n uint64, day store.Day, want store.Outcome) {
	t.Helper()
	if got, err := s.Withdraw(id(n), day, 0); err != nil || got != want {
		t.Errorf("withdrawing report %d: got %v, %v; want %v", n, got, err, want)
	}
}

func all(t *testing.T, s *store.Store) (rows []store.Row) {
	t.Helper()
	for row, err := range s.After(context.Background(), 0, 1<<20) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestReportIsStoredOnce(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		s := open(t, where, store.Options{})
		put(t, s, 1, 20000, store.Stored)
		put(t, s, 2, 20000, store.Stored)
		if got, err := s.Put(id(1), 20001, envelope(9), 0); err != nil || got != store.Repeated {
			t.Errorf("the same id with another envelope: got %v, %v; want repeated", got, err)
		}
		s.Close()
		s = open(t, where, store.Options{})
		put(t, s, 2, 20002, store.Repeated)
		rows := all(t, s)
		if len(rows) != 2 {
			t.Fatalf("got %d rows, want 2", len(rows))
		}
		for i, row := range rows {
			n := uint64(i + 1)
			if row.ID != id(n) || row.Day != 20000 || !bytes.Equal(row.Blob, envelope(n)) {
				t.Errorf("row %d: got id %x, day %d, %d bytes; want what was stored first", i, row.ID, row.Day, len(row.Blob))
			}
		}
	})
}

func TestManyAtOnceAreEachStoredOnce(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		s := open(t, where, store.Options{MaxBatch: 16})
		const reports, clients = 300, 8
		var fresh sync.Map
		var wait sync.WaitGroup
		for client := range clients {
			wait.Go(func() {
				for i := range uint64(reports) {
					n := (i*7 + uint64(client)*31) % reports // each in an order of its own
					outcome, err := s.Put(id(n), 20000, envelope(n), uint64(client))
					if err != nil {
						t.Error(err)
					}
					if _, before := fresh.LoadOrStore(n, client); outcome == store.Stored && before {
						// somebody else was told "repeated" first, which is fine; twice stored is not
						if rows := all(t, s); len(rows) > reports {
							t.Errorf("got %d rows", len(rows))
						}
					}
				}
			})
		}
		wait.Wait()
		rows := all(t, s)
		if len(rows) != reports {
			t.Errorf("got %d rows, want %d", len(rows), reports)
		}
		if got := s.Count(store.Stored); got != reports {
			t.Errorf("%d were said to be new, want %d", got, reports)
		}
		for i := 1; i < len(rows); i++ {
			if rows[i].Sequence <= rows[i-1].Sequence {
				t.Fatal("rows do not come in the order of their numbers")
			}
		}
	})
}

func TestWithdrawnReportIsGoneAndStaysGone(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		s := open(t, where, store.Options{})
		put(t, s, 1, 20000, store.Stored)
		put(t, s, 2, 20000, store.Stored)
		fetched := all(t, s)
		withdraw(t, s, 1, 20003, store.Withdrawn)
		withdraw(t, s, 1, 20004, store.Repeated)
		put(t, s, 1, 20005, store.Repeated) // a copy that was late
		withdraw(t, s, 3, 20003, store.Withdrawn)
		put(t, s, 3, 20003, store.Repeated) // a report that its withdrawal overtook
		got := map[store.ID]store.Row{}
		for row, err := range s.After(context.Background(), fetched[1].Sequence, 10) {
			if err != nil {
				t.Fatal(err)
			}
			got[row.ID] = row
		}
		for _, n := range []uint64{1, 3} {
			if row, ok := got[id(n)]; !ok || row.Blob != nil || row.Day != 20003 {
				t.Errorf("report %d: got %v; whoever has fetched it before must learn that it was withdrawn", n, row)
			}
		}
		if rows := all(t, s); len(rows) != 3 {
			t.Errorf("got %d rows, want report 2 and two withdrawals", len(rows))
		}
	})
}

func TestRetentionDeletesWholeDaysAndNoNumberComesBack(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		s := open(t, where, store.Options{})
		for n := range uint64(450) {
			put(t, s, n, store.Day(20000+n/150), store.Stored)
		}
		withdraw(t, s, 0, 20000, store.Withdrawn)
		for _, tt := range []struct {
			before store.Day
			want   int
		}{{20000, 0}, {20002, 300}, {20002, 0}} {
			if got, err := s.Expire(tt.before); err != nil || got != tt.want {
				t.Errorf("deleting what is older than day %d: got %d, %v; want %d", tt.before, got, err, tt.want)
			}
		}
		rows := all(t, s)
		if len(rows) != 150 || rows[0].Day != 20002 {
			t.Fatalf("got %d rows from day %d on, want 150 from 20002", len(rows), rows[0].Day)
		}
		if got, err := s.Expire(30000); err != nil || got != 150 {
			t.Fatalf("got %d, %v", got, err)
		}
		put(t, s, 0, 20010, store.Stored) // forgotten, so it is new
		if again := all(t, s); again[0].Sequence <= rows[149].Sequence {
			t.Errorf("number %d was used again: whoever has fetched up to %d would miss it", again[0].Sequence, rows[149].Sequence)
		}
	})
}

// quota allows so many of each kind, and notes what was given back.
type quota struct{ left, returned [2]int }

func (q *quota) Take(k store.Kind, client uint64) bool {
	q.left[k]--
	return q.left[k] >= 0
}
func (q *quota) Return(k store.Kind, client uint64) { q.left[k]++; q.returned[k]++ }

func TestQuotaIsForWhatIsNew(t *testing.T) {
	each(t, func(t *testing.T, where string) {
		q := &quota{left: [2]int{2, 1}}
		s := open(t, where, store.Options{Quota: q})
		put(t, s, 1, 20000, store.Stored)
		for range 10 {
			put(t, s, 1, 20000, store.Repeated)
		}
		put(t, s, 2, 20000, store.Stored)
		put(t, s, 3, 20000, store.Limited)
		withdraw(t, s, 9, 20000, store.Withdrawn) // never seen: needs a place
		withdraw(t, s, 8, 20000, store.Limited)
		withdraw(t, s, 2, 20000, store.Withdrawn) // what is there can always be taken back
		s.Close()
		if rows := all(t, open(t, where, store.Options{})); len(rows) != 3 {
			t.Errorf("got %d rows, want report 1 and the withdrawals of 2 and 9", len(rows))
		}
		if q.returned[store.Put] != 10 {
			t.Errorf("%d were given back, want 10: repeating one report must use up nothing", q.returned[store.Put])
		}
	})
}

func TestClosedStoreAnswers(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	each(t, func(t *testing.T, where string) {
		s := open(t, where, store.Options{})
		var wait sync.WaitGroup
		var stored sync.Map
		for client := range uint64(4) {
			wait.Go(func() {
				for n := client * 1000; ; n++ {
					if _, err := s.Put(id(n), 1, envelope(n), 0); err != nil {
						if !errors.Is(err, store.ErrUnavailable) {
							t.Errorf("got %v", err)
						}
						return
					}
					stored.Store(id(n), true)
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		s.Close()
		wait.Wait()
		for row := range s.After(context.Background(), 0, 1) {
			if row.Blob != nil {
				t.Error("a closed store gives rows")
			}
		}
		again := open(t, where, store.Options{})
		for _, row := range all(t, again) {
			stored.Delete(row.ID)
		}
		stored.Range(func(id, _ any) bool { t.Errorf("%x was acknowledged and is gone", id); return true })
		again.Close()
	})
}

func TestFaultyAddressesAreRefusedAtOnce(t *testing.T) {
	for _, where := range []string{"", "postgres://host:port:port/"} {
		if _, err := store.Open(where, store.Options{}); err == nil {
			t.Errorf("%q: no error", where)
		}
	}
}

func TestBackupIsWholeAndHasNothingDeleted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "reports.db"), store.Options{})
	for n := range uint64(200) {
		put(t, s, n, 20000, store.Stored)
	}
	withdraw(t, s, 7, 20000, store.Withdrawn)
	var wait sync.WaitGroup
	wait.Go(func() { // goes on meanwhile
		for n := uint64(1000); n < 1100; n++ {
			put(t, s, n, 20000, store.Stored)
		}
	})
	to := filepath.Join(dir, "backup.db")
	if err := s.Backup(context.Background(), to); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if err := s.Backup(context.Background(), to); err == nil {
		t.Error("a backup was overwritten")
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v; want a file for its owner alone", info, err)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b, envelope(7)[500:600]) {
		t.Error("a withdrawn report is in the backup")
	}
	if rows := all(t, open(t, to, store.Options{})); len(rows) < 200 {
		t.Errorf("got %d rows out of the backup", len(rows))
	}
}

func TestDeletedReportsLeaveNoBytes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "reports.db"), store.Options{})
	for n := range uint64(50) {
		put(t, s, n, store.Day(20000+n/25), store.Stored)
	}
	withdraw(t, s, 30, 20002, store.Withdrawn)
	if _, err := s.Expire(20001); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		left := map[uint64]bool{}
		for _, file := range files(t, dir) {
			for n := range uint64(50) {
				if e := envelope(n); bytes.Contains(file, e[:64]) || bytes.Contains(file, e[2000:2064]) {
					left[n] = true
				}
			}
		}
		if !left[40] {
			t.Fatal("the test does not see what is stored")
		}
		gone := !left[30]
		for n := range uint64(25) {
			gone = gone && !left[n]
		}
		if gone {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("bytes of deleted reports are still on the disk: %v", left)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func files(t *testing.T, dir string) (all [][]byte) {
	t.Helper()
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(dir, name.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "reports.db"), store.Options{})
	put(t, s, 1, 20000, store.Stored)
	names, _ := os.ReadDir(dir)
	for _, name := range names {
		if info, err := name.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v, %v; want 0600", name.Name(), info.Mode(), err)
		}
	}
	if len(names) < 2 {
		t.Errorf("got %d files, want the store and its log", len(names))
	}
}
