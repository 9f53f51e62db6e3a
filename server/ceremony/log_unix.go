// SPDX-License-Identifier: Apache-2.0

//go:build unix

package ceremony

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"k8s.io/klog/v2"
)

// lock keeps other publishers out until the file is closed.
func lock(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("%s: %w", filepath.Dir(f.Name()), ErrBusy)
	}
	return nil
}

// appendLog enters a note, waits until a signed checkpoint covers it, and gives
// the proof.
func (t *Tree) appendLog(ctx context.Context, note []byte, k *Key) (_ []byte, err error) {
	signer, err := k.Signer()
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
	return prove(ctx, index.Index, checkpoint, log.ReadTile)
}

// silence keeps the log library's own messages from the terminal: they speak of
// its first look at a new directory as errors. What matters comes back as one.
var silence = sync.OnceFunc(func() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
})
