// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ref is what a head says of the newest release.
type ref struct {
	version uint64
	length  int64
	hash    string
}

// parseHead takes from a head's text which release it names. The signature is
// the clients' business: this side checks only that what it hands out is whole.
func parseHead(note []byte) (ref, error) {
	for line := range strings.Lines(string(note)) {
		w := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		if w[0] != "release" || len(w) != 4 {
			continue
		}
		version, err1 := strconv.ParseUint(w[1], 10, 63)
		length, err2 := strconv.ParseInt(w[2], 10, 63)
		if err1 != nil || err2 != nil || !isHash(w[3]) {
			break
		}
		return ref{version, length, w[3]}, nil
	}
	return ref{}, errors.New("v1/head: no line «release VERSION LENGTH HASH»; is this a release tree?")
}

// references lists the objects that a release note names: every word of its
// text that has the form of a hash. So a note of a later format, with words
// that this server has not heard of, is served whole as well.
func references(note []byte) ([]string, error) {
	text, _, signed := strings.Cut(string(note), "\n\n")
	if !signed {
		return nil, errors.New("no blank line between text and signatures")
	}
	var hashes []string
	seen := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		if isHash(word) && !seen[word] {
			seen[word] = true
			hashes = append(hashes, word)
		}
	}
	if len(hashes) == 0 {
		return nil, errors.New("names no object")
	}
	return hashes, nil
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
