// SPDX-License-Identifier: Apache-2.0

// Package decide holds what reviewers decide: each signs with a key of their own,
// and nothing counts before two of them agree. Open reads a folder of decisions,
// Decide adds one, Merge takes over what a colleague sends, Of says how a report
// stands.
//
// A reviewer's decisions are a file of their own, <name>+<key ID>.decisions: signed
// notes (C2SP signed-note) with an empty line between two. Only that reviewer's
// program adds to it, so files that were exchanged by any means, in any order,
// merge without conflict: what is new is added, what is known is passed by.
//
//	lapwing decision v1
//	report <32 hexadecimal digits>
//	number <N>                      from 1; of this reviewer's decisions on the report
//	decision confirmed|rejected|withdrawn
//	reason <word>                   of Reasons
//	day <2026-11-24>
//	note <one line>                 may be there: at most 200 characters, without personal data
//
//	— <reviewer's key> <signature>
//
// The decision of the highest number holds; withdrawn takes the one before back.
// Of two with the same number, which only a copied key can make, the one whose text
// comes first in order of bytes holds, everywhere.
//
// Whose decisions count is a folder of public keys, reviewers/, which each desk keeps
// by itself. What others sign is set aside, and not shown as anybody's.
package decide
