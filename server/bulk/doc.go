// SPDX-License-Identifier: Apache-2.0

// Package bulk scores many listings: it reads them, spreads them over all
// cores, and writes one verdict per listing in the order of the input.
//
//	Source → batches → workers (parse, look up, score, write) → Sink, in order
//
// Memory is bounded whatever the length of the input or of one line: a line
// longer than MaxLine is that line's error. Call Run with a Config.
// VerdictFormat writes a verdict as the JSON that every part of Lapwing agrees on.
//
// The package opens no socket and knows no HTTP.
package bulk
