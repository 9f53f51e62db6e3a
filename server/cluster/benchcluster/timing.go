// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"lapwing/scorer"
	"lapwing/server/cluster"
	"lapwing/server/cluster/clustertest"
)

// time prints how long a search takes, from listings in memory to clusters with
// their templates, in time of the clock and of the processors: a shared machine
// has no honest clock.
func (b *bench) time() error {
	workers := b.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	fmt.Printf("%d workers; rental adverts or invented texts, most of them in clusters\n\n", workers)
	fmt.Println("| listings | clusters | in them | sketch s | search s | templates s | processor s | resident MB | times the first |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	var first float64
	for _, n := range b.sizes {
		began, used := time.Now(), processor()
		t, err := b.timed(n, workers)
		if err != nil {
			return err
		}
		total := time.Since(began).Seconds()
		if first == 0 {
			first = total
		}
		fmt.Printf("| %d | %d | %d | %.1f | %.1f | %.1f | %.1f | %d | %.1f |\n", n, t.clusters, t.listings,
			t.sketch.Seconds(), t.find.Seconds(), t.tell.Seconds(), processor()-used, resident(), total/first)
	}
	return nil
}

type timed struct {
	sketch, find, tell time.Duration
	clusters, listings int
}

func (b *bench) timed(n, workers int) (*timed, error) {
	feed := b.feed(n)
	x := cluster.New(cluster.Options{Workers: workers, Memory: b.memory})
	defer x.Close()
	t := &timed{}
	began := time.Now()
	const block = 512
	sketches := make([]cluster.Sketch, workers*block)
	for from := 0; from < n; from += len(sketches) {
		part := sketches[:min(len(sketches), n-from)]
		var all sync.WaitGroup
		for w := range workers {
			all.Go(func() {
				for k := w; k < len(part); k += workers {
					x.Sketch(feed(from+k), &part[k])
				}
			})
		}
		all.Wait()
		for k := range part {
			if err := x.Add(&part[k]); err != nil {
				return nil, err
			}
		}
	}
	t.sketch = time.Since(began)
	began = time.Now()
	r, err := x.Find(context.Background())
	if err != nil {
		return nil, err
	}
	t.find, t.clusters, t.listings = time.Since(began), r.Clusters(), r.Listings()
	began = time.Now()
	err = r.Each(context.Background(), func(k int) (*cluster.Item, error) {
		return &cluster.Item{Listing: *feed(k)}, nil
	}, func(*cluster.Cluster) error { return nil })
	t.tell = time.Since(began)
	return t, err
}

// feed gives listing k of n, always the same, without keeping them. Beyond the
// texts that there are, they come again in other words,
// so that a larger feed has more clusters rather than larger ones.
func (b *bench) feed(n int) func(int) *scorer.Listing {
	texts := b.texts
	if len(texts) == 0 {
		for _, a := range clustertest.Generate(clustertest.Options{Seed: 7, Clusters: 1500, Alone: 2500, Noise: 0.1}) {
			texts = append(texts, listing{Body: a.Text})
		}
	}
	return func(k int) *scorer.Listing {
		t, l := &texts[k%len(texts)], &scorer.Listing{}
		l.Text[scorer.Title], l.Text[scorer.Body] = t.Title, t.Body
		l.Text[scorer.Company], l.Text[scorer.Location] = t.Company, t.Location
		if round := k / len(texts); round > 0 {
			l.Text[scorer.Body] = otherWords(t.Body, uint64(round))
		}
		return l
	}
}

// otherWords writes a text in the words of another round: each word becomes
// another one, always the same in a round, so that a round's texts are as alike
// among themselves as the first round's and share nothing with other rounds'.
func otherWords(text string, round uint64) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(text) {
		h := uint64(14695981039346656037)
		for _, c := range []byte(word) {
			h = (h ^ uint64(c)) * 1099511628211
		}
		rng := rand.NewPCG(h, round)
		letters := rng.Uint64()
		for range max(len(word), 1) {
			b.WriteByte('a' + byte(letters%26))
			letters = letters/26 ^ rng.Uint64()
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func processor() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// resident is the most memory that the process has had, in megabytes.
func resident() int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kb int
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}
