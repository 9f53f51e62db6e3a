// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/sha256"
	"strings"
)

// Checkpoint is a log's signed size and hash (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// maxTree is the largest tree that a checkpoint may speak of.
const maxTree = 1 << 53

func parseCheckpoint(s string) (c Checkpoint, ok bool) {
	origin, rest, ok1 := strings.Cut(s, "\n")
	size, rest, ok2 := strings.Cut(rest, "\n")
	root, rest, ok3 := strings.Cut(rest, "\n")
	var l lines
	c.Origin, c.Size = origin, l.number(size, maxTree)
	raw, ok4 := DecodeBase64(root)
	if !ok1 || !ok2 || !ok3 || !ok4 || l.bad || len(raw) != len(c.Root) {
		return c, false
	}
	c.Root = Hash(raw)
	// Lines behind these are the log's own, and not empty.
	return c, !strings.HasPrefix(rest, "\n") && !strings.Contains(rest, "\n\n")
}

// proof shows that a log has an entry (C2SP tlog-proof).
type proof struct {
	index  int64
	hashes []Hash
	note   []byte // checkpoint
}

func parseProof(b []byte) (p proof, ok bool) {
	rest, ok := strings.CutPrefix(string(b), "c2sp.org/tlog-proof@v1\n")
	if !ok {
		return p, false
	}
	line, rest, _ := strings.Cut(rest, "\n")
	if extra, isExtra := strings.CutPrefix(line, "extra "); isExtra {
		if _, ok := DecodeBase64(extra); !ok {
			return p, false
		}
		line, rest, _ = strings.Cut(rest, "\n")
	}
	index, ok := strings.CutPrefix(line, "index ")
	var l lines
	p.index = l.number(index, maxTree)
	if !ok || l.bad {
		return p, false
	}
	for {
		line, rest, ok = strings.Cut(rest, "\n")
		if !ok {
			return p, false
		}
		if line == "" {
			p.note = []byte(rest)
			return p, true
		}
		raw, ok := DecodeBase64(line)
		if !ok || len(raw) != sha256.Size || len(p.hashes) == 63 {
			return p, false
		}
		p.hashes = append(p.hashes, Hash(raw))
	}
}

// VerifyProof checks that the log which root names has an entry, such as a
// release note, and gives the checkpoint that says so.
func VerifyProof(proof, entry []byte, root *Root) (Checkpoint, error) {
	c, err := verifyProof(proof, entry, root)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// verifyProof is VerifyProof with a typed error.
func verifyProof(b, entry []byte, root *Root) (Checkpoint, *Error) {
	p, ok := parseProof(b)
	if !ok {
		return Checkpoint{}, fault(AProof, Malformed)
	}
	n, err := open(AProof, p.note, root.Roles[LogRole])
	if err != nil {
		return Checkpoint{}, err
	}
	c, ok := parseCheckpoint(n.Text)
	switch {
	case !ok:
		return c, fault(AProof, Malformed)
	case c.Origin != root.Origin:
		return c, fault(AProof, WrongName)
	case !included(leafHash(entry), p.index, c.Size, p.hashes, c.Root):
		return c, fault(AProof, NotInLog)
	}
	return c, nil
}

func leafHash(entry []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(entry)
	return Hash(h.Sum(nil))
}

func nodeHash(left, right Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// included follows a path of RFC 9162, 2.1.3.2, from a leaf to the root.
func included(leaf Hash, index, size int64, path []Hash, root Hash) bool {
	if index >= size {
		return false
	}
	at, last := index, size-1
	for _, h := range path {
		if last == 0 {
			return false
		}
		if at&1 == 1 || at == last {
			leaf = nodeHash(h, leaf)
			// The last node of a level without a sibling moves up as it is.
			for at&1 == 0 && at != 0 {
				at >>= 1
				last >>= 1
			}
		} else {
			leaf = nodeHash(leaf, h)
		}
		at >>= 1
		last >>= 1
	}
	return last == 0 && leaf == root
}
