// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/hpke"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"lapwing/scorer/seal"
	"lapwing/server/ceremony"
	"lapwing/server/collect/pull"
	"lapwing/server/review/store"
)

// reportCmd is "lapwing report": what reviewers do, on their own machines.
type reportCmd struct {
	Keygen reportKeygenCmd `cmd:"" help:"Make a month's intake key, to which reports are sealed, or a reviewer's key, which signs decisions."`
	Pull   reportPullCmd   `cmd:"" help:"Fetch sealed reports, open them here, and keep them on a desk or as files."`
	Review reportReviewCmd `cmd:"" help:"Read and decide, in a browser on this machine. Makes the desk if it is not there."`
	Merge  reportMergeCmd  `cmd:"" help:"Take over the decisions that colleagues have sent."`
	Labels reportLabelsCmd `cmd:"" help:"Write confirmed and rejected reports as labelled listings, for lapwing eval and train on this machine."`
	Erase  reportEraseCmd  `cmd:"" help:"Erase a desk and all that is on it."`
}

type reportKeygenCmd struct {
	secretFlags
	Month      string `required:"" xor:"what" placeholder:"2026-11" help:"The month in which reports are sealed to the key."`
	Reviewer   string `required:"" xor:"what" placeholder:"NAME" help:"A reviewer's short name: the key signs that person's decisions."`
	Out        string `default:"." type:"path" placeholder:"DIR" help:"Where intake-MONTH.key, or review-NAME.key, and its public half go."`
	WorkFactor int    `default:"18" env:"LAPWING_WORK_FACTOR" help:"Cost of a guess at the passphrase, as a power of two; 18 takes about a second."`
}

// Run is called by kong.
func (c *reportKeygenCmd) Run(k *kong.Context) error {
	role, name := ceremony.ReviewRole, ceremony.ReviewRole+"-"+c.Reviewer
	month, err := time.Parse("2006-01", c.Month)
	if c.Month != "" {
		role, name = ceremony.IntakeRole, ceremony.IntakeRole+"-"+c.Month
		if err != nil {
			return usage(fmt.Errorf("month %q", c.Month), "for example --month 2026-11")
		}
	}
	if c.WorkFactor < 10 || c.WorkFactor > 22 {
		return usage(fmt.Errorf("work factor %d", c.WorkFactor), "from 10, for trying things out, to 22")
	}
	key, err := ceremony.Generate(role, name)
	if err != nil {
		return err
	}
	passphrase, err := c.passphrase(k, name, true)
	if err != nil {
		return err
	}
	sealed, err := key.Seal(passphrase, c.WorkFactor)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return err
	}
	file := filepath.Join(c.Out, name+".key")
	if err := key.WriteFiles(file, sealed); err != nil {
		return err
	}
	if role == ceremony.ReviewRole {
		fmt.Fprintf(k.Stdout, "secret  %s: signs this person's decisions\npublic  %s.pub: goes into the folder reviewers of each desk where they count\n", file, file)
		return nil
	}
	// The last report of the month may come a week late, and is kept from then on.
	end := month.AddDate(0, 1, 7+seal.DefaultRetention)
	fmt.Fprintf(k.Stdout, "secret  %s: opens the month's reports; destroy it and its copies on %s\npublic  %s.pub: hand it out for the next release\n",
		file, end.Format(time.DateOnly), file)
	return nil
}

type reportPullCmd struct {
	secretFlags
	From    string `required:"" placeholder:"URL|FILE" help:"The collecting server, or a file that lapwingd export-reports has written."`
	KeyFile string `type:"existingfile" placeholder:"FILE" help:"For a server: file with the key that lapwingd add-caller has printed."`
	Keys    string `required:"" type:"existingdir" placeholder:"DIR" help:"The folder with the months' secret keys, intake-….key."`
	Out     string `required:"" type:"path" placeholder:"DIR" help:"A desk (lapwing report review makes one), or a folder for one file each, in the clear, and refused.jsonl."`
	All     bool   `help:"Fetch everything again, not only what is new."`
}

// Run is called by kong.
func (c *reportPullCmd) Run(k *kong.Context) error {
	source, err := c.source()
	if err != nil {
		return err
	}
	keys, err := c.keys(k)
	if err != nil {
		return err
	}
	if store.Exists(c.Out) {
		return c.toDesk(k, source, keys)
	}
	folder, err := pull.OpenFolder(c.Out)
	if err != nil {
		return err
	}
	if c.All {
		folder.Last = 0
	}
	err = c.fill(folder, source, keys)
	fmt.Fprintf(k.Stdout, "%s: %d new reports, %d known, %d withdrawn, %d refused\n", c.Out, folder.Added, folder.Known, folder.Withdrawn, folder.Refused)
	if err == nil && folder.Refused > 0 {
		fmt.Fprintf(k.Stderr, "lapwing: hint: %s says why; with the keys of other months, try again with --all\n", filepath.Join(c.Out, "refused.jsonl"))
	}
	return err
}

// fill keeps what was fetched even if not all could be.
func (c *reportPullCmd) fill(folder *pull.Folder, source pull.Source, keys *pull.Keys) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for opened, err := range pull.Open(source.After(ctx, folder.Last), keys) {
		if err == nil {
			err = folder.Put(opened)
		}
		if err != nil {
			return errors.Join(err, folder.Save())
		}
	}
	return folder.Save()
}

func (c *reportPullCmd) source() (pull.Source, error) {
	if !strings.Contains(c.From, "://") {
		return pull.File(c.From), nil
	}
	if c.KeyFile == "" {
		return nil, usage(errors.New("a server wants a key"), "give --key-file; lapwingd add-caller prints keys")
	}
	key, err := os.ReadFile(c.KeyFile)
	if err != nil {
		return nil, err
	}
	return pull.HTTP(c.From, strings.TrimSpace(string(key)))
}

// keys opens all intake keys of the folder.
func (c *reportPullCmd) keys(k *kong.Context) (*pull.Keys, error) {
	files, err := filepath.Glob(filepath.Join(c.Keys, ceremony.IntakeRole+"-*.key"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, failure(fmt.Errorf("%s: no intake-….key in it", c.Keys), "lapwing report keygen makes them")
	}
	var openers []hpke.PrivateKey
	for _, file := range files {
		key, err := c.open(k, file)
		if err != nil {
			return nil, err
		}
		opener, err := key.Opener()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		openers = append(openers, opener)
	}
	return pull.NewKeys(openers...), nil
}
