// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"lapwing/scorer/release"
)

// Online are the keys of the publishing machine.
type Online struct{ Log, Head *Key }

// belong checks that the root knows the keys, before they leave traces.
func (k Online) belong(root *release.Root) error {
	for role, key := range map[release.Role]*Key{release.LogRole: k.Log, release.HeadRole: k.Head} {
		known := false
		for _, want := range root.Roles[role].Keys {
			known = known || key != nil && key.Role == role.String() && key.Public == want.String()
		}
		if !known {
			return fmt.Errorf("want the key for %s that root %d names", role, root.Version)
		}
	}
	return nil
}

// Publish puts a signed release before the public: the note, the log, the
// proof, and last the head that names it. Run again after a crash it goes on.
func (t *Tree) Publish(ctx context.Context, note []byte, k Online, now time.Time) (*release.Release, error) {
	root, _, err := t.Root()
	if err != nil {
		return nil, err
	}
	if err := k.belong(root); err != nil {
		return nil, err
	}
	text, err := verify(note, "release", root.Roles[release.ReleaseRole])
	if err != nil {
		return nil, err
	}
	r, err := release.ParseRelease(text)
	if err != nil {
		return nil, err
	}
	if err := t.fits(r, note, now); err != nil {
		return nil, err
	}
	if _, err := t.putObject(note); err != nil {
		return nil, err
	}
	if err := t.enterLog(ctx, note, root, k.Log); err != nil {
		return nil, err
	}
	return r, t.putHead(root, r, note, k.Head, now)
}

// fits checks what clients would refuse, before anything is made public.
func (t *Tree) fits(r *release.Release, note []byte, now time.Time) error {
	if at := now.Unix(); at >= r.Expires || r.Expires-r.Issued > release.ReleaseLife {
		return errors.New("the release has expired, or claims to be valid for too long; prepare it again")
	}
	if newest, newestNote, err := t.newest(); err != nil {
		return err
	} else if newest != nil && (r.Version < newest.Version || r.Version == newest.Version && string(note) != string(newestNote)) {
		return fmt.Errorf("release %d is public already, so this one cannot be %d; prepare it again", newest.Version, r.Version)
	}
	blobs, err := t.blobs(r)
	if err != nil {
		return err
	}
	for _, b := range blobs {
		_, err := t.object(b)
		if gz, e := t.get(release.ObjectPath(b.Hash) + ".gz"); err == nil && (e != nil || len(gz) != b.Gzip) {
			err = fmt.Errorf("%s.gz: has %d bytes, announced are %d", release.ObjectPath(b.Hash), len(gz), b.Gzip)
		}
		if err != nil {
			return fmt.Errorf("%w; prepare the release in this tree, or copy the object here", err)
		}
	}
	return nil
}

// blobs lists every object that a release needs.
func (t *Tree) blobs(r *release.Release) ([]release.Blob, error) {
	all := []release.Blob{r.Pack}
	deltas := r.Deltas
	if r.Older.Length > 0 {
		b, err := t.object(r.Older)
		if err != nil {
			return nil, err
		}
		older, err := release.ParseOlder(string(b), r.Version)
		if err != nil {
			return nil, err
		}
		all, deltas = append(all, r.Older), append(deltas[:len(deltas):len(deltas)], older...)
	}
	if r.Intake.Length > 0 {
		all = append(all, r.Intake)
	}
	for _, d := range deltas {
		all = append(all, d.Blob)
	}
	return all, nil
}

// newest gives the release that the head names, nil without a head.
func (t *Tree) newest() (*release.Release, []byte, error) {
	b, err := t.get(release.HeadPath)
	if b == nil {
		return nil, nil, err
	}
	n, err := open(b, nil)
	if err != nil {
		return nil, nil, err
	}
	h, err := release.ParseHead(n.Text)
	if err != nil {
		return nil, nil, err
	}
	note, err := t.object(release.Blob{Length: h.Length, Hash: h.Hash})
	if err != nil {
		return nil, nil, err
	}
	if n, err = open(note, nil); err != nil {
		return nil, nil, err
	}
	r, err := release.ParseRelease(n.Text)
	return r, note, err
}

// Renew signs a head for the release that is public, with the newest root: the
// daily work of the publishing machine, and the last step of a rotation.
func (t *Tree) Renew(ctx context.Context, k Online, now time.Time) (*release.Release, error) {
	_, note, err := t.newest()
	if err != nil {
		return nil, err
	}
	if note == nil {
		return nil, errors.New("nothing was released yet")
	}
	return t.Publish(ctx, note, k, now)
}

func (t *Tree) putHead(root *release.Root, r *release.Release, note []byte, k *Key, now time.Time) error {
	h := release.Head{
		Root: root.Version, Version: r.Version, Length: len(note), Hash: sha256.Sum256(note),
		Issued: now.Unix(), Expires: now.Unix() + release.HeadLife,
	}
	signed, err := Sign([]byte(h.Text()), k)
	if err != nil {
		return err
	}
	if _, err := verify(signed, "head", root.Roles[release.HeadRole]); err != nil {
		return err
	}
	return t.put(release.HeadPath, signed)
}
