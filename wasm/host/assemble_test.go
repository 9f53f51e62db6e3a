// SPDX-License-Identifier: Apache-2.0

package host_test

import "lapwing/wasm/wire"

// A module small enough to write by hand: it exports what a scoring module
// must, with bodies of our choosing, so that each test changes the one thing
// that its guest does wrong. Opcodes are those of the WebAssembly specification,
// chapter "Binary Format".

const (
	opUnreachable = 0x00
	opLoop        = 0x03
	opBr          = 0x0c
	opCall        = 0x10
	opDrop        = 0x1a
	opLocalGet    = 0x20
	opI32Load     = 0x28
	opI32Store    = 0x36
	opMemoryGrow  = 0x40
	opI32Const    = 0x41
	opI64Const    = 0x42
	opEnd         = 0x0b

	typeI32 = 0x7f
	typeI64 = 0x7e
	noBlock = 0x40 // a block without a result
)

// Where a well-behaved guest of ours keeps what it answers.
const (
	bufferAt  = 1024
	loadAt    = 60000
	scoreAt   = 61000
	pageSize  = 65536
	unfulfill = 0xffffff00 // an address far outside of memory
)

// signature is an index into the type section below.
type signature byte

const (
	sigNothing signature = iota // () -> ()
	sigGive                     // () -> i32
	sigCall                     // (i32) -> i32
	sigExit                     // (i32) -> ()
	sigTwo                      // (i32, i32) -> i32
	sigFour                     // (i32, i32, i32, i32) -> i32
	sigClock                    // (i32, i64, i32) -> i32
	sigWrong                    // (i64) -> i32
	noSignature
)

var types = [noSignature][2][]byte{
	sigNothing: {},
	sigGive:    {nil, {typeI32}},
	sigCall:    {{typeI32}, {typeI32}},
	sigExit:    {{typeI32}, nil},
	sigTwo:     {{typeI32, typeI32}, {typeI32}},
	sigFour:    {{typeI32, typeI32, typeI32, typeI32}, {typeI32}},
	sigClock:   {{typeI32, typeI64, typeI32}, {typeI32}},
	sigWrong:   {{typeI64}, {typeI32}},
}

type importedFunction struct {
	module, name string
	sig          signature
}

type function struct {
	export string
	sig    signature
	body   []byte // without the final end
}

// module is what assemble makes bytes of.
type module struct {
	imports   []importedFunction
	functions []function
	start     string // the export that runs at instantiation, if any
	pages     uint32
	noMemory  bool // the memory is there, but not exported
	data      map[uint32][]byte
}

// wellBehaved accepts every list and finds nothing in one listing.
func wellBehaved() *module {
	summary := append(wire.BeginAnswer(nil), "\x04test\x01\x0a2026-11-23\x03\x08test-1+0"...) // three indicators
	wire.EndAnswer(summary, 0)
	return &module{
		pages: 1,
		functions: []function{
			{"_initialize", sigNothing, nil},
			{"abi_version", sigGive, constant(wire.Version)},
			{"buffer", sigCall, constant(bufferAt)},
			{"load", sigCall, constant(loadAt)},
			{"score", sigCall, constant(scoreAt)},
			{"query", sigCall, constant(loadAt)},
		},
		data: map[uint32][]byte{loadAt: summary, scoreAt: answer(1, 0, 0, 0, 0)},
	}
}

// answer wraps content as a guest should.
func answer(content ...byte) []byte {
	b := append(wire.BeginAnswer(nil), content...)
	wire.EndAnswer(b, 0)
	return b
}

// with changes what one of the exports does.
func (m *module) with(export string, body ...byte) *module {
	for i := range m.functions {
		if m.functions[i].export == export {
			m.functions[i].body = body
		}
	}
	return m
}

// importing gives the module a function of the host; the first one is number 0.
func (m *module) importing(name string, sig signature) *module {
	m.imports = append(m.imports, importedFunction{"wasi_snapshot_preview1", name, sig})
	return m
}

func (m *module) assemble() []byte {
	out := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, entries int, content []byte) {
		if entries > 0 {
			content = append(unsigned(uint32(entries)), content...)
			out = append(append(append(out, id), unsigned(uint32(len(content)))...), content...)
		}
	}
	var s []byte
	for _, t := range types {
		s = append(s, 0x60)
		s = append(append(s, unsigned(uint32(len(t[0])))...), t[0]...)
		s = append(append(s, unsigned(uint32(len(t[1])))...), t[1]...)
	}
	section(1, len(types), s)

	s = nil
	for _, i := range m.imports {
		s = append(append(s, name(i.module)...), name(i.name)...)
		s = append(s, 0, byte(i.sig))
	}
	section(2, len(m.imports), s)

	s = nil
	for _, f := range m.functions {
		s = append(s, byte(f.sig))
	}
	section(3, len(m.functions), s)
	section(5, 1, append([]byte{0}, unsigned(m.pages)...))
	m.exportsAndStart(section)

	s = nil
	for _, f := range m.functions {
		body := append(append([]byte{0}, f.body...), opEnd) // no locals
		s = append(append(s, unsigned(uint32(len(body)))...), body...)
	}
	section(10, len(m.functions), s)

	s = nil
	for at, b := range m.data {
		s = append(append(append(s, 0), constant(at)...), opEnd)
		s = append(append(s, unsigned(uint32(len(b)))...), b...)
	}
	section(11, len(m.data), s)
	return out
}

func (m *module) exportsAndStart(section func(id byte, entries int, content []byte)) {
	var s []byte
	n := len(m.functions)
	start := -1
	for i, f := range m.functions {
		number := uint32(len(m.imports) + i)
		s = append(append(append(s, name(f.export)...), 0), unsigned(number)...)
		if f.export == m.start {
			start = int(number)
		}
	}
	if !m.noMemory {
		s = append(append(s, name("memory")...), 2, 0)
		n++
	}
	section(7, n, s)
	if start >= 0 {
		section(8, start, nil) // the start section holds a number where others hold a count
	}
}

// constant is the instruction that gives a number.
func constant(v uint32) []byte { return append([]byte{opI32Const}, signed(int64(int32(v)))...) }

// code joins instructions.
func code(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = append(b, byte(p))
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

func name(s string) []byte { return append(unsigned(uint32(len(s))), s...) }

func unsigned(v uint32) []byte {
	var b []byte
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}

func signed(v int64) []byte {
	var b []byte
	for {
		low := byte(v & 0x7f)
		v >>= 7
		if v == 0 && low&0x40 == 0 || v == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}
