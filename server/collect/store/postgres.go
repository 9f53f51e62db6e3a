// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// patience is how long one statement may take.
const patience = 10 * time.Second

// The lock is taken by each transaction that writes. Two servers may share a
// database; without it a row could become visible behind one with a higher
// number, and whoever fetches rows in order would never see it.
const writeLock = `SELECT pg_advisory_xact_lock(5497564)`

const postgresSchema = `
CREATE TABLE IF NOT EXISTS report (
	sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	day integer NOT NULL,
	id bytea NOT NULL UNIQUE CHECK (length(id) = 16),
	blob bytea
);
ALTER TABLE report ALTER COLUMN blob SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS report_day ON report (day);
CREATE TABLE IF NOT EXISTS probe (one integer PRIMARY KEY CHECK (one = 1), turns bigint NOT NULL);
INSERT INTO probe VALUES (1, 0) ON CONFLICT DO NOTHING;
`

type postgresEngine struct {
	conn    *pgx.Conn // writes
	readers *pgxpool.Pool
}

func checkPostgres(address string) error {
	if _, err := pgx.ParseConfig(address); err != nil {
		return fmt.Errorf("opening store: %v", err) // pgx leaves the password out
	}
	return nil
}

func openPostgres(address string) (_ engine, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	e := new(postgresEngine)
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	if e.conn, err = pgx.Connect(ctx, address); err != nil {
		return nil, err
	}
	// Whatever the server's default is: nothing is acknowledged before it is on the disk.
	if _, err := e.conn.Exec(ctx, "SET synchronous_commit = on"); err != nil {
		return nil, err
	}
	var fsync string
	if err := e.conn.QueryRow(ctx, "SHOW fsync").Scan(&fsync); err != nil {
		return nil, err
	}
	if fsync != "on" {
		return nil, errors.New("this PostgreSQL runs with fsync off: it would lose what was acknowledged; turn it on")
	}
	// Two that start at once would both make the tables.
	err = e.within(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, postgresSchema)
		return err
	})
	if err != nil {
		return nil, err
	}
	e.readers, err = pgxpool.New(ctx, address)
	return e, err
}

// within runs one transaction that writes.
func (e *postgresEngine) within(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, e.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, writeLock); err != nil {
			return err
		}
		return do(tx)
	})
}

func (e *postgresEngine) apply(batch []*request) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return e.within(ctx, func(tx pgx.Tx) error {
		if err := insertAll(ctx, tx, batch); err != nil {
			return err
		}
		for _, r := range batch {
			if r.kind != Withdraw {
				continue
			}
			if err := withdrawOne(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// insertAll stores all envelopes of a batch by one statement.
func insertAll(ctx context.Context, tx pgx.Tx, batch []*request) error {
	var days []int32
	var ids, blobs [][]byte
	waiting := map[ID]*request{} // those that may turn out to be new
	for _, r := range batch {
		if r.kind != Put {
			continue
		}
		r.outcome = Repeated
		if waiting[r.id] == nil {
			waiting[r.id] = r
			days, ids, blobs = append(days, int32(r.day)), append(ids, r.id[:]), append(blobs, r.blob)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `INSERT INTO report (day, id, blob) SELECT * FROM unnest($1::int[], $2::bytea[], $3::bytea[])
		ON CONFLICT (id) DO NOTHING RETURNING id`, days, ids, blobs)
	if err != nil {
		return err
	}
	fresh, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	for _, id := range fresh {
		waiting[ID(id)].outcome = Stored
	}
	return nil
}

func withdrawOne(ctx context.Context, tx pgx.Tx, r *request) error {
	r.outcome = Withdrawn
	done, err := tx.Exec(ctx, `DELETE FROM report WHERE id = $1 AND blob IS NOT NULL`, r.id[:])
	if err != nil {
		return err
	}
	if done.RowsAffected() == 0 && r.known {
		r.outcome = Limited
		return nil
	}
	done, err = tx.Exec(ctx, `INSERT INTO report (day, id, blob) VALUES ($1, $2, NULL) ON CONFLICT (id) DO NOTHING`, int32(r.day), r.id[:])
	if err == nil && done.RowsAffected() == 0 {
		r.outcome = Repeated
	}
	return err
}

func (e *postgresEngine) expire(before Day, limit int) (n int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err = e.within(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `DELETE FROM report WHERE sequence IN (SELECT sequence FROM report WHERE day < $1 LIMIT $2)`, int32(before), limit)
		n = int(done.RowsAffected())
		return err
	})
	return n, err
}

func (e *postgresEngine) probe() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := e.conn.Exec(ctx, `UPDATE probe SET turns = turns + 1`)
	return err
}

// scrub lets PostgreSQL reuse the room of deleted rows. It does not matter
// when that fails: its own autovacuum comes by later.
func (e *postgresEngine) scrub() (again bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	e.conn.Exec(ctx, `VACUUM report`)
	return false
}

func (e *postgresEngine) after(ctx context.Context, sequence uint64, limit int, yield func(Row) bool) error {
	rows, err := e.readers.Query(ctx, `SELECT sequence, day, id, blob FROM report WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
		int64(sequence&(1<<63-1)), limit)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var sequence int64
		var day int32
		var id, blob []byte
		if err := rows.Scan(&sequence, &day, &id, &blob); err != nil {
			return err
		}
		if !yield(Row{Sequence: uint64(sequence), Day: Day(day), ID: ID(id), Blob: blob}) {
			return nil
		}
	}
	return rows.Err()
}

func (e *postgresEngine) backup(context.Context, string) error {
	return errors.New("the store is PostgreSQL's: back it up with pg_dump or pg_basebackup")
}

// lasting: what the server itself has said leaves the connection as it was,
// unless it says that it is going away.
func (e *postgresEngine) lasting(err error) bool {
	var said *pgconn.PgError
	if e.conn.IsClosed() || !errors.As(err, &said) {
		return true
	}
	return strings.HasPrefix(said.Code, "57P")
}

func (e *postgresEngine) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if e.readers != nil {
		e.readers.Close()
	}
	if e.conn != nil {
		return e.conn.Close(ctx)
	}
	return nil
}
