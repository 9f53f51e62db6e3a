// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/wasm/host"
	"lapwing/wasm/ready"
)

// engines measures the whole verdict natively, under wazero and in Node, on the
// same listings with the same list of 10 000 phrases.
func engines(c corpus, moduleFile string, rounds int) error {
	module, err := os.ReadFile(moduleFile)
	if err != nil {
		fmt.Println("no module, so no engines to compare: make wasm")
		return nil
	}
	p := benchPack(phrases(c, 10000), 20000)
	s, err := scorer.New(p)
	if err != nil {
		return err
	}
	p, err = pack.Canonical(p)
	if err != nil {
		return err
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		return err
	}
	list, err := ready.List(p, encoded)
	if err != nil {
		return err
	}
	listings := make([]scorer.Listing, 0, 500)
	bytes := 0
	for _, d := range c.docs[:min(500, len(c.docs))] {
		listings = append(listings, *listing(d))
		bytes += len(d)
	}
	cache, err := os.MkdirTemp("", "lapwing-wazero")
	if err != nil {
		return err
	}
	defer os.RemoveAll(cache)
	start := time.Now()
	h, err := host.New(context.Background(), module, host.Options{Trusted: sha256.Sum256(module), Instances: 1, CacheDir: cache})
	if err != nil {
		return err
	}
	compile := time.Since(start)
	h.Close()
	start = time.Now()
	if h, err = host.New(context.Background(), module, host.Options{Trusted: sha256.Sum256(module), Instances: 1, CacheDir: cache}); err != nil {
		return err
	}
	cached := time.Since(start)
	defer h.Close()
	if err := h.Load(list); err != nil {
		return err
	}
	native, wazero := time.Hour, time.Hour
	for range rounds {
		start := time.Now()
		for i := range listings {
			s.Score(&listings[i])
		}
		native = min(native, time.Since(start))
		start = time.Now()
		if _, err := h.Score(context.Background(), listings); err != nil {
			return err
		}
		wazero = min(wazero, time.Since(start))
	}
	fmt.Println("whole verdict, 10000 phrases, 20000 weights")
	rate := func(name string, took time.Duration) {
		fmt.Printf("  %-52s %7.0f MB/s %6.2f of native\n", name, float64(bytes)/took.Seconds()/1e6, native.Seconds()/took.Seconds())
	}
	rate("native", native)
	rate("wazero, copies and calls included", wazero)
	fmt.Printf("  wazero: start %v, from its cache %v\n", compile.Round(time.Millisecond), cached.Round(time.Millisecond))
	return node(moduleFile, list, listings, native, bytes, rounds)
}

// node runs the same in Node, through the extension's own script.
func node(moduleFile string, list []byte, listings []scorer.Listing, native time.Duration, bytes, rounds int) error {
	dir, err := os.MkdirTemp("", "lapwing-node")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var lines []byte
	for i := range listings {
		line, err := json.Marshal(map[string]string{"kind": "job", "lang": "en", "body": listings[i].Text[scorer.Body]})
		if err != nil {
			return err
		}
		lines = append(append(lines, line...), '\n')
	}
	for name, content := range map[string][]byte{"list.ready": list, "listings.jsonl": lines} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	module, err := filepath.Abs(moduleFile)
	if err != nil {
		return err
	}
	cmd := exec.Command("node", "engine.mjs", module, filepath.Join(dir, "list.ready"), filepath.Join(dir, "listings.jsonl"), fmt.Sprint(rounds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("node: %w", err)
	}
	var r struct {
		Best, Cold, Median, Megabytes, Grown float64
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return err
	}
	fmt.Printf("  %-52s %7.0f MB/s %6.2f of native\n", "Node (V8), copies and calls included", float64(bytes)/r.Best/1e3, native.Seconds()*1e3/r.Best)
	fmt.Printf("  Node: %.1f µs for a listing at the median, %.0f ms from cold to the first verdict, %.1f MB, %.1f MB more after %d listings\n\n",
		r.Median*1e3, r.Cold, r.Megabytes, r.Grown, 200000)
	return nil
}
