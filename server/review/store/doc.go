// SPDX-License-Identifier: Apache-2.0

// Package store keeps opened reports on a reviewer's machine, so that nobody who
// finds the machine can read them. Create makes a folder, Open opens it with its
// passphrase, Put adds reports, Forget keeps to the retention, Erase ends all.
//
//	desk.key        the folder's key: 32 random bytes as an age file (scrypt), which the
//	                passphrase opens
//	reports.sealed  records, one behind the other, only ever appended to
//
// # reports.sealed
//
//	file    = "lapwing desk v1\n" salt records
//	salt    = 16 random bytes, new with each file
//	record  = length nonce sealed      length: of sealed, 4 bytes, high one first
//	nonce   = 24 random bytes
//	sealed  = XChaCha20-Poly1305 under the folder's key; additional data: salt, and the
//	          place of the record in the file, 8 bytes, high one first
//	content = kind day sequence id text
//	kind    = 1: a report, 2: an id that is gone     day: days since 1970, 4 bytes
//	sequence, 8 bytes, and id, 16 bytes: the collector's     text: the report as sealed
//
// A record can hence not be moved, repeated or swapped for that of another file. A
// record that is cut short at the end is what a crash leaves, and is put aside as
// reports.sealed.cut when the file is opened. Any other damage is an error: nothing is guessed.
//
// What is erased is gone when the key is: the file holds nothing in the clear.
// Disks and file systems may keep copies of any file, which is why it is so.
package store
