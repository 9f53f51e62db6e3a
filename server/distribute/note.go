// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"lapwing/scorer/release"
)

// text gives what a note's signatures are made of. The signatures themselves
// are the clients' business: this side checks only that what it hands out is
// whole.
func text(note []byte) (string, error) {
	n, ok := release.ParseNote(note)
	if !ok {
		return "", errors.New("not a signed note")
	}
	return n.Text, nil
}

// parseHead says which release a head names.
func parseHead(note []byte) (*release.Head, error) {
	t, err := text(note)
	if err != nil {
		return nil, fmt.Errorf("v1/head: %v", err)
	}
	return release.ParseHead(t)
}

// references lists the objects that a release note names. Those that the list
// of older deltas names in its turn are not among them.
func references(note []byte) (*release.Release, []release.Blob, error) {
	t, err := text(note)
	if err != nil {
		return nil, nil, fmt.Errorf("the note: %v", err)
	}
	r, err := release.ParseRelease(t)
	if err != nil {
		return nil, nil, err
	}
	blobs := []release.Blob{r.Pack}
	for _, b := range []release.Blob{r.Intake, r.Older} {
		if b.Length > 0 {
			blobs = append(blobs, b)
		}
	}
	for _, d := range r.Deltas {
		blobs = append(blobs, d.Blob)
	}
	return r, blobs, nil
}

// parseCheckpoint gives the number of leaves that a checkpoint speaks of
// (C2SP tlog-checkpoint: origin, size, hash, each on its line).
func parseCheckpoint(note []byte) (uint64, error) {
	lines := strings.SplitN(string(note), "\n", 4)
	if len(lines) < 4 {
		return 0, errors.New("v1/log/checkpoint: fewer than three lines")
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil {
		return 0, fmt.Errorf("v1/log/checkpoint: line 2: %v", err)
	}
	return size, nil
}
