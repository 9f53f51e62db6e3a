// SPDX-License-Identifier: Apache-2.0

// Benchserve compares lapwingd with nginx: the same release tree, one after
// the other on loopback, each on one core, with wrk on another.
//
//	go run ./server/distribute/benchserve [-rounds 3] [-seconds 2]
//
// It needs nginx, wrk and taskset. Requests per second depend on what else the
// machine does; so the two take turns, and the table shows the median of the
// rounds and the best, and the server's own processor time per request.
package main

import (
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"lapwing/server/distribute/treetest"
)

func main() {
	rounds := flag.Int("rounds", 3, "turns for each server and path")
	seconds := flag.Int("seconds", 2, "length of a turn")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix("benchserve: ")
	for _, tool := range []string{"nginx", "wrk", "taskset"} {
		if _, err := exec.LookPath(tool); err != nil {
			log.Fatalf("error: %v\nbenchserve: hint: apt-get install nginx-light wrk util-linux", err)
		}
	}
	if err := run(*rounds, *seconds); err != nil {
		log.Fatalf("error: %v", err)
	}
}

func run(rounds, seconds int) error {
	dir, err := os.MkdirTemp("", "benchserve")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	paths, err := tree(dir)
	if err != nil {
		return err
	}
	servers, err := start(dir)
	for _, s := range servers {
		defer s.stop()
	}
	if err != nil {
		return err
	}
	results := map[string][]result{}
	for range rounds {
		for _, p := range paths {
			for _, s := range servers {
				r, err := s.measure(p.path, seconds)
				if err != nil {
					return fmt.Errorf("%s %s: %w", s.name, p.name, err)
				}
				key := s.name + " " + p.name
				results[key] = append(results[key], r)
			}
		}
	}
	print(paths, servers, results)
	const slow = 1000
	for _, s := range servers {
		wait, err := s.besiege(slow)
		if err != nil {
			return fmt.Errorf("%s behind %d slow connections: %w", s.name, slow, err)
		}
		fmt.Printf("an honest client of %s behind %d slow connections: %v\n", s.name, slow, wait.Round(10*time.Microsecond))
	}
	return nil
}

type target struct{ name, path string }

// tree writes a release with a pack of 84 kB that does not compress, as a
// gzip'd list would not, and gives the paths to ask for.
func tree(dir string) ([]target, error) {
	pack := make([]byte, 84_000)
	for i := range pack {
		pack[i] = byte(rand.Uint32())
	}
	if _, err := treetest.Write(filepath.Join(dir, "tree"), treetest.Release{Version: 1, Pack: pack}); err != nil {
		return nil, err
	}
	hash, err := treetest.Object(filepath.Join(dir, "tree"), pack)
	if err != nil {
		return nil, err
	}
	head, err := os.Stat(filepath.Join(dir, "tree/v1/head"))
	if err != nil {
		return nil, err
	}
	return []target{
		{fmt.Sprintf("head, %d B", head.Size()), "/v1/head"},
		{"object, 84 kB", "/v1/o/" + hash},
	}, nil
}
