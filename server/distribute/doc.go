// SPDX-License-Identifier: Apache-2.0

// Package distribute hands out a release tree: the directory of static files
// that "lapwing list release" writes and that any web server could serve. It
// answers a path with bytes and headers and knows nothing of HTTP beyond
// their names; lapwingd puts fasthttp in front of it.
//
// Call [Open] with a directory, [Site.Watch] to follow new releases, and
// [Site.Get] for each request:
//
//	directory → snapshot (whole release, hashes checked) → atomic pointer → Get
//	                                      older objects → ristretto ↗
//
// The tree, every path exact:
//
//	v1/head                      which release is newest; replaced by each, and every few days
//	v1/root/<N>                  who may sign what, from 1
//	v1/o/<sha256>                everything else, named by the hash of its bytes; beside it
//	v1/o/<sha256>.gz, .br        the same bytes compressed
//	v1/log/checkpoint            the transparency log's signed size and hash; replaced by each release
//	v1/log/tile/…                its tiles (C2SP tlog-tiles)
//	v1/log/proof/<sha256>        the proof that the release note of this hash is in the log;
//	                             replaced when the log gets another key
//
// A snapshot is a whole release or nothing: head, the release note that it
// names, every object that the note names, each with the hash that its name
// says and each compressed sibling with the same content. What is not whole
// leaves the old snapshot in place and an error in the log. So a publisher may
// copy files in any order, be killed half-way, or lie: clients see the old
// release or the new one.
//
// The tree is trusted for availability only. Nothing here checks a signature:
// clients do, and whoever can write the directory can do no more than freeze
// them for as long as a head is valid. Paths come from strangers; they are
// compared, never normalised, and none reaches the file system that is not of
// the forms above.
//
// Nothing else is ever replaced. The newest release is held in memory, older objects pass through a cache
// bounded by bytes. Readers take no lock.
package distribute
