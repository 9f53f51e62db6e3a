// SPDX-License-Identifier: Apache-2.0

// Benchcollect measures how many reports lapwingd takes: clients post over
// HTTP, each on a connection of its own, each waiting until its report is on the
// disk. Beside it, in the same run, the plain version that syncs the disk for each
// report, and PostgreSQL where it is installed. Then lapwingd is killed again
// and again while clients post, and what was acknowledged is looked for.
//
//	go run ./server/collect/benchcollect [-clients 64] [-reports 40000] [-rounds 3] [-kills 100]
//
// The reports are made before the clock runs, with one bit of work each; the
// check of work is the same for any number of bits. What else the machine does
// can only make a round worse: the table shows the median and the best.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/store/pgtest"
)

func main() {
	clients := flag.Int("clients", 64, "clients at one time")
	reports := flag.Int("reports", 40000, "reports in a round")
	rounds := flag.Int("rounds", 3, "rounds of each store")
	kills := flag.Int("kills", 100, "times that the server is killed")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix("benchcollect: ")
	dir, err := os.MkdirTemp("", "benchcollect")
	if err == nil {
		defer os.RemoveAll(dir)
		err = run(dir, *clients, *reports, *rounds, *kills)
	}
	if err != nil {
		os.RemoveAll(dir)
		log.Fatalf("error: %v", err)
	}
}

// contender is one way of keeping reports.
type contender struct {
	name   string
	where  func(round int) (string, error)
	batch  int
	share  int // of the reports: slow ones get fewer, so that a round takes about as long
	result []result
}

func run(dir string, clients, reports, rounds, kills int) error {
	binary, err := collecttest.Build(dir)
	if err != nil {
		return err
	}
	cluster, err := pgtest.Start()
	if err != nil {
		return err
	}
	defer cluster.Stop()
	file := func(name string) func(int) (string, error) {
		return func(round int) (string, error) { return filepath.Join(dir, fmt.Sprintf("%s%d.db", name, round)), nil }
	}
	all := []*contender{
		{name: "SQLite", where: file("grouped"), batch: 256, share: 1},
		{name: "SQLite, a transaction each", where: file("plain"), batch: 1, share: 5},
	}
	if cluster != nil {
		database := func(int) (string, error) { return cluster.Database() }
		all = append(all, &contender{name: "PostgreSQL", where: database, batch: 256, share: 1},
			&contender{name: "PostgreSQL, a transaction each", where: database, batch: 1, share: 5})
	} else {
		fmt.Println("PostgreSQL is not installed, and left out")
	}
	posts := make([][]byte, reports)
	for i := range posts {
		posts[i] = collecttest.Post("/v1/reports", collecttest.Envelope(uint64(i), seal.SmallEnvelope, 1))
	}
	for round := range rounds {
		for _, c := range all {
			where, err := c.where(round)
			if err != nil {
				return err
			}
			r, err := measure(binary, where, c.batch, clients, posts[:len(posts)/c.share])
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			c.result = append(c.result, r)
			os.Remove(where) // of SQLite's
		}
	}
	if rounds > 0 {
		print(all, clients)
	}
	return killed(binary, filepath.Join(dir, "killed.db"), kills)
}

func print(all []*contender, clients int) {
	fmt.Printf("%d clients, reports of 4 KiB over HTTP, durable before the answer\n", clients)
	fmt.Printf("%-32s %10s %10s %10s %10s %10s %10s %8s %8s\n", "", "median/s", "best/s", "p50", "p99", "best p99", "longest", "CPU us", "RSS MB")
	for _, c := range all {
		of := func(f func(result) float64) []float64 {
			var v []float64
			for _, r := range c.result {
				v = append(v, f(r))
			}
			slices.Sort(v)
			return v
		}
		rate := of(func(r result) float64 { return r.perSecond })
		p50 := of(func(r result) float64 { return float64(r.p50) })
		p99 := of(func(r result) float64 { return float64(r.p99) })
		longest := of(func(r result) float64 { return float64(r.longest) })
		memory := of(func(r result) float64 { return float64(r.memory) })
		cpu := of(func(r result) float64 { return float64(r.cpu) / 1e3 })
		middle := len(rate) / 2
		brief := func(ns float64) time.Duration { return time.Duration(ns).Round(10 * time.Microsecond) }
		fmt.Printf("%-32s %10.0f %10.0f %10v %10v %10v %10v %8.0f %8.1f\n", c.name, rate[middle], rate[len(rate)-1],
			brief(p50[middle]), brief(p99[middle]), brief(p99[0]), brief(longest[middle]), cpu[middle], memory[middle]/1e6)
	}
}
