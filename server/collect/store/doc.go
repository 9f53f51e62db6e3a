// SPDX-License-Identifier: Apache-2.0

// Package store keeps sealed reports until reviewers have fetched them: who
// they came from it never learns, and what they say it cannot read. [Open]
// gives a [Store], by a file's path or a postgres:// address; [Store.Put],
// [Store.Withdraw], [Store.After] and [Store.Expire] are all that is done with
// one.
//
//	Put, Withdraw → queue → one goroutine → one transaction for all that wait → engine
//	                                        (then each is told)                  SQLite, or PostgreSQL
//
// # What is kept
//
// One row a report: a sequence number, the UTC day on which it came, the id
// that the reporter's program has drawn, and the envelope. No address, no
// program's name, no time of day. The order of the sequence numbers is that in
// which reports came, and nothing more can be read from them. An id that was
// withdrawn stays as a row without an envelope, so that a late copy is not
// stored again, and so that reviewers who have fetched it learn to delete it.
//
// # What nil means
//
// Put and Withdraw return nil once the transaction has been synced to the disk
// (for SQLite: WAL, synchronous=FULL; for PostgreSQL: synchronous_commit), and
// not before: what was acknowledged survives a killed process, and a power cut
// as far as the disk tells the truth. On any error, nothing of what was asked
// may be relied on, neither that it is stored nor that it is not; to ask again is
// right, since ids are stored once.
//
// # What deleting means
//
// SQLite overwrites what is deleted with zeros (secure_delete), and a second
// later the write-ahead log is emptied, too, or when nobody reads any more.
// Copies that a file system or a disk
// keeps of old blocks are beyond its reach, as are backups. PostgreSQL frees
// deleted rows by VACUUM, which runs after each day's deletion, without zeros.
package store
