// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/mlkem"

	"golang.org/x/crypto/chacha20poly1305"

	"lapwing/scorer/release"
)

// Random fills all of b with bytes that nobody can guess, or fails; crypto/rand
// is meant, which a host backs. (What ML-KEM draws for itself comes from there
// as well, and ends the program if there is nothing to be had.)
type Random func(b []byte) error

// Seal puts an encoded report into an envelope that the keys' owners can open,
// in the smaller of the two sizes that holds it. The report must be one, and
// have this id. Work is yet to be done on the result; see [Work].
func Seal(report []byte, id [16]byte, note release.Hash, keys []Key, random Random) ([]byte, error) {
	return seal(report, id, note, keys, random, (*mlkem.EncapsulationKey768).Encapsulate)
}

func seal(report []byte, id [16]byte, note release.Hash, keys []Key, random Random, encap encapsulate) ([]byte, error) {
	parsed, err := ParseReport(report)
	switch {
	case err != nil:
		return nil, err
	case parsed.ID != id:
		return nil, &Error{Object: AReport, Key: "id", Fault: WrongID}
	case len(keys) < 1 || len(keys) > MaxKeys:
		return nil, &Error{Object: AnIntake, Fault: NoKeys}
	}
	class := 0
	for ; class < len(sizes) && Room(sizes[class], len(keys)) < len(report); class++ {
	}
	if class == len(sizes) {
		return nil, &Error{Object: AReport, Over: len(report) - Room(LargeEnvelope, len(keys)), Fault: TooLong}
	}
	e := make([]byte, 0, sizes[class])
	e = append(append(e, magic...), version, byte(class), byte(len(keys)), 0)
	e = append(append(e, id[:]...), note[:]...)
	d := draw{random: random}
	content := d.draw()
	bound := info(&Header{ID: id, Release: note})
	for i := range keys {
		ephemeral := d.draw()
		if d.failed {
			return nil, &Error{Object: AReport, Fault: NoRandomness}
		}
		if len(keys[i].Public) != KeySize {
			return nil, &Error{Object: AKey, Key: keys[i].Name, Fault: Malformed}
		}
		enc, s, ok := newSender(keys[i].Public, bound, &ephemeral, encap)
		if !ok {
			return nil, &Error{Object: AKey, Key: keys[i].Name, Fault: Malformed}
		}
		kid := keys[i].ID()
		e = append(append(e, kid[:]...), enc...)
		if e, ok = s.seal(e, content[:], nil); !ok {
			return nil, &Error{Object: AKey, Key: keys[i].Name, Fault: Malformed}
		}
	}
	return sealBody(e, report, &content)
}

// sealBody fills the envelope up, zeros of work included. The content key is
// used this once, so a nonce of zeros is as good as any.
func sealBody(e, report []byte, content *[32]byte) ([]byte, error) {
	a, err := chacha20poly1305.New(content[:])
	if err != nil {
		return nil, &Error{Object: AReport, Fault: NoRandomness}
	}
	plain := make([]byte, cap(e)-len(e)-tagSize-workSize)
	n := len(report)
	copy(plain, []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	copy(plain[lengthSize:], report)
	e = a.Seal(e, make([]byte, nonceSize), plain, e)
	return e[:cap(e)], nil
}

// NewCode draws the code that takes a report back; see [IDOf].
func NewCode(random Random) (code [16]byte, err error) {
	d := draw{random: random}
	b := d.draw()
	if d.failed {
		return code, &Error{Object: AReport, Fault: NoRandomness}
	}
	return [16]byte(b[:16]), nil
}

// draw draws 32 bytes at a time, and notices a source that is stuck. It fails
// closed: after one fault there is no more randomness.
type draw struct {
	random Random
	last   [32]byte // zeros before the first
	failed bool
}

func (d *draw) draw() (b [32]byte) {
	if d.failed || d.random == nil || d.random(b[:]) != nil {
		d.failed = true
		return [32]byte{}
	}
	same := true
	for i := range b {
		same = same && b[i] == b[0]
	}
	d.failed = same || b == d.last
	d.last = b
	return b
}
