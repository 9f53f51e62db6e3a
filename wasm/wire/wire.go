// SPDX-License-Identifier: Apache-2.0

// Package wire is what crosses the boundary of the scoring module, to the byte:
// requests that a host writes into the guest's buffer, and the answers that the
// guest leaves there. Both sides are here; the third, in JavaScript, is
// extension/background/scorer.js. wasm/README.md shows how the calls go together.
//
// It decides nothing about a listing, and it reads no field that it was not
// given a length for: whatever the bytes are, decoding them gives a value or an
// error, and allocates no more than a few times their length.
//
// # Notation
//
//	u8      one byte
//	u16     two bytes, least significant first
//	u32     four bytes, least significant first
//	uv      an unsigned LEB128 number below 2³², at most five bytes
//	str     uv length, then so many bytes
//	text    u32 length, then so many bytes: for what is not measured before it is encoded
//	T × n   n times T; {T} is uv n, then T × n
//
// # Requests
//
//	load    a list made ready, see ready.go
//	score   u8 Version, {listing}
//	query   u8 Version, u8 what, str argument
//
//	listing = u8 kind, text lang, text × NumFields (in the order of scorer.Field)
//
// Text is UTF-8, but need not be valid; the scorer says what it makes of a byte
// that is not.
//
// # Answers
//
//	answer  = u32 length of what follows, u8 Version, u8 status, then
//	          status 0: what was asked for; else: str, a sentence
//
//	load    summary
//	score   {verdict}, one per listing, in the same order
//	query   catalog | {text} | {document}
//
//	verdict  = u8 level, u16 score in hundredths, {reason}
//	reason   = uv indicator + 1 (0 is the wording hint), u8 points, {span}
//	span     = u8 field, uv start, uv end - start, in code points
//	summary  = str name, uv version, str created, uv number of indicators, str list (its name in verdicts)
//	catalog  = summary, the names {str} of kinds, fields, levels, dimensions and strengths,
//	           hint, {str} languages that have texts, indicator × number of indicators
//	hint     = str indicator, u8 dimension, u8 strength
//	indicator= str id, u8 dimension, u8 strength, u8 weight, u8 status, uv kinds, str expires, {str} sources
//	text     = str key, str text
//	document = str name, str JSON
//
// # Compatibility
//
// Version changes with any change above, and a side that meets another version
// refuses it: module and host are shipped together, so there is nothing to
// translate. New queries do not change it; an unknown one is answered with
// BadRequest.
package wire

import (
	"errors"

	"lapwing/scorer/pack"
)

// Version is the first byte of requests and the fifth of answers, and what the
// module's abi_version gives.
const Version = 1

// Bounds, in bytes. More is an error on either side, never a cut.
const (
	MaxRequest = 16 << 20         // a batch of listings
	MaxPack    = 4 * pack.MaxSize // a list made ready
	MaxBuffer  = 64 << 20         // room that a host may ask for, if it encodes before it knows the length
	MaxAnswer  = 64 << 20         // what a guest may answer, its length field included
)

// What a query asks for.
const (
	QueryCatalog   = 1 // argument: empty
	QueryTexts     = 2 // argument: a language; its texts
	QueryDocuments = 3 // argument: the beginning of a name; the documents that have it
)

// The wording hint's name, dimension and strength stand in no pack; hosts get them with the catalog.
const (
	HintIndicator = "wording.resembles-known-fraud"
	HintDimension = "deceptive-recruitment"
	HintStrength  = "weak"
)

// Status says what became of a request.
type Status uint8

const (
	OK          Status = iota
	BadRequest         // the request's bytes are not what the call takes
	NoPack             // score or query before a pack was loaded
	PackRefused        // the pack cannot be used; what was loaded before stays
	Fault              // the guest is broken and must be thrown away
	NumStatuses
)

var statusNames = [NumStatuses]string{"ok", "bad request", "no pack", "pack refused", "fault"}

// String names the status in messages.
func (s Status) String() string {
	if s < NumStatuses {
		return statusNames[s]
	}
	return "unknown status"
}

// Error is an answer that says why there is none. Callers branch on Status:
// after a Fault the instance is of no more use.
type Error struct {
	Status   Status
	Sentence string // for people; from a guest that may be hostile, so at most maxSentence bytes of it
}

const maxSentence = 500

func (e *Error) Error() string { return e.Status.String() + ": " + e.Sentence }

// errMalformed is all that is said of bytes that do not follow the package
// comment: they come from a broken or hostile peer, which no detail would help.
var errMalformed = errors.New("malformed bytes from the other side of the module boundary")

var errVersion = errors.New("the other side of the module boundary speaks another version of it")
