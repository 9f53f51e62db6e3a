// SPDX-License-Identifier: Apache-2.0

// Command courier is the courier module: it decides which list to believe, and
// makes a believed one ready for the scoring module. It is started a few times a
// day, so it may weigh more than that one. It fetches nothing and stores nothing:
// the host does, and says what came of it. wasm/README.md is its ABI, package wire
// says what the bytes mean, and package release has the rules.
package main

import (
	"unsafe"

	"lapwing/scorer/pack"
	"lapwing/scorer/release"
	"lapwing/wasm/ready"
	"lapwing/wasm/wire"
)

// A module's instance is used by one thread, one call at a time; that is what
// owns all of the following.
var (
	// buf is the one buffer: a request at its start, and behind it the answer.
	buf []byte

	// given says that the update has the request and keeps it: the next call
	// begins with another buffer.
	given bool

	client *release.Client
	update *release.Update // under way, or nil

	broken bool // a panic was caught: nothing here can be relied on any more
)

// muchToCopy is what the client is given, and not a copy: memory that is used for
// the first time takes longer than what is done in it.
const muchToCopy = 64 << 10

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
	takeBack()
	if cap(buf) < int(size) || cap(buf) == 0 {
		buf = make([]byte, size+size/8+512) // the answer needs room too
	}
	buf = buf[:cap(buf)]
	return unsafe.Pointer(unsafe.SliceData(buf))
}

func takeBack() {
	if given {
		buf, given = nil, false
	}
}

//go:wasmexport open
func open(n uint32) unsafe.Pointer { return serve(n, doOpen) }

//go:wasmexport status
func status(n uint32) unsafe.Pointer { return serve(n, doStatus) }

//go:wasmexport begin
func begin(n uint32) unsafe.Pointer { return serve(n, doBegin) }

//go:wasmexport got
func got(n uint32) unsafe.Pointer { return serve(n, doGot) }

//go:wasmexport failed
func failed(n uint32) unsafe.Pointer { return serve(n, doFailed) }

//go:wasmexport result
func result(n uint32) unsafe.Pointer { return serve(n, doResult) }

//go:wasmexport prepare
func prepare(n uint32) unsafe.Pointer { return serve(n, doPrepare) }

// serve hands a request to do, which appends its answer's content to dst, and
// gives the place of the answer. Whatever happens in do, there is one.
func serve(n uint32, do func(dst, request []byte) ([]byte, error)) (at unsafe.Pointer) {
	defer func() {
		if r := recover(); r != nil {
			broken = true
			at = refuse(0, wire.Fault, "a rule was broken inside")
		}
	}()
	takeBack()
	switch {
	case broken:
		return refuse(0, wire.Fault, "a call before this one failed")
	case uint64(n) > uint64(len(buf)):
		return refuse(0, wire.BadRequest, "request is longer than the buffer")
	}
	answer, err := do(wire.BeginAnswer(buf[:n]), buf[:n:n])
	if err != nil {
		status := wire.BadRequest
		if e, ok := err.(*wire.Error); ok {
			status = e.Status
		}
		return refuse(int(n), status, err.Error())
	}
	wire.EndAnswer(answer, int(n))
	buf = answer // it may have moved to where there was more room
	return unsafe.Pointer(&buf[n])
}

func refuse(n int, status wire.Status, why string) unsafe.Pointer {
	buf = wire.AppendError(buf[:n], status, why)
	return unsafe.Pointer(&buf[n])
}

// keep copies what the client may hold on to: the buffer is used again.
func keep(b []byte) []byte { return append([]byte(nil), b...) }

func doOpen(dst, request []byte) ([]byte, error) {
	p, err := wire.ParseOpen(request)
	if err != nil {
		return nil, err
	}
	packaged := release.Packaged{Root: keep(p.Root), Release: keep(p.Release), Program: p.Program, Built: p.Built}
	c, err := release.New(packaged, keep(p.State))
	if err != nil {
		return nil, err
	}
	client, update = c, nil
	return dst, nil
}

func doStatus(dst, request []byte) ([]byte, error) {
	now, err := wire.ParseStatusAt(request)
	if err != nil {
		return nil, err
	}
	if client == nil {
		return nil, errNotOpen
	}
	s := statusOf(client.Status(now))
	return wire.AppendStatus(dst, &s), nil
}

func doBegin(dst, request []byte) ([]byte, error) {
	now, lost, err := wire.ParseBegin(request)
	if err != nil {
		return nil, err
	}
	if client == nil {
		return nil, errNotOpen
	}
	update = client.Update(now, lost)
	return appendNext(dst), nil
}

func doGot(dst, request []byte) ([]byte, error) {
	if update == nil {
		return nil, errNoUpdate
	}
	if len(request) < muchToCopy {
		request = keep(request)
	} else {
		given = true
	}
	update.Got(request)
	return appendNext(dst), nil
}

func doFailed(dst, _ []byte) ([]byte, error) {
	if update == nil {
		return nil, errNoUpdate
	}
	update.Failed()
	return appendNext(dst), nil
}

func appendNext(dst []byte) []byte {
	w, more := update.Next()
	if !more {
		return wire.AppendWant(dst, wire.Want{})
	}
	want := wire.Want{What: wire.WantObject, Object: w.Object.String(), Path: w.Path, MaxBytes: uint32(w.MaxBytes), Gzip: uint32(w.Gzip)}
	if w.Stored() {
		want.What = wire.WantStored
	}
	return wire.AppendWant(dst, want)
}

func doResult(dst, _ []byte) ([]byte, error) {
	if update == nil {
		return nil, errNoUpdate
	}
	if _, more := update.Next(); more {
		return nil, errUnderWay
	}
	r := update.Result()
	update = nil
	v := wire.Result{Outcome: uint8(r.Outcome), Refusal: faultOf(r.Err), Whole: r.Whole, Poll: r.Poll, Status: statusOf(r.Status)}
	if r.Save != nil {
		v.Saved, v.State, v.Pack = wire.SavedState, r.Save.State, r.Save.Pack
		if len(v.Pack) > 0 {
			v.Saved = wire.SavedBoth
		}
	}
	return wire.AppendResult(dst, &v), nil
}

func doPrepare(dst, request []byte) ([]byte, error) {
	encoded := keep(request)
	p, err := pack.Decode(encoded)
	if err != nil {
		return nil, &wire.Error{Status: wire.PackRefused, Sentence: err.Error()}
	}
	list, err := ready.List(p, encoded)
	if err != nil {
		return nil, &wire.Error{Status: wire.PackRefused, Sentence: err.Error()}
	}
	return append(dst, list...), nil
}

func faultOf(e *release.Error) *wire.Refusal {
	if e == nil {
		return nil
	}
	return &wire.Refusal{Object: e.Object.String(), Rule: e.Fault.String(), Sentence: e.Error()}
}

func statusOf(s release.Status) wire.ListStatus {
	out := wire.ListStatus{
		List: s.List, Version: s.Version, Issued: s.Issued, Pack: s.Pack, Age: s.Age, LastHead: s.LastHead,
		Recovering: faultOf(s.Recovering), Intake: s.Intake,
	}
	for i, set := range []bool{s.Packaged, s.StaleHead, s.StaleList, s.StaleRoot, s.ClockSlow} {
		if set {
			out.Flags |= 1 << i
		}
	}
	return out
}

var (
	errNotOpen  = &wire.Error{Status: wire.NoPack, Sentence: "open the client first"}
	errNoUpdate = &wire.Error{Status: wire.BadRequest, Sentence: "begin an update first"}
	errUnderWay = &wire.Error{Status: wire.BadRequest, Sentence: "the update still wants something"}
)
