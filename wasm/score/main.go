// SPDX-License-Identifier: Apache-2.0

// Command score is the scoring module: exports and nothing more. wasm/README.md
// is its ABI on one page, package wire says what the bytes mean, and package
// scorer does the work. It is started by every cold worker of the extension, so
// every import that it would gain is paid for many times a day.
//
// Build it as `make wasm` does; built any other way it has another hash.
package main

import (
	"unsafe"

	"lapwing/scorer"
	"lapwing/wasm/wire"
)

// A module's instance is used by one thread, one call at a time; that is what
// owns all of the following.
var (
	// buf is the one buffer: a request at its start, and behind it the answer. The
	// texts of the listing that is being scored are part of it.
	buf []byte

	list   *wire.Ready    // what is loaded, or nil
	engine *scorer.Scorer // its image, loaded

	verdict scorer.Verdict // the last one, whose memory the next one takes

	broken bool // a panic was caught: nothing here can be relied on any more
)

// maxIdle is how large a buffer may be without use for it.
const maxIdle = 1 << 20

func main() {} // never called: the module is a reactor

//go:wasmexport abi_version
func abiVersion() uint32 { return wire.Version }

// buffer makes room for a request of size bytes and says where it goes; nil if
// that is more than any request may take. What was in the buffer is lost.
//
//go:wasmexport buffer
func buffer(size uint32) unsafe.Pointer {
	if size > wire.MaxBuffer {
		return nil
	}
	// A buffer that once held a pack is given up: no batch is as long.
	if cap(buf) < int(size) || cap(buf) == 0 || cap(buf) > maxIdle && cap(buf)/4 > int(size) {
		buf = make([]byte, size+size/8+512) // the answer needs room too
	}
	buf = buf[:cap(buf)]
	return unsafe.Pointer(unsafe.SliceData(buf))
}

//go:wasmexport load
func load(n uint32) unsafe.Pointer { return serve(n, doLoad) }

//go:wasmexport score
func score(n uint32) unsafe.Pointer { return serve(n, doScore) }

//go:wasmexport query
func query(n uint32) unsafe.Pointer { return serve(n, doQuery) }

// serve hands a request to do, which appends its answer's content to dst, and
// gives the place of the answer. Whatever happens in do, there is one.
func serve(n uint32, do func(dst, request []byte) ([]byte, error)) (at unsafe.Pointer) {
	defer func() {
		if r := recover(); r != nil {
			broken = true
			at = refuse(0, wire.Fault, sentence(r))
		}
	}()
	switch {
	case broken:
		return refuse(0, wire.Fault, "a call before this one failed")
	case uint64(n) > uint64(len(buf)):
		return refuse(0, wire.BadRequest, "request is longer than the buffer")
	}
	request := buf[:n:n]
	answer, err := do(wire.BeginAnswer(buf[:n]), request)
	if err != nil {
		return refuse(int(n), statusOf(err), err.Error())
	}
	wire.EndAnswer(answer, int(n))
	buf = answer // it may have moved to where there was more room
	return unsafe.Pointer(&buf[n])
}

// refuse answers, behind the first n bytes of the buffer, why there is no other answer.
func refuse(n int, status wire.Status, why string) unsafe.Pointer {
	buf = wire.AppendError(buf[:n], status, why)
	return unsafe.Pointer(&buf[n])
}

func doLoad(dst, request []byte) ([]byte, error) {
	ready, err := wire.OpenReady(request)
	if err != nil {
		return nil, &wire.Error{Status: wire.PackRefused, Sentence: err.Error()}
	}
	s, err := scorer.Load(ready.Image)
	if err != nil {
		return nil, &wire.Error{Status: wire.PackRefused, Sentence: err.Error()}
	}
	summary, err := ready.AppendSummary(dst)
	if err != nil {
		return nil, &wire.Error{Status: wire.PackRefused, Sentence: err.Error()}
	}
	list, engine = ready.Keep(), s
	return summary, nil
}

func doScore(dst, request []byte) ([]byte, error) {
	if engine == nil {
		return nil, errNoPack
	}
	batch, err := wire.OpenBatch(request)
	if err != nil {
		return nil, err
	}
	dst = wire.AppendCount(dst, batch.Len())
	var l scorer.Listing
	for batch.Next(&l) {
		engine.ScoreInto(&verdict, &l)
		dst = wire.AppendVerdict(dst, &verdict)
	}
	return dst, batch.Err()
}

func doQuery(dst, request []byte) ([]byte, error) {
	if list == nil {
		return nil, errNoPack
	}
	q, err := wire.ParseQuery(request)
	if err != nil {
		return nil, err
	}
	switch q.What {
	case wire.QueryCatalog:
		return append(dst, list.Catalog...), nil
	case wire.QueryTexts:
		return list.AppendTexts(dst, q.Argument), nil
	case wire.QueryDocuments:
		return list.AppendDocuments(dst, q.Argument), nil
	}
	return nil, &wire.Error{Status: wire.BadRequest, Sentence: "unknown query"}
}

var errNoPack = &wire.Error{Status: wire.NoPack, Sentence: "load a list first"}

func statusOf(err error) wire.Status {
	if e, ok := err.(*wire.Error); ok {
		return e.Status
	}
	return wire.BadRequest
}

func sentence(recovered any) string {
	switch v := recovered.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return "unknown panic"
}
