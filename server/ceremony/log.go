// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	checkpoints "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/formats/proof"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/tlog"
	"k8s.io/klog/v2"

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
	made, err := t.appendLog(ctx, note, k)
	if err != nil {
		return fmt.Errorf("transparency log: %w", err)
	}
	if err := checkProof(made, note, root); err != nil {
		return fmt.Errorf("transparency log: %w", err)
	}
	return t.put(path, made)
}

// appendLog enters a note, waits until a signed checkpoint covers it, and gives
// the proof.
func (t *Tree) appendLog(ctx context.Context, note []byte, k *Key) (_ []byte, err error) {
	signer, err := k.signer()
	if err != nil {
		return nil, err
	}
	silence()
	// The appender works in the background; with the context all of that ends.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	driver, err := posix.New(ctx, posix.Config{Path: filepath.Join(t.dir, "v1", "log")})
	if err != nil {
		return nil, err
	}
	const soon = 100 * time.Millisecond // one entry, and nobody to wait for
	o := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithBatching(1, soon).WithCheckpointInterval(soon)
	appender, shutdown, log, err := tessera.NewAppender(ctx, driver, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, shutdown(ctx)) }()
	future := appender.Add(ctx, tessera.NewEntry(note))
	index, checkpoint, err := tessera.NewPublicationAwaiter(ctx, log.ReadCheckpoint, soon).Await(ctx, future)
	if err != nil {
		return nil, err
	}
	return prove(ctx, index.Index, checkpoint, log)
}

// silence keeps the log library's own messages from the terminal: they speak of
// its first look at a new directory as errors. What matters comes back as one.
var silence = sync.OnceFunc(func() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
})

// prove gives the proof (C2SP tlog-proof) that a checkpoint covers an entry.
func prove(ctx context.Context, index uint64, checkpoint []byte, log tessera.LogReader) ([]byte, error) {
	size, _, err := parseCheckpoint(checkpoint)
	if err != nil {
		return nil, err
	}
	builder, err := client.NewProofBuilder(ctx, size, log.ReadTile)
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
