// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/hex"
	"testing"
)

// The vectors of RFC 7748, section 5.2.
func TestX25519GivesThePublishedValues(t *testing.T) {
	for _, v := range []struct{ scalar, point, want string }{
		{"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
		{"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
	} {
		got, ok := x25519(bytes32(t, v.scalar), bytes32(t, v.point))
		if s := hex.EncodeToString(got[:]); !ok || s != v.want {
			t.Errorf("got %s, want %s", s, v.want)
		}
	}
}

func TestX25519AgreesWithTheStandardLibrary(t *testing.T) {
	for range 200 {
		var scalar, other [32]byte
		rand.Read(scalar[:])
		rand.Read(other[:])
		mine, err := ecdh.X25519().NewPrivateKey(scalar[:])
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := ecdh.X25519().NewPublicKey(other[:]) // any 32 bytes are a point of the curve or its twist
		if err != nil {
			t.Fatal(err)
		}
		want, err := mine.ECDH(theirs)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := x25519(&scalar, &other)
		if !ok || !bytes.Equal(got[:], want) {
			t.Fatalf("scalar %x, point %x: got %x, want %x", scalar, other, got, want)
		}
		if got, _ := x25519(&scalar, &basePoint); !bytes.Equal(got[:], mine.PublicKey().Bytes()) {
			t.Fatalf("scalar %x: public key %x, want %x", scalar, got, mine.PublicKey().Bytes())
		}
	}
	if _, ok := x25519(&[32]byte{1}, &[32]byte{}); ok {
		t.Error("a point of low order was accepted: everybody would know the secret")
	}
}

func bytes32(t *testing.T, digits string) *[32]byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return (*[32]byte)(b)
}
