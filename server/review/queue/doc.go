// SPDX-License-Identifier: Apache-2.0

// Package queue is what a reviewer chooses from: every opened report in memory,
// small enough that 100 000 of them answer at once. Add takes reports, Settle
// groups those whose texts are nearly alike, Page gives what a person asked for.
//
// It holds texts in normal form for searching, and nothing else of them: what a
// page shows of a report is read from the store. A report that cannot be read, or
// that claims what is not so, is set aside with the reason and is in no page.
package queue
