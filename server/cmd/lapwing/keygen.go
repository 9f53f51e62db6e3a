// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"lapwing/server/ceremony"
)

// listSignedCmd holds the subcommands of "lapwing list" that have to do with
// keys and releases. server/OPERATING.md walks through them.
type listSignedCmd struct {
	Keygen  listKeygenCmd  `cmd:"" help:"Make a key: a secret file that its passphrase opens, and a public one to hand out."`
	Root    listRootCmd    `cmd:"" help:"Say who may sign what: the first time, and whenever a key is lost, stolen or added."`
	Sign    listSignCmd    `cmd:"" help:"Sign a root or a release on your own machine, after showing what it says."`
	Release listReleaseCmd `cmd:"" help:"Prepare a release, publish it when it is signed, renew its head."`
	Verify  listVerifyCmd  `cmd:"" help:"Check everything in a release tree: signatures, objects, deltas, log."`
	Package listPackageCmd `cmd:"" help:"Write what a program is shipped with: root, release and list."`
	Fetch   listFetchCmd   `cmd:"" help:"Bring a stored list up to date, as the extension does."`
}

// secretFlags are for commands that open or seal keys.
type secretFlags struct {
	PassphraseFile string `type:"existingfile" env:"LAPWING_PASSPHRASE_FILE" placeholder:"FILE" help:"File with the passphrase, for machines. People are asked."`
}

// passphrase reads one from the file, or asks for it.
func (f secretFlags) passphrase(k *kong.Context, what string, twice bool) (string, error) {
	if f.PassphraseFile != "" {
		b, err := os.ReadFile(f.PassphraseFile)
		return strings.TrimRight(string(b), "\r\n"), err
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", usage(errors.New("no terminal to ask for a passphrase"), "give --passphrase-file")
	}
	ask := func(prompt string) (string, error) {
		fmt.Fprint(k.Stderr, prompt)
		b, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(k.Stderr)
		return string(b), err
	}
	first, err := ask("Passphrase for " + what + ": ")
	if err != nil || !twice {
		return first, err
	}
	second, err := ask("Once more: ")
	if err == nil && first != second {
		err = errors.New("the two passphrases differ")
	}
	return first, err
}

// open reads a secret key.
func (f secretFlags) open(k *kong.Context, path string) (*ceremony.Key, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, failure(fmt.Errorf("%s: others on this machine can read this secret", path), "chmod 600 "+path)
	}
	public, err := ceremony.ReadPublic(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	passphrase, err := f.passphrase(k, fmt.Sprintf("%s (%s)", public.Name, public.Role), false)
	if err != nil {
		return nil, err
	}
	key, err := ceremony.OpenKey(file, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

type listKeygenCmd struct {
	secretFlags
	Role       string `arg:"" enum:"root,release,head,log,intake" help:"What the key is for: root, release, head, log or intake."`
	Name       string `arg:"" help:"A short name that stands with every signature; for a log, its name; for intake, the month."`
	Out        string `short:"o" type:"path" placeholder:"FILE" help:"Secret file; the public one gets .pub behind. (default: ROLE-NAME.key)"`
	WorkFactor int    `default:"18" env:"LAPWING_WORK_FACTOR" help:"Cost of a guess at the passphrase, as a power of two; 18 takes about a second."`
}

// Run is called by kong.
func (c *listKeygenCmd) Run(k *kong.Context) error {
	if c.WorkFactor < 10 || c.WorkFactor > 22 {
		return usage(fmt.Errorf("work factor %d", c.WorkFactor), "from 10, for trying things out, to 22")
	}
	key, err := ceremony.Generate(c.Role, c.Name)
	if err != nil {
		return err
	}
	if c.Out == "" {
		c.Out = c.Role + "-" + strings.ReplaceAll(c.Name, "/", "-") + ".key"
	}
	passphrase, err := c.passphrase(k, "the new key", true)
	if err != nil {
		return err
	}
	sealed, err := key.Seal(passphrase, c.WorkFactor)
	if err != nil {
		return err
	}
	if err := key.WriteFiles(c.Out, sealed); err != nil {
		return err
	}
	fmt.Fprintf(k.Stdout, "secret  %s: keep it, and a copy elsewhere; nobody can make it again\npublic  %s.pub: hand it out\n%s\n", c.Out, c.Out, key.Public)
	return nil
}

type listSignCmd struct {
	secretFlags
	Key  string `required:"" type:"existingfile" placeholder:"FILE" help:"Your secret key."`
	Pack string `type:"existingfile" placeholder:"PACK" help:"The list as you have built it yourself: sign only a release of exactly this."`
	Yes  bool   `help:"Do not ask."`
	Note string `arg:"" type:"existingfile" help:"The note; your signature is added to it."`
}

// Run is called by kong.
func (c *listSignCmd) Run(k *kong.Context) error {
	note, err := os.ReadFile(c.Note)
	if err != nil {
		return err
	}
	said, err := ceremony.Describe(note)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Note, err)
	}
	fmt.Fprintf(k.Stdout, "%s is %s", c.Note, said)
	if c.Pack != "" {
		mine, err := os.ReadFile(c.Pack)
		if err != nil {
			return err
		}
		if err := ceremony.NamesPack(note, mine); err != nil {
			return failure(fmt.Errorf("not signed: %w", err), "find out why the two differ before anybody signs")
		}
		fmt.Fprintf(k.Stdout, "it names exactly %s\n", c.Pack)
	}
	if !c.Yes && !confirmed(k, "Sign this? Type yes: ") {
		return failure(errors.New("not signed"), "")
	}
	key, err := c.open(k, c.Key)
	if err != nil {
		return err
	}
	signed, err := ceremony.Sign(note, key)
	if err != nil {
		return err
	}
	if bytes.Equal(signed, note) {
		fmt.Fprintf(k.Stdout, "%s had signed it already\n", key.Name)
		return nil
	}
	fmt.Fprintf(k.Stdout, "signed by %s\n", key.Name)
	return os.WriteFile(c.Note, signed, 0o644)
}

func confirmed(k *kong.Context, question string) bool {
	fmt.Fprint(k.Stderr, question)
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	return strings.TrimSpace(line) == "yes"
}
