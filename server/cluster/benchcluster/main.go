// SPDX-License-Identifier: Apache-2.0

// Command benchcluster measures the search for clusters and prints tables: how
// well it finds generated ones beside a MinHash search in the same run, and how
// long it takes for ever more listings.
//
//	go run ./server/cluster/benchcluster
//	go run ./server/cluster/benchcluster -text housing.jsonl.gz -listings 140000,1000000,4000000
//
// Without -text all words are invented.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("benchcluster: ")
	var b bench
	part := flag.String("part", "all", "quality, time or all")
	text := flag.String("text", "", "JSONL file (.gz) of listings to make copies of, or to time; else invented ones")
	sizes := flag.String("listings", "14000,140000", "how many listings to time, as a list")
	flag.IntVar(&b.seeds, "seeds", 3, "generated sets for each row of the quality table")
	flag.IntVar(&b.workers, "workers", 0, "goroutines; 0 for one per core")
	flag.Int64Var(&b.memory, "memory", 0, "bytes for the index; 0 for its default")
	profile := flag.String("cpuprofile", "", "write a profile there")
	flag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	for n := range strings.SplitSeq(*sizes, ",") {
		k, err := strconv.Atoi(n)
		if err != nil || k < 1 {
			log.Fatalf("-listings: %q is no number of listings", n)
		}
		b.sizes = append(b.sizes, k)
	}
	if *text != "" {
		var err error
		if b.texts, err = read(*text); err != nil {
			log.Fatalf("reading %s: %v", *text, err)
		}
	}
	if *part == "quality" || *part == "all" {
		if err := b.quality(); err != nil {
			log.Fatal(err)
		}
	}
	if *part == "time" || *part == "all" {
		if err := b.time(); err != nil {
			log.Fatal(err)
		}
	}
}

type bench struct {
	seeds, workers int
	memory         int64
	sizes          []int
	texts          []listing // nil: invented
}

// listing is what is read of a line.
type listing struct{ Title, Body, Company, Location, Template string }

func read(name string) ([]listing, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	var all []listing
	seen := map[string]bool{}
	for d := json.NewDecoder(bufio.NewReader(r)); ; {
		var l listing
		err := d.Decode(&l)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing %d: %w", len(all)+1, err)
		}
		if l.Template != "" { // one of each near-duplicate group
			if seen[l.Template] {
				continue
			}
			seen[l.Template] = true
		}
		all = append(all, l)
	}
}
