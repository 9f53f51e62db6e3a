// SPDX-License-Identifier: Apache-2.0

// Command build writes the extension for Chromium and for Firefox: a folder that
// a browser can load, and an archive of the same files, the same bytes on every
// machine. It prints the archives' hashes.
//
//	go run ./extension/build [-out build/extension] [-module score.wasm] [-pack list.pack]
//
// Without -module and -pack it makes both from this source. Nothing is bundled,
// minified or rewritten: what is read is what runs. Only the manifest differs
// between the browsers, by the keys that the other one does not know.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "build/extension", "`folder` to write to")
	module := flag.String("module", "", "the scoring module's `file`; made from this source if empty")
	packed := flag.String("pack", "", "the packaged list's `file`; made from this source if empty")
	flag.Parse()
	if err := run(*out, *module, *packed); err != nil {
		fmt.Fprintf(os.Stderr, "build: error: %v\n", err)
		os.Exit(1)
	}
}

func run(out, module, packed string) error {
	source, err := sourceDir()
	if err != nil {
		return err
	}
	files, err := sources(source)
	if err != nil {
		return err
	}
	if files["lib/score.wasm"], err = moduleBytes(source, module); err != nil {
		return err
	}
	if files["lib/list.ready"], err = listBytes(source, packed); err != nil {
		return err
	}
	for _, browser := range browsers {
		if err := browser.write(out, files); err != nil {
			return fmt.Errorf("%s: %w", browser.name, err)
		}
	}
	return nil
}

// sourceDir finds extension/ from wherever in the repository this is run.
func sourceDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "extension", "manifest.json")); err == nil {
			return filepath.Join(dir, "extension"), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no extension/manifest.json here or above; run it inside the repository")
		}
		dir = up
	}
}
