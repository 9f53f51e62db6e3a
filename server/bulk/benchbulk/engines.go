// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"lapwing/scorer"
	"lapwing/server/bulk"
)

// took is what a piece of work needed.
type took struct {
	cpu, wall time.Duration
}

// timed measures f in this process's processor time and by the clock.
func timed(f func() error) (took, error) {
	runtime.GC()
	cpu, wall := cpuTime(), time.Now()
	err := f()
	return took{cpuTime() - cpu, time.Since(wall)}, err
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// engineRow is one way of scoring the corpus.
type engineRow struct {
	name string
	run  func() error
	best took
}

// engines compares the engine alone with whole runs.
func (b *bench) engines() error {
	const listings = 40_000
	c, err := newCorpus(listings, b.text)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "benchbulk")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := c.save(filepath.Join(dir, "in.jsonl")); err != nil {
		return err
	}
	ctx := context.Background()
	wasm, closeWASM, err := b.wasm(ctx)
	if err != nil {
		return err
	}
	defer closeWASM()
	rows := []engineRow{
		{name: "engine alone, native", run: func() error { return alone(ctx, b.native, c.listings) }},
		{name: "JSONL to JSONL, native, no cache", run: func() error { return b.whole(ctx, b.native, c, false) }},
		{name: "JSONL to JSONL, native, cache", run: func() error { return b.whole(ctx, b.native, c, true) }},
	}
	if wasm != nil {
		rows = append(rows, engineRow{name: "JSONL to JSONL, wasm, no cache", run: func() error { return b.whole(ctx, wasm, c, false) }})
	}
	for range b.rounds { // in turns, so that a busy moment of the machine hits all
		for k := range rows {
			t, err := timed(rows[k].run)
			if err != nil {
				return err
			}
			if rows[k].best.cpu == 0 || t.cpu < rows[k].best.cpu {
				rows[k].best = t
			}
		}
	}
	heading("%d listings of %d bytes, none repeated, %d workers", listings, c.bytes/listings, runtime.GOMAXPROCS(0))
	fmt.Printf("%-36s %14s %14s %12s %16s\n", "", "µs of CPU each", "MB/s per core", "listings/s", "CPU: engine = 1")
	for _, r := range rows {
		fmt.Printf("%-36s %14.2f %14.0f %12.0f %16.2f\n", r.name,
			float64(r.best.cpu.Nanoseconds())/1e3/listings, float64(c.bytes)/1e6/r.best.cpu.Seconds(),
			listings/r.best.wall.Seconds(), rows[0].best.cpu.Seconds()/r.best.cpu.Seconds())
	}
	if wasm != nil {
		fmt.Printf("wasm / native, both end to end: %.2f\n", rows[1].best.cpu.Seconds()/rows[3].best.cpu.Seconds())
	}
	return nil
}

// alone scores listings that are in memory already, on all cores.
func alone(ctx context.Context, e bulk.Engine, listings []scorer.Listing) error {
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			part := listings[w*len(listings)/workers : (w+1)*len(listings)/workers]
			verdicts := make([]scorer.Verdict, 256)
			for len(part) > 0 {
				n := min(len(part), len(verdicts))
				if err := e.Score(ctx, part[:n], verdicts[:n]); err != nil {
					panic(err)
				}
				part = part[n:]
			}
		})
	}
	wg.Wait()
	return nil
}

// whole is a run over the corpus.
func (b *bench) whole(ctx context.Context, e bulk.Engine, c *corpus, cached bool) error {
	var cache *bulk.Cache
	if cached {
		cache = bulk.NewCache("bench")
		defer cache.Close()
	}
	config := b.config(e, nil, cache)
	in, err := bulk.Expand([]string{c.file})
	if err != nil {
		return err
	}
	out, err := os.Create(filepath.Join(filepath.Dir(c.file), "out.jsonl"))
	if err != nil {
		return err
	}
	defer out.Close()
	config.Inputs, config.Output = in, out
	r, err := bulk.Run(ctx, config)
	if err == nil && (r.Errors > 0 || r.Listings != int64(len(c.lines))) {
		err = fmt.Errorf("%d listings and %d errors of %d lines", r.Listings, r.Errors, len(c.lines))
	}
	return err
}
