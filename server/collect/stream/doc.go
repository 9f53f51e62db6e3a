// SPDX-License-Identifier: Apache-2.0

// Package stream is how stored reports travel to reviewers, still sealed: as an
// answer of a server, or as a file on a stick. It begins with [Title]; each row
// follows as
//
//	sequence (8) | day since 1970-01-01 (4) | length (4) | that many bytes
//
// with numbers in big-endian order. The bytes are an envelope of package seal,
// 4096 or 16384 of them, or the 16 of the id of a report that was withdrawn:
// whoever has fetched that report before deletes it. Sequence numbers rise.
// The stream ends after a row.
//
// [Append] writes a row, [Read] reads a stream, from anybody: it is bounded, and
// says when one is cut short.
package stream
