// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"encoding/hex"
	"strings"
)

// Kind is what a path of the tree names.
type Kind uint8

const (
	noKind     Kind = iota
	head            // v1/head
	root            // v1/root/<N>
	object          // v1/o/<sha256>
	objectGzip      // v1/o/<sha256>.gz, as a file of its own
	checkpoint      // v1/log/checkpoint
	tile            // v1/log/tile/…
	proof           // v1/log/proof/<sha256>
	NumKinds
)

// String names a kind for counters; the parts of the log are one.
func (k Kind) String() string {
	return [NumKinds]string{"none", "head", "root", "object", "object", "log", "log", "log"}[k]
}

const hashLen = 64 // of a SHA-256 in lower-case hexadecimal

// classify tells what a request path names. It accepts exactly the paths that
// the package comment lists, spelled exactly so: no query, no escapes, no
// doubled slash. Caches and proxies disagree about what such spellings mean,
// and a path that two programs read differently is a way around one of them.
func classify(path string) Kind {
	rest, ok := strings.CutPrefix(path, "/v1/")
	if !ok {
		return noKind
	}
	dir, name, nested := strings.Cut(rest, "/")
	if !nested {
		if dir == "head" {
			return head
		}
		return noKind
	}
	switch dir {
	case "root":
		if isNumber(name) {
			return root
		}
	case "o":
		if isHash(name) {
			return object
		}
		if hash, gz := strings.CutSuffix(name, ".gz"); gz && isHash(hash) {
			return objectGzip
		}
	case "log":
		return classifyLog(name)
	}
	return noKind
}

func classifyLog(name string) Kind {
	if name == "checkpoint" {
		return checkpoint
	}
	if hash, ok := strings.CutPrefix(name, "proof/"); ok && isHash(hash) {
		return proof
	}
	if rest, ok := strings.CutPrefix(name, "tile/"); ok {
		if _, ok := parseTile(rest); ok {
			return tile
		}
	}
	return noKind
}

// isHash reports whether s is a SHA-256 as the tree writes it.
func isHash(s string) bool {
	if len(s) != hashLen {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// isNumber reports whether s is a positive decimal number without leading zeros, below 10^9.
func isNumber(s string) bool {
	if len(s) == 0 || len(s) > 9 || s[0] == '0' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// A tileName is one file of the log's tree, as C2SP tlog-tiles names them.
type tileName struct {
	level int    // 0 to 5; entries count as level 0
	index uint64 // of the tile in its level
	width int    // 1 to 256 hashes
}

// parseTile reads "<L>/<N>[.p/<W>]" or "entries/<N>[.p/<W>]", where <N> is in
// groups of three digits, all but the last with an x in front.
func parseTile(s string) (tileName, bool) {
	t := tileName{width: 256}
	level, s, ok := strings.Cut(s, "/")
	switch {
	case !ok:
		return t, false
	case level == "entries":
	case len(level) == 1 && level[0] >= '0' && level[0] <= '5':
		t.level = int(level[0] - '0')
	default:
		return t, false
	}
	if number, width, partial := strings.Cut(s, ".p/"); partial {
		if !isNumber(width) || len(width) > 3 {
			return t, false
		}
		t.width = decimal(width)
		if t.width > 255 {
			return t, false
		}
		s = number
	}
	groups := strings.Split(s, "/")
	if len(groups) > 4 {
		return t, false
	}
	for i, g := range groups {
		last := i == len(groups)-1
		if !last {
			if g, ok = strings.CutPrefix(g, "x"); !ok {
				return t, false
			}
		}
		if len(g) != 3 || !digits(g) || (i == 0 && !last && g == "000") {
			return t, false
		}
		t.index = t.index*1000 + uint64(decimal(g))
	}
	return t, true
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// decimal gives the value of a short string of digits.
func decimal(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// within reports whether a log of size leaves has this tile. It saves a look
// at the disk for tiles that cannot exist.
func (t tileName) within(size uint64) bool {
	nodes := size >> (8 * t.level) // complete subtrees below this level: hashes that the level holds
	first := t.index * 256
	return first < nodes && uint64(t.width) <= nodes-first
}

// hashOf gives the hash in the name of an object or a proof.
func hashOf(path string) (sum [32]byte) {
	path = strings.TrimSuffix(path, ".gz")
	if _, err := hex.Decode(sum[:], []byte(path[len(path)-hashLen:])); err != nil {
		panic("distribute: hashOf called for a path that classify refused")
	}
	return sum
}
