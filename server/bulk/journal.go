// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
)

// A journal stands beside the output, under its name with JournalSuffix, and
// says how far a run has come: up to which place of the input, and up to
// which byte of the output. Every so often the writer
//
//  1. writes the output's bytes and syncs the output,
//  2. writes the journal under another name and syncs it,
//  3. renames it over the old one and syncs the directory.
//
// So the journal never vouches for bytes that a crash could take back, and it
// is always whole. Going on means: cut the output back to the journal's offset
// (what stands behind it was written after the last time), and read on from
// its place in the input. No listing is lost or written twice.
type journal struct {
	Version int `json:"version"`
	// What must be the same, or going on would mix two runs.
	List   string `json:"list"`
	Engine string `json:"engine"`
	Format Format `json:"format"`
	Level  string `json:"level"`
	Inputs string `json:"inputs"` // fingerprint
	Fields string `json:"fields"` // as given

	Next     Position `json:"next"`
	Offset   int64    `json:"offset"` // of the output
	Finished bool     `json:"finished"`
	Summary  *Summary `json:"summary"`
}

const journalVersion = 1

// JournalSuffix is appended to the output's name.
const JournalSuffix = ".progress"

// ErrNoJournal says that there is an output but nothing that tells how far it got.
var ErrNoJournal = errors.New("the output exists and has no journal beside it")

// MismatchError says that a journal belongs to another run.
type MismatchError struct {
	What      string // "list", "engine", …
	Was, Here string
}

func (e *MismatchError) Error() string {
	return fmt.Sprintf("the run to go on with had another %s: %s, not %s", e.What, e.Was, e.Here)
}

// readJournal reads the journal of an output; nil if neither is there.
func readJournal(output string) (*journal, error) {
	b, err := os.ReadFile(output + JournalSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		info, err := os.Stat(output)
		if err == nil && info.Size() > 0 {
			return nil, ErrNoJournal
		}
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the journal: %v", err)
	}
	j := &journal{}
	if err := json.Unmarshal(b, j); err != nil {
		return nil, fmt.Errorf("reading the journal %s: %v", output+JournalSuffix, err)
	}
	if j.Version != journalVersion || j.Summary == nil {
		return nil, fmt.Errorf("reading the journal %s: version %d, this program knows %d", output+JournalSuffix, j.Version, journalVersion)
	}
	return j, nil
}

// matches tells whether j is the journal of a run like want.
func (j *journal) matches(want *journal) error {
	for _, c := range []struct{ what, was, here string }{
		{"list", j.List, want.List}, {"engine", j.Engine, want.Engine},
		{"format", string(j.Format), string(want.Format)}, {"level", j.Level, want.Level},
		{"choice of fields", j.Fields, want.Fields}, {"list of input files, or sizes of them", j.Inputs, want.Inputs},
	} {
		if c.was != c.here {
			return &MismatchError{c.what, c.was, c.here}
		}
	}
	return nil
}

// write is steps 2 and 3.
func (j *journal) write(output string) error {
	b, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("writing the journal: %v", err)
	}
	name := output + JournalSuffix
	if err := writeSynced(name+"~", b); err != nil {
		return fmt.Errorf("writing the journal: %v", err)
	}
	if err := os.Rename(name+"~", name); err != nil {
		return fmt.Errorf("writing the journal: %v", err)
	}
	return syncDir(filepath.Dir(name))
}

func writeSynced(name string, b []byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// syncDir makes a rename last. Some file systems cannot sync a directory, and
// need not.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("writing the journal: %v", err)
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}
