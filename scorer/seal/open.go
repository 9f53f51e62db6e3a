// SPDX-License-Identifier: Apache-2.0

//go:build !wasip1

package seal

import (
	"crypto/hpke"

	"golang.org/x/crypto/chacha20poly1305"
)

// Opening is the reviewers' half. It is left out of the courier module, which
// has no private key: see hpke.go for what it would weigh there.

// Open gives the report in an envelope that was sealed to the private key's
// public half. The bytes come from a stranger: [ParseReport] says whether they
// are a report, and the caller compares its id with the header's.
func Open(envelope []byte, private hpke.PrivateKey) ([]byte, error) {
	h, err := ParseHeader(envelope)
	if err != nil {
		return nil, err
	}
	want := keyID(private.PublicKey().Bytes())
	for i, id := range h.Keys {
		if id != want {
			continue
		}
		wrap := envelope[keysAt+i*wrapSize:][idSize:wrapSize]
		content, err := openWrap(wrap, private, info(h))
		if err != nil {
			return nil, &Error{Object: AnEnvelope, Fault: NotOpened}
		}
		return openBody(envelope, keysAt+len(h.Keys)*wrapSize, content)
	}
	return nil, &Error{Object: AnEnvelope, Fault: NotForThisKey}
}

func openWrap(wrap []byte, private hpke.PrivateKey, info []byte) ([]byte, error) {
	r, err := hpke.NewRecipient(wrap[:encSize], private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info)
	if err != nil {
		return nil, err
	}
	return r.Open(nil, wrap[encSize:])
}

// openBody checks that nothing but zeros fills the envelope up.
func openBody(envelope []byte, at int, content []byte) ([]byte, error) {
	bad := &Error{Object: AnEnvelope, Fault: NotOpened}
	a, err := chacha20poly1305.New(content)
	if err != nil {
		return nil, bad
	}
	plain, err := a.Open(nil, make([]byte, nonceSize), envelope[at:len(envelope)-workSize], envelope[:at])
	if err != nil || len(plain) < lengthSize {
		return nil, bad
	}
	n := uint64(plain[0])<<24 | uint64(plain[1])<<16 | uint64(plain[2])<<8 | uint64(plain[3])
	plain = plain[lengthSize:]
	if n > uint64(len(plain)) {
		return nil, bad
	}
	for _, b := range plain[n:] {
		if b != 0 {
			return nil, bad
		}
	}
	return plain[:n:n], nil
}
