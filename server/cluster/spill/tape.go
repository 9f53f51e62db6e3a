// SPDX-License-Identifier: Apache-2.0

package spill

import "slices"

// chunkSize is the piece in which a tape grows and is written.
const chunkSize = 1 << 20

// Tape is a sequence of bytes: appended by one goroutine, then read by many.
type Tape struct {
	dir    string
	most   int64    // bytes to keep in memory
	chunks [][]byte // the beginning
	file   *sealed  // what follows the chunks; nil while there is none
	tail   []byte   // what follows the file
}

// NewTape makes a tape that keeps up to most bytes in memory and the rest in
// dir, or in the system's folder for temporary files.
func NewTape(dir string, most int64) *Tape { return &Tape{dir: dir, most: most} }

// Size gives the number of bytes.
func (t *Tape) Size() int64 {
	n := int64(len(t.chunks))*chunkSize + int64(len(t.tail))
	if t.file != nil {
		n += t.file.size
	}
	return n
}

// Append adds p and gives its place.
func (t *Tape) Append(p []byte) (at int64, err error) {
	at = t.Size()
	for len(p) > 0 {
		if t.tail == nil {
			t.tail = make([]byte, 0, chunkSize)
		}
		n := min(len(p), chunkSize-len(t.tail))
		t.tail = append(t.tail, p[:n]...)
		p = p[n:]
		if len(t.tail) == chunkSize {
			if err := t.put(); err != nil {
				return at, err
			}
		}
	}
	return at, nil
}

// put moves a full tail away.
func (t *Tape) put() error {
	if int64(len(t.chunks)+1)*chunkSize <= t.most {
		t.chunks, t.tail = append(t.chunks, t.tail), nil
		return nil
	}
	if t.file == nil {
		var err error
		if t.file, err = newSealed(t.dir); err != nil {
			return err
		}
	}
	err := t.file.append(t.tail)
	t.tail = t.tail[:0]
	return err
}

// Read gives the n bytes at a place, in buf if there is room. They must not be
// changed and hold as long as buf.
func (t *Tape) Read(at int64, n int, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf[:0], n)[:n]
	for done := 0; done < n; {
		got, err := t.part(buf[done:], at+int64(done))
		if err != nil {
			return nil, err
		}
		done += got
	}
	return buf, nil
}

// part fills p as far as one piece of the tape goes.
func (t *Tape) part(p []byte, at int64) (int, error) {
	if k := at / chunkSize; k < int64(len(t.chunks)) {
		return copy(p, t.chunks[k][at%chunkSize:]), nil
	}
	at -= int64(len(t.chunks)) * chunkSize
	var inFile int64
	if t.file != nil {
		inFile = t.file.size
	}
	if at < inFile {
		n := int(min(int64(len(p)), inFile-at))
		return n, t.file.read(p[:n], at)
	}
	at -= inFile
	if at+int64(len(p)) > int64(len(t.tail)) {
		return 0, errEnd
	}
	return copy(p, t.tail[at:]), nil
}

// Close gives everything back.
func (t *Tape) Close() error {
	t.chunks, t.tail = nil, nil
	if t.file == nil {
		return nil
	}
	return t.file.file.Close()
}
