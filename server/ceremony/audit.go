// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/molecule-man/go-brrr"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/tlog"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
)

// Findings is what an audit of a tree has seen.
type Findings struct {
	Root     *release.Root
	Newest   *release.Release
	Releases int // with a proof
	Deltas   int // each applied
	Log      int // entries
	Faults   []error
}

func (f *Findings) fault(format string, args ...any) {
	f.Faults = append(f.Faults, fmt.Errorf(format, args...))
}

// Audit checks everything in the tree that can be checked: the chain of roots,
// every signature, every object and its compressed forms, every delta by
// applying it, every proof, the log by computing it again, and that the log
// holds no release that was signed twice under one version or was never
// published. Anybody with a copy of the tree can do the same.
func (t *Tree) Audit(ctx context.Context, now time.Time) *Findings {
	f := new(Findings)
	roots, err := t.roots()
	if err != nil {
		f.fault("%w", err)
		return f
	}
	f.Root = roots[len(roots)-1]
	past, err := t.History()
	if err != nil {
		f.fault("%w", err)
		return f
	}
	f.Releases = len(past)
	needed, err := t.needed(past, now)
	if err != nil {
		f.fault("%w", err)
	}
	for _, p := range past {
		t.auditRelease(f, p, roots, needed)
	}
	t.auditHead(f, now)
	t.auditObjects(f)
	t.auditLog(ctx, f, past, roots)
	return f
}

// under reports whether a check passes under any root of the chain: what was
// published under keys that were replaced since is as good as it was.
func under(roots []*release.Root, check func(*release.Root) error) error {
	var err error
	for i := len(roots) - 1; i >= 0; i-- {
		if err = check(roots[i]); err == nil {
			return nil
		}
	}
	return err
}

// auditRelease looks at one release. The pack of an old one may have been pruned.
func (t *Tree) auditRelease(f *Findings, p Past, roots []*release.Root, needed map[string]bool) {
	err := under(roots, func(r *release.Root) error {
		_, err := verify(p.Note, "release", r.Roles[release.ReleaseRole])
		return err
	})
	if err != nil {
		f.fault("release %d: %w", p.Version, err)
	}
	b, err := t.get(release.ProofPath(p.Hash))
	if err == nil {
		err = under(roots, func(r *release.Root) error { return checkProof(b, p.Note, r) })
	}
	if err != nil {
		f.fault("release %d: proof: %w", p.Version, err)
	}
	if !needed[p.Pack.Hash.String()] {
		return
	}
	if _, err := t.object(p.Pack); err != nil {
		f.fault("release %d: %w", p.Version, err)
	}
}

// auditHead looks at what clients are sent to now.
func (t *Tree) auditHead(f *Findings, now time.Time) {
	b, err := t.get(release.HeadPath)
	if b == nil {
		f.fault("no head: %w", errors.Join(err, errors.New("nothing was published")))
		return
	}
	text, err := verify(b, "head", f.Root.Roles[release.HeadRole])
	if err != nil {
		f.fault("%w", err)
		return
	}
	h, err := release.ParseHead(text)
	if err != nil {
		f.fault("%w", err)
		return
	}
	if h.Root != f.Root.Version {
		f.fault("the head speaks of root %d, the newest is %d; renew it", h.Root, f.Root.Version)
	}
	if now.Unix() >= h.Expires {
		f.fault("the head expired at %s; renew it", time.Unix(h.Expires, 0).UTC().Format(time.RFC3339))
	}
	r, note, err := t.newest()
	if err != nil {
		f.fault("release of the head: %w", err)
		return
	}
	f.Newest = r
	if _, err := verify(note, "release", f.Root.Roles[release.ReleaseRole]); err != nil {
		f.fault("release of the head: %w", err)
	}
	if now.Unix() >= r.Expires {
		f.fault("release %d has expired; clients that see it keep what they have", r.Version)
	}
	if err := t.fits(r, note, time.Unix(r.Issued, 0)); err != nil {
		f.fault("release %d: %w", r.Version, err)
	}
	t.auditContent(f, r)
}

// auditContent applies every delta of a release.
func (t *Tree) auditContent(f *Findings, r *release.Release) {
	whole, err := t.object(r.Pack)
	if err != nil {
		return // said by fits
	}
	past, err := t.History()
	if err != nil {
		return
	}
	packs := map[uint32]release.Blob{}
	for _, p := range past {
		packs[p.Version] = p.Pack
	}
	deltas := r.Deltas
	if r.Older.Length > 0 {
		if b, err := t.object(r.Older); err == nil {
			older, _ := release.ParseOlder(string(b), r.Version)
			deltas = append(deltas[:len(deltas):len(deltas)], older...)
		}
	}
	for _, d := range deltas {
		if err := t.auditDelta(d, packs[d.From], whole); err != nil {
			f.fault("delta from release %d: %w", d.From, err)
			continue
		}
		f.Deltas++
	}
}

func (t *Tree) auditDelta(d release.Delta, from release.Blob, whole []byte) error {
	delta, err := t.object(d.Blob)
	if err != nil {
		return err
	}
	old, err := t.object(from)
	if err != nil {
		return err
	}
	base, err := pack.Decode(old)
	if err != nil {
		return err
	}
	return leads(base, delta, whole)
}

// auditObjects checks all that is in v1/o, named by the newest release or not:
// each object against its name, each compressed form against its object.
func (t *Tree) auditObjects(f *Findings) {
	files, err := os.ReadDir(filepath.Join(t.dir, "v1/o"))
	if err != nil {
		f.fault("%w", err)
	}
	for _, file := range files {
		if strings.HasPrefix(file.Name(), aside) {
			continue // a killed publisher's, removed by the next
		}
		name := "v1/o/" + file.Name()
		whole, form, _ := strings.Cut(name, ".")
		body, err := t.get(whole)
		if err != nil {
			f.fault("%w", err)
			continue
		}
		packed, err := t.get(name)
		if err != nil {
			f.fault("%w", err)
			continue
		}
		switch form {
		case "":
			if h := release.Hash(sha256.Sum256(body)); "v1/o/"+h.String() != name {
				f.fault("%s: its bytes have another hash", name)
			}
			continue
		case "gz":
			err = unpacksTo(gunzip(packed), body)
		case "br":
			err = unpacksTo(brrr.NewReader(bytes.NewReader(packed)), body)
		default:
			err = errors.New("does not belong here")
		}
		if err != nil {
			f.fault("%s: %w", name, err)
		}
	}
}

func unpacksTo(r io.Reader, want []byte) error {
	got, err := io.ReadAll(io.LimitReader(r, int64(len(want))+1))
	if err != nil || !bytes.Equal(got, want) {
		return errors.New("does not unpack to the object")
	}
	return nil
}

func gunzip(b []byte) io.Reader {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return bytes.NewReader(nil)
	}
	return r
}

// auditLog computes the log again from its entries, and looks at what is in it.
func (t *Tree) auditLog(ctx context.Context, f *Findings, past []Past, roots []*release.Root) {
	size, hash, err := t.checkpoint(roots)
	if err != nil {
		f.fault("log: %w", err)
		return
	}
	entries, err := t.entries(ctx, size)
	if err != nil {
		f.fault("log: %w", err)
		return
	}
	f.Log = len(entries)
	leaves := make([]tlog.Hash, len(entries))
	for i, e := range entries {
		leaves[i] = tlog.RecordHash(e)
	}
	if len(leaves) > 0 && treeHash(leaves) != hash {
		f.fault("log: its entries are not those that its checkpoint speaks of")
	}
	published := map[string]bool{}
	for _, p := range past {
		published[string(p.Note)] = true
	}
	for i, e := range entries {
		if !published[string(e)] {
			f.fault("log: entry %d was entered but never published; unless a publisher was killed, find out who signed it", i)
		}
	}
}

// treeHash is the hash of a whole tree (RFC 9162, 2.1.1).
func treeHash(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	half := 1
	for 2*half < len(leaves) {
		half *= 2
	}
	return tlog.NodeHash(treeHash(leaves[:half]), treeHash(leaves[half:]))
}

func (t *Tree) checkpoint(roots []*release.Root) (uint64, tlog.Hash, error) {
	b, err := t.get("v1/log/checkpoint")
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	var text string
	err = under(roots, func(r *release.Root) (err error) {
		text, err = verify(b, "checkpoint", r.Roles[release.LogRole])
		return err
	})
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	return parseCheckpoint([]byte(text))
}

func (t *Tree) entries(ctx context.Context, size uint64) ([][]byte, error) {
	read := func(_ context.Context, index uint64, p uint8) ([]byte, error) {
		return os.ReadFile(filepath.Join(t.dir, "v1/log", layout.EntriesPath(index, p)))
	}
	var all [][]byte
	for bundle := uint64(0); bundle*layout.EntryBundleWidth < size; bundle++ {
		b, err := client.GetEntryBundle(ctx, read, bundle, size)
		if err != nil {
			return nil, err
		}
		all = append(all, b.Entries...)
	}
	if uint64(len(all)) < size {
		return nil, fmt.Errorf("has %d entries, its checkpoint speaks of %d", len(all), size)
	}
	return all[:size], nil
}
