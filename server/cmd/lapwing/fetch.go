// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"lapwing/scorer/release"
	"lapwing/server/ceremony"
	"lapwing/server/ceremony/fetch"
)

type listFetchCmd struct {
	Packaged string `required:"" type:"existingdir" placeholder:"DIR" help:"What the program was shipped with, as lapwing list package wrote it."`
	State    string `required:"" type:"path" placeholder:"DIR" help:"Where the list and what is known of releases are kept."`
	Out      string `short:"o" type:"path" placeholder:"FILE" help:"Also write the list in use to this file."`
	From     string `arg:"" help:"Address of a server, or directory with a copy of the tree."`
}

// Run is called by kong.
func (c *listFetchCmd) Run(k *kong.Context) error {
	now := time.Now()
	store, result, err := update(context.Background(), c.Packaged, c.State, c.From, now)
	if err != nil {
		return err
	}
	tell(k.Stdout, result, now)
	if c.Out != "" {
		list, err := store.Pack()
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, list, 0o644); err != nil {
			return err
		}
	}
	if result.Outcome == release.Kept {
		return failure(result.Err, "the list in use stays; nothing is lost")
	}
	return nil
}

// update looks for a newer list at an address or in a directory.
func update(ctx context.Context, packaged, state, from string, now time.Time) (*fetch.Store, release.Result, error) {
	p := release.Packaged{Program: release.Program}
	var pack []byte
	for name, b := range map[string]*[]byte{ceremony.PackagedRoot: &p.Root, ceremony.PackagedRelease: &p.Release, ceremony.PackagedPack: &pack} {
		var err error
		if *b, err = os.ReadFile(filepath.Join(packaged, name)); err != nil {
			return nil, release.Result{}, err
		}
	}
	store, err := fetch.Open(state, p, pack)
	if err != nil {
		return nil, release.Result{}, err
	}
	source := fetch.Dir(from)
	if strings.HasPrefix(from, "https://") || strings.HasPrefix(from, "http://") {
		source = fetch.HTTP(from)
	}
	result, err := store.Update(ctx, source, now)
	return store, result, err
}

// tell says what came of an update.
func tell(w io.Writer, r release.Result, now time.Time) {
	s := r.Status
	fmt.Fprintf(w, "%s: release %d of %s, %s\n", r.Outcome, s.Version, s.List, time.Unix(s.Issued, 0).UTC().Format(time.DateOnly))
	if r.Whole {
		fmt.Fprintln(w, "a delta did not lead to the release, so the whole list was fetched")
	}
	if s.StaleHead {
		fmt.Fprintln(w, "no news of the list: the server is cut off, down, or kept from telling any")
	}
	if s.StaleList {
		fmt.Fprintln(w, "the list is past its date; it goes on scoring")
	}
	if s.StaleRoot {
		fmt.Fprintln(w, "the keys are past their date; a newer program has newer ones")
	}
	if s.ClockSlow {
		fmt.Fprintf(w, "the clock of this machine, %s, is behind what was signed\n", now.UTC().Format(time.RFC3339))
	}
	if s.Recovering != nil {
		fmt.Fprintln(w, "what was stored was damaged; it starts again from the packaged list")
	}
}
