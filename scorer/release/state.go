// SPDX-License-Identifier: Apache-2.0

package release

import "crypto/sha256"

// state is what a client knows between two updates. Its bytes are "LAPSTATE",
// the version of the form, 1, then fields of a length (four bytes, low one
// first) and bytes each, in the order of fields below, then the SHA-256 of all
// that. The checksum finds damage; whoever can write there can do as they
// please anyway.
type state struct {
	root    []byte // newest root note
	release []byte // note of the release in use; empty: the packaged one
	head    []byte // newest head note, under headSet
	intake  []byte // of the release in use

	// Counters hold for the keys under which they were seen, so that keys that
	// have changed can start again.
	useSet     keySet // keys that signed the release in use
	releaseSet keySet
	released   int64 // highest version seen
	releasedAs Hash  // and its note
	logSet     keySet
	logSize    int64 // largest checkpoint seen
	logRoot    Hash  // and its hash
}

const stateMagic = "LAPSTATE\x01"

// maxState is more than any state that a client writes.
const maxState = len(stateMagic) + 3*MaxNote + MaxIntake + 1024

// fields visits every field in order, to write it or to read it.
func (s *state) fields(visit func(*[]byte)) {
	visit(&s.root)
	visit(&s.release)
	visit(&s.head)
	visit(&s.intake)
	for _, set := range []*keySet{&s.useSet, &s.releaseSet, &s.logSet} {
		b := set[:]
		visit(&b)
		copy(set[:], b)
	}
	for _, n := range []*int64{&s.released, &s.logSize} {
		b := []byte(decimal(*n))
		visit(&b)
		var l lines
		*n = l.number(string(b), 1<<53)
	}
	for _, h := range []*Hash{&s.releasedAs, &s.logRoot} {
		b := h[:]
		visit(&b)
		copy(h[:], b)
	}
}

func (s state) encode() []byte {
	b := []byte(stateMagic)
	s.fields(func(f *[]byte) {
		n := len(*f)
		b = append(b, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
		b = append(b, *f...)
	})
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// decodeState reads what encode wrote; anything else is refused.
func decodeState(b []byte) (s state, ok bool) {
	if len(b) > maxState || len(b) < len(stateMagic)+sha256.Size || string(b[:len(stateMagic)]) != stateMagic {
		return state{}, false
	}
	body, end := b[len(stateMagic):len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if sha256.Sum256(b[:len(b)-sha256.Size]) != [sha256.Size]byte(end) {
		return state{}, false
	}
	ok = true
	s.fields(func(f *[]byte) {
		if !ok || len(body) < 4 {
			ok = false
			return
		}
		n := int64(body[0]) | int64(body[1])<<8 | int64(body[2])<<16 | int64(body[3])<<24
		if body = body[4:]; n > int64(len(body)) {
			ok = false
			return
		}
		*f, body = body[:n:n], body[n:]
	})
	return s, ok && len(body) == 0 && string(s.encode()) == string(b)
}
