// SPDX-License-Identifier: Apache-2.0

// Package releasetest is a publisher, a log, a server and a browser in memory,
// for tests of all that speaks the protocol of package release. Its keys are
// made from their names: everybody has them, so they are good for nothing else.
//
//	p := releasetest.NewPublisher(now)      // root 1, release 1
//	d := releasetest.NewDevice(p.Packaged)  // a browser that shipped with it
//	p.Publish(next, now+day)
//	result := d.Poll(p.Serve, now+day)
//
// A malicious server is a Server that answers something else.
package releasetest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"

	"lapwing/scorer/release"
)

// Signer has a private key.
type Signer struct {
	Key     release.Key
	private ed25519.PrivateKey
}

// NewSigner makes the key that belongs to a name.
func NewSigner(name string) Signer {
	seed := sha256.Sum256([]byte("releasetest: " + name))
	private := ed25519.NewKeyFromSeed(seed[:])
	k := release.Key{Name: name, Public: [32]byte(private.Public().(ed25519.PublicKey))}
	id := sha256.Sum256(append([]byte(name+"\n\x01"), k.Public[:]...))
	k.ID = uint32(id[0])<<24 | uint32(id[1])<<16 | uint32(id[2])<<8 | uint32(id[3])
	return Signer{k, private}
}

// Secret is the signer's key as golang.org/x/mod/sumdb/note reads it.
func (s Signer) Secret() string {
	return "PRIVATE+KEY+" + s.Key.Name + "+" + hex(s.id()) + "+" +
		base64.StdEncoding.EncodeToString(append([]byte{1}, s.private.Seed()...))
}

func (s Signer) id() []byte {
	return []byte{byte(s.Key.ID >> 24), byte(s.Key.ID >> 16), byte(s.Key.ID >> 8), byte(s.Key.ID)}
}

func hex(b []byte) string {
	const digits = "0123456789abcdef"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

// Line is the signer's line below a text.
func (s Signer) Line(text string) string {
	sig := append(s.id(), ed25519.Sign(s.private, []byte(text))...)
	return "— " + s.Key.Name + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
}

// Sign makes a signed note.
func Sign(text string, signers ...Signer) []byte {
	note := text + "\n"
	for _, s := range signers {
		note += s.Line(text)
	}
	return []byte(note)
}
