// SPDX-License-Identifier: Apache-2.0

// Package wasmtest builds the modules for tests, so that `go test ./...` needs
// nothing but the Go tool. Programs do not import it: they are given a module by
// make.
package wasmtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Flags are how `go build` makes a module for users; the Makefile has the same.
//
//   - c-shared makes a reactor: functions to be called, no main that runs.
//   - trimpath and buildvcs keep the directory and the state of the checkout out
//     of it, so that the same source gives the same bytes.
//   - Go's runtime is most of the module. It is not inlined into itself, and does
//     not check its own indices and pointers once more: that saves 52 kB after
//     compression and costs no time that can be measured. What it would catch are
//     faults of the runtime, which the sandbox holds in any case.
//   - What is called once per listing or less is not inlined either, another 3 kB;
//     nor are the courier's rules, another 12 kB.
//     The scorer is compiled as ever, with all of Go's checks.
//   - s and w leave out what only a debugger reads.
var Flags = []string{
	"-buildmode=c-shared", "-trimpath", "-buildvcs=false",
	"-gcflags=runtime=-l -B -d=disablenil", "-gcflags=internal/...=-l -B -d=disablenil",
	"-gcflags=lapwing/wasm/...=-l -d=disablenil", "-gcflags=unicode/utf8=-l", "-gcflags=slices=-l", "-gcflags=cmp=-l",
	"-gcflags=lapwing/scorer/release=-l", "-gcflags=lapwing/scorer/seal=-l", "-gcflags=lapwing/scorer/rule=-l",
	"-ldflags=-s -w",
}

// Score gives the scoring module, built once per test binary.
func Score(t testing.TB) []byte { return give(t, score) }

// Courier gives the courier module, built once per test binary.
func Courier(t testing.TB) []byte { return give(t, courier) }

func give(t testing.TB, built func() ([]byte, error)) []byte {
	t.Helper()
	module, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return module
}

var (
	score   = sync.OnceValues(func() ([]byte, error) { return build("score") })
	courier = sync.OnceValues(func() ([]byte, error) { return build("courier") })
)

func build(name string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "lapwing-module")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	root, err := Root()
	if err != nil {
		return nil, err
	}
	return Build(root, "./wasm/"+name, filepath.Join(dir, name+".wasm"))
}

// Build builds the module of a package of the source tree at root into a file,
// and gives its bytes.
func Build(root, pkg, file string) ([]byte, error) {
	args := append([]string{"build", "-o", file}, Flags...)
	cmd := exec.Command("go", append(args, pkg)...)
	cmd.Dir = root
	// GOFLAGS could change what is built; a workspace too.
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOWASM=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building %s: %v\n%s", pkg, err, out)
	}
	return os.ReadFile(file)
}

// Elsewhere builds the module of a package below wasm from a copy of the source
// in another directory: stores rebuild what is shipped and compare.
func Elsewhere(t testing.TB, name string) []byte {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	for _, file := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(elsewhere, file), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"scorer", "wasm"} {
		if err := os.CopyFS(filepath.Join(elsewhere, dir), os.DirFS(filepath.Join(root, dir))); err != nil {
			t.Fatal(err)
		}
	}
	module, err := Build(elsewhere, "./wasm/"+name, filepath.Join(t.TempDir(), name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// Root is the directory of go.mod.
func Root() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}
