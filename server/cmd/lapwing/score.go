// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"lapwing/scorer"
	"lapwing/server/bulk"
)

// scoreCmd is "lapwing score".
type scoreCmd struct {
	Files []string `arg:"" optional:"" name:"file" help:"Files, folders, patterns like 'dump/*.jsonl', or - for standard input. Gzip and zstd are undone."`

	In      string `enum:"auto,jsonl,csv,parquet,html" default:"auto" help:"Format of the input: ${enum}."`
	Fields  string `placeholder:"MAP" help:"Which key or column is what, as title=Job Title,body=Description."`
	Out     string `enum:"auto,jsonl,csv,parquet,table" default:"auto" help:"Format of the output: ${enum}. Auto: by the name of --output, else a table on a terminal and jsonl elsewhere."`
	Output  string `short:"o" type:"path" placeholder:"FILE" help:"Write there instead of to standard output; .gz and .zst compress."`
	Level   string `enum:",notice,elevated,high" default:"" placeholder:"LEVEL" help:"Write only listings of this level or above: notice, elevated, high. All are scored and counted."`
	Report  string `type:"path" placeholder:"FILE.html" help:"Also write one page with charts and the worst listings, their passages marked."`
	Lang    string `placeholder:"LANG" help:"Language of the reasons in table and report; by default that of your system, else English."`
	Resume  bool   `help:"Go on where an earlier run to the same --output was cut off; begin if there was none."`
	Quiet   bool   `short:"q" help:"No progress and no summary on standard error."`
	NoCache bool   `help:"Score every listing, also those whose text was seen before."`

	Cluster  bool   `help:"Also look for texts that stand in many listings: one cluster's name per verdict, and what is odd about it. Nothing is written before all is read."`
	Clusters string `type:"path" placeholder:"FILE" help:"Write each cluster there as a line of JSON: its template, members, places, employers. Implies --cluster."`
	TempDir  string `type:"existingdir" placeholder:"DIR" help:"For --cluster: where to put what memory does not hold; by default the system's folder for temporary files."`

	Engine   string `enum:"native,wasm" default:"native" help:"native, or wasm: the very module that the browser extension ships. The verdicts are the same."`
	Module   string `type:"path" placeholder:"FILE" help:"The scoring module for --engine wasm, instead of the one that comes with the program."`
	List     string `type:"path" placeholder:"PACK" help:"The list to score with (a pack, or a list's folder), instead of the embedded one."`
	Update   string `placeholder:"FROM" help:"First look for a newer list at this server or copy of a tree, and score with what is then in use. Needs --packaged."`
	Packaged string `type:"existingdir" placeholder:"DIR" help:"For --update: what the program was shipped with, as lapwing list package wrote it."`
	State    string `type:"path" placeholder:"DIR" help:"For --update: where the list is kept; by default with the user's caches."`
	Workers  int    `default:"0" placeholder:"N" help:"Workers; by default one per core."`
}

// Help is shown below the usage line.
func (scoreCmd) Help() string {
	return `A listing is a JSON object with any of id, kind, lang, title, body, company, location, pay, contact, url.
Examples:

  lapwing score adverts.jsonl
  lapwing score --fields "title=Job Title,body=Description" --level elevated adverts.csv
  zstdcat dump.zst | lapwing score - > verdicts.jsonl
  lapwing score --clusters clusters.jsonl --report report.html -o verdicts.jsonl dump/
  lapwing score --resume -o verdicts.jsonl.zst --report report.html dump/`
}

// Run is called by kong.
func (c *scoreCmd) Run(k *kong.Context) error {
	if err := c.check(k.Stdout); err != nil {
		return err
	}
	inputs, err := bulk.Expand(c.Files)
	if err != nil {
		return usage(err, "name files, folders or patterns, or - for standard input")
	}
	if err := c.keepInputs(inputs); err != nil {
		return err
	}
	if err := c.update(k); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return c.score(ctx, k, inputs)
}

// update gets a newer list, if asked to, and names the one in use. A list that
// cannot be had is no reason not to score: the old one stays, and that is said.
func (c *scoreCmd) update(k *kong.Context) error {
	if c.Update == "" {
		return nil
	}
	if c.Packaged == "" || c.List != "" {
		return usage(errors.New("--update needs --packaged, and goes without --list"), "lapwing list package writes what --packaged names")
	}
	if c.State == "" {
		if c.State = cacheDir("list"); c.State == "" {
			return usage(errors.New("there is no folder for caches"), "name one with --state")
		}
	}
	now := time.Now()
	store, result, err := update(context.Background(), c.Packaged, c.State, c.Update, now)
	if err != nil {
		return err
	}
	if !c.Quiet {
		tell(k.Stderr, result, now)
		if result.Err != nil {
			fmt.Fprintf(k.Stderr, "the list was not updated: %v\n", result.Err)
		}
	}
	list, err := store.Pack()
	if err != nil {
		return err
	}
	c.List = filepath.Join(c.State, "in-use.pack")
	return os.WriteFile(c.List, list, 0o644)
}

// check completes the flags and refuses what cannot go together.
func (c *scoreCmd) check(stdout io.Writer) error {
	if len(c.Files) == 0 {
		if isTerminal(os.Stdin) {
			return usage(errors.New("nothing to score"), "name a file, or pipe listings in: lapwing score adverts.jsonl")
		}
		c.Files = []string{bulk.Stdin}
	}
	if _, err := bulk.ParseFields(c.Fields); err != nil {
		return usage(fmt.Errorf("--%v", err), `for example --fields "title=Job Title,body=Description"`)
	}
	if c.Workers < 0 {
		return usage(errors.New("--workers must not be negative"), "leave it out for one per core")
	}
	c.Cluster = c.Cluster || c.Clusters != ""
	if c.Resume && c.Cluster {
		return usage(errors.New("--resume and --cluster exclude each other"), "clusters are known only when all is read")
	}
	if c.Resume && c.Output == "" {
		return usage(errors.New("--resume needs an output file"), "name it with -o FILE; standard output cannot be cut back")
	}
	if c.Out == "auto" {
		c.Out = c.outFormat(stdout)
	}
	if c.Out == "parquet" && c.Output == "" && isTerminal(stdout) {
		return usage(errors.New("Parquet is not for a terminal"), "name a file with -o FILE")
	}
	return nil
}

// outFormat picks the output's format by its name, or by where it goes.
func (c *scoreCmd) outFormat(stdout io.Writer) string {
	name := strings.ToLower(c.Output)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	switch filepath.Ext(name) {
	case ".csv":
		return "csv"
	case ".parquet":
		return "parquet"
	case ".txt":
		return "table"
	}
	if c.Output == "" && isTerminal(stdout) {
		return "table"
	}
	return "jsonl"
}

// keepInputs refuses to write over what is to be read.
func (c *scoreCmd) keepInputs(inputs []bulk.Input) error {
	for _, out := range []string{c.Output, c.Report, c.Clusters} {
		info, err := os.Stat(out)
		if out == "" || err != nil {
			continue
		}
		for _, in := range inputs {
			if i, err := os.Stat(in.Path); err == nil && os.SameFile(info, i) {
				return usage(fmt.Errorf("%s is both input and output", in.Path), "choose another name for the output")
			}
		}
	}
	return nil
}

func (c *scoreCmd) score(ctx context.Context, k *kong.Context, inputs []bulk.Input) error {
	list, err := loadList(c.List)
	if err != nil {
		return err
	}
	engine, closeEngine, err := openEngine(ctx, c.Engine, c.Module, list, c.Workers)
	if err != nil {
		return err
	}
	defer closeEngine()
	config := c.config(k, inputs, list, engine)
	if !c.NoCache {
		config.Cache = bulk.NewCache(list.name)
		defer config.Cache.Close()
	}
	endClusters, err := c.cluster(k, &config)
	if err != nil {
		return err
	}
	clock := startClock()
	if !c.Quiet && isTerminal(k.Stderr) && (c.Output != "" || !isTerminal(k.Stdout)) {
		config.Progress = clock.bar(k.Stderr)
	}
	result, err := bulk.Run(ctx, config)
	if e := endClusters(); err == nil {
		err = e
	}
	if err != nil {
		return c.explain(ctx, err)
	}
	return c.finish(k, result, list, clock)
}

func (c *scoreCmd) config(k *kong.Context, inputs []bulk.Input, list *loadedList, engine bulk.Engine) bulk.Config {
	least, _ := scorer.ParseLevel(c.Level) // "" gives none
	return bulk.Config{
		Pack: list.pack, List: list.name, Engine: engine,
		Inputs: inputs, In: bulk.Format(c.In), Fields: c.Fields, Extract: extractor(),
		Out: bulk.Format(c.Out), Least: least, Output: k.Stdout, Path: c.Output, Resume: c.Resume,
		Style:   tableStyle(k.Stdout, c.Output == "", reasonLang(c.Lang)),
		Workers: c.Workers, Worst: c.Report != "",
	}
}

// explain says what to do about a run that could not go on.
func (c *scoreCmd) explain(ctx context.Context, err error) error {
	var mismatch *bulk.MismatchError
	switch {
	case errors.As(err, &mismatch):
		return usage(err, "give the same flags and files as then, or begin anew without --resume")
	case errors.Is(err, bulk.ErrNoJournal):
		return usage(err, "it is finished, or was made otherwise: remove "+c.Output+" or choose another name")
	case errors.Is(err, bulk.ErrNotResumable):
		return usage(err, "use --out jsonl or csv, or leave out --resume")
	case ctx.Err() != nil:
		hint := ""
		if c.Output != "" && !c.Cluster && (c.Out == "jsonl" || c.Out == "csv") {
			hint = "the same command with --resume goes on where this one stopped"
		}
		return &complaint{errors.New("interrupted"), hint, exitInterrupted}
	}
	return err
}

func (c *scoreCmd) finish(k *kong.Context, result *bulk.Result, list *loadedList, clock *clock) error {
	if c.Report != "" {
		if err := writeReport(c.Report, result, list, c.Engine, reasonLang(c.Lang)); err != nil {
			return err
		}
	}
	if !c.Quiet {
		printSummary(k.Stderr, result, list, clock)
	}
	if result.Errors > 0 {
		return status(exitFailed)
	}
	return nil
}

func isTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// tableStyle fits the table to the terminal. Colour is for terminals whose
// user has not asked for none (no-color.org).
func tableStyle(stdout io.Writer, toStdout bool, lang string) bulk.TableStyle {
	style := bulk.TableStyle{Lang: lang}
	f, ok := stdout.(*os.File)
	if !ok || !toStdout || !isTerminal(f) {
		return style
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil {
		style.Width = max(width, 60)
	}
	style.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return style
}

// reasonLang is the language for texts: as asked, else the system's.
func reasonLang(asked string) string {
	if asked != "" {
		return asked
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			lang, _, _ := strings.Cut(v, "_")
			lang, _, _ = strings.Cut(lang, ".")
			return strings.ToLower(lang)
		}
	}
	return "en"
}
