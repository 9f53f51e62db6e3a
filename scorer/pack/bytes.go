// SPDX-License-Identifier: Apache-2.0

package pack

// maxShared bounds how much of its predecessor a front-coded string may repeat,
// and so how many bytes of memory one byte of input can ask for.
const maxShared = 63

// What reads and writes single values is kept out of line: the module is
// smaller by a third of this package.

type writer struct{ b []byte }

//go:noinline
func (w *writer) byte(v byte) { w.b = append(w.b, v) }

//go:noinline
func (w *writer) uvarint(v uint64) {
	for v >= 0x80 {
		w.b = append(w.b, byte(v)|0x80)
		v >>= 7
	}
	w.b = append(w.b, byte(v))
}

func (w *writer) varint(v int32) { w.uvarint(uint64(uint32(v<<1) ^ uint32(v>>31))) }

func (w *writer) count(n int) { w.uvarint(uint64(n)) }

func (w *writer) text(s string) {
	w.count(len(s))
	w.b = append(w.b, s...)
}

// front writes n strings without zero bytes, each as what it adds to the one before it.
func (w *writer) front(n int, at func(int) string) {
	w.suffixes(n, at, func(i int) string {
		if i == 0 {
			return ""
		}
		return at(i - 1)
	})
}

// suffixes writes n strings without zero bytes, each as what it adds to before(i).
func (w *writer) suffixes(n int, at, before func(int) string) {
	column := len(w.b)
	size := n
	for i := range n {
		s := at(i)
		k := shared(before(i), s)
		w.byte(byte(k))
		size += len(s) - k
	}
	w.count(size)
	for i := range n {
		w.b = append(w.b, at(i)[w.b[column+i]:]...)
		w.byte(0)
	}
}

// shared is the length of the common beginning of a and b, at most maxShared.
func shared(a, b string) int {
	n := min(len(a), len(b), maxShared)
	k := 0
	for k < n && a[k] == b[k] {
		k++
	}
	return k
}

// reader walks over untrusted bytes. After the first fault every read gives
// zero, so that callers need to look at fault only before they allocate or loop.
type reader struct {
	b       []byte
	section Section
	err     *Error
}

//go:noinline
func (r *reader) fail(entry int, f Fault) {
	if r.err == nil {
		r.err = &Error{r.section, entry, f}
		r.b = nil
	}
}

//go:noinline
func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail(-1, CutShort)
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

//go:noinline
func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.fail(-1, CutShort)
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

// uvarint reads a number up to limit in its shortest form.
//
//go:noinline
func (r *reader) uvarint(limit uint64) uint64 {
	var v uint64
	for shift := uint(0); shift < 63; shift += 7 {
		c := r.byte()
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if c == 0 && shift > 0 {
				r.fail(-1, NotShortest)
			}
			if v > limit {
				r.fail(-1, TooMany)
				return 0
			}
			return v
		}
	}
	r.fail(-1, TooMany)
	return 0
}

func (r *reader) varint() int32 {
	v := uint32(r.uvarint(1<<32 - 1))
	return int32(v>>1) ^ -int32(v&1)
}

// count reads how many entries follow, each of at least size bytes; so what the
// caller allocates is in proportion to what is there.
func (r *reader) count(limit, size int) int {
	n := int(r.uvarint(uint64(limit)))
	if n*size > len(r.b) {
		r.fail(-1, CutShort)
		return 0
	}
	return n
}

func (r *reader) text(limit int) string {
	return string(r.bytes(r.count(limit, 1)))
}

// front reads what writer.front wrote.
func (r *reader) front(n int) []string { return r.suffixes(n, nil) }

// suffixes reads what writer.suffixes wrote: before gives what the string at i
// was written against; where it is nil or says false, that is the string at i-1.
func (r *reader) suffixes(n int, before func(i int) (s string, ok bool)) []string {
	column := r.bytes(n)
	block := r.bytes(r.count(MaxSize, 1))
	if r.err != nil || n == 0 {
		if len(block) > 0 {
			r.fail(0, NotShortest)
		}
		return nil
	}
	for i, k := range column {
		if k > maxShared {
			r.fail(i, TooMany)
			return nil
		}
	}
	strs := batch{out: make([]string, 0, n)}
	prev := make([]byte, 0, 64)
	for i, k := range column {
		if before != nil {
			if s, ok := before(i); ok {
				prev = append(prev[:0], s...)
			}
		}
		end := indexZero(block)
		if end < 0 || int(k) > len(prev) {
			r.fail(i, CutShort)
			return nil
		}
		// The repeated part must be as long as it can be.
		if int(k) < min(len(prev), maxShared) && end > 0 && block[0] == prev[k] {
			r.fail(i, NotShortest)
			return nil
		}
		prev = append(prev[:k], block[:end]...)
		strs.add(prev)
		block = block[end+1:]
	}
	if len(block) > 0 {
		r.fail(n-1, Trailing)
	}
	strs.flush()
	return strs.out
}

// batch makes strings that share allocations of some hundreds of them.
type batch struct {
	out   []string
	bytes []byte
	ends  []int // in bytes, of the strings that are not in out yet
}

func (s *batch) add(text []byte) {
	s.bytes = append(s.bytes, text...)
	s.ends = append(s.ends, len(s.bytes))
	if len(s.ends) == 256 {
		s.flush()
	}
}

func (s *batch) flush() {
	all, start := string(s.bytes), 0
	for _, end := range s.ends {
		s.out = append(s.out, all[start:end])
		start = end
	}
	s.bytes, s.ends = s.bytes[:0], s.ends[:0]
}

// indexZero is bytes.IndexByte for strings that are mostly shorter than a call
// of it takes.
func indexZero(b []byte) int {
	for i, c := range b {
		if c == 0 {
			return i
		}
	}
	return -1
}
