// SPDX-License-Identifier: Apache-2.0

package spill

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// Pair is what a Sorter sorts: by Key, then by Value.
type Pair struct {
	Key   uint64
	Value uint32
}

// A run is a file of sorted pairs, in frames:
//
//	frame = count, size, check (each 4 bytes, little endian), then size bytes:
//	count times the key's distance from the one before (the first from 0) and
//	the value, as varints
//
// Frames stand alone, and check is the CRC-32 (Castagnoli) of the size bytes:
// a disk that gives back something else ends the run instead of changing it.
const (
	frameHead  = 12
	framePairs = 4096
	frameMost  = framePairs * 15 // a key's varint has up to 10 bytes, a value's 5
)

var (
	errEnd   = errors.New("reading a temporary file: it ends early")
	errTorn  = errors.New("reading a temporary file: it is not what was written")
	castagno = crc32.MakeTable(crc32.Castagnoli)
)

// appendFrame appends up to framePairs sorted pairs as one frame.
func appendFrame(dst []byte, pairs []Pair) []byte {
	head := len(dst)
	dst = append(dst, make([]byte, frameHead)...)
	before := uint64(0)
	for _, p := range pairs {
		dst = binary.AppendUvarint(dst, p.Key-before)
		dst = binary.AppendUvarint(dst, uint64(p.Value))
		before = p.Key
	}
	body := dst[head+frameHead:]
	binary.LittleEndian.PutUint32(dst[head:], uint32(len(pairs)))
	binary.LittleEndian.PutUint32(dst[head+4:], uint32(len(body)))
	binary.LittleEndian.PutUint32(dst[head+8:], crc32.Checksum(body, castagno))
	return dst
}

// parseHead reads a frame's head.
func parseHead(head []byte) (count, size int, check uint32, err error) {
	if len(head) < frameHead {
		return 0, 0, 0, errEnd
	}
	n, m := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	if n == 0 || n > framePairs || m > frameMost {
		return 0, 0, 0, errTorn
	}
	return int(n), int(m), binary.LittleEndian.Uint32(head[8:]), nil
}

// parseBody reads a frame's pairs.
func parseBody(pairs []Pair, body []byte, count int, check uint32) ([]Pair, error) {
	if crc32.Checksum(body, castagno) != check {
		return nil, errTorn
	}
	key := uint64(0)
	for range count {
		d, n := binary.Uvarint(body)
		if n <= 0 || key+d < key {
			return nil, errTorn
		}
		body = body[n:]
		v, n := binary.Uvarint(body)
		if n <= 0 || v > 1<<32-1 {
			return nil, errTorn
		}
		body = body[n:]
		key += d
		pairs = append(pairs, Pair{key, uint32(v)})
	}
	if len(body) > 0 {
		return nil, fmt.Errorf("%w: bytes follow a frame", errTorn)
	}
	return pairs, nil
}

// reader gives a run's pairs one after the other.
type reader struct {
	file  *sealed // nil: pairs is all there is
	at    int64
	pairs []Pair
	next  int
	buf   []byte
}

// fill makes pairs[next] the next one; false at the end.
func (r *reader) fill() (bool, error) {
	if r.next < len(r.pairs) {
		return true, nil
	}
	if r.file == nil || r.at == r.file.size {
		return false, nil
	}
	var head [frameHead]byte
	if err := r.file.read(head[:], r.at); err != nil {
		return false, err
	}
	count, size, check, err := parseHead(head[:])
	if err != nil {
		return false, err
	}
	if cap(r.buf) < size {
		r.buf = make([]byte, frameMost)
	}
	body := r.buf[:size]
	if err := r.file.read(body, r.at+frameHead); err != nil {
		return false, err
	}
	r.at += int64(frameHead + size)
	r.pairs, err = parseBody(r.pairs[:0], body, count, check)
	r.next = 0
	return err == nil, err
}
