// SPDX-License-Identifier: Apache-2.0

// Package collect takes sealed reports from strangers and keeps them for
// reviewers, without learning who sends them or what they say. It knows
// nothing of HTTP: server/cmd/lapwingd/collecting carries to it what clients post.
//
//	Report:    form (package seal) → proof of work → store, unless it has it or a limit says no
//	Withdraw:  code → id → store forgets the envelope, and remembers that it was withdrawn
//	Keep:      once an hour, what is older than the retention is deleted
//
// # What a sender can learn
//
// Whether a report was well-formed, and whether it can be stored now. A report
// that is new, one that was there before, one that was withdrawn and one over a
// limit are answered alike, so that nobody can ask who has reported what.
//
// # Limits
//
// So many new reports an hour in all, and so many from one network (IPv4 /24,
// IPv6 /48), of which the edge gives no more than a keyed hash; its key is in
// memory only, and drawn anew each hour. To repeat a report uses up nothing. What
// a limit turns away was acknowledged all the same, and is lost: limits are for
// floods, and the proof of work makes a flood dear before they are reached.
package collect
