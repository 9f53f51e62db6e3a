// SPDX-License-Identifier: Apache-2.0

// Package publish turns the list's source, a folder of reviewed YAML files, into
// a pack, and says beforehand what the pack would do.
//
//	folder → Load → Check ┬→ CheckExamples → Compile → pack
//	  load.go   check.go  └→ checkSchemas    compile.go  └→ Measure → gate
//	  indicator.go texts.go document.go …                   test.go
//
// Lint, Test, Build, DiffPacks and Show are the subcommands of "lapwing list" as
// functions: no flags in here. CompileFS is for a program that carries the source
// and needs a pack at its start.
//
// The source is reviewed, but a proposed change may hold anything: files are
// bounded, aliases refused, nothing is run, and every fault has a place. All
// faults of a run come at once; with one of them nothing is written.
//
// Nothing in here reads a clock: the day on which to look for expired indicators
// is a parameter, and the date in a pack is the source's. So the same source
// gives the same bytes.
package publish
