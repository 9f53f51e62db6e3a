// SPDX-License-Identifier: Apache-2.0

package releasetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"lapwing/scorer/release"
)

// Scenario is one look of a browser at a server, as testdata/releases has it for
// Go and JavaScript; its README has the format.
type Scenario struct {
	Name     string
	Now      int64
	Outcome  string
	Version  uint32
	Refusal  string // the rule; "" where nothing is refused
	Whole    bool
	Packaged release.Packaged
	Pack     []byte // that was shipped
	dir      string
}

// Serve is the scenario's server: its own files first, then the honest ones.
func (s *Scenario) Serve(path string) ([]byte, bool) {
	for _, dir := range []string{filepath.Join(s.dir, s.Name), filepath.Join(s.dir, "honest")} {
		if b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path))); err == nil {
			return b, len(b) > 0
		}
	}
	return nil, false
}

// Scenarios reads testdata/releases.
func Scenarios(dir string) ([]Scenario, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	var all []Scenario
	for _, file := range files {
		s := Scenario{Name: strings.TrimSuffix(filepath.Base(file), ".txt"), dir: dir}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := s.read(string(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		s.Packaged = release.Packaged{Program: release.Program}
		for name, b := range map[string]*[]byte{"root": &s.Packaged.Root, "release": &s.Packaged.Release, "list.pack": &s.Pack} {
			if *b, err = os.ReadFile(filepath.Join(dir, "packaged", name)); err != nil {
				return nil, err
			}
		}
		all = append(all, s)
	}
	return all, nil
}

func (s *Scenario) read(text string) error {
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		var err error
		switch {
		case !ok:
			return fmt.Errorf("no line of this form: %q", line)
		case key == "now":
			s.Now, err = strconv.ParseInt(value, 10, 64)
		case key == "outcome":
			s.Outcome = value
		case key == "version":
			_, err = fmt.Sscan(value, &s.Version)
		case key == "refusal":
			s.Refusal = value
		case key == "whole":
			s.Whole = value == "yes"
		case key != "comment":
			err = fmt.Errorf("unknown key %q", key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Differs says in what the result of a look is not what was expected.
func (s *Scenario) Differs(r release.Result) string {
	rule := ""
	if r.Err != nil {
		rule = r.Err.Object.String() + ": " + r.Err.Fault.String()
	}
	got := fmt.Sprint(r.Outcome.String(), ", ", r.Status.Version, ", ", rule, ", whole ", r.Whole)
	want := fmt.Sprint(s.Outcome, ", ", s.Version, ", ", s.Refusal, ", whole ", s.Whole)
	if got != want {
		return "got " + got + "; want " + want
	}
	return ""
}
