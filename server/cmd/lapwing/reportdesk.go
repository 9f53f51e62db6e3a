// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"lapwing/scorer"
	"lapwing/scorer/seal"
	"lapwing/server/ceremony"
	"lapwing/server/collect/pull"
	"lapwing/server/review/decide"
	"lapwing/server/review/desk"
	"lapwing/server/review/store"
)

// deskFlags are for commands that work on a desk.
type deskFlags struct {
	secretFlags
	Desk string `default:"desk" type:"path" placeholder:"DIR" help:"The desk's folder."`
}

// openStore opens the desk's reports, which stay encrypted on the disk.
func (f deskFlags) openStore(k *kong.Context) (*store.Store, error) {
	if !store.Exists(f.Desk) {
		return nil, usage(fmt.Errorf("%s: no desk is here", f.Desk), "lapwing report review --desk DIR makes one")
	}
	passphrase, err := f.passphrase(k, "the desk "+f.Desk, false)
	if err != nil {
		return nil, err
	}
	return store.Open(f.Desk, passphrase)
}

type reportReviewCmd struct {
	deskFlags
	Key        string `type:"existingfile" placeholder:"FILE" help:"Your reviewer's key (lapwing report keygen --reviewer); without it you can only read."`
	KeyPass    string `type:"existingfile" placeholder:"FILE" help:"File with the key's passphrase. (default: as the desk's)"`
	List       string `type:"path" placeholder:"PACK" help:"Today's list. (default: the one in this program)"`
	Listen     string `default:"127.0.0.1:0" placeholder:"ADDR" help:"Loopback address; port 0 lets the system choose."`
	Retention  int    `default:"90" placeholder:"DAYS" help:"Reports that came earlier are forgotten when the desk is opened."`
	WorkFactor int    `default:"18" env:"LAPWING_WORK_FACTOR" help:"For a new desk: cost of a guess at its passphrase, as a power of two."`
}

// Run is called by kong.
func (c *reportReviewCmd) Run(k *kong.Context) error {
	s, err := c.openOrCreate(k)
	if err != nil {
		return err
	}
	defer s.Close()
	list, err := loadList(c.List)
	if err != nil {
		return err
	}
	compiled, err := scorer.New(list.pack)
	if err != nil {
		return err
	}
	o := desk.Options{Dir: c.Desk, Store: s, Pack: list.pack, ListName: list.name, Scorer: compiled, Retention: c.Retention}
	if c.Key != "" {
		key, err := secretFlags{firstOf(c.KeyPass, c.PassphraseFile)}.open(k, c.Key)
		if err != nil {
			return err
		}
		if key.Role != ceremony.ReviewRole {
			return usage(fmt.Errorf("%s: a key for %s", c.Key, key.Role), "lapwing report keygen --reviewer NAME makes yours")
		}
		if o.Signer, err = key.Signer(); err != nil {
			return err
		}
		// Whoever sits at a desk decides there; everybody else is let in by hand.
		own := filepath.Join(c.Desk, "reviewers", key.Name+".pub")
		if err := os.MkdirAll(filepath.Dir(own), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(own, key.PublicFile(), 0o600); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	d, err := desk.Open(ctx, o)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	server, err := d.NewServer(l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(k.Stdout, "%d reports, %d set aside, %d forgotten. Open this once, and end the desk with Ctrl-C:\n%s\n", d.Queue().Len(), len(d.Queue().Aside()), d.Forgotten(), server.Address())
	return server.Serve(ctx, l)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (c *reportReviewCmd) openOrCreate(k *kong.Context) (*store.Store, error) {
	if store.Exists(c.Desk) {
		return c.openStore(k)
	}
	if c.WorkFactor < 10 || c.WorkFactor > 22 {
		return nil, usage(fmt.Errorf("work factor %d", c.WorkFactor), "from 10, for trying things out, to 22")
	}
	passphrase, err := c.passphrase(k, "the new desk "+c.Desk, true)
	if err != nil {
		return nil, err
	}
	return store.Create(c.Desk, passphrase, c.WorkFactor)
}

// toDesk puts what was pulled onto a desk.
func (c *reportPullCmd) toDesk(k *kong.Context, source pull.Source, keys *pull.Keys) error {
	s, err := deskFlags{c.secretFlags, c.Out}.openStore(k)
	if err != nil {
		return err
	}
	defer s.Close()
	after := s.Last()
	if c.All {
		after = 0
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	added, withdrawn, refused := 0, 0, 0
	var batch []store.Entry
	flush := func() error {
		n, err := s.Put(batch...)
		added, batch = added+n, batch[:0]
		return err
	}
	for o, err := range pull.Open(source.After(ctx, after), keys) {
		switch {
		case err != nil:
		case o.Withdrawn:
			if err = flush(); err == nil {
				err = s.Remove(o.ID, o.Sequence)
			}
			withdrawn++
		case o.Report == nil:
			refused++
			fmt.Fprintf(k.Stderr, "lapwing: set aside: report %x: %s\n", o.ID, o.Fault)
		default:
			batch = append(batch, store.Entry{Day: uint32(o.Day), Sequence: o.Sequence, ID: o.ID, Text: o.Raw})
			if len(batch) == 256 {
				err = flush()
			}
		}
		if err != nil {
			return errors.Join(err, flush())
		}
	}
	err = flush()
	fmt.Fprintf(k.Stdout, "%s: %d new reports, %d withdrawn, %d refused; %d in all\n", c.Out, added, withdrawn, refused, s.Len())
	return err
}

type reportMergeCmd struct {
	Desk  string   `default:"desk" type:"path" placeholder:"DIR" help:"The desk's folder."`
	Files []string `arg:"" type:"existingfile" help:"Files of decisions: DESK/decisions/NAME.decisions of a colleague's desk."`
}

// Run is called by kong.
func (c *reportMergeCmd) Run(k *kong.Context) error {
	if !store.Exists(c.Desk) {
		return usage(fmt.Errorf("%s: no desk is here", c.Desk), "give --desk DIR")
	}
	folder, err := desk.Decisions(c.Desk)
	if err != nil {
		return err
	}
	known := len(folder.Aside())
	for _, file := range c.Files {
		n, err := folder.Merge(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(k.Stdout, "%s: %d new decisions\n", file, n)
	}
	for _, fault := range folder.Aside()[known:] {
		fmt.Fprintf(k.Stderr, "lapwing: set aside: %v\n", fault)
	}
	if len(folder.Aside()) > known {
		return failure(fmt.Errorf("%d decisions do not count here", len(folder.Aside())-known), "the public keys of those who decide belong into "+filepath.Join(c.Desk, "reviewers"))
	}
	return nil
}

type reportLabelsCmd struct {
	deskFlags
	Out string `required:"" type:"path" placeholder:"FILE" help:"JSONL, for its owner alone. It holds what reports say: keep it on this machine."`
}

// label is a listing as lapwing eval and train read it.
type label struct {
	ID      string `json:"id"`
	Kind    string `json:"kind,omitempty"`
	Lang    string `json:"lang,omitempty"`
	Title   string `json:"title,omitempty"`
	Body    string `json:"body,omitempty"`
	Company string `json:"company,omitempty"`
	Place   string `json:"location,omitempty"`
	Pay     string `json:"pay,omitempty"`
	Contact string `json:"contact,omitempty"`
	Label   string `json:"label"`
}

// Run is called by kong.
func (c *reportLabelsCmd) Run(k *kong.Context) error {
	s, err := c.openStore(k)
	if err != nil {
		return err
	}
	defer s.Close()
	folder, err := desk.Decisions(c.Desk)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(file)
	counts := map[string]int{}
	for e, err := range s.All() {
		if err != nil {
			return errors.Join(err, file.Close())
		}
		r, err := seal.ParseReport(e.Text)
		if err != nil {
			continue // the desk has set it aside
		}
		standing, _ := folder.Of(e.ID)
		what := labelOf(r.Sort, standing)
		if what == "" {
			continue
		}
		counts[what]++
		if err := lines.Encode(label{
			fmt.Sprintf("%x", r.ID), r.Kind.String(), r.Language, r.Text[scorer.Title], r.Text[scorer.Body], r.Text[scorer.Company],
			r.Text[scorer.Location], r.Text[scorer.Pay], r.Text[scorer.Contact], what,
		}); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	fmt.Fprintf(k.Stdout, "%s: %d fraud, %d legit\n", c.Out, counts["fraud"], counts["legit"])
	return file.Close()
}

// labelOf gives what two reviewers have said of the listing itself: that a wrong
// flag is confirmed means that the listing is harmless.
func labelOf(sort seal.Sort, standing decide.Standing) string {
	agreed := standing == decide.IsConfirmed
	switch {
	case !agreed && standing != decide.IsRejected || sort == seal.Page:
		return ""
	case agreed == (sort != seal.WrongFlag):
		return "fraud"
	}
	return "legit"
}

type reportEraseCmd struct {
	Desk string `required:"" type:"path" placeholder:"DIR" help:"The desk's folder."`
	Yes  bool   `help:"Do it. Reports, decisions, drafts and the log of this desk are gone for good."`
}

// Run is called by kong.
func (c *reportEraseCmd) Run(k *kong.Context) error {
	if !c.Yes {
		return usage(fmt.Errorf("%s and all in it would be erased for good", c.Desk), "say --yes to do so; decisions that colleagues should have go to them first")
	}
	if err := store.Erase(c.Desk); err != nil {
		return err
	}
	fmt.Fprintf(k.Stdout, "%s: erased on %s\n", c.Desk, time.Now().UTC().Format(time.DateOnly))
	return nil
}
