// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lapwing/scorer/release"
)

// RootLife is for how long a root is valid. Rotating it takes several people;
// two years leave room for the one who is travelling.
const RootLife = 2 * 365 * 24 * time.Hour

// A RootPlan says who may sign what from now on.
type RootPlan struct {
	Version    uint32
	Thresholds [release.NumRoles]int
	Keys       []*Key // of all signing roles; public halves are enough
}

// PlanRoot gives the text of a root note for signing: by the threshold of its
// own root keys, and of those of the root before it.
func PlanRoot(p RootPlan, now time.Time) (string, error) {
	r := release.Root{
		Version: p.Version, Issued: now.Unix(), Expires: now.Add(RootLife).Unix(),
	}
	for _, k := range p.Keys {
		role, err := signingRole(k.Role)
		if err != nil {
			return "", fmt.Errorf("key %s: %v", k.Name, err)
		}
		key, ok := release.ParseKey(k.Public)
		if !ok {
			return "", fmt.Errorf("key %s: not the public half of a signing key", k.Name)
		}
		if role == release.LogRole {
			// The log names itself in the first line of what it signs.
			if r.Origin != "" && r.Origin != k.Name {
				return "", fmt.Errorf("key %s: all keys of the log have the log's name, %s", k.Name, r.Origin)
			}
			r.Origin = k.Name
		}
		r.Roles[role].Keys = append(r.Roles[role].Keys, key)
	}
	for role := range r.Roles {
		keys := &r.Roles[role]
		keys.Threshold = p.Thresholds[role]
		if keys.Threshold < 1 || keys.Threshold > len(keys.Keys) {
			return "", fmt.Errorf("role %s: threshold %d with %d keys", release.Role(role), keys.Threshold, len(keys.Keys))
		}
		slices.SortFunc(keys.Keys, func(a, b release.Key) int {
			if a.Name < b.Name {
				return -1
			}
			return 1
		})
	}
	text := r.Text()
	if _, err := release.ParseRoot(text); err != nil {
		return "", fmt.Errorf("this root would be refused, perhaps one key stands in two roles: %v", err)
	}
	return text, nil
}

// ErrNoRoot says that a tree has no root yet.
var ErrNoRoot = errors.New("the tree has no root; «lapwing list root» makes one")

// Root gives the newest root of the tree and its note, after a walk along the
// whole chain: each signed by the one before it and by itself.
func (t *Tree) Root() (*release.Root, []byte, error) {
	chain, err := t.roots()
	if err != nil {
		return nil, nil, err
	}
	newest := chain[len(chain)-1]
	note, err := t.get(release.RootPath(newest.Version))
	return newest, note, err
}

// roots gives the whole chain, oldest first.
func (t *Tree) roots() ([]*release.Root, error) {
	var chain []*release.Root
	for {
		name := release.RootPath(uint32(len(chain) + 1))
		b, err := t.get(name)
		if err != nil {
			return nil, err
		}
		if b == nil && len(chain) == 0 {
			return nil, ErrNoRoot
		}
		if b == nil {
			return chain, nil
		}
		var before *release.Root
		if len(chain) > 0 {
			before = chain[len(chain)-1]
		}
		r, err := checkRoot(b, before)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		chain = append(chain, r)
	}
}

// checkRoot checks a root note against itself and the root before it.
func checkRoot(b []byte, before *release.Root) (*release.Root, error) {
	n, err := open(b, nil)
	if err != nil {
		return nil, err
	}
	r, err := release.ParseRoot(n.Text)
	if err != nil {
		return nil, err
	}
	want := uint32(1)
	if before != nil {
		want = before.Version + 1
		if _, err := verify(b, "root, by the keys before it", before.Roles[release.RootRole]); err != nil {
			return nil, err
		}
	}
	if r.Version != want {
		return nil, fmt.Errorf("is version %d, want %d", r.Version, want)
	}
	_, err = verify(b, "root", r.Roles[release.RootRole])
	return r, err
}

// PublishRoot adds a root to the tree. Clients learn of it from the next head:
// call Renew, or Publish if the keys that sign releases have changed.
func (t *Tree) PublishRoot(b []byte) (*release.Root, error) {
	before, _, err := t.Root()
	if err != nil && !errors.Is(err, ErrNoRoot) {
		return nil, err
	}
	r, err := checkRoot(b, before)
	if err != nil {
		return nil, err
	}
	return r, t.put(release.RootPath(r.Version), b)
}
