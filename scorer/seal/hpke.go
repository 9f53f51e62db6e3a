// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/hkdf"
	"crypto/mlkem"
	"crypto/sha256"
	"crypto/sha3"

	"golang.org/x/crypto/chacha20poly1305"
)

// The sending half of HPKE (RFC 9180, base mode) in the one suite that we use:
// KEM MLKEM768-X25519 (draft-ietf-hpke-pq; also known as X-Wing), HKDF-SHA256,
// ChaCha20-Poly1305. crypto/hpke has all of this, and Open uses it; but it
// cannot be linked without the curves P-256, P-384 and P-521 and their tables,
// which make the courier module a quarter larger after compression (872 kB
// instead of 700). The parts are the standard library's; tests open with
// crypto/hpke what this has sealed, and compare with its published vector.
const (
	pqKeySize = mlkem.EncapsulationKeySize768
	nonceSize = chacha20poly1305.NonceSize

	kemLabel = `\./` + `/^\`
)

// sender seals to one public key, as hpke.Sender does, for one message.
type sender struct {
	key, nonce []byte // of the message
	exporter   []byte
}

// encapsulate is mlkem's, but for tests that compare with a published vector.
type encapsulate func(*mlkem.EncapsulationKey768) (secret, enc []byte)

// newSender makes a fresh secret for whoever has the private half of public,
// and gives what that person needs besides.
func newSender(public, info []byte, ephemeral *[32]byte, encap encapsulate) (enc []byte, s *sender, ok bool) {
	pq, err := mlkem.NewEncapsulationKey768(public[:pqKeySize])
	if err != nil {
		return nil, nil, false
	}
	point := (*[32]byte)(public[pqKeySize:])
	traditional, ok := x25519(ephemeral, point)
	if !ok {
		return nil, nil, false
	}
	shown, _ := x25519(ephemeral, &basePoint)
	secret, enc := encap(pq)

	h := sha3.New256()
	for _, part := range [][]byte{secret, traditional[:], shown[:], point[:], []byte(kemLabel)} {
		h.Write(part)
	}
	s, err = schedule(reports, h.Sum(nil), info, chacha20poly1305.KeySize)
	return append(enc, shown[:]...), s, err == nil
}

// suite is what RFC 9180 calls suite_id.
type suite string

const (
	reports = suite("HPKE\x64\x7a\x00\x01\x00\x03") // KEM, KDF and AEAD as above
	relayed = suite("HPKE\x00\x20\x00\x01\x00\x01") // X25519, HKDF-SHA256, AES-128-GCM: see relay.go
	agreed  = suite("KEM\x00\x20")                  // inside of the KEM X25519
)

// schedule is KeySchedule of RFC 9180, section 5.1.
func schedule(of suite, shared, info []byte, keySize int) (*sender, error) {
	noPSK, err := of.extract(nil, "psk_id_hash", nil)
	if err != nil {
		return nil, err
	}
	infoHash, err := of.extract(nil, "info_hash", info)
	if err != nil {
		return nil, err
	}
	context := append(append([]byte{0}, noPSK...), infoHash...)
	secret, err := of.extract(shared, "secret", nil)
	if err != nil {
		return nil, err
	}
	s := &sender{}
	if s.key, err = of.expand(secret, "key", context, keySize); err != nil {
		return nil, err
	}
	if s.nonce, err = of.expand(secret, "base_nonce", context, nonceSize); err != nil {
		return nil, err
	}
	s.exporter, err = of.expand(secret, "exp", context, sha256.Size)
	return s, err
}

// seal is ContextS.Seal for the first message, the only one.
func (s *sender) seal(dst, plain, aad []byte) ([]byte, bool) {
	a, err := chacha20poly1305.New(s.key)
	if err != nil {
		return nil, false
	}
	return a.Seal(dst, s.nonce, plain, aad), true
}

// extract is LabeledExtract.
func (of suite) extract(salt []byte, label string, input []byte) ([]byte, error) {
	labeled := append(append([]byte("HPKE-v1"), of...), label...)
	return hkdf.Extract(sha256.New, append(labeled, input...), salt)
}

// expand is LabeledExpand.
func (of suite) expand(secret []byte, label string, info []byte, length int) ([]byte, error) {
	labeled := append([]byte{byte(length >> 8), byte(length)}, "HPKE-v1"...)
	labeled = append(append(append(labeled, of...), label...), info...)
	return hkdf.Expand(sha256.New, secret, string(labeled), length)
}
