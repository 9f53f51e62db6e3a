// SPDX-License-Identifier: Apache-2.0

// Command lapwing scores listings, and works on the list that it scores with.
//
//	lapwing score adverts.jsonl
//	lapwing score --level elevated --out csv -o flagged.csv dump/*.jsonl.zst
//	cat adverts.jsonl | lapwing score - > verdicts.jsonl
//
// Exit status: 0 if all went well; 1 if a listing could not be read or
// something failed; 2 if the command line was at fault.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // as shells say it
)

// run is main with its surroundings as parameters.
func run(args []string, stdout, stderr io.Writer) int {
	var commands commands
	parser, err := kong.New(&commands,
		kong.Name("lapwing"),
		kong.Description("Reads adverts and says what in them resembles the ways in which people are recruited into exploitation."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(stdout, stderr),
		kong.UsageOnError(),
	)
	if err != nil {
		return report(stderr, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return report(stderr, usage(err, helpFor(err)))
	}
	return report(stderr, ctx.Run())
}

// helpFor names the help page for the command that was meant.
func helpFor(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			return "see lapwing " + node.Path() + " --help"
		}
	}
	return "see lapwing --help"
}

// complaint is an error with what to try about it.
type complaint struct {
	err  error
	hint string
	code int
}

func (c *complaint) Error() string { return c.err.Error() }
func (c *complaint) Unwrap() error { return c.err }

// usage is a fault of the command line.
func usage(err error, hint string) error { return &complaint{err, hint, exitUsage} }

// failure is any other error about which something can be done.
func failure(err error, hint string) error { return &complaint{err, hint, exitFailed} }

// status is an exit status without a word: what is wrong was said before.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// report prints an error and gives the exit status.
func report(stderr io.Writer, err error) int {
	var code status
	var c *complaint
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(stderr, "lapwing: error: %v\n", err)
	if errors.As(err, &c) {
		if c.hint != "" {
			fmt.Fprintf(stderr, "lapwing: hint: %s\n", c.hint)
		}
		return c.code
	}
	return exitFailed
}
