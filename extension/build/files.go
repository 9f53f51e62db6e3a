// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"lapwing/scorer/pack"
	"lapwing/server/publish"
	"lapwing/wasm/ready"
	"lapwing/wasm/wasmtest"
)

// shipped are the folders and files that reach a user; everything else below
// extension/ is for its developers.
var shipped = []string{
	"_locales", "background", "content", "help", "icons", "managed.json", "manifest.json", "options", "popup", "practice", "report", "shared", "welcome",
}

// sources reads what is shipped, by its name in the archive.
func sources(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, top := range shipped {
		err := filepath.WalkDir(filepath.Join(dir, top), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			name, err := filepath.Rel(dir, file)
			if err != nil {
				return err
			}
			name = filepath.ToSlash(name)
			switch path.Ext(name) {
			case ".js", ".css", ".html", ".json", ".png":
			case ".ts", ".svg", ".md":
				return nil // for developers
			default:
				return fmt.Errorf("%s: no file of this kind belongs into the extension", name)
			}
			files[name], err = os.ReadFile(file)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	files["LICENSE.txt"] = []byte(license)
	return files, nil
}

const license = "Lapwing is licensed under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0\n" +
	"The list in lib/list.ready has a licence of its own; see server/lists/LICENSE.md in the source.\n"

// moduleBytes gives one of the two modules, made as `make wasm` makes it if no file is named.
func moduleBytes(dir, name, file string) ([]byte, error) {
	if file != "" {
		return os.ReadFile(file)
	}
	temp, err := os.MkdirTemp("", "lapwing-module-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	file = filepath.Join(temp, name+".wasm")
	return wasmtest.Build(filepath.Dir(dir), "./wasm/"+name, file)
}

// listBytes gives the packaged list as the module loads it, compiled from
// server/lists if no pack is named.
func listBytes(dir, file string) ([]byte, error) {
	if file != "" {
		encoded, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		p, err := pack.Decode(encoded)
		if err != nil {
			return nil, fmt.Errorf("%s: %v", file, err)
		}
		return ready.List(p, encoded)
	}
	p, err := publish.CompileFS(os.DirFS(filepath.Join(filepath.Dir(dir), "server", "lists")), publish.Options{})
	if err != nil {
		return nil, fmt.Errorf("compiling the packaged list: %w", err)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		return nil, err
	}
	return ready.List(p, encoded)
}
