// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/sha256"
	"slices"
	"strings"
)

// Role is what a key may sign.
type Role uint8

// The roles, in the order of a root.
const (
	RootRole    Role = iota // who may sign what
	ReleaseRole             // what belongs to a release
	HeadRole                // which release is newest
	LogRole                 // what was made public
	NumRoles
)

var roleNames = [NumRoles]string{"root", "release", "head", "log"}

func (r Role) String() string {
	if r < NumRoles {
		return roleNames[r]
	}
	return ""
}

// Keys are the keys of a role, and how many of them must sign.
type Keys struct {
	Threshold int
	Keys      []Key
}

// Root says who may sign what.
type Root struct {
	Version         uint32
	Issued, Expires int64  // Unix seconds
	Origin          string // first line of the log's checkpoints
	Roles           [NumRoles]Keys
}

// MaxKeys is how many keys a role may have.
const MaxKeys = 32

// ParseRoot reads the text of a root note.
func ParseRoot(s string) (*Root, error) {
	r, err := parseRoot(s)
	if err != nil {
		return nil, err
	}
	return r, nil
}

func parseRoot(s string) (*Root, *Error) {
	l := lines{rest: s}
	if err := l.title(ARoot, "root"); err != nil {
		return nil, err
	}
	r := &Root{
		Version: l.version(l.next("version", 1)[0]),
		Issued:  l.time(l.next("issued", 1)[0]),
		Expires: l.time(l.next("expires", 1)[0]),
		Origin:  l.next("origin", 1)[0],
	}
	seen := map[[32]byte]bool{}
	for role := range r.Roles {
		words := l.next("role", 2)
		if words[0] != roleNames[role] {
			return nil, fault(ARoot, Malformed)
		}
		keys := &r.Roles[role]
		keys.Threshold = int(l.number(words[1], MaxKeys))
		for {
			words, ok := l.maybe("key", 1)
			if !ok {
				break
			}
			k, ok := ParseKey(words[0])
			// One key is one vote, in one role, under whatever names.
			if !ok || seen[k.Public] || len(keys.Keys) == MaxKeys {
				return nil, fault(ARoot, Malformed)
			}
			seen[k.Public] = true
			keys.Keys = append(keys.Keys, k)
		}
		if keys.Threshold < 1 || keys.Threshold > len(keys.Keys) {
			return nil, fault(ARoot, Malformed)
		}
	}
	if err := l.done(ARoot); err != nil {
		return nil, err
	}
	if r.Expires <= r.Issued {
		return nil, fault(ARoot, Malformed)
	}
	return r, nil
}

// Text is what the root's keys sign; ParseRoot reads it.
func (r *Root) Text() string {
	var t text
	t.line("lapwing root v1")
	t.line("version", decimal(int64(r.Version)))
	t.line("issued", decimal(r.Issued))
	t.line("expires", decimal(r.Expires))
	t.line("origin", r.Origin)
	for role, keys := range r.Roles {
		t.line("role", roleNames[role], decimal(int64(keys.Threshold)))
		for _, k := range keys.Keys {
			t.line("key", k.String())
		}
	}
	return t.String()
}

// keySet names a role's keys and threshold: counters hold for one key set only.
type keySet [16]byte

func (k Keys) set() keySet {
	publics := make([]string, len(k.Keys))
	for i := range k.Keys {
		publics[i] = string(k.Keys[i].Public[:])
	}
	slices.Sort(publics) // their order in the note is the publisher's
	sum := sha256.Sum256([]byte(string(rune(k.Threshold)) + strings.Join(publics, "")))
	return keySet(sum[:16])
}
