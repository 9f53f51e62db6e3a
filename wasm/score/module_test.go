// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/molecule-man/go-brrr"
	"github.com/tetratelabs/wazero"

	"lapwing/wasm/wasmtest"
)

// Both hosts give these and no others; one more means that something now
// imports os, time or net, or that Go's runtime has changed.
func TestModuleImportsTheTenFunctionsThatHostsGive(t *testing.T) {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	m, err := r.CompileModule(ctx, wasmtest.Score(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range m.ImportedFunctions() {
		module, name, _ := f.Import()
		got = append(got, module+"."+name)
	}
	slices.Sort(got)
	want := []string{"args_get", "args_sizes_get", "clock_time_get", "environ_get", "environ_sizes_get",
		"fd_write", "poll_oneoff", "proc_exit", "random_get", "sched_yield"}
	for i := range want {
		want[i] = "wasi_snapshot_preview1." + want[i]
	}
	if !slices.Equal(got, want) {
		t.Errorf("imports: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	var exports []string
	for name := range m.ExportedFunctions() {
		exports = append(exports, name)
	}
	slices.Sort(exports)
	if got, want := strings.Join(exports, " "), "_initialize abi_version buffer load query score"; got != want {
		t.Errorf("exports: got %s, want %s: wasm/README.md names them", got, want)
	}
}

// Stores rebuild what we ship and compare; so must anybody be able to.
func TestModuleIsTheSameBytesFromAnotherDirectory(t *testing.T) {
	if !bytes.Equal(wasmtest.Elsewhere(t, "score"), wasmtest.Score(t)) {
		t.Error("two builds of the same source in two directories differ")
	}
}

// Every volunteer downloads the module, and every cold worker compiles it.
func TestModuleIsSmall(t *testing.T) {
	const most = 480_000
	module := wasmtest.Score(t)
	var compressed bytes.Buffer
	w, err := brrr.NewWriter(&compressed, 11)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(module); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("scoring module: %d bytes, %d after brotli", len(module), compressed.Len())
	if compressed.Len() > most {
		t.Errorf("%d bytes after brotli, want at most %d: what was imported? fmt costs 141 000, sort 4 000", compressed.Len(), most)
	}
}
