// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The pages stay at 4096 bytes. An envelope of that size leaves 489 bytes in the
// table's page and fills one page of its own with the rest; larger pages would
// make the index of ids, whose pages are hit at random, cost more than that saves.
const pageSize = 4096

// busyTimeout is for how many milliseconds somebody else may lock the file
// before reports are answered with 503.
const busyTimeout = "2000"

// schemaVersion stands in the file. Another version is refused.
const schemaVersion = 1

// AUTOINCREMENT: a number is never used again, even after the newest rows were
// deleted; whoever asks for rows behind it would miss the new ones.
const schema = `
CREATE TABLE report (
	sequence INTEGER PRIMARY KEY AUTOINCREMENT,
	day INTEGER NOT NULL,
	id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
	blob BLOB
) STRICT;
CREATE INDEX report_day ON report (day);
CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), turns INTEGER NOT NULL) STRICT;
INSERT INTO probe VALUES (1, 0);
PRAGMA user_version = 1;
`

type sqliteEngine struct {
	readers *sql.DB
	writers *sql.DB
	conn    *sql.Conn // the only one that writes
	log     *checkpointer
	// Prepared on conn.
	begin, commit, rollback, put, remove *sql.Stmt
}

func openSQLite(path string, o Options) (_ engine, err error) {
	// fdatasync leaves out the time stamps, which nobody needs after a crash,
	// and is twice as fast. Where there is none, fsync stays.
	sqlite.Fdatasync(true)
	if err := create(path); err != nil {
		return nil, err
	}
	e := new(sqliteEngine)
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	if e.writers, err = connect(path, "rw"); err != nil {
		return nil, err
	}
	e.writers.SetMaxOpenConns(1)
	ctx := context.Background()
	if e.conn, err = e.writers.Conn(ctx); err != nil {
		return nil, err
	}
	if err := e.prepareFile(ctx, o); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for statement, text := range map[**sql.Stmt]string{
		&e.begin: `BEGIN IMMEDIATE`, &e.commit: `COMMIT`, &e.rollback: `ROLLBACK`,
		&e.put:    `INSERT INTO report (day, id, blob) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		&e.remove: `DELETE FROM report WHERE id = ? AND blob IS NOT NULL`,
	} {
		if *statement, err = e.conn.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	if e.log, err = newCheckpointer(path); err != nil {
		return nil, err
	}
	if e.readers, err = connect(path, "ro"); err != nil {
		return nil, err
	}
	e.readers.SetMaxOpenConns(4)
	return e, nil
}

// create makes the file where there is none, for its owner alone; SQLite gives
// the files beside it the same mode.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(path)
}

// syncDir makes the name of a new file as durable as what is in it.
func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func connect(path, mode string) (*sql.DB, error) {
	query := url.Values{"mode": {mode}, "_txlock": {"immediate"}, "_defensive": {"1"}, "_busy_timeout": {busyTimeout}}
	if mode == "rw" {
		query["_pragma"] = []string{
			"page_size(" + strconv.Itoa(pageSize) + ")", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)",
			"cell_size_check(ON)", "cache_size(-4096)", "wal_autocheckpoint(0)", "journal_size_limit(33554432)",
		}
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query.Encode()}
	connector, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// prepareFile checks what is there and makes what is not.
func (e *sqliteEngine) prepareFile(ctx context.Context, o Options) error {
	var version int
	if err := e.conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch version {
	case 0:
		tx, err := e.conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, schema); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	case schemaVersion:
		// Reads the whole file, about two seconds a gigabyte: damage is better found now.
		var found string
		if err := e.conn.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
			return err
		}
		if found != "ok" {
			return &damagedError{found}
		}
	default:
		return fmt.Errorf("made by another version of the program (%d, not %d)", version, schemaVersion)
	}
	pages := int64(4294967294) // all that SQLite can count
	if o.Bytes > 0 {
		pages = max(16, o.Bytes/pageSize)
	}
	var set int64
	return e.conn.QueryRowContext(ctx, "PRAGMA max_page_count = "+strconv.FormatInt(pages, 10)).Scan(&set)
}

// damagedError is what SQLite says of a file that is not whole.
type damagedError struct{ found string }

func (d *damagedError) Error() string {
	return "the file is damaged; restore it from a backup (" + d.found + ")"
}

func (e *sqliteEngine) apply(batch []*request) error {
	if _, err := e.begin.Exec(); err != nil {
		return err
	}
	for _, r := range batch {
		if err := e.applyOne(r); err != nil {
			e.rollback.Exec() // may have been done by SQLite already
			return err
		}
	}
	if _, err := e.commit.Exec(); err != nil {
		e.rollback.Exec()
		return err
	}
	e.log.wrote(batch, e.conn)
	return nil
}

func (e *sqliteEngine) applyOne(r *request) error {
	r.outcome = Stored
	if r.kind == Withdraw {
		r.outcome = Withdrawn
		result, err := e.remove.Exec(r.id[:])
		if err != nil {
			return err
		}
		if n, _ := result.RowsAffected(); n == 0 && r.known {
			r.outcome = Limited
			return nil
		}
	}
	result, err := e.put.Exec(int64(r.day), r.id[:], r.blob)
	if err != nil {
		return err
	}
	if n, _ := result.RowsAffected(); n == 0 {
		r.outcome = Repeated
	}
	return nil
}

func (e *sqliteEngine) expire(before Day, limit int) (int, error) {
	result, err := e.conn.ExecContext(context.Background(),
		`DELETE FROM report WHERE sequence IN (SELECT sequence FROM report WHERE day < ? LIMIT ?)`, int64(before), limit)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

func (e *sqliteEngine) probe() error {
	_, err := e.conn.ExecContext(context.Background(), `UPDATE probe SET turns = turns + 1`)
	return err
}

// scrub does not wait for readers: a backup may read for minutes, and reports
// would have to wait as long.
func (e *sqliteEngine) scrub() (again bool) {
	ctx := context.Background()
	if _, err := e.conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return true
	}
	var busy, inLog, moved int
	err := e.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &inLog, &moved)
	_, back := e.conn.ExecContext(ctx, "PRAGMA busy_timeout = "+busyTimeout)
	return err != nil || back != nil || busy != 0
}

func (e *sqliteEngine) after(ctx context.Context, sequence uint64, limit int, yield func(Row) bool) error {
	rows, err := e.readers.QueryContext(ctx,
		`SELECT sequence, day, id, blob FROM report WHERE sequence > ? ORDER BY sequence LIMIT ?`, int64(sequence&(1<<63-1)), limit)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		var id []byte
		if err := rows.Scan(&r.Sequence, &r.Day, &id, &r.Blob); err != nil {
			return err
		}
		copy(r.ID[:], id)
		if !yield(r) {
			return nil
		}
	}
	return rows.Err()
}

// backup copies row by row into a file aside, which gets its name once it is
// whole and synced.
func (e *sqliteEngine) backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists; nothing is overwritten", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part*") // mode 0600
	if err != nil {
		return err
	}
	aside := f.Name()
	defer os.Remove(aside)
	defer f.Close()
	if _, err := e.readers.ExecContext(ctx, "VACUUM INTO ?", aside); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Rename(aside, path); err != nil {
		return err
	}
	return syncDir(path)
}

// lasting: a full disk, a lock and an interrupted call pass by themselves; of
// anything else it is not known in which state the connection is.
func (e *sqliteEngine) lasting(err error) bool {
	var s *sqlite.Error
	if !errors.As(err, &s) {
		return true
	}
	switch s.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT:
		return false
	}
	return true
}

func (e *sqliteEngine) close() error {
	var errs []error
	if e.log != nil {
		errs = append(errs, e.log.close())
	}
	for _, s := range []*sql.Stmt{e.begin, e.commit, e.rollback, e.put, e.remove} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	if e.conn != nil {
		errs = append(errs, e.conn.Close())
	}
	for _, db := range []*sql.DB{e.readers, e.writers} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
