// SPDX-License-Identifier: Apache-2.0

package wire

import "unsafe"

// reader takes values off the front of bytes that nobody vouches for. After the
// first that is not there it is bad and gives zeroes, so that callers check once.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) u8() uint8 {
	if len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	v := r.rest[0]
	r.rest = r.rest[1:]
	return v
}

func (r *reader) u16() uint16 {
	low := uint16(r.u8())
	return low | uint16(r.u8())<<8
}

func (r *reader) u32() uint32 {
	low := uint32(r.u16())
	return low | uint32(r.u16())<<16
}

// uv reads a number. A longer form than the shortest is refused, so that one
// value has one encoding.
func (r *reader) uv() uint32 {
	var v uint64
	for shift := uint(0); shift < 35; shift += 7 {
		b := r.u8()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if v > 1<<32-1 || b == 0 && shift > 0 {
				break
			}
			return uint32(v)
		}
	}
	r.fail()
	return 0
}

// count reads the number of elements that follow, each of which takes at least
// least bytes: no more than fit into what is left, so that it may be allocated.
func (r *reader) count(least int) int {
	n := r.uv()
	if uint64(n)*uint64(least) > uint64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

// bytes reads a str; the result shares memory with the reader.
func (r *reader) bytes() []byte {
	n := r.count(1)
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

// str reads a str into memory of its own.
func (r *reader) str() string { return string(r.bytes()) }

// text reads a text without a copy: it changes when the bytes that were given to
// the reader do.
func (r *reader) text() string {
	n := r.u32()
	if uint64(n) > uint64(len(r.rest)) {
		r.fail()
		return ""
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func (r *reader) strs() []string {
	list := make([]string, 0, r.count(1))
	for range cap(list) {
		list = append(list, r.str())
	}
	return list
}

func (r *reader) fail() {
	r.bad = true
	r.rest = nil
}

// done reports whether everything was there and nothing is left over.
func (r *reader) done() error {
	if r.bad || len(r.rest) > 0 {
		return errMalformed
	}
	return nil
}

func appendUv(dst []byte, v uint32) []byte {
	for v >= 0x80 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

func appendText(dst []byte, s string) []byte {
	n := uint32(len(s))
	dst = append(dst, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	return append(dst, s...)
}

func appendStr(dst []byte, s string) []byte {
	return append(appendUv(dst, uint32(len(s))), s...)
}

func appendStrs(dst []byte, list []string) []byte {
	dst = appendUv(dst, uint32(len(list)))
	for _, s := range list {
		dst = appendStr(dst, s)
	}
	return dst
}
