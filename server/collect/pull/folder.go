// SPDX-License-Identifier: Apache-2.0

package pull

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lapwing/server/collect/stream"
)

// Folder keeps opened reports as files for their owner alone: <id>.json for each
// report, byte for byte as its sender saw it, and a line in refused.jsonl for
// each row that holds none. It remembers how far it has come, so that the next time
// only what is new is fetched.
type Folder struct {
	dir string
	// Last is the sequence number up to which rows were put here.
	Last uint64
	// What was put since it was opened.
	Added, Known, Withdrawn, Refused int
}

// The file that remembers Last.
const (
	lastFile   = "pulled"
	lastFormat = "lapwing pulled v1\nlast %d\n"
)

// OpenFolder opens a folder, and makes it where there is none.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f := &Folder{dir: dir}
	text, err := os.ReadFile(filepath.Join(dir, lastFile))
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Sscanf(string(text), lastFormat, &f.Last); err != nil {
		return nil, fmt.Errorf("%s: %v; remove it to fetch everything again", filepath.Join(dir, lastFile), err)
	}
	return f, nil
}

func (f *Folder) report(id stream.ID) string {
	return filepath.Join(f.dir, hex.EncodeToString(id[:])+".json")
}

// Put keeps one row. To put it again changes nothing.
func (f *Folder) Put(o Opened) error {
	var err error
	switch {
	case o.Withdrawn:
		f.Withdrawn++
		if err = os.Remove(f.report(o.ID)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	case o.Report == nil:
		f.Refused++
		err = f.refuse(o)
	default:
		if _, err = os.Lstat(f.report(o.ID)); err == nil {
			f.Known++
			break
		}
		f.Added++
		err = write(f.report(o.ID), o.Raw)
	}
	f.Last = max(f.Last, o.Sequence)
	return err
}

// refuse notes a row without a report. Nothing of what a stranger wrote is noted.
func (f *Folder) refuse(o Opened) error {
	line, err := json.Marshal(struct {
		Sequence uint64 `json:"sequence"`
		Day      string `json:"day"`
		ID       string `json:"id"`
		Fault    string `json:"fault"`
	}{o.Sequence, o.Day.String(), hex.EncodeToString(o.ID[:]), o.Fault})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(f.dir, "refused.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// Save remembers how far the folder has come.
func (f *Folder) Save() error {
	return write(filepath.Join(f.dir, lastFile), fmt.Appendf(nil, lastFormat, f.Last))
}

// write writes a file whole or not at all.
func write(name string, b []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".part*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(b)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
