// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

type listRootCmd struct {
	Plan    rootPlanCmd    `cmd:"" help:"Write a root note for signing, from public keys and thresholds."`
	Publish rootPublishCmd `cmd:"" help:"Put a signed root into the tree; renew the head, or release, afterwards."`
}

type rootPlanCmd struct {
	Version   uint32   `required:"" help:"1 for the first, then one more each time."`
	Threshold []string `required:"" placeholder:"ROLE=N" help:"How many keys of a role must sign, for each of root, release, head and log."`
	Out       string   `short:"o" default:"root.note" type:"path" help:"Where the note goes."`
	Keys      []string `arg:"" type:"existingfile" help:"The public files of all keys."`
}

// Run is called by kong.
func (c *rootPlanCmd) Run(k *kong.Context) error {
	plan := ceremony.RootPlan{Version: c.Version}
	for _, t := range c.Threshold {
		role, n, _ := strings.Cut(t, "=")
		count, err := strconv.Atoi(n)
		known := false
		for r := range release.NumRoles {
			if r.String() == role {
				plan.Thresholds[r], known = count, true
			}
		}
		if err != nil || !known {
			return usage(fmt.Errorf("threshold %q", t), "for example --threshold root=3,release=2,head=1,log=1")
		}
	}
	var err error
	if plan.Keys, err = publicKeys(c.Keys); err != nil {
		return err
	}
	text, err := ceremony.PlanRoot(plan, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(k.Stdout, "%s: to be signed by %d of its root keys, and as many of the root before\n", c.Out, plan.Thresholds[release.RootRole])
	return os.WriteFile(c.Out, []byte(text), 0o644)
}

func publicKeys(files []string) ([]*ceremony.Key, error) {
	var keys []*ceremony.Key
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		key, err := ceremony.ReadPublic(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// treeFlag is for commands that write a tree.
type treeFlag struct {
	Tree string `required:"" type:"path" placeholder:"DIR" help:"The release tree."`
}

// write opens the tree, does something with it and closes it.
func (f treeFlag) write(do func(*ceremony.Tree) error) error {
	tree, err := ceremony.OpenTree(f.Tree)
	if err != nil {
		return err
	}
	return errors.Join(do(tree), tree.Close())
}

type rootPublishCmd struct {
	treeFlag
	Note string `arg:"" type:"existingfile" help:"The signed root."`
}

// Run is called by kong.
func (c *rootPublishCmd) Run(k *kong.Context) error {
	note, err := os.ReadFile(c.Note)
	if err != nil {
		return err
	}
	return c.write(func(t *ceremony.Tree) error {
		r, err := t.PublishRoot(note)
		if err == nil {
			fmt.Fprintf(k.Stdout, "root %d is in the tree; clients follow it once a head speaks of it\n", r.Version)
		}
		return err
	})
}

type listReleaseCmd struct {
	Prepare releasePrepareCmd `cmd:"" help:"Write the objects of a release into the tree, and its note for signing."`
	Publish releasePublishCmd `cmd:"" help:"Enter a signed release into the log and put it before the public."`
	Renew   releaseRenewCmd   `cmd:"" help:"Sign a new head for the release that is public. Due every few days."`
	Next    releaseNextCmd    `cmd:"" help:"Print the version that the next release has to have."`
	Prune   releasePruneCmd   `cmd:"" help:"Take away objects that no release of the last 90 days needs."`
}

type releasePrepareCmd struct {
	treeFlag
	Pack     string   `type:"existingfile" xor:"what" placeholder:"PACK" help:"The list, as lapwing list build made it."`
	BackTo   uint32   `xor:"what" placeholder:"VERSION" help:"Take the content of this release back into use, under a new version."`
	Requires string   `placeholder:"VERSION" help:"Least version of the program that may use the list. (default: what this program's lists need)"`
	Intake   []string `type:"existingfile" placeholder:"FILE" help:"Public files of the keys that reports are sealed to. (default: as in the last release)"`
	Work     uint8    `placeholder:"BITS" help:"With --intake: work that a report needs. (default: 20)"`
	Retain   uint16   `name:"retention" placeholder:"DAYS" help:"With --intake: days after which reports are deleted, as the server is set. (default: 90)"`
	Relay    string   `placeholder:"'URL CONFIG'" help:"With --intake: the relay that reports go through, and what its gateway's lapwingd gateway-key printed."`
	Out      string   `short:"o" default:"release.note" type:"path" help:"Where the note goes."`
}

// Run is called by kong.
func (c *releasePrepareCmd) Run(k *kong.Context) error {
	plan := ceremony.Plan{BackTo: c.BackTo, Requires: cmp.Or(c.Requires, release.Requires), Now: time.Now()}
	var err error
	switch {
	case c.Pack != "":
		if plan.Pack, err = os.ReadFile(c.Pack); err != nil {
			return err
		}
	case c.BackTo == 0:
		return usage(errors.New("nothing to release"), "give --pack FILE or --back-to VERSION")
	}
	if plan.Intake, err = c.intake(); err != nil {
		return err
	}
	return c.write(func(t *ceremony.Tree) error {
		text, err := t.Prepare(plan)
		if err != nil {
			return err
		}
		said, err := ceremony.Describe([]byte(text))
		if err != nil {
			return err
		}
		fmt.Fprintf(k.Stdout, "%s is %sto be signed by maintainers, each on their own machine\n", c.Out, said)
		return os.WriteFile(c.Out, []byte(text), 0o644)
	})
}

// intake gives the object that says how reports are sealed, or nil to leave
// it as it was.
func (c *releasePrepareCmd) intake() ([]byte, error) {
	terms := ceremony.IntakeTerms{Work: c.Work, Retention: c.Retain, Relay: c.Relay}
	if len(c.Intake) == 0 {
		if terms != (ceremony.IntakeTerms{}) {
			return nil, usage(errors.New("terms for reports without keys"), "name all intake keys that the release shall have")
		}
		return nil, nil
	}
	keys, err := publicKeys(c.Intake)
	if err != nil {
		return nil, err
	}
	return ceremony.IntakeKeys(keys, terms)
}

// onlineFlags name the keys of the publishing machine.
type onlineFlags struct {
	secretFlags
	LogKey  string `required:"" type:"existingfile" placeholder:"FILE" help:"The log's secret key."`
	HeadKey string `required:"" type:"existingfile" placeholder:"FILE" help:"The secret key for heads."`
}

func (f onlineFlags) keys(k *kong.Context) (o ceremony.Online, err error) {
	if o.Log, err = f.open(k, f.LogKey); err != nil {
		return o, err
	}
	o.Head, err = f.open(k, f.HeadKey)
	return o, err
}

type releasePublishCmd struct {
	treeFlag
	onlineFlags
	Note string `arg:"" type:"existingfile" help:"The signed release."`
}

// Run is called by kong.
func (c *releasePublishCmd) Run(k *kong.Context) error {
	note, err := os.ReadFile(c.Note)
	if err != nil {
		return err
	}
	online, err := c.keys(k)
	if err != nil {
		return err
	}
	return c.write(func(t *ceremony.Tree) error {
		r, err := t.Publish(context.Background(), note, online, time.Now())
		if err == nil {
			fmt.Fprintf(k.Stdout, "release %d of %s is public\n", r.Version, r.Name)
		}
		return err
	})
}

type releaseRenewCmd struct {
	treeFlag
	onlineFlags
}

// Run is called by kong.
func (c *releaseRenewCmd) Run(k *kong.Context) error {
	online, err := c.keys(k)
	if err != nil {
		return err
	}
	return c.write(func(t *ceremony.Tree) error {
		r, err := t.Renew(context.Background(), online, time.Now())
		if err == nil {
			fmt.Fprintf(k.Stdout, "the head names release %d for another %d days\n", r.Version, release.HeadLife/(24*60*60))
		}
		return err
	})
}

type releaseNextCmd struct {
	Tree string `required:"" type:"path" placeholder:"DIR" help:"The release tree."`
}

// Run is called by kong.
func (c *releaseNextCmd) Run(k *kong.Context) error {
	next, err := ceremony.ReadTree(c.Tree).NextVersion()
	if err == nil {
		fmt.Fprintln(k.Stdout, next)
	}
	return err
}

type releasePruneCmd struct {
	treeFlag
	DryRun bool `help:"Only say what would go."`
}

// Run is called by kong.
func (c *releasePruneCmd) Run(k *kong.Context) error {
	return c.write(func(t *ceremony.Tree) error {
		p, err := t.Prune(time.Now(), c.DryRun)
		word := "removed"
		if c.DryRun {
			word = "would remove"
		}
		fmt.Fprintf(k.Stdout, "%s %d objects, %d bytes; %d stay\n", word, p.Objects, p.Bytes, p.Left)
		return err
	})
}

type listVerifyCmd struct {
	Dir string `arg:"" type:"existingdir" help:"The release tree, or a copy of it."`
}

// Run is called by kong.
func (c *listVerifyCmd) Run(k *kong.Context) error {
	f := ceremony.ReadTree(c.Dir).Audit(context.Background(), time.Now())
	for _, fault := range f.Faults {
		fmt.Fprintf(k.Stdout, "%s: %v\n", c.Dir, fault)
	}
	if f.Root != nil && f.Newest != nil {
		fmt.Fprintf(k.Stdout, "root %d; release %d of %s; %d releases with proofs; %d deltas applied; %d entries in the log\n",
			f.Root.Version, f.Newest.Version, f.Newest.Name, f.Releases, f.Deltas, f.Log)
	}
	if n := len(f.Faults); n > 0 {
		return failure(fmt.Errorf("%d faults", n), "")
	}
	return nil
}

type listPackageCmd struct {
	Tree string `required:"" type:"path" placeholder:"DIR" help:"The release tree."`
	Out  string `short:"o" required:"" type:"path" placeholder:"DIR" help:"Where root, release and list.pack go."`
}

// Run is called by kong.
func (c *listPackageCmd) Run(k *kong.Context) error {
	r, err := ceremony.ReadTree(c.Tree).Package(c.Out)
	if err == nil {
		fmt.Fprintf(k.Stdout, "%s: root, release %d and list.pack\n", c.Out, r.Version)
	}
	return err
}
