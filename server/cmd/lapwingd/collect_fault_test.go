// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store"
)

// kept gives the ids of all reports in a store.
func kept(t *testing.T, where string) map[store.ID]bool {
	t.Helper()
	s, err := store.Open(where, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ids := map[store.ID]bool{}
	for row, err := range s.After(context.Background(), 0, 1<<20) {
		if err != nil {
			t.Fatal(err)
		}
		ids[row.ID] = true
	}
	return ids
}

func TestFullStoreIsSaidAndKeepsWhatItAcknowledged(t *testing.T) {
	db := filepath.Join(t.TempDir(), "reports.db")
	listen, _, _ := serve(t, "--role", "collect", "--reports", db, "--reports-work", "4", "--reports-bytes", "1048576")
	acknowledged, full := []store.ID{}, false
	for n := uint64(0); n < 400 && !full; n++ {
		switch got := raw(t, "127.0.0.1", listen, report(n)); {
		case got == stored:
			acknowledged = append(acknowledged, seal.IDOf(collecttest.Code(n)))
		case strings.HasPrefix(got, "503 ") && strings.Contains(got, "Retry-After"):
			full = true
		default:
			t.Fatalf("report %d: got %s", n, got)
		}
	}
	ids := kept(t, db)
	for _, id := range acknowledged {
		if !ids[id] {
			t.Errorf("%x was acknowledged and is not there", id)
		}
	}
	if !full || len(acknowledged) < 100 || len(ids) != len(acknowledged) {
		t.Errorf("full: %v, with %d acknowledged and %d there", full, len(acknowledged), len(ids))
	}
}

func TestLockedStoreIsSaid(t *testing.T) {
	db := filepath.Join(t.TempDir(), "reports.db")
	listen, _, _ := serve(t, "--role", "collect", "--reports", db, "--reports-work", "4")
	other, err := sql.Open("sqlite", db)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	conn, err := other.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if got := raw(t, "127.0.0.1", listen, report(1)); !strings.HasPrefix(got, "503 ") {
		t.Errorf("locked: got %s", got)
	}
	if got := raw(t, "127.0.0.1", listen, withdrawal(1)); !strings.HasPrefix(got, "503 ") {
		t.Errorf("locked, a withdrawal: got %s; the sender has to know that it must come again", got)
	}
	if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if got := raw(t, "127.0.0.1", listen, report(1)); got != stored {
		t.Errorf("not locked any more: got %s", got)
	}
}

func TestDamagedStoreIsSaid(t *testing.T) {
	db := filepath.Join(t.TempDir(), "reports.db")
	if err := os.WriteFile(db, make([]byte, 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	listen, _, logs := serve(t, "--role", "collect", "--reports", db, "--reports-work", "4")
	if got := raw(t, "127.0.0.1", listen, report(1)); !strings.HasPrefix(got, "503 ") {
		t.Errorf("got %s", got)
	}
	if len(logs()) < 2 {
		t.Errorf("the operator was not told: %v", logs())
	}
}
