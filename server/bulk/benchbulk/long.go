// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"lapwing/server/bulk"
)

// longRun scores few and many listings, each in a process of its own, so that
// its peak of memory is its own.
func (b *bench) longRun() error {
	const child = "LAPWING_BENCH_LISTINGS"
	if n, err := strconv.Atoi(os.Getenv(child)); err == nil {
		return b.streamed(n)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	heading("a stream of listings, none repeated, native, with cache")
	fmt.Printf("%12s %16s %14s %14s\n", "listings", "µs of CPU each", "listings/s", "peak memory")
	for _, n := range []int{100_000, b.long} {
		cmd := exec.Command(self, "-part", "long", "-text", b.text)
		cmd.Env = append(os.Environ(), child+"="+strconv.Itoa(n))
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) streamed(n int) error {
	c, err := newCorpus(2000, b.text)
	if err != nil {
		return err
	}
	cache := bulk.NewCache("bench")
	defer cache.Close()
	t, err := timed(func() error {
		r, err := bulk.Run(context.Background(), b.config(b.native, c.unique(n), cache))
		if err == nil && r.Listings != int64(n) {
			err = fmt.Errorf("%d listings, want %d", r.Listings, n)
		}
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("%12d %16.2f %14.0f %11d MB\n", n, float64(t.cpu.Nanoseconds())/1e3/float64(n), float64(n)/t.wall.Seconds(), peakMemory()/1000)
	return nil
}

// peakMemory is the most kilobytes that this process ever had in memory.
func peakMemory() int {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(fields[0])
	return n
}
