// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/dgraph-io/ristretto/v2"

	"lapwing/scorer"
	"lapwing/server/bulk"
)

// bursts gives n listings: a quarter of the templates come twenty times within
// a window of listings and never again, the others once.
func bursts(c *corpus, n, window int) *lineReader {
	rng := rand.New(rand.NewPCG(9, 9))
	var queue [][]int // queue[k]: templates due k listings from now
	template := 0
	pop := func() (int, bool) {
		for len(queue) > 0 {
			if due := queue[0]; len(due) > 0 {
				queue[0] = due[1:]
				return due[0], true
			}
			queue = queue[1:]
			break
		}
		return 0, false
	}
	return &lineReader{corpus: c, left: n, next: func() (int, int) {
		if t, ok := pop(); ok {
			return t % len(c.lines), t
		}
		template++
		if rng.IntN(4) == 0 {
			for range 19 {
				at := rng.IntN(window)
				for len(queue) <= at {
					queue = append(queue, nil)
				}
				queue[at] = append(queue[at], template)
			}
		}
		return template % len(c.lines), template
	}}
}

// caches compares this program's cache with none and with ristretto alone.
func (b *bench) caches() error {
	const listings = 200_000
	c, err := newCorpus(2000, b.text)
	if err != nil {
		return err
	}
	heading("%d listings; bursts: a quarter of the templates come 20 times within the window", listings)
	fmt.Printf("%-22s %16s %16s %22s\n", "feed", "no cache", "ristretto alone", "this cache")
	fmt.Printf("%-22s %16s %16s %22s\n", "", "µs of CPU", "µs, hits", "µs, hits, possible")
	for _, f := range []struct {
		name string
		feed func() *lineReader
	}{
		{"window of 200", func() *lineReader { return bursts(c, listings, 200) }},
		{"window of 5 000", func() *lineReader { return bursts(c, listings, 5000) }},
		{"no repeats", func() *lineReader { return c.unique(listings) }},
		{"30 000, again and again", func() *lineReader { return rounds(c, listings, 30_000) }},
	} {
		if err := b.cacheRow(f.name, f.feed, listings); err != nil {
			return err
		}
	}
	return nil
}

// rounds gives the same so many listings in the same order, round after round.
func rounds(c *corpus, n, distinct int) *lineReader {
	k := 0
	return &lineReader{corpus: c, left: n, next: func() (int, int) {
		k++
		return k % distinct % len(c.lines), k % distinct
	}}
}

func (b *bench) cacheRow(name string, feed func() *lineReader, n int) error {
	ctx := context.Background()
	each := func(t took) float64 { return float64(t.cpu.Nanoseconds()) / 1e3 / float64(n) }
	none, err := best3(func() error {
		_, err := bulk.Run(ctx, b.config(b.native, feed(), nil))
		return err
	})
	if err != nil {
		return err
	}
	simple := &naive{engine: b.native}
	alone, err := best3(func() error {
		if err := simple.open(); err != nil {
			return err
		}
		defer simple.cache.Close()
		_, err := bulk.Run(ctx, b.config(simple, feed(), nil))
		return err
	})
	if err != nil {
		return err
	}
	var stats bulk.CacheStats
	ours, err := best3(func() error {
		cache := bulk.NewCache("bench")
		defer cache.Close()
		r, err := bulk.Run(ctx, b.config(b.native, feed(), cache))
		if err == nil {
			stats = r.Cache
		}
		return err
	})
	fmt.Printf("%-22s %16.2f %8.2f %5.1f %% %8.2f %5.1f %% %5.1f %%\n", name, each(none),
		each(alone), 100*float64(simple.hits)/float64(n),
		each(ours), 100*float64(stats.Listings-stats.Scored)/float64(n), possible(feed(), n))
	return err
}

func best3(f func() error) (took, error) {
	var best took
	for range 3 {
		t, err := timed(f)
		if err != nil {
			return t, err
		}
		if best.cpu == 0 || t.cpu < best.cpu {
			best = t
		}
	}
	return best, nil
}

// possible is the share of listings that came before.
func possible(feed *lineReader, n int) float64 {
	seen := map[int]bool{}
	for range n {
		_, number := feed.next()
		seen[number] = true
	}
	return 100 * float64(n-len(seen)) / float64(n)
}

// naive is what one writes first: ask ristretto, else score and tell it.
type naive struct {
	engine bulk.Engine
	cache  *ristretto.Cache[string, scorer.Verdict]
	mu     sync.Mutex
	hits   int
}

func (v *naive) open() (err error) {
	v.hits = 0
	v.cache, err = ristretto.NewCache(&ristretto.Config[string, scorer.Verdict]{
		NumCounters: 100_000, MaxCost: 10_000, BufferItems: 64, IgnoreInternalCost: true,
	})
	return err
}

func (v *naive) Name() string { return v.engine.Name() }

func (v *naive) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	hits := 0
	var text []byte
	for k := range listings {
		text = text[:0]
		for f := range listings[k].Text {
			text = append(append(text, listings[k].Text[f]...), 0)
		}
		sum := sha256.Sum256(text)
		key := string(sum[:])
		if got, ok := v.cache.Get(key); ok {
			verdicts[k] = got
			hits++
			continue
		}
		if err := v.engine.Score(ctx, listings[k:k+1], verdicts[k:k+1]); err != nil {
			return err
		}
		v.cache.Set(key, verdicts[k], 1)
	}
	v.mu.Lock()
	v.hits += hits
	v.mu.Unlock()
	return nil
}
