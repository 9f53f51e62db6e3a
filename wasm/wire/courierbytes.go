// SPDX-License-Identifier: Apache-2.0

package wire

func appendU32(dst []byte, v uint32) []byte {
	return append(dst, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

func appendTime(dst []byte, v int64) []byte {
	return appendU32(appendU32(dst, uint32(v)), uint32(uint64(v)>>32))
}

func (r *reader) time() int64 {
	low := uint64(r.u32())
	return int64(low | uint64(r.u32())<<32)
}

func appendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// bool reads 0 or 1; anything else is no bool.
func (r *reader) bool() bool {
	v := r.u8()
	if v > 1 {
		r.fail()
	}
	return v == 1
}

// appendBlob appends a text of bytes.
func appendBlob(dst, b []byte) []byte {
	return append(appendU32(dst, uint32(len(b))), b...)
}

// blob reads a text as bytes, which share memory with the reader; nil where it is empty.
func (r *reader) blob() []byte {
	n := r.u32()
	if uint64(n) > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	if n == 0 {
		return nil
	}
	return r.take(int(n))
}

// take gives the next n bytes, or nil if there are fewer.
func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.fail()
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}
