// SPDX-License-Identifier: Apache-2.0

package main

import (
	"unsafe"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/seal"
	"lapwing/wasm/wire"
)

// What is done to a report. The client that open made knows the keys; what the
// calls mean is package seal's, and their bytes are in wire/report.go.

// redactor is made when the first text comes.
var redactor *seal.Redactor

//go:wasmexport intake
func intake(n uint32) unsafe.Pointer { return serve(n, doIntake) }

//go:wasmexport code
func code(n uint32) unsafe.Pointer { return serve(n, doCode) }

//go:wasmexport redact
func redact(n uint32) unsafe.Pointer { return serve(n, doRedact) }

//go:wasmexport compose
func compose(n uint32) unsafe.Pointer { return serve(n, doCompose) }

//go:wasmexport seal
func sealReport(n uint32) unsafe.Pointer { return serve(n, doSeal) }

//go:wasmexport work
func work(n uint32) unsafe.Pointer { return serve(n, doWork) }

//go:wasmexport wrap
func wrap(n uint32) unsafe.Pointer { return serve(n, doWrap) }

//go:wasmexport unwrap
func unwrap(n uint32) unsafe.Pointer { return serve(n, doUnwrap) }

func random(b []byte) error {
	if errno := randomGet(unsafe.Pointer(unsafe.SliceData(b)), uint32(len(b))); errno != 0 {
		return errNoRandomness
	}
	return nil
}

// keys gives what the release in use says of reports.
func keys() (*seal.Intake, error) {
	if client == nil {
		return nil, errNotOpen
	}
	object := client.Status(0).Intake
	if len(object) == 0 {
		return nil, errNoKeys
	}
	in, err := seal.ParseIntake(object)
	if err != nil {
		return nil, &wire.Error{Status: wire.NoPack, Sentence: err.Error()}
	}
	return in, nil
}

func doIntake(dst, request []byte) ([]byte, error) {
	if err := wire.ParseBare(request); err != nil {
		return nil, err
	}
	in, err := keys()
	if err != nil {
		return nil, err
	}
	v := wire.Intake{
		Note: client.Note(), Version: client.Status(0).Version, Work: in.Work, Retention: in.Retention, Keys: uint32(len(in.Keys)),
	}
	if in.Relay != nil {
		v.Relay, v.Config = in.Relay.URL, in.Relay.Config
	}
	return wire.AppendIntake(dst, &v), nil
}

func doCode(dst, request []byte) ([]byte, error) {
	if err := wire.ParseBare(request); err != nil {
		return nil, err
	}
	code, err := seal.NewCode(random)
	if err != nil {
		return nil, err
	}
	id := seal.IDOf(code)
	return append(append(dst, code[:]...), id[:]...), nil
}

func doRedact(dst, request []byte) ([]byte, error) {
	texts, err := wire.ParseRedact(request)
	if err != nil {
		return nil, err
	}
	if redactor == nil {
		redactor = seal.NewRedactor()
	}
	dst = wire.AppendCount(dst, len(texts))
	for _, s := range texts {
		list := redactor.Redact(seal.Clean(s))
		out := make([]wire.Redaction, len(list))
		for i, x := range list {
			out[i] = wire.Redaction{Kind: uint8(x.Kind), Start: x.Start, End: x.End}
		}
		dst = wire.AppendRedactions(dst, out)
	}
	return dst, nil
}

func doCompose(dst, request []byte) ([]byte, error) {
	d, err := wire.ParseDraft(request)
	if err != nil {
		return nil, err
	}
	room := seal.MaxReport
	if in, err := keys(); err == nil {
		room = seal.Room(seal.LargeEnvelope, len(in.Keys))
	}
	report, err := reportOf(d).Encode()
	if e, ok := err.(*seal.Error); ok && e.Fault == seal.TooLong {
		return wire.AppendComposed(dst, e.Over+seal.MaxReport-room, nil), nil
	}
	if err != nil {
		return nil, err
	}
	if over := len(report) - room; over > 0 {
		return wire.AppendComposed(dst, over, nil), nil
	}
	return wire.AppendComposed(dst, 0, report), nil
}

// reportOf makes the redactions that a draft asks for.
func reportOf(d *wire.Draft) *seal.Report {
	r := &seal.Report{
		ID: d.ID, Sort: seal.Sort(d.Sort), Day: d.Day, List: d.List, Release: d.Release, Program: d.Program,
		Site: d.Site, Address: d.Address, Region: d.Region, Kind: pack.Kind(d.Kind), Language: d.Language, Note: d.Note.Text,
	}
	var text [scorer.URL][]seal.Redaction
	for f := range d.Text {
		r.Text[f], text[f] = d.Text[f].Text, redactions(d.Text[f].Redact)
	}
	if v := d.Verdict; v != nil {
		r.Verdict = &seal.Verdict{Level: scorer.Level(v.Level), Score: v.Score}
		for _, x := range v.Reasons {
			r.Verdict.Reasons = append(r.Verdict.Reasons, seal.Reason(x))
		}
	}
	return r.Redacted(text, redactions(d.Note.Redact))
}

func redactions(list []wire.Redaction) []seal.Redaction {
	out := make([]seal.Redaction, len(list))
	for i, x := range list {
		out[i] = seal.Redaction{Start: x.Start, End: x.End, Kind: seal.Kind(x.Kind)}
	}
	return out
}

func doSeal(dst, request []byte) ([]byte, error) {
	id, report, err := wire.ParseSeal(request)
	if err != nil {
		return nil, err
	}
	in, err := keys()
	if err != nil {
		return nil, err
	}
	envelope, err := seal.Seal(report, id, client.Note(), in.Keys, random)
	if err != nil {
		return nil, err
	}
	return append(dst, envelope...), nil
}

func doWork(dst, request []byte) ([]byte, error) {
	s, err := wire.ParseSearch(request)
	if err != nil {
		return nil, err
	}
	if _, err := seal.ParseHeader(s.Envelope); err != nil || s.Bits < 1 || s.Bits > seal.MaxWork {
		return nil, errNoWork
	}
	nonce, found := seal.Work(s.Envelope, s.Start, uint64(s.Tries), s.Bits)
	if !found {
		return wire.AppendFound(dst, nil), nil
	}
	seal.PutWork(s.Envelope, nonce)
	return wire.AppendFound(dst, s.Envelope), nil
}

func doWrap(dst, request []byte) ([]byte, error) {
	w, err := wire.ParseWrap(request)
	if err != nil {
		return nil, err
	}
	in, err := keys()
	if err != nil {
		return nil, err
	}
	if in.Relay == nil {
		return nil, errNoRelay
	}
	sealed, back, err := in.Relay.Encapsulate(w.Host, seal.Destination(w.To), w.Content, random)
	if err != nil {
		return nil, err
	}
	return append(append(append(dst, back.Enc[:]...), back.Secret[:]...), sealed...), nil
}

func doUnwrap(dst, request []byte) ([]byte, error) {
	w, err := wire.ParseUnwrap(request)
	if err != nil {
		return nil, err
	}
	status, err := seal.Decapsulate(&seal.Return{Enc: w.Enc, Secret: w.Secret}, w.Answer)
	if err != nil {
		return nil, err
	}
	return append(dst, byte(status), byte(status>>8)), nil
}

var (
	errNoRelay      = &wire.Error{Status: wire.NoPack, Sentence: "the release in use names no relay"}
	errNoKeys       = &wire.Error{Status: wire.NoPack, Sentence: "the release in use names no keys to seal reports to"}
	errNoWork       = &wire.Error{Status: wire.BadRequest, Sentence: "work is for an envelope, and for 1 to 32 bits"}
	errNoRandomness = &wire.Error{Status: wire.Fault, Sentence: "the host has no randomness"}
)
