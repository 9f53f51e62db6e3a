// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
)

// A Plan is what a new release is to hold.
type Plan struct {
	Pack     []byte // encoded, of the next version; or
	BackTo   uint32 // take the content of this release back into use
	Requires string // least version of the program, as 1.2.0
	Intake   []byte // keys that reports are sealed to; nil: those of the last release
	Now      time.Time
}

// NextVersion is the number that the next release of the tree has to have. It
// is never one that was used, even by a release that nobody saw.
func (t *Tree) NextVersion() (uint32, error) {
	past, err := t.History()
	if err != nil || len(past) == 0 {
		return 1, err
	}
	return past[len(past)-1].Version + 1, nil
}

// Prepare writes the objects of a new release into the tree, where nothing
// names them yet, and gives the text of its note for maintainers to sign.
func (t *Tree) Prepare(p Plan) (string, error) {
	past, err := t.History()
	if err != nil {
		return "", err
	}
	next, err := t.content(p, past)
	if err != nil {
		return "", err
	}
	encoded, err := pack.Encode(next)
	if err != nil {
		return "", err
	}
	r := &release.Release{
		Name: next.Name, Version: next.Version, Requires: p.Requires,
		Issued: p.Now.Unix(), Expires: p.Now.Unix() + release.ReleaseLife,
	}
	if r.Pack, err = t.putObject(encoded); err != nil {
		return "", err
	}
	if r.Intake, err = t.intake(p, past); err != nil {
		return "", err
	}
	deltas, err := t.deltas(next, encoded, bases(past, p.Now))
	if err != nil {
		return "", err
	}
	r.Deltas = deltas
	if len(deltas) > noted {
		if r.Older, err = t.putObject([]byte(release.OlderText(deltas[noted:]))); err != nil {
			return "", err
		}
		r.Deltas = deltas[:noted]
	}
	text := r.Text()
	if _, err := release.ParseRelease(text); err != nil {
		return "", fmt.Errorf("this release would be refused; requires is a version as 1.2.0: %v", err)
	}
	return text, nil
}

// content gives the pack that is to be published, decoded.
func (t *Tree) content(p Plan, past []Past) (*pack.Pack, error) {
	version := uint32(1)
	if len(past) > 0 {
		version = past[len(past)-1].Version + 1
	}
	if p.BackTo != 0 {
		return t.back(p.BackTo, version, past, p.Now)
	}
	next, err := pack.Decode(p.Pack)
	if err != nil {
		return nil, err
	}
	if next.Version != version {
		return nil, fmt.Errorf("the pack is version %d and the next release is %d; build it with --version %d", next.Version, version, version)
	}
	if len(past) > 0 && next.Name != past[0].Name {
		return nil, fmt.Errorf("the pack is of the list %q, the tree of %q", next.Name, past[0].Name)
	}
	return next, nil
}

// back gives the content of an old release under a new version. There is no
// other way back: clients refuse a version below one that they have seen.
func (t *Tree) back(to, version uint32, past []Past, now time.Time) (*pack.Pack, error) {
	for _, old := range past {
		if old.Version != to {
			continue
		}
		b, err := t.object(old.Pack)
		if err != nil {
			return nil, err
		}
		next, err := pack.Decode(b)
		if err != nil {
			return nil, err
		}
		next.Version, next.Created = version, now.UTC().Format(time.DateOnly)
		return next, nil
	}
	return nil, fmt.Errorf("the tree has no release %d to go back to", to)
}

func (t *Tree) intake(p Plan, past []Past) (release.Blob, error) {
	if p.Intake != nil {
		return t.putObject(p.Intake)
	}
	if len(past) > 0 {
		return past[len(past)-1].Intake, nil
	}
	return release.Blob{}, nil
}

// noted is how many deltas stand in the release note itself. Every client
// fetches the note; those who were away for longer fetch a list of the others.
const noted = 4

const (
	recent = 14 // releases that a delta leads from
	weeks  = 12 // and one release per week before, as far back as a release is valid
)

// bases chooses the releases from which deltas are made, newest first.
func bases(past []Past, now time.Time) []Past {
	var chosen []Past
	week := 1
	for i := len(past) - 1; i >= 0; i-- {
		age := now.Sub(time.Unix(past[i].Issued, 0))
		if len(chosen) < recent {
			chosen = append(chosen, past[i])
			for age >= time.Duration(week)*7*24*time.Hour {
				week++
			}
			continue
		}
		if age > 90*24*time.Hour {
			break
		}
		if week <= weeks && age >= time.Duration(week)*7*24*time.Hour {
			chosen = append(chosen, past[i])
			for age >= time.Duration(week)*7*24*time.Hour {
				week++
			}
		}
	}
	return chosen
}

// deltas makes and writes the deltas to next, and keeps those that are worth
// it: smaller than the whole.
func (t *Tree) deltas(next *pack.Pack, encoded []byte, from []Past) ([]release.Delta, error) {
	var list []release.Delta
	for _, old := range from {
		b, err := t.object(old.Pack)
		if err != nil {
			return nil, err
		}
		base, err := pack.Decode(b)
		if err != nil {
			return nil, fmt.Errorf("release %d: %v", old.Version, err)
		}
		delta, err := pack.Diff(base, next)
		if err != nil {
			return nil, fmt.Errorf("delta from release %d: %v", old.Version, err)
		}
		if err := leads(base, delta, encoded); err != nil {
			return nil, fmt.Errorf("delta from release %d: %v", old.Version, err)
		}
		if len(delta) >= len(encoded) {
			continue
		}
		blob, err := t.putObject(delta)
		if err != nil {
			return nil, err
		}
		list = append(list, release.Delta{From: old.Version, Blob: blob})
	}
	return list, nil
}

// leads makes sure that a delta does what clients will check that it does.
func leads(base *pack.Pack, delta, want []byte) error {
	p, err := pack.Apply(base, delta)
	if err != nil {
		return err
	}
	got, err := pack.Encode(p)
	if err != nil {
		return err
	}
	if sha256.Sum256(got) != sha256.Sum256(want) {
		return errors.New("does not lead to the new pack; this is a fault of the program")
	}
	return nil
}
