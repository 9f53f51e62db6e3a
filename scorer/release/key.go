// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/ed25519"
	"crypto/sha256"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Key is a public key as C2SP signed notes write it: name+id+base64(1 || key).
type Key struct {
	Name   string
	ID     uint32
	Public [ed25519.PublicKeySize]byte
}

// algEd25519 is the only kind of key that this format has. Signatures of other
// kinds are those of unknown keys, and pass unread.
const algEd25519 = 1

// ParseKey reads a verifier key as golang.org/x/mod/sumdb/note prints it.
func ParseKey(s string) (Key, bool) {
	name, rest, _ := strings.Cut(s, "+")
	id, code, _ := strings.Cut(rest, "+")
	raw, ok := DecodeBase64(code)
	var hash [4]byte
	if !ok || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 || !DecodeHex(hash[:], id) || !validName(name) {
		return Key{}, false
	}
	k := Key{Name: name, Public: [ed25519.PublicKeySize]byte(raw[1:])}
	k.ID = k.id()
	return k, k.ID == bigEndian(hash[:])
}

// String is the inverse of ParseKey.
func (k Key) String() string {
	id := [4]byte{byte(k.ID >> 24), byte(k.ID >> 16), byte(k.ID >> 8), byte(k.ID)}
	return k.Name + "+" + EncodeHex(id[:]) + "+" + EncodeBase64(k.typed())
}

func (k Key) typed() []byte { return append([]byte{algEd25519}, k.Public[:]...) }

// id is the first four bytes of SHA-256(name || newline || type || key).
func (k Key) id() uint32 {
	sum := sha256.Sum256(append([]byte(k.Name+"\n"), k.typed()...))
	return bigEndian(sum[:4])
}

func bigEndian(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// validName accepts what a signed note may have for the name of a key.
func validName(name string) bool {
	return name != "" && utf8.ValidString(name) && strings.IndexByte(name, '+') < 0 &&
		strings.IndexFunc(name, unicode.IsSpace) < 0
}
