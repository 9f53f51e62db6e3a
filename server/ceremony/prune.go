// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lapwing/scorer/release"
)

// Past releases are of use for as long as a release is valid: to clients and
// mirrors that are still at one, to go back to, and as bases of deltas.
const kept = release.ReleaseLife * time.Second

// Pruned says what Prune took away.
type Pruned struct {
	Objects int   // with their compressed forms
	Bytes   int64 // of files
	Left    int   // objects that stay
}

// Prune takes objects away that nobody needs any more: those that neither a
// release of the last 90 days names, nor the one before these, and that are no
// pack which the next release makes a delta from. What was written in the last 90
// days stays too: it may belong to a release that is still being signed. Notes,
// proofs, roots and the log stay for ever, so that anybody can check the past.
//
// It may be stopped at any moment. With try it only says what it would do.
func (t *Tree) Prune(now time.Time, try bool) (p Pruned, err error) {
	past, err := t.History()
	if err != nil {
		return p, err
	}
	needed, err := t.needed(past, now)
	if err != nil {
		return p, err
	}
	files, err := os.ReadDir(filepath.Join(t.dir, "v1/o"))
	if err != nil {
		return p, err
	}
	young := map[string]bool{}
	sizes := map[string][]os.FileInfo{} // the forms of an object, by its name
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return p, err
		}
		name, _, _ := strings.Cut(file.Name(), ".")
		sizes[name] = append(sizes[name], info)
		young[name] = young[name] || now.Sub(info.ModTime()) < kept
	}
	for name, forms := range sizes {
		if name == "" || needed[name] || young[name] {
			p.Left++
			continue
		}
		p.Objects++
		for i := len(forms) - 1; i >= 0; i-- { // the object itself, whose name is the shortest, last
			p.Bytes += forms[i].Size()
			if !try {
				err = errors.Join(err, os.Remove(filepath.Join(t.dir, "v1/o", forms[i].Name())))
			}
		}
	}
	return p, err
}

// needed names the objects that have to be there.
func (t *Tree) needed(past []Past, now time.Time) (map[string]bool, error) {
	needed := map[string]bool{}
	for i, r := range past {
		needed[r.Hash.String()] = true
		// A release was public until the next one was.
		if i+1 < len(past) && now.Sub(time.Unix(past[i+1].Issued, 0)) >= kept {
			continue
		}
		blobs, err := t.blobs(r.Release)
		if err != nil {
			return nil, err
		}
		for _, b := range blobs {
			needed[b.Hash.String()] = true
		}
	}
	from := bases(past, now)
	if last := len(past) - 1; last >= 0 { // those that deltas of the newest lead from are for auditors
		from = append(from, bases(past[:last], time.Unix(past[last].Issued, 0))...)
	}
	for _, r := range from {
		needed[r.Pack.Hash.String()] = true
	}
	return needed, nil
}
