// SPDX-License-Identifier: Apache-2.0

// Command modules builds the two modules as they are shipped: the flags stand in
// package wasmtest, so that tests run the very same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"lapwing/wasm/wasmtest"
)

func main() {
	out := flag.String("out", "build", "`folder` to write score.wasm and courier.wasm to")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintf(os.Stderr, "modules: error: %v\n", err)
		os.Exit(1)
	}
}

func run(out string) error {
	root, err := wasmtest.Root()
	if err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"score", "courier"} {
		if _, err := wasmtest.Build(root, "./wasm/"+name, filepath.Join(out, name+".wasm")); err != nil {
			return err
		}
	}
	return nil
}
