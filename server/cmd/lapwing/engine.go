// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/embedded"
	"lapwing/server/lists"
	"lapwing/server/publish"
	"lapwing/wasm/host"
	"lapwing/wasm/ready"
)

// loadedList is a list ready to score with.
type loadedList struct {
	pack    *pack.Pack
	encoded []byte
	name    string // as verdicts say it
	from    string // for people
}

// loadList reads a pack; with no path, the list that comes with the program.
func loadList(path string) (*loadedList, error) {
	l := &loadedList{encoded: embedded.List(), from: "embedded"}
	var err error
	switch {
	case path != "":
		l.from = path
		if l.encoded, l.pack, err = readList(path); err != nil {
			return nil, err
		}
	case len(l.encoded) > 0:
		if l.pack, err = pack.Decode(l.encoded); err != nil {
			return nil, fmt.Errorf("the embedded list: %v", err)
		}
	default:
		l.from = "compiled from the embedded source"
		if l.pack, err = publish.CompileFS(lists.Source, publish.Options{}); err != nil {
			return nil, fmt.Errorf("the embedded list: %v", err)
		}
		if l.encoded, err = pack.Encode(l.pack); err != nil {
			return nil, fmt.Errorf("the embedded list: %v", err)
		}
	}
	l.name = bulk.ListName(l.pack, l.encoded)
	return l, nil
}

// readList reads a pack, or compiles the source of a list in a folder.
func readList(path string) ([]byte, *pack.Pack, error) {
	const hint = "lapwing list build makes a pack; without --list, the embedded list is used"
	p, err := openPack(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, usage(fmt.Errorf("%s: no such file", path), hint)
	}
	if err != nil {
		return nil, nil, failure(err, hint)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %v", path, err)
	}
	return encoded, p, nil
}

// module is a scoring module as bytes.
type module struct {
	code    []byte
	from    string
	trusted bool // it came with this program
}

// findModule looks for score.wasm: at the path that was given, in the program,
// beside it, in build/. Who can write beside the program can replace the
// program, so what stands there came with it.
func findModule(path string) (*module, error) {
	if path != "" {
		code, err := os.ReadFile(path)
		if err != nil {
			return nil, usage(fmt.Errorf("reading the module: %v", err), "name a score.wasm with --module, or leave the flag out")
		}
		return &module{code, path, false}, nil
	}
	if code := embedded.Score(); len(code) > 0 {
		return &module{code, "embedded", true}, nil
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), "score.wasm")
		if code, err := os.ReadFile(beside); err == nil {
			return &module{code, beside, true}, nil
		}
	}
	local := filepath.Join("build", "score.wasm")
	if code, err := os.ReadFile(local); err == nil {
		return &module{code, local, false}, nil
	}
	return nil, failure(errors.New("there is no scoring module: looked in the program, beside it, and for build/score.wasm"),
		"run make, or name a score.wasm with --module, or use --engine native")
}

// openEngine makes the engine; the function that it gives closes it.
func openEngine(ctx context.Context, name, modulePath string, l *loadedList, workers int) (bulk.Engine, func(), error) {
	if name == "native" {
		s, err := scorer.New(l.pack)
		if err != nil {
			return nil, nil, fmt.Errorf("the list %s: %v", l.name, err)
		}
		return bulk.Native{Scorer: s}, func() {}, nil
	}
	m, err := findModule(modulePath)
	if err != nil {
		return nil, nil, err
	}
	options := host.Options{Instances: workers, CacheDir: cacheDir("wazero")}
	if m.trusted {
		options.Trusted = sha256.Sum256(m.code)
	}
	list, err := ready.List(l.pack, l.encoded)
	if err != nil {
		return nil, nil, err
	}
	h, err := host.New(ctx, m.code, options)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %v", m.from, err)
	}
	closing := func() { h.Close() }
	if err := h.Load(list); err != nil {
		closing()
		return nil, nil, err
	}
	return bulk.WASM{Host: h}, closing, nil
}

// cacheDir is a folder for what can be made again; "" where there is none.
func cacheDir(name string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "lapwing", name)
}
