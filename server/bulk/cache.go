// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"lapwing/scorer"
)

// Cache keeps verdicts of texts that come again, in three steps:
//
//  1. A text that repeats inside its block is scored once.
//  2. The recent blocks are kept whole, and a text that stands in one of them
//     takes its verdict from there. Since every listing of a block is in it,
//     found or scored, this is a least-recently-used cache of the last few
//     thousand listings that copies nothing. A block that another worker is
//     scoring right now counts too: one waits for its verdict.
//  3. The tail (tail.go) remembers what came twice for a long time.
//
// Steps 1 and 2 compare the texts themselves, the tail SHA-256 of list and
// text, so nobody can bring about a false match. Whatever is forgotten on the
// way is scored again: the cache changes no verdict.
type Cache struct {
	seed maphash.Seed
	tail *tail

	mu     sync.Mutex
	recent []*Block // by entry, oldest first; each retained
	held   int      // listings in recent
	bytes  int      // bytes in recent

	counts struct{ listings, sameBlock, recent, tail, scored atomic.Int64 }
}

// Bounds on the recent blocks.
const (
	recentListings = 4096
	recentBytes    = 16 << 20
)

// NewCache makes a cache for the verdicts of one list; key names the list, as
// ListName does. Close it.
func NewCache(key string) *Cache {
	return newCache(key, tailBytes)
}

func newCache(key string, tailBytes int64) *Cache {
	return &Cache{seed: maphash.MakeSeed(), tail: newTail(key, tailBytes)}
}

// Close lets go of everything.
func (c *Cache) Close() {
	c.mu.Lock()
	for _, b := range c.recent {
		b.release()
	}
	c.recent = nil
	c.mu.Unlock()
	c.tail.close()
}

// CacheStats says what a cache did. Listings = SameBlock + Recent + Tail + Scored.
type CacheStats struct {
	Listings, SameBlock, Recent, Tail, Scored int64
	// Of the tail: what was offered, what it refused for want of worth, and what
	// it dropped because too much came at once. Both only cost time.
	Offered, Rejected, Dropped int64
}

// Stats reads the counters.
func (c *Cache) Stats() CacheStats {
	s := CacheStats{
		Listings: c.counts.listings.Load(), SameBlock: c.counts.sameBlock.Load(),
		Recent: c.counts.recent.Load(), Tail: c.counts.tail.Load(), Scored: c.counts.scored.Load(),
	}
	s.Offered, s.Rejected, s.Dropped = c.tail.stats()
	return s
}

// lookup is the state of one block's way through the cache.
type lookup struct {
	cache  *Cache
	block  *Block
	hashes []uint64
	asked  int      // listings without a problem
	copies []copyOf // repeats inside the block
	others []*Block // recent blocks, retained
	misses []int    // to be scored
	waits  []waitFor
	offers []offer // verdicts for the tail

	gather   []scorer.Listing
	verdicts []scorer.Verdict
	key      []byte
}

type copyOf struct{ to, from int }

// waitFor is a record whose verdict another worker is about to find.
type waitFor struct {
	to, from int
	block    *Block
}

type offer struct {
	record int
	key    string
}

// score finds or makes the verdict of every record of b without a problem.
func (u *lookup) score(ctx context.Context, e Engine, b *Block) error {
	u.reset(b)
	defer u.leave()
	defer close(b.scored)
	u.repeats()
	u.enter()
	u.find()
	if err := u.scoreMisses(ctx, e, u.misses); err != nil {
		return err
	}
	if err := u.await(ctx, e); err != nil {
		return err
	}
	for _, c := range u.copies {
		b.records[c.to].Verdict = b.records[c.from].Verdict
		b.records[c.to].Problem = b.records[c.from].Problem
	}
	u.remember()
	u.count()
	return nil
}

func (u *lookup) reset(b *Block) {
	u.block, u.asked = b, 0
	u.hashes, u.copies, u.misses = u.hashes[:0], u.copies[:0], u.misses[:0]
	u.waits, u.offers, u.others = u.waits[:0], u.offers[:0], u.others[:0]
}

// repeats indexes the block and finds what stands in it twice. Misses holds
// the distinct listings afterwards.
func (u *lookup) repeats() {
	b := u.block
	b.index.size(len(b.records))
	for k := range b.records {
		if b.records[k].Problem != "" {
			u.hashes = append(u.hashes, 0)
			continue
		}
		u.asked++
		h := sampleHash(u.cache.seed, &b.listings[k])
		u.hashes = append(u.hashes, h)
		first, free := b.index.find(h, &b.listings[k], b.listings)
		if first >= 0 {
			u.copies = append(u.copies, copyOf{k, first})
			continue
		}
		if free >= 0 {
			b.index.set(free, h, k)
		}
		u.misses = append(u.misses, k)
	}
	for _, c := range u.copies {
		b.records[c.from].again = true
	}
}

// enter takes hold of the recent blocks and becomes one of them.
func (u *lookup) enter() {
	c, b := u.cache, u.block
	c.mu.Lock()
	defer c.mu.Unlock()
	// These came before this one and do not know of it: nobody waits in a circle.
	for k := len(c.recent) - 1; k >= 0; k-- {
		c.recent[k].retain()
		u.others = append(u.others, c.recent[k])
	}
	b.retain()
	c.recent = append(c.recent, b)
	c.held += len(b.records)
	c.bytes += len(b.data)
	drop := 0
	for drop < len(c.recent)-1 && (c.held > recentListings || c.bytes > recentBytes) {
		old := c.recent[drop]
		c.held -= len(old.records)
		c.bytes -= len(old.data)
		old.release()
		drop++
	}
	c.recent = append(c.recent[:0], c.recent[drop:]...)
}

func (u *lookup) leave() {
	for _, b := range u.others {
		b.release()
	}
	clear(u.others)
	clear(u.waits)
}

// find takes out of misses what the recent blocks or the tail know.
func (u *lookup) find() {
	left := u.misses[:0]
	for _, k := range u.misses {
		if u.inRecent(k) || u.inTail(k) {
			continue
		}
		left = append(left, k)
	}
	u.misses = left
	u.cache.counts.scored.Add(int64(len(left)))
}

func (u *lookup) inRecent(k int) bool {
	l := &u.block.listings[k]
	for _, other := range u.others {
		at, _ := other.index.find(u.hashes[k], l, other.listings)
		if at < 0 {
			continue
		}
		u.waits = append(u.waits, waitFor{k, at, other})
		u.block.records[k].again = true
		return true
	}
	return false
}

func (u *lookup) inTail(k int) bool {
	t := u.cache.tail
	r := &u.block.records[k]
	if !t.suspects(u.hashes[k]) && !r.again {
		return false
	}
	var key string
	key, u.key = t.keyOf(&u.block.listings[k], u.key)
	if v, ok := t.get(key); ok {
		r.Verdict, r.kept = v, true
		u.cache.counts.tail.Add(1)
		return true
	}
	r.kept = true
	u.offers = append(u.offers, offer{k, key})
	return false
}

// scoreMisses asks the engine for the verdicts of some records.
func (u *lookup) scoreMisses(ctx context.Context, e Engine, which []int) error {
	b := u.block
	u.gather, u.verdicts = u.gather[:0], u.verdicts[:0]
	for _, k := range which {
		u.gather = append(u.gather, b.listings[k])
		u.verdicts = append(u.verdicts, scorer.Verdict{})
	}
	problems, err := scoreEach(ctx, e, u.gather, u.verdicts)
	if err != nil {
		return err
	}
	for n, k := range which {
		b.records[k].Verdict = u.verdicts[n]
		if problems != nil {
			b.records[k].Problem = problems[n]
		}
	}
	clear(u.verdicts)
	clear(u.gather)
	return nil
}

// await takes the verdicts that stand in other blocks, or will in a moment.
func (u *lookup) await(ctx context.Context, e Engine) error {
	b := u.block
	u.misses = u.misses[:0]
	for _, w := range u.waits {
		<-w.block.scored
		from := &w.block.records[w.from]
		if from.Problem != "" || !w.block.whole {
			u.misses = append(u.misses, w.to)
			continue
		}
		to := &b.records[w.to]
		to.Verdict, to.kept = from.Verdict, from.kept
		u.cache.counts.recent.Add(1)
	}
	u.cache.counts.scored.Add(int64(len(u.misses)))
	return u.scoreMisses(ctx, e, u.misses)
}

// remember offers to the tail what was seen twice and is not there yet.
func (u *lookup) remember() {
	b, t := u.block, u.cache.tail
	for k := range b.records {
		r := &b.records[k]
		if r.again && !r.kept && r.Problem == "" {
			var key string
			key, u.key = t.keyOf(&b.listings[k], u.key)
			u.offers = append(u.offers, offer{k, key})
			r.kept = true
		}
	}
	for _, o := range u.offers {
		if b.records[o.record].Problem == "" {
			t.set(o.key, b.records[o.record].Verdict)
		}
	}
	if len(u.offers) > 0 {
		t.settle()
	}
	b.whole = true
}

func (u *lookup) count() {
	c := &u.cache.counts
	c.sameBlock.Add(int64(len(u.copies)))
	c.listings.Add(int64(u.asked))
}

// scoreAll scores every record of b without a cache.
func (u *lookup) scoreAll(ctx context.Context, e Engine, b *Block) error {
	u.reset(b)
	defer close(b.scored)
	for k := range b.records {
		if b.records[k].Problem == "" {
			u.misses = append(u.misses, k)
		}
	}
	return u.scoreMisses(ctx, e, u.misses)
}
