// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"sync/atomic"

	"lapwing/scorer"
	"lapwing/server/cluster"
)

// blockSize is how many bytes of input make a block: large enough that repeats
// of one advert fall into one block, small enough to stay in a core's cache.
const blockSize = 512 << 10

// Position is a place between two listings of the input, from which a run can
// go on.
type Position struct {
	File   int   `json:"file"`   // index into the inputs
	Offset int64 `json:"offset"` // bytes after decompression; rows in Parquet; 0 or 1 for a page
	Line   int64 `json:"line"`   // lines before it
}

// Block is what a worker gets at once: some listings in the input's order.
//
// Its source fills it, then one worker owns it until done is closed, then the
// writer. The recent blocks that a cache looks into are read by every worker:
// refs counts all of these, and who lets go last gives the block back.
type Block struct {
	data  []byte   // the listings' bytes, if their reader leaves parsing to the worker
	first int64    // line number at data's start
	parse parser   // how to read data; nil where records are there already
	file  string   // named in error lines if the run has several inputs
	next  Position // where the block after this one begins

	records  []Record
	listings []scorer.Listing // same indices as records
	trouble  []Record         // problems that the source itself met; they follow the records
	out      []byte           // what the sink will write, or
	rows     []parquetRow     // the same for Parquet
	tally    tally
	sketches []cluster.Sketch // same indices as records; in the first pass of a run with clusters
	ends     []int            // of the kept records in out; the same
	number   int              // of the first record in the whole run; in the second pass
	keptFile string           // the same: the last record's file
	index    blockIndex       // the texts of this block, for the cache

	done   chan struct{} // closed by the worker
	whole  bool          // every verdict stands; read after scored is closed
	scored chan struct{} // closed once every record's verdict or problem stands; for the cache
	refs   atomic.Int32
	failed error // why the run cannot go on
	home   *blockPool
}

// parser turns a block's bytes into records.
type parser interface {
	parse(b *Block)
}

// add appends an empty record and gives it with its listing; the pointers hold
// until the next call.
func (b *Block) add(line int64) (*Record, *scorer.Listing) {
	b.records = append(b.records, Record{Line: line})
	b.listings = append(b.listings, scorer.Listing{})
	return &b.records[len(b.records)-1], &b.listings[len(b.listings)-1]
}

// fault notes a problem of the source.
func (b *Block) fault(line int64, problem string) {
	b.trouble = append(b.trouble, Record{Line: line, Problem: problem})
}

// retain keeps b from being used again; the caller must know that somebody
// else retains it at this moment.
func (b *Block) retain() { b.refs.Add(1) }

// release lets go of b. Its buffers may be overwritten afterwards.
func (b *Block) release() {
	if b.refs.Add(-1) == 0 {
		b.home.put(b)
	}
}

// blockPool keeps blocks for their buffers. It is bounded by the number of
// blocks that are in flight or recent; a buffer that one monstrous line made
// large is dropped rather than kept.
type blockPool struct {
	free chan *Block
}

func newBlockPool(n int) *blockPool { return &blockPool{free: make(chan *Block, n)} }

// get gives an empty block, retained once.
func (p *blockPool) get() *Block {
	var b *Block
	select {
	case b = <-p.free:
	default:
		b = &Block{home: p}
	}
	b.done = make(chan struct{})
	b.scored = make(chan struct{})
	b.refs.Store(1)
	return b
}

func (p *blockPool) put(b *Block) {
	const most = 4 * blockSize
	if cap(b.data) > most {
		b.data = nil
	}
	if cap(b.out) > most {
		b.out = nil
	}
	clear(b.records) // verdicts may be large
	clear(b.listings)
	clear(b.trouble)
	clear(b.rows)
	*b = Block{
		home: p, data: b.data[:0], out: b.out[:0], tally: b.tally.emptied(), index: b.index.emptied(),
		records: b.records[:0], listings: b.listings[:0], trouble: b.trouble[:0], rows: b.rows[:0],
		sketches: b.sketches[:0], ends: b.ends[:0],
	}
	select {
	case p.free <- b:
	default:
	}
}
