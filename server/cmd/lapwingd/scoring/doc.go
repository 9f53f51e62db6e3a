// SPDX-License-Identifier: Apache-2.0

// Package scoring is the server's role that scores listings for callers with a
// key: POST /v1/score, a JSON object per line in, a verdict per line out
// (server/openapi.yaml). It is the adapter between HTTP and server/bulk.
//
//	body → bounded → bulk.Run → answer, while the body is still being sent
//
// Call New with a Config, and hand what it gives to edge.Config.Roles.
//
// # What a caller can take
//
// Everything is bounded: a line's bytes, a request's bytes and time, requests
// at one time in all and of one caller, and how many listings are scored at
// one time by all requests together. A request has so many blocks in flight and
// no more; a caller who does not take answers is not read from, so memory does
// not grow with what is sent. Who neither sends nor takes for the Stall is cut off.
//
// # What is remembered
//
// Nothing of a listing: there is no cache, which callers could ask what
// others have sent. Nothing of a request is logged; the caller's name, which the
// operator gave, is not either.
//
// # How an answer ends
//
// One line for every line that is not blank, then the end of the chunked body.
// What is refused half-way (too many bytes, too long, the server stops) ends
// with a line with "error" that says where, and then in the same way. An
// answer without its last chunk was cut off.
package scoring
