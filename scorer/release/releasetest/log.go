// SPDX-License-Identifier: Apache-2.0

package releasetest

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"

	"lapwing/scorer/release"
)

// Log is a transparency log.
type Log struct {
	Origin  string
	Signer  Signer
	Entries [][]byte
}

// Append adds an entry and gives its index.
func (l *Log) Append(entry []byte) int {
	l.Entries = append(l.Entries, entry)
	return len(l.Entries) - 1
}

// Checkpoint is the log's signed size and hash.
func (l *Log) Checkpoint() []byte {
	root := tree(l.Entries)
	return Sign(l.Origin+"\n"+strconv.Itoa(len(l.Entries))+"\n"+base64.StdEncoding.EncodeToString(root[:])+"\n", l.Signer)
}

// Proof shows that the entry at an index is in the log.
func (l *Log) Proof(index int) []byte {
	b := "c2sp.org/tlog-proof@v1\nindex " + strconv.Itoa(index) + "\n"
	for _, h := range path(index, l.Entries) {
		b += base64.StdEncoding.EncodeToString(h[:]) + "\n"
	}
	return append([]byte(b+"\n"), l.Checkpoint()...)
}

// tree is the Merkle tree hash of RFC 6962, 2.1, written as it stands there.
func tree(d [][]byte) release.Hash {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, d[0]...))
	}
	k := split(len(d))
	left, right := tree(d[:k]), tree(d[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// path is the audit path of RFC 6962, 2.1.1.
func path(m int, d [][]byte) []release.Hash {
	if len(d) <= 1 {
		return nil
	}
	k := split(len(d))
	if m < k {
		return append(path(m, d[:k]), tree(d[k:]))
	}
	return append(path(m-k, d[k:]), tree(d[:k]))
}

// split is the largest power of two below n.
func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

func hashOf(b []byte) release.Hash { return sha256.Sum256(b) }
