// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"lapwing/scorer/pack"
	"lapwing/server/lists"
	"lapwing/server/publish"
)

// listSourceCmd holds the subcommands of "lapwing list" that work on the list's
// source. Those that sign are in a file of their own.
type listSourceCmd struct {
	Lint  listLintCmd  `cmd:"" help:"Say what is wrong with the list's source: file, line, column, what to do."`
	Test  listTestCmd  `cmd:"" help:"Run every example, and try the list on listings: hits, false alarms, redundancy, changes."`
	Build listBuildCmd `cmd:"" help:"Compile the source into a pack. Writes nothing if there is a fault."`
	Diff  listDiffCmd  `cmd:"" help:"Say what changed between two packs or sources."`
	Show  listShowCmd  `cmd:"" help:"Show one indicator, or name all of them."`
}

type listLintCmd struct {
	Dir      string `arg:"" optional:"" default:"server/lists" help:"The list's folder."`
	Today    string `placeholder:"DATE" help:"Look for expired indicators as of this day, as 2026-11-23, instead of today."`
	Warnings bool   `help:"Show warnings too, such as patterns that no example exercises."`
}

func (c *listLintCmd) Run(k *kong.Context) error {
	if err := checkListDir(c.Dir); err != nil {
		return err
	}
	n, err := publish.Lint(k.Stdout, c.Dir, dayOr(c.Today), c.Warnings)
	return failedIf(n, err)
}

type listTestCmd struct {
	Dir     string   `arg:"" optional:"" default:"server/lists" help:"The list's folder."`
	Data    []string `type:"existingfile" sep:"none" placeholder:"FILE" help:"Listings as JSON lines, .gz or not, with \"label\" (fraud, legit, benign) and \"template\". Can be repeated."`
	Against string   `placeholder:"PACK" help:"An earlier pack (or a list's folder) to compare with."`
	Today   string   `placeholder:"DATE" help:"Look for expired indicators as of this day, as 2026-11-23, instead of today."`
	Gate    bool     `help:"Hold the list against the budgets of policy.yaml; exit status 1 if one is overdrawn."`
}

func (c *listTestCmd) Run(k *kong.Context) error {
	if err := checkListDir(c.Dir); err != nil {
		return err
	}
	if c.Gate && len(c.Data) == 0 {
		return usage(errors.New("--gate needs harmless listings"), "name files of them with --data")
	}
	o := publish.TestOptions{Corpora: c.Data, Gate: c.Gate, Today: dayOr(c.Today), Progress: listProgress(k.Stderr)}
	if c.Against != "" {
		var err error
		if o.Against, err = openPack(c.Against); err != nil {
			return err
		}
	}
	n, err := publish.Test(k.Stdout, c.Dir, o)
	return failedIf(n, err)
}

type listBuildCmd struct {
	Dir     string `arg:"" optional:"" default:"server/lists" help:"The list's folder."`
	Out     string `short:"o" default:"list.pack" type:"path" help:"Where the pack goes."`
	Version uint32 `help:"Number of the published list, instead of the one in policy.yaml."`
	Created string `placeholder:"DATE" help:"Day of the pack, as 2026-11-23, instead of the one in policy.yaml."`
}

func (c *listBuildCmd) Run(k *kong.Context) error {
	if err := checkListDir(c.Dir); err != nil {
		return err
	}
	p, b, err := publish.Build(c.Dir, c.Out, publish.Options{Version: c.Version, Created: c.Created})
	var faults *publish.FaultsError
	if errors.As(err, &faults) {
		errs := slices.DeleteFunc(faults.Faults, func(f publish.Fault) bool { return f.Warning })
		if err := errs.Print(k.Stderr, c.Dir); err != nil {
			return err
		}
	}
	if faults != nil {
		return failure(err, "nothing was written")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(k.Stdout, "%s: version %d of %s, %d indicators, %d patterns, %d bytes\n",
		c.Out, p.Version, p.Created, len(p.Indicators), len(p.Patterns), len(b))
	return err
}

type listDiffCmd struct {
	Old string `arg:"" help:"A pack, or a list's folder."`
	New string `arg:"" optional:"" default:"server/lists" help:"A pack, or a list's folder."`
}

func (c *listDiffCmd) Run(k *kong.Context) error {
	old, err := openPack(c.Old)
	if err != nil {
		return err
	}
	now, err := openPack(c.New)
	if err != nil {
		return err
	}
	_, err = publish.DiffPacks(k.Stdout, old, now)
	return err
}

type listShowCmd struct {
	ID   string `arg:"" optional:"" help:"An indicator's ID; without it, all are named."`
	List string `placeholder:"PACK" help:"A pack, or a list's folder, instead of the list that comes with the program."`
}

func (c *listShowCmd) Run(k *kong.Context) error {
	p, err := publish.CompileFS(lists.Source, publish.Options{})
	if c.List != "" {
		p, err = openPack(c.List)
	}
	if err != nil {
		return err
	}
	err = publish.Show(k.Stdout, p, c.ID)
	var unknown *publish.UnknownIndicatorError
	if errors.As(err, &unknown) {
		return failure(err, unknown.Hint)
	}
	return err
}

// openPack reads a pack, or compiles the list in a folder.
func openPack(name string) (*pack.Pack, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		p, err := publish.CompileFS(os.DirFS(name), publish.Options{})
		if err != nil {
			return nil, failure(fmt.Errorf("%s: %w", name, err), "lapwing list lint "+name+" shows them all")
		}
		return p, nil
	}
	if info.Size() > pack.MaxSize {
		return nil, fmt.Errorf("%s: longer than a pack can be (%d bytes)", name, pack.MaxSize)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	p, err := pack.Decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

func checkListDir(dir string) error {
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return usage(fmt.Errorf("no folder %s", dir), "name the folder that holds policy.yaml and indicators/")
	}
	return nil
}

// failedIf gives the exit status 1 where faults were printed.
func failedIf(faults int, err error) error {
	if err == nil && faults > 0 {
		return status(exitFailed)
	}
	return err
}

// dayOr is the day that was asked for, or the computer's.
func dayOr(asked string) string {
	if asked != "" {
		return asked
	}
	return today()
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }

// listProgress shows how far a long run is, on a terminal only.
func listProgress(w io.Writer) publish.Progress {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	var last time.Time
	return func(set string, read, size int64) {
		done := read >= size
		if now := time.Now(); done || now.Sub(last) > 100*time.Millisecond {
			last = now
			fmt.Fprintf(w, "\r\x1b[K%s %d %%", set, 100*read/max(size, 1))
		}
		if done {
			fmt.Fprint(w, "\r\x1b[K")
		}
	}
}
