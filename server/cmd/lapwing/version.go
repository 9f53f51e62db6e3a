// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"lapwing/scorer/release"
)

// versionCmd is "lapwing version".
type versionCmd struct {
	List   string `type:"path" placeholder:"PACK" help:"Speak of this list instead of the embedded one."`
	Module string `type:"path" placeholder:"FILE" help:"Speak of this scoring module instead of the one that comes with the program."`
}

// Run is called by kong.
func (c *versionCmd) Run(k *kong.Context) error {
	list, err := loadList(c.List)
	if err != nil {
		return err
	}
	fmt.Fprintf(k.Stdout, "lapwing %s (%s, %s/%s)\n", programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(k.Stdout, "list    %s of %s: %d indicators, %d patterns, %s\n",
		list.name, list.pack.Created, len(list.pack.Indicators), len(list.pack.Patterns), list.from)
	m, err := findModule(c.Module)
	if err != nil && c.Module != "" {
		return err
	}
	if err != nil {
		fmt.Fprintln(k.Stdout, "engine  native; no scoring module was found for --engine wasm")
		return nil
	}
	sum := sha256.Sum256(m.code)
	fmt.Fprintf(k.Stdout, "engine  native; wasm sha256:%s, %s\n", hex.EncodeToString(sum[:]), m.from)
	return nil
}

// programVersion is the source's version, and its commit where that is known.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release.Program
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return release.Program + " at commit " + s.Value[:min(12, len(s.Value))]
		}
	}
	return release.Program
}
