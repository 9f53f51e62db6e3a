// SPDX-License-Identifier: Apache-2.0

package main

// commands is the command line: one field per command, in the order of the help.
type commands struct {
	Score      scoreCmd      `cmd:"" help:"Score listings: one verdict per listing, in the order of the input."`
	List       listCmd       `cmd:"" help:"Work on the list of indicators."`
	Report     reportCmd     `cmd:"" help:"Read what volunteers report."`
	Eval       evalCmd       `cmd:"" help:"Try the list on listings: hits, precision, false alarms, redundancy, changes, curves."`
	Train      trainCmd      `cmd:"" help:"Make the wording model from labelled listings, and say what it is worth."`
	Version    versionCmd    `cmd:"" help:"Say which program, list and engine this is."`
	Completion completionCmd `cmd:"" help:"Print a script that completes commands and flags in a shell."`
}

// listCmd is "lapwing list".
type listCmd struct {
	listSourceCmd `embed:""`
	listSignedCmd `embed:""`
}
