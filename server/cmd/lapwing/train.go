// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"lapwing/scorer/pack"
	"lapwing/server/learn"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// trainCmd is "lapwing train".
type trainCmd struct {
	Data []string `type:"existingfile" sep:"none" placeholder:"FILE" help:"Listings as JSON lines, .gz or not, with \"label\" (fraud, legit, benign) and \"template\". Can be repeated."`
	More []string `arg:"" optional:"" name:"file" type:"existingfile" help:"More of them."`
	Out  string   `required:"" type:"path" placeholder:"DIR" help:"Folder for the models and MODEL_CARD.md; server/lists/wording holds what is published."`
	Seed uint64   `default:"1" help:"Of the folds that set the thresholds."`
	List string   `type:"path" placeholder:"PACK" help:"The list to measure with (a pack, or a list's folder), instead of the embedded one."`
}

func (c *trainCmd) Run(k *kong.Context) error {
	files := slices.Concat(c.Data, c.More)
	if len(files) == 0 {
		return usage(errors.New("no listings to learn from"), "name files of them with --data")
	}
	list, err := listOr(c.List)
	if err != nil {
		return err
	}
	out, err := learn.Run(list, files, c.Seed, learn.DefaultRecipe, stepProgress(k.Stderr))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(out)) {
		file := filepath.Join(c.Out, name)
		if err := os.WriteFile(file, out[name], 0o644); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(k.Stdout, "%s: %d bytes\n", file, len(out[name])); err != nil {
			return err
		}
	}
	return nil
}

// listOr is the list that was asked for, or the one that comes with the program.
func listOr(name string) (*pack.Pack, error) {
	if name == "" {
		return publish.CompileFS(lists.Source, publish.Options{})
	}
	return openPack(name)
}

// stepProgress shows what a long run is doing, on a terminal only.
func stepProgress(w io.Writer) learn.Progress {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	var last time.Time
	return func(what string, done, of int) {
		if now := time.Now(); done == of || now.Sub(last) > 100*time.Millisecond {
			last = now
			fmt.Fprintf(w, "\r\x1b[K%s %d %%", what, 100*done/max(of, 1))
		}
		if done == of {
			fmt.Fprint(w, "\r\x1b[K")
		}
	}
}
