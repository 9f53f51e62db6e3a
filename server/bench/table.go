// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
	"unsafe"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

// table runs its rows in turns and prints their best rates.
type table struct {
	docs, folded []string
	bytes        int
	rounds       int
	rows         []row
}

type row struct {
	name   string
	folded bool // is given the text in normal form, so it does less
	count  func(doc string) int
	hits   int
	best   time.Duration
}

func (t *table) add(name string, folded bool, count func(doc string) int) {
	t.rows = append(t.rows, row{name: name, folded: folded, count: count})
}

// cpuTime is the processor time of this thread: the machine may be shared.
func cpuTime() time.Duration {
	var ts syscall.Timespec
	const threadCPUTime = 3 // CLOCK_THREAD_CPUTIME_ID
	if _, _, e := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, threadCPUTime, uintptr(unsafe.Pointer(&ts)), 0); e != 0 {
		panic(e)
	}
	return time.Duration(ts.Nano())
}

func (t *table) print(title string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for range t.rounds {
		for i := range t.rows {
			r := &t.rows[i]
			docs := t.docs
			if r.folded {
				docs = t.folded
			}
			hits := 0
			start := cpuTime()
			for _, d := range docs {
				hits += r.count(d)
			}
			if took := cpuTime() - start; r.best == 0 || took < r.best {
				r.best = took
			}
			r.hits = hits
		}
	}
	fmt.Println(title)
	for _, r := range t.rows {
		fmt.Printf("  %-52s %7.0f MB/s %8d hits %6.2f of the first\n", r.name, float64(t.bytes)/r.best.Seconds()/1e6, r.hits, t.rows[0].best.Seconds()/r.best.Seconds())
	}
	fmt.Println()
}

// far is a pair of thresholds that no text comes near: the hint is worked out, and never shown.
var far = [2]int32{1 << 20, 1<<20 + 1<<10}

// wording makes a model of so many weights over the phrases' n-grams.
func wording(list []string, n int) pack.Wording {
	w := pack.Wording{Lang: "en", Kinds: 1 << pack.Job, Doc: far, Window: far}
	seen := map[uint32]bool{}
	for round := 0; len(seen) < n && round < 3; round++ {
		for _, p := range list {
			var hs []uint64
			for _, f := range fields(p) {
				hs = append(hs, normal.HashWord(f))
			}
			for k := range hs {
				if round == 0 {
					seen[scorer.Gram1(hs[k])] = true
				}
				if k > 0 && round == 1 {
					seen[scorer.Gram2(hs[k-1], hs[k])] = true
				}
			}
			if len(seen) >= n {
				break
			}
		}
		if round == 2 {
			for k := uint64(1); len(seen) < n; k++ {
				seen[scorer.Gram1(k*0x9e3779b97f4a7c15)] = true
			}
		}
	}
	for f := range seen {
		w.Features = append(w.Features, f)
	}
	slices.Sort(w.Features)
	for i := range w.Features {
		w.Weights = append(w.Weights, int8(i%15-7))
	}
	return w
}

func fields(s string) []string {
	var out []string
	for len(s) > 0 {
		k := 0
		for k < len(s) && s[k] != ' ' {
			k++
		}
		if k > 0 {
			out = append(out, s[:k])
		}
		s = s[min(k+1, len(s)):]
	}
	return out
}
