// SPDX-License-Identifier: Apache-2.0

// Package ceremony is what maintainers do with keys: make them, sign with
// them, and write the release tree that everybody else reads. The formats of
// the notes and the rules by which clients believe them are package release's;
// here is the other side.
//
//	Generate → Key.Seal → a file that only its passphrase opens
//
//	Tree.Prepare ──→ note ──→ Sign, by each maintainer, elsewhere ──→ Tree.Publish
//	(objects, deltas)         (the same bytes; Describe shows them)   (log, proof, head)
//
//	PlanRoot ──→ note ──→ Sign … ──→ Tree.PublishRoot ──→ Tree.Renew
//
// # Who holds what
//
// Keys of root and release live with maintainers and never come to the machine
// that publishes: what travels is the note, a small text file, by whatever way
// people send each other text. Keys of head and log lie on the publishing
// machine, since a head is due every few days. Stolen, the two together freeze
// clients for a week at most: a head can only name a release that maintainers
// have signed, and no older one than a client has seen.
//
// # What survives a crash
//
// Every file is written aside, synced and renamed; the head comes last; nothing
// that was named once is ever changed. So a tree holds the old release or the
// new one, whole, wherever its publisher was stopped, and to go on is to run
// the same command again.
//
// The package reads no clock and asks no questions: time and passphrases come
// from the caller. It is never linked into the server.
package ceremony
