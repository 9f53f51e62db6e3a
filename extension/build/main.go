// SPDX-License-Identifier: Apache-2.0

// Command build writes the extension for Chromium and for Firefox: a folder that
// a browser can load, and an archive of the same files, the same bytes on every
// machine. It prints the archives' hashes.
//
//	go run ./extension/build [-out build/extension] [-module score.wasm] [-courier courier.wasm] [-pack list.pack]
//		[-release DIR [-server URL]]
//
// Without -module, -courier and -pack it makes them from this source. With
// -release, the folder that `lapwing list package` writes, the extension is
// shipped with a root of trust and asks URL for newer lists; without, it has
// nobody's keys, scores with the list of this source, and asks nobody. Nothing is bundled,
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
	courier := flag.String("courier", "", "the courier module's `file`; made from this source if empty")
	packed := flag.String("pack", "", "the packaged list's `file`; made from this source if empty")
	released := flag.String("release", "", "`folder` with a packaged release; none if empty")
	server := flag.String("server", "", "`address` that newer lists come from; none if empty")
	flag.Parse()
	if err := run(*out, options{*module, *courier, *packed, *released, *server}); err != nil {
		fmt.Fprintf(os.Stderr, "build: error: %v\n", err)
		os.Exit(1)
	}
}

// options are the flags but the first.
type options struct{ module, courier, pack, release, server string }

func run(out string, o options) error {
	source, err := sourceDir()
	if err != nil {
		return err
	}
	files, err := sources(source)
	if err != nil {
		return err
	}
	if files["lib/score.wasm"], err = moduleBytes(source, "score", o.module); err != nil {
		return err
	}
	if files["lib/courier.wasm"], err = moduleBytes(source, "courier", o.courier); err != nil {
		return err
	}
	if o.release == "" && o.server != "" {
		return fmt.Errorf("-server without -release: there are no keys to check a list with")
	}
	if o.release != "" {
		if o.pack, err = addRelease(files, o); err != nil {
			return fmt.Errorf("packaged release: %w", err)
		}
	}
	if files["lib/list.ready"], err = listBytes(source, o.pack); err != nil {
		return err
	}
	for _, browser := range browsers {
		browser.origin = originOf(o.server)
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
