// SPDX-License-Identifier: Apache-2.0

// Command benchbulk measures bulk scoring and prints tables: what reading and
// writing cost beside the engine, the WebAssembly engine beside the native one,
// memory and rate over a long run, and the verdict cache beside a naive one.
//
//	go run ./server/bulk/benchbulk -module build/score.wasm
//
// Rates are in processor time where it says so, since a shared machine has no
// honest clock. The list has 10 000 generated patterns and a wording model;
// listings have about 2 kB each.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/server/bulk"
	"lapwing/wasm/host"
	"lapwing/wasm/ready"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("benchbulk: ")
	b := &bench{}
	part := flag.String("part", "all", "engines, long, cache or all")
	flag.StringVar(&b.module, "module", "build/score.wasm", "the scoring module; where it is missing, its rows are")
	flag.IntVar(&b.long, "long", 2_000_000, "listings of the long run")
	flag.StringVar(&b.text, "text", "", "JSONL file (.gz) whose sentences listings are made of; else invented ones")
	flag.IntVar(&b.rounds, "rounds", 5, "times that each engine row is measured; the best counts")
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
	if err := b.run(*part); err != nil {
		log.Fatal(err)
	}
}

// bench is what the parts share.
type bench struct {
	module, text string
	long, rounds int

	pack    *pack.Pack
	encoded []byte
	native  bulk.Engine
}

func (b *bench) run(part string) error {
	b.pack = packtest.Generate(1, 14_000)
	// A generated word may be one that every advert has; a list would not have it
	// as a pattern, and writing its passages would be what is measured.
	b.pack.Patterns = slices.DeleteFunc(b.pack.Patterns, func(p pack.Pattern) bool { return !strings.Contains(p.Expr, " ") })
	if len(b.pack.Patterns) < 10_000 {
		return fmt.Errorf("%d patterns are left, want 10 000", len(b.pack.Patterns))
	}
	b.pack.Patterns = b.pack.Patterns[:10_000]
	b.pack.Wording = append(b.pack.Wording, packtest.Wording(1, 20_000))
	var err error
	if b.pack, err = pack.Canonical(b.pack); err != nil {
		return err
	}
	if b.encoded, err = pack.Encode(b.pack); err != nil {
		return err
	}
	s, err := scorer.New(b.pack)
	if err != nil {
		return err
	}
	b.native = bulk.Native{Scorer: s}
	parts := []struct {
		name string
		run  func() error
	}{{"engines", b.engines}, {"cache", b.caches}, {"long", b.longRun}}
	for _, p := range parts {
		if part == "all" || part == p.name {
			if err := p.run(); err != nil {
				return err
			}
		}
	}
	return nil
}

// wasm gives the WebAssembly engine, or nil where there is no module.
func (b *bench) wasm(ctx context.Context) (bulk.Engine, func(), error) {
	code, err := os.ReadFile(b.module)
	if err != nil {
		return nil, func() {}, nil
	}
	list, err := ready.List(b.pack, b.encoded)
	if err != nil {
		return nil, nil, err
	}
	h, err := host.New(ctx, code, host.Options{Trusted: sum(code)})
	if err != nil {
		return nil, nil, err
	}
	return bulk.WASM{Host: h}, func() { h.Close() }, h.Load(list)
}

// config is a run over generated lines into nothing.
func (b *bench) config(e bulk.Engine, lines *lineReader, cache *bulk.Cache) bulk.Config {
	return bulk.Config{
		Pack: b.pack, List: "bench-1+00000000", Engine: e, Cache: cache,
		// A size that is known makes the run read as from a file, without pauses.
		Inputs: []bulk.Input{{Path: bulk.Stdin, Size: 1}}, Stdin: lines, In: bulk.FormatJSONL,
		Out: bulk.FormatJSONL, Output: discard{}, Workers: runtime.GOMAXPROCS(0),
	}
}

// discard takes what is written without looking at it.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func heading(format string, args ...any) {
	fmt.Printf("\n"+format+"\n", args...)
}
