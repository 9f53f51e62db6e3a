// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"unsafe"

	"lapwing/scorer"
)

// MaxLine is the most bytes that one listing may take in the input: a line of
// JSON, a record of CSV, a row of Parquet, a saved page.
const MaxLine = 8 << 20

// Record is one listing as it was read, and what became of it.
type Record struct {
	ID      []byte // as JSON; empty where the listing has none
	Line    int64  // from 1; the record's first line, or the row's number in Parquet
	Problem string // why there is no verdict; "" where there is one
	Verdict scorer.Verdict

	cluster string // its name; "" for a listing that is alone, or where nobody looks

	again bool // the cache has seen this text before
	kept  bool // the cache's tail has been offered it
}

// noText is the problem of a listing with nothing to score.
const noText = "the listing has no title and no body"

// missesText tells whether there is nothing to score.
func missesText(l *scorer.Listing) bool {
	return l.Text[scorer.Title] == "" && l.Text[scorer.Body] == ""
}

// view gives b's bytes as a string without copying them. The texts of a
// listing are views of its block's buffer, which is written to again only when
// nothing refers to the block any more (see block.release): copying every text
// would cost a tenth of what scoring it costs.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}
