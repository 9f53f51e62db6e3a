// SPDX-License-Identifier: Apache-2.0

package host

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"
)

// What a module gets from this host: the ten functions of WASI preview 1 that
// Go's runtime asks for, and nothing more. There is no file, no network and no
// environment behind them. extension/background/wasi.js is the twin. wazero's
// own WASI is not used: it gives forty functions, a clock that stands still and
// random numbers that repeat.

const wasiModule = "wasi_snapshot_preview1"

// errno is a result as WASI numbers them.
type errno uint32

const (
	success errno = 0
	badf    errno = 8
	efault  errno = 21
	inval   errno = 28
	notsup  errno = 58
)

const (
	maxLastWords = 2048     // of what a guest writes before it dies, kept for the error message
	maxRandom    = 64 << 10 // bytes of one random_get; Go's runtime asks for a few dozen
	maxVectors   = 1024     // of one fd_write
	maxPolls     = 64       // of one poll_oneoff
)

type wasiFunction struct {
	name   string
	params []api.ValueType
	call   func(ctx context.Context, m api.Module, p []uint64) errno
}

const i64 = api.ValueTypeI64

var wasi = []wasiFunction{
	{"args_get", []api.ValueType{i32, i32}, argsGet},
	{"args_sizes_get", []api.ValueType{i32, i32}, argsSizesGet},
	{"clock_time_get", []api.ValueType{i32, i64, i32}, clockTimeGet},
	{"environ_get", []api.ValueType{i32, i32}, nothing},
	{"environ_sizes_get", []api.ValueType{i32, i32}, environSizesGet},
	{"fd_write", []api.ValueType{i32, i32, i32, i32}, fdWrite},
	{"poll_oneoff", []api.ValueType{i32, i32, i32, i32}, pollOneoff},
	{"proc_exit", []api.ValueType{i32}, procExit},
	{"random_get", []api.ValueType{i32, i32}, randomGet},
	{"sched_yield", nil, nothing},
}

// instantiateWASI gives the functions to every module of a runtime.
func instantiateWASI(ctx context.Context, r wazero.Runtime) error {
	b := r.NewHostModuleBuilder(wasiModule)
	for _, f := range wasi {
		results := []api.ValueType{i32}
		if f.name == "proc_exit" {
			results = nil
		}
		call := f.call
		b.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(ctx context.Context, m api.Module, stack []uint64) {
			result := call(ctx, m, stack)
			if len(results) > 0 {
				stack[0] = uint64(result)
			}
		}), f.params, results).Export(f.name)
	}
	_, err := b.Instantiate(ctx)
	return err
}

func nothing(context.Context, api.Module, []uint64) errno { return success }

// argsSizesGet: the runtime insists on one argument, the program's name; here an empty one.
func argsSizesGet(_ context.Context, m api.Module, p []uint64) errno { return putPair(m, p, 1, 1) }

func argsGet(_ context.Context, m api.Module, p []uint64) errno {
	argv, text := uint32(p[0]), uint32(p[1])
	if !m.Memory().WriteUint32Le(argv, text) || !m.Memory().WriteByte(text, 0) {
		return efault
	}
	return success
}

func environSizesGet(_ context.Context, m api.Module, p []uint64) errno { return putPair(m, p, 0, 0) }

func putPair(m api.Module, p []uint64, first, second uint32) errno {
	if !m.Memory().WriteUint32Le(uint32(p[0]), first) || !m.Memory().WriteUint32Le(uint32(p[1]), second) {
		return efault
	}
	return success
}

var started = time.Now() // where the clock that never goes back begins

func clockTimeGet(_ context.Context, m api.Module, p []uint64) errno {
	var now int64
	switch uint32(p[0]) {
	case 0:
		now = time.Now().UnixNano()
	case 1:
		now = int64(time.Since(started))
	default:
		return inval
	}
	if !m.Memory().WriteUint64Le(uint32(p[2]), uint64(now)) {
		return efault
	}
	return success
}

// fdWrite keeps the beginning of what is written to standard output and error;
// there is nowhere else to write to.
func fdWrite(ctx context.Context, m api.Module, p []uint64) errno {
	fd, list, count, written := uint32(p[0]), uint32(p[1]), uint32(p[2]), uint32(p[3])
	if fd != 1 && fd != 2 {
		return badf
	}
	if count > maxVectors {
		return inval
	}
	vectors, ok := m.Memory().Read(list, 8*count)
	if !ok {
		return efault
	}
	g, _ := ctx.Value(guestKey{}).(*guest)
	total := uint32(0)
	for ; len(vectors) > 0; vectors = vectors[8:] {
		text, ok := m.Memory().Read(binary.LittleEndian.Uint32(vectors), binary.LittleEndian.Uint32(vectors[4:]))
		if !ok {
			return efault
		}
		total += uint32(len(text))
		if g != nil {
			g.lastWords.Write(text[:min(len(text), maxLastWords-g.lastWords.Len())])
		}
	}
	if !m.Memory().WriteUint32Le(written, total) {
		return efault
	}
	return success
}

// pollOneoff answers at once that the time waited for has come: a guest may not
// hold up its host, and ours never waits. There is nothing else to wait for.
func pollOneoff(_ context.Context, m api.Module, p []uint64) errno {
	asked, events, count, happened := uint32(p[0]), uint32(p[1]), uint32(p[2]), uint32(p[3])
	if count == 0 || count > maxPolls {
		return inval
	}
	from, ok := m.Memory().Read(asked, 48*count)
	if !ok {
		return efault
	}
	to, ok := m.Memory().Read(events, 32*count)
	if !ok || !m.Memory().WriteUint32Le(happened, count) {
		return efault
	}
	for ; len(from) > 0; from, to = from[48:], to[32:] {
		if from[8] != 0 { // not a clock
			return notsup
		}
		copy(to[:8], from[:8])
		clear(to[8:32])
	}
	return success
}

// procExit ends the instance; the call under way gives the error.
func procExit(ctx context.Context, m api.Module, p []uint64) errno {
	code := uint32(p[0])
	_ = m.CloseWithExitCode(ctx, code)
	panic(sys.NewExitError(code))
}

// randomGet never gives anything but random bytes: without them the process ends.
func randomGet(_ context.Context, m api.Module, p []uint64) errno {
	length := uint32(p[1])
	if length > maxRandom {
		return inval
	}
	b, ok := m.Memory().Read(uint32(p[0]), length)
	if !ok {
		return efault
	}
	_, _ = rand.Read(b) // it cannot fail: see crypto/rand
	return success
}
