// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Place is where something stands in the list's source.
type Place struct {
	File         string // slash-separated, from the list's folder
	Line, Column int    // from 1, in characters; 0: the file as a whole
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Fault is one thing that is wrong with the source: where, what, and what to do.
type Fault struct {
	Place
	Problem string
	Hint    string
	// Warning marks what a reviewer should look at and nothing is refused for.
	Warning bool
}

func (f Fault) String() string {
	word := "error"
	if f.Warning {
		word = "warning"
	}
	s := fmt.Sprintf("%s: %s: %s", f.Place, word, f.Problem)
	if f.Hint != "" {
		s += "\n\thint: " + f.Hint
	}
	return s
}

// Faults are all that one run found.
type Faults []Fault

// Errors counts those that are no warnings.
func (fs Faults) Errors() int {
	n := 0
	for _, f := range fs {
		if !f.Warning {
			n++
		}
	}
	return n
}

// Sort puts faults in the order in which a person works through them.
func (fs Faults) Sort() {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Problem, b.Problem))
	})
}

// Print writes the faults, one or two lines each. dir is put before each file's
// name, so that an editor finds it.
func (fs Faults) Print(w io.Writer, dir string) error {
	for _, f := range fs {
		if dir != "" && dir != "." {
			f.File = dir + "/" + f.File
		}
		if _, err := fmt.Fprintln(w, f); err != nil {
			return err
		}
	}
	return nil
}

// FaultsError is the error of what refuses to work on a source with faults.
type FaultsError struct{ Faults Faults }

// Error names the first fault; Faults.Print shows all.
func (e *FaultsError) Error() string {
	n := e.Faults.Errors()
	for _, f := range e.Faults {
		if !f.Warning {
			return fmt.Sprintf("the list has %s, first %s: %s", count(n, "fault"), f.Place, f.Problem)
		}
	}
	return "the list has faults"
}
