// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/sha256"

	"lapwing/scorer/release"
)

// The two sizes of an envelope. Every report has one of them.
const (
	SmallEnvelope = 4096
	LargeEnvelope = 16384
)

var sizes = [...]int{SmallEnvelope, LargeEnvelope} // by size class

const (
	magic    = "LWE1"
	version  = 1
	idAt     = 8
	boundAt  = idAt + 16    // hash of the release note
	keysAt   = boundAt + 32 // wraps of the content key
	idSize   = 8            // of a key
	encSize  = 1088 + 32
	wrapSize = idSize + encSize + contentKeySize + tagSize
	workSize = 8

	contentKeySize = 32
	tagSize        = 16
	lengthSize     = 4
)

// KeyID is the first bytes of SHA-256 of a public key.
type KeyID [idSize]byte

// ID gives the ID by which a reviewer finds her part of an envelope.
func (k *Key) ID() KeyID { return keyID(k.Public) }

func keyID(public []byte) KeyID {
	h := sha256.Sum256(public)
	return KeyID(h[:idSize])
}

const idTitle = "lapwing withdrawal v1\n"

// IDOf gives a report's id. The code is random, and is all that takes the
// report back; whoever has the id alone cannot.
func IDOf(code [16]byte) [16]byte {
	h := sha256.Sum256(append([]byte(idTitle), code[:]...))
	return [16]byte(h[:16])
}

// Header is what an envelope shows to whoever carries it. A carrier can check
// its form, and not what it holds.
type Header struct {
	ID      [16]byte
	Release release.Hash // of the release note in force
	Keys    []KeyID
}

// ParseHeader reads what stands outside of the seal, and checks that the whole
// has the form of an envelope. Whether it can be opened is another question.
func ParseHeader(envelope []byte) (*Header, error) {
	bad := &Error{Object: AnEnvelope, Fault: Malformed}
	if len(envelope) < SmallEnvelope || string(envelope[:len(magic)]) != magic {
		return nil, bad
	}
	if envelope[4] != version {
		return nil, &Error{Object: AnEnvelope, Fault: UnknownFormat}
	}
	class, n := int(envelope[5]), int(envelope[6])
	if class >= len(sizes) || len(envelope) != sizes[class] || n < 1 || n > MaxKeys || Room(sizes[class], n) < 0 || envelope[7] != 0 {
		return nil, bad
	}
	h := &Header{ID: [16]byte(envelope[idAt:]), Release: release.Hash(envelope[boundAt:keysAt]), Keys: make([]KeyID, n)}
	for i := range h.Keys {
		h.Keys[i] = KeyID(envelope[keysAt+i*wrapSize:])
	}
	return h, nil
}

// Room is how many bytes of report fit into an envelope of a size that is
// sealed to n keys. Below 0, not even an empty one does.
func Room(size, n int) int {
	return size - keysAt - n*wrapSize - tagSize - lengthSize - workSize
}

// info is what a content key is bound to.
func info(h *Header) []byte {
	b := append(make([]byte, 0, 80), "lapwing report v1\x00"...)
	b = append(b, h.Release[:]...)
	return append(b, h.ID[:]...)
}
