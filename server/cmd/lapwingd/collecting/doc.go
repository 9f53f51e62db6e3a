// SPDX-License-Identifier: Apache-2.0

// Package collecting is the role that takes sealed reports: it carries what
// clients post to package collect, and what reviewers fetch from its store.
//
//	POST /v1/reports        an envelope, 4096 or 16384 bytes → 202 "ok"
//	POST /v1/withdrawals    a withdrawal code, 16 bytes      → 202 "ok"
//	GET  /v1/reports/pull   for reviewers with a key         → rows, see stream.Title
//
// server/openapi.yaml describes the three. A 202 says that what was sent is on
// the disk, or need not be: it is the same for a report that is new, known,
// withdrawn or over a limit. Whatever keeps the store from taking reports is a
// 503, and nothing of the request was acknowledged.
//
// The handlers read of a request its content type, its encoding, its body and,
// for reviewers, their key; no other header, and no address but as the tag that
// edge.Network gives. They log nothing.
package collecting
