// SPDX-License-Identifier: Apache-2.0

// Command bench shows what an update costs in the courier module, run by Node as
// a browser would run it, beside the same code compiled natively:
//
//	go run ./wasm/courier/bench [-module build/courier.wasm] [-entries 100000]
//
// A list of so many generated entries is one day old. The client gets a head, a
// release note, its proof and the delta, applies it, and makes the new pack ready
// for the scoring module. The least of several updates, each in a new instance: the
// machine may be shared.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
	"lapwing/wasm/ready"
	"lapwing/wasm/wasmtest"
)

// start is some day in 2027.
const start = 1_800_000_000

// rounds is how many updates there are of each kind.
const rounds = 9

func main() {
	module := flag.String("module", "", "the courier module's `file`; made from this source if empty")
	entries := flag.Int("entries", 100_000, "patterns of the list")
	flag.Parse()
	if err := run(*module, *entries); err != nil {
		fmt.Fprintln(os.Stderr, "bench: error:", err)
		os.Exit(1)
	}
}

func run(module string, entries int) error {
	dir, err := os.MkdirTemp("", "lapwing-courier-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err := wasmtest.Root()
	if err != nil {
		return err
	}
	if module == "" {
		module = filepath.Join(dir, "courier.wasm")
		if _, err := wasmtest.Build(root, "./wasm/courier", module); err != nil {
			return err
		}
	}
	list := packtest.Generate(1, entries)
	p := releasetest.NewPublisher(list, start)
	for i := range 400 { // a year of releases in the log
		p.Log.Append(fmt.Append(nil, "release ", i))
	}
	p.Publish(packtest.NextDay(list, 2), start+releasetest.Day)
	if err := write(dir, p); err != nil {
		return err
	}
	inModule, err := node(root, module, dir)
	if err != nil {
		return err
	}
	show(entries, p, inModule, natively(p))
	return nil
}

// write lays out what the host's side in JavaScript is given.
func write(dir string, p *releasetest.Publisher) error {
	files := map[string][]byte{"root": p.Packaged.Root, "release": p.Packaged.Release, "list.pack": p.PackagedPack}
	for path, body := range p.Tree {
		files[filepath.Join("tree", path)] = body
	}
	var err error
	for name, body := range files {
		name = filepath.Join(dir, name)
		err = errors.Join(err, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, body, 0o600))
	}
	return err
}

// steps are what an update goes through, with the milliseconds that each took.
type steps map[string]float64

func node(root, module, dir string) (steps, error) {
	script := filepath.Join(root, "extension/tests/vectors/courier.js")
	cmd := exec.Command("node", script, module, dir, fmt.Sprint(start+releasetest.Day), fmt.Sprint(rounds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("node: %w", err)
	}
	all := steps{}
	return all, json.Unmarshal(out, &all)
}

// natively runs the same update in this program.
func natively(p *releasetest.Publisher) steps {
	took := map[string][]float64{}
	for range rounds {
		lap := func(step string, from time.Time) {
			took[step] = append(took[step], float64(time.Since(from).Microseconds())/1000)
		}
		from := time.Now()
		c, err := release.New(p.Packaged, nil)
		if err != nil {
			return nil
		}
		lap("open", from)
		u := c.Update(start+releasetest.Day, false)
		for w, more := u.Next(); more; w, more = u.Next() {
			body := p.PackagedPack
			if !w.Stored() {
				body, _ = p.Serve(w.Path)
			}
			name := w.Object.String()
			if w.Stored() {
				name = "stored pack"
			}
			from = time.Now()
			u.Got(body)
			lap(name, from)
		}
		b := u.Result().Save.Pack
		from = time.Now()
		next, err := pack.Decode(b)
		if err != nil {
			return nil
		}
		if _, err := ready.List(next, b); err != nil {
			return nil
		}
		lap("prepare", from)
	}
	least := steps{}
	for step, all := range took {
		least[step] = slices.Min(all)
	}
	return least
}

func show(entries int, p *releasetest.Publisher, inModule, native steps) {
	fmt.Printf("%d entries, pack of %d bytes, delta of %d; ms\n", entries, p.Release.Pack.Length, p.Release.Deltas[0].Length)
	row := func(title string, names ...string) {
		sum := func(s steps) (ms float64) {
			for _, n := range names {
				ms += s[n]
			}
			return ms
		}
		fmt.Printf("  %-44s %8.2f in Node %8.2f native\n", title, sum(inModule), sum(native))
	}
	row("head, release note and proof verified", "head", "release", "proof")
	row("delta applied to the stored pack, hash and all", "stored pack", "delta")
	row("pack made ready for the scoring module", "prepare")
	var other []string
	for name := range inModule {
		if !slices.Contains([]string{"head", "release", "proof", "stored pack", "delta", "prepare"}, name) {
			other = append(other, name)
		}
	}
	slices.Sort(other)
	row("the rest: "+strings.Join(other, ", "), other...)
}
