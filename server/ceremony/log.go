// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	checkpoints "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/tlog"

	"lapwing/scorer/release"
)

// enterLog makes sure that the transparency log has a release note and the
// tree the proof of it. A note whose proof is there and good is not entered
// again. One whose publisher was killed before the proof was written, or whose
// proof bears the signature of a log key that the root has replaced, is in the
// log twice in the end, which harms nobody.
func (t *Tree) enterLog(ctx context.Context, note []byte, root *release.Root, k *Key) error {
	path := release.ProofPath(sha256.Sum256(note))
	old, err := t.get(path)
	if err != nil {
		return err
	}
	if old != nil && checkProof(old, note, root) == nil {
		return nil
	}
	if err := t.mendLog(); err != nil {
		return fmt.Errorf("transparency log: %w", err)
	}
	begin := time.Now()
	made, err := t.appendLog(ctx, note, k)
	if err == nil {
		err = t.syncLog(begin.Add(-time.Minute))
	}
	if err != nil {
		return fmt.Errorf("transparency log: %w", err)
	}
	if err := checkProof(made, note, root); err != nil {
		return fmt.Errorf("transparency log: %w", err)
	}
	return t.put(path, made)
}

// mendLog makes the log's private state again from its signed checkpoint where
// it is missing or behind: in a copy of the tree without the files whose names
// begin with a dot, or in one that was brought up to date without them. Left
// so, the log would begin again from nothing, and clients would see two.
func (t *Tree) mendLog() error {
	b, err := t.get("v1/log/checkpoint")
	if b == nil || err != nil {
		return err
	}
	text, _, _ := strings.Cut(string(b), "\n\n") // who signed it matters to those who read it
	size, hash, err := parseCheckpoint([]byte(text + "\n"))
	if err != nil {
		return err
	}
	const name = "v1/log/.state/treeState" // as Tessera calls it
	var state struct {
		Size uint64 `json:"size"`
		Root []byte `json:"root"`
	}
	old, err := t.get(name)
	if err != nil {
		return err
	}
	if old != nil && json.Unmarshal(old, &state) == nil && state.Size >= size {
		return nil
	}
	state.Size, state.Root = size, hash[:]
	b, err = json.Marshal(state)
	if err == nil {
		err = os.MkdirAll(filepath.Join(t.dir, "v1/log/.state"), 0o755)
	}
	if err != nil {
		return err
	}
	return t.put(name, b)
}

// syncLog makes what the log library has written since a time last through a
// loss of power; it renames files into place without asking for that.
func (t *Tree) syncLog(since time.Time) error {
	return filepath.WalkDir(filepath.Join(t.dir, "v1/log"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // an unfinished file that is finished now
		}
		if err != nil || info.ModTime().Before(since) {
			return err
		}
		return syncDir(path) // files just as well
	})
}

// prove gives the proof (C2SP tlog-proof) that a checkpoint covers an entry.
func prove(ctx context.Context, index uint64, checkpoint []byte, tiles client.TileFetcherFunc) ([]byte, error) {
	size, _, err := parseCheckpoint(checkpoint)
	if err != nil {
		return nil, err
	}
	builder, err := client.NewProofBuilder(ctx, size, tiles)
	if err != nil {
		return nil, err
	}
	path, err := builder.InclusionProof(ctx, index)
	if err != nil {
		return nil, err
	}
	p := proof.TLogProof{Index: index, Checkpoint: checkpoint}
	for _, h := range path {
		p.Hashes = append(p.Hashes, [sha256.Size]byte(h))
	}
	return p.Marshal(), nil
}

// parseCheckpoint gives the size and the hash that a checkpoint speaks of.
func parseCheckpoint(text []byte) (uint64, tlog.Hash, error) {
	var c checkpoints.Checkpoint
	if _, err := c.Unmarshal(text); err != nil {
		return 0, tlog.Hash{}, err
	}
	if len(c.Hash) != tlog.HashSize {
		return 0, tlog.Hash{}, errors.New("the checkpoint's hash is not a SHA-256")
	}
	return c.Size, tlog.Hash(c.Hash), nil
}

// checkProof checks a proof of a note with another implementation of the
// arithmetic than clients use.
func checkProof(b, note []byte, root *release.Root) error {
	var p proof.TLogProof
	if err := p.Unmarshal(b); err != nil {
		return err
	}
	text, err := verify(p.Checkpoint, "checkpoint", root.Roles[release.LogRole])
	if err != nil {
		return err
	}
	if origin, _, _ := strings.Cut(text, "\n"); origin != root.Origin {
		return fmt.Errorf("the checkpoint is of the log %q, the root names %q", origin, root.Origin)
	}
	size, hash, err := parseCheckpoint([]byte(text))
	if err != nil {
		return err
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		path[i] = h
	}
	return tlog.CheckRecord(path, int64(size), hash, int64(p.Index), tlog.RecordHash(note))
}
