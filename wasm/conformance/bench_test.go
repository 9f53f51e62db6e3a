// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/wasm/host"
	"lapwing/wasm/ready"
	"lapwing/wasm/wasmtest"
)

// What the module costs, with a list of 10 000 patterns and invented listings of
// 2 kB: `go test ./wasm/conformance -run '^$' -bench .`

// workload gives a list as the module loads it, and listings in which some of
// its phrases stand among ordinary words.
func workload(b *testing.B) (*pack.Pack, []byte, []scorer.Listing) {
	b.Helper()
	p := packtest.Generate(1, 10_000)
	p.Wording = []pack.Wording{packtest.Wording(2, 20_000)}
	encoded, err := pack.Encode(p)
	if err != nil {
		b.Fatal(err)
	}
	list, err := ready.List(p, encoded)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	ordinary := strings.Fields("the work is in a quiet office near the station and we look for someone who likes people pay is monthly and you get four weeks of holiday please write to us with your experience")
	var listings []scorer.Listing
	for range 1000 {
		var text strings.Builder
		for text.Len() < 2000 {
			if rng.IntN(200) == 0 {
				text.WriteString(p.Patterns[rng.IntN(len(p.Patterns))].Expr + ". ")
			}
			text.WriteString(ordinary[rng.IntN(len(ordinary))] + " ")
		}
		l := scorer.Listing{Kind: pack.Job, Lang: "en"}
		l.Text[scorer.Title], l.Text[scorer.Body] = "Work in an office", text.String()
		listings = append(listings, l)
	}
	return p, list, listings
}

func BenchmarkNative(b *testing.B) {
	p, _, listings := workload(b)
	s, err := scorer.New(p)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(2000)
	for i := 0; b.Loop(); i++ {
		s.Score(&listings[i%len(listings)])
	}
}

func BenchmarkWazero(b *testing.B) {
	_, list, listings := workload(b)
	module := wasmtest.Score(b)
	cache := b.TempDir()
	open := func() *host.Host {
		h, err := host.New(context.Background(), module, host.Options{Trusted: sha256.Sum256(module), CacheDir: cache, Instances: 1})
		if err != nil {
			b.Fatal(err)
		}
		return h
	}
	open().Close() // fills the cache
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			if err := open().Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("score", func(b *testing.B) {
		h := open()
		defer h.Close()
		if err := h.Load(list); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(2000)
		for i := 0; b.Loop(); i++ {
			at := i % len(listings)
			if _, err := h.Score(context.Background(), listings[at:at+1]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkNode(b *testing.B) {
	_, list, listings := workload(b)
	var input bytes.Buffer
	for _, l := range listings {
		if err := json.NewEncoder(&input).Encode(map[string]string{
			"kind": l.Kind.String(), "lang": l.Lang, "title": l.Text[scorer.Title], "body": l.Text[scorer.Body],
		}); err != nil {
			b.Fatal(err)
		}
	}
	tmp := b.TempDir()
	args := []string{"../../extension/tests/vectors/measure.js"}
	for name, content := range map[string][]byte{"1.wasm": wasmtest.Score(b), "2.ready": list, "3.jsonl": input.Bytes()} {
		if err := os.WriteFile(filepath.Join(tmp, name), content, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	args = append(args, filepath.Join(tmp, "1.wasm"), filepath.Join(tmp, "2.ready"), filepath.Join(tmp, "3.jsonl"))
	var measured struct{ ColdMs, MedianUs, P99Us, BatchedUs, Before, After float64 }
	for b.Loop() {
		out, err := exec.Command("node", args...).Output()
		if err != nil {
			b.Fatal(err)
		}
		if err := json.Unmarshal(out, &measured); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(measured.ColdMs, "cold-ms")
	b.ReportMetric(measured.MedianUs, "median-µs/listing")
	b.ReportMetric(measured.P99Us, "p99-µs/listing")
	b.ReportMetric(measured.BatchedUs, "batched-µs/listing")
	b.ReportMetric(measured.Before/(1<<20), "MiB-before")
	b.ReportMetric(measured.After/(1<<20), "MiB-after")
}
