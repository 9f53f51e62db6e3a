// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Examine does all that can be said of a source without a corpus: each file,
// the files together, every example, every false positive that was taken back.
// The pack is nil where there are errors. today is a date such as 2026-11-23.
func Examine(fsys fs.FS, today string) (*Source, *pack.Pack, Faults) {
	s, faults := Load(fsys)
	faults = append(faults, s.Check(today)...)
	faults = append(faults, checkSchemas(s, fsys)...)
	faults = append(faults, s.CheckExamples()...)
	if faults.Errors() > 0 {
		faults.Sort()
		return s, nil, faults
	}
	p, err := Compile(s, Options{})
	if err != nil {
		return s, nil, append(faults, Fault{Place: Place{File: "policy.yaml"}, Problem: err.Error()})
	}
	sc, err := scorer.New(p)
	if err != nil {
		return s, nil, append(faults, Fault{Place: Place{File: "policy.yaml"}, Problem: err.Error()})
	}
	faults = append(faults, s.CheckFalsePositives(p, sc)...)
	faults.Sort()
	if faults.Errors() > 0 {
		p = nil
	}
	return s, p, faults
}

// Lint writes what is wrong with the list in a folder, and returns how many
// errors there are. Warnings are counted, and written if asked for.
func Lint(w io.Writer, dir, today string, warnings bool) (int, error) {
	s, _, faults := Examine(os.DirFS(dir), today)
	return report(w, s, dir, faults, warnings)
}

func report(w io.Writer, s *Source, dir string, faults Faults, warnings bool) (int, error) {
	n := faults.Errors()
	told := count(len(faults)-n, "warning")
	if !warnings && len(faults) > n {
		told += " (--warnings shows them)"
		faults = slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool { return f.Warning })
	}
	if err := faults.Print(w, filepath.ToSlash(dir)); err != nil {
		return 0, err
	}
	_, err := fmt.Fprintf(w, "%s: %s, %s\n", s.summary(), count(n, "error"), told)
	return n, err
}

func (s *Source) summary() string {
	active, patterns, examples := 0, 0, 0
	for i := range s.Indicators {
		ind := &s.Indicators[i]
		if ind.Status == StatusActive {
			active++
		}
		patterns += len(ind.Patterns)
		examples += len(ind.Examples)
	}
	return fmt.Sprintf("%s (%d active), %s in %s, %s", count(len(s.Indicators), "indicator"), active,
		count(patterns, "pattern"), count(len(s.Languages()), "language"), count(examples, "example"))
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// Build compiles the list in a folder and writes the encoded pack to out. The
// same source gives the same bytes: the day on which nothing may have expired is
// the pack's own, no clock is read. With a fault it writes nothing and returns a
// *FaultsError.
func Build(dir, out string, o Options) (*pack.Pack, []byte, error) {
	fsys := os.DirFS(dir)
	day := o.Created
	if day == "" {
		s, _ := Load(fsys)
		day = s.Created
	}
	s, _, faults := Examine(fsys, day)
	if faults.Errors() > 0 {
		return nil, nil, &FaultsError{faults}
	}
	p, err := Compile(s, o)
	if err != nil {
		return nil, nil, err
	}
	b, err := pack.Encode(p)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the pack: %w", err)
	}
	return p, b, replaceFile(out, b)
}

// replaceFile writes a file whole or not at all.
func replaceFile(name string, b []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".pack-*")
	if err != nil {
		return fmt.Errorf("writing the pack: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(b)
	if err == nil {
		err = temp.Chmod(0o644)
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("writing the pack: %w", err)
	}
	return nil
}
