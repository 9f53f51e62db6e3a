// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// The client's half of Oblivious HTTP (RFC 9458) in the one suite that our
// gateway has: X25519, HKDF-SHA256, AES-128-GCM. What is inside is sealed to
// reviewers already; this keeps the collector from learning who sent it, and the
// relay from learning that it was a report and not a withdrawal.
const (
	relayHead     = "\x00\x20\x00\x01\x00\x01" // KEM, KDF, AEAD, behind the key's ID
	relaySuite    = "\x00\x01\x00\x01"         // KDF, AEAD in a configuration
	relayKeySize  = 16
	relaySaltSize = 16
	maxRelayed    = 1 << 20

	requestLabel  = "message/bhttp request"
	responseLabel = "message/bhttp response"
)

// Destination is where in the collector a message goes.
type Destination uint8

// The destinations.
const (
	ToReports Destination = iota
	ToWithdrawals
	numDestinations
)

var paths = [numDestinations]string{"/v1/reports", "/v1/withdrawals"}

// Return is what is needed to read the answer to an encapsulated request.
type Return struct {
	Enc    [32]byte
	Secret [relayKeySize]byte
}

// Encapsulate makes a request to a collector of what a relay carries. Content is
// an envelope or a code.
func (r *Relay) Encapsulate(authority string, to Destination, content []byte, random Random) (sealed []byte, back Return, err error) {
	bad := &Error{Object: AnIntake, Key: "relay", Fault: Malformed}
	id, point, ok := r.key()
	if !ok || to >= numDestinations || !isWord(authority, 253) {
		return nil, back, bad
	}
	d := draw{random: random}
	ephemeral := d.draw()
	if d.failed {
		return nil, back, &Error{Object: AReport, Fault: NoRandomness}
	}
	shared, ok := x25519(&ephemeral, &point)
	if !ok {
		return nil, back, bad
	}
	back.Enc, _ = x25519(&ephemeral, &basePoint)
	secret, err := agree(shared[:], append(append([]byte(nil), back.Enc[:]...), point[:]...))
	if err != nil {
		return nil, back, err
	}
	head := append([]byte{id}, relayHead...)
	s, err := schedule(relayed, secret, append(append([]byte(requestLabel), 0), head...), relayKeySize)
	if err != nil {
		return nil, back, err
	}
	exported, err := relayed.expand(s.exporter, "sec", []byte(responseLabel), relayKeySize)
	if err != nil {
		return nil, back, err
	}
	back.Secret = [relayKeySize]byte(exported)
	a, err := aesGCM(s.key)
	if err != nil {
		return nil, back, err
	}
	return a.Seal(append(head, back.Enc[:]...), s.nonce, request(authority, to, content), nil), back, nil
}

// Decapsulate gives the status of the collector's answer.
func Decapsulate(back *Return, sealed []byte) (status int, err error) {
	bad := &Error{Object: AnEnvelope, Fault: NotOpened}
	if len(sealed) < relaySaltSize || len(sealed) > maxRelayed {
		return 0, bad
	}
	salt := append(append([]byte(nil), back.Enc[:]...), sealed[:relaySaltSize]...)
	prk, err := hkdf.Extract(sha256.New, back.Secret[:], salt)
	if err != nil {
		return 0, bad
	}
	key, err := hkdf.Expand(sha256.New, prk, "key", relayKeySize)
	if err != nil {
		return 0, bad
	}
	nonce, err := hkdf.Expand(sha256.New, prk, "nonce", nonceSize)
	if err != nil {
		return 0, bad
	}
	a, err := aesGCM(key)
	if err != nil {
		return 0, bad
	}
	plain, err := a.Open(nil, nonce, sealed[relaySaltSize:], nil)
	// A response with known lengths (1), and a status of three digits.
	if err != nil || len(plain) < 3 || plain[0] != 1 || plain[1]>>6 != 1 {
		return 0, bad
	}
	return int(plain[1]&0x3f)<<8 | int(plain[2]), nil
}

// key reads the configuration: ID, KEM, public key, suites.
func (r *Relay) key() (id uint8, point [32]byte, ok bool) {
	b := r.Config
	if len(b) < 1+2+32+2+4 || b[1] != 0 || b[2] != 0x20 {
		return 0, point, false
	}
	suites := b[37:]
	if int(b[35])<<8|int(b[36]) != len(suites) || len(suites)%4 != 0 {
		return 0, point, false
	}
	for ; len(suites) > 0; suites = suites[4:] {
		ok = ok || string(suites[:4]) == relaySuite
	}
	return b[0], [32]byte(b[3:35]), ok
}

// agree is ExtractAndExpand of DHKEM, RFC 9180 section 4.1.
func agree(shared, context []byte) ([]byte, error) {
	prk, err := agreed.extract(nil, "eae_prk", shared)
	if err != nil {
		return nil, err
	}
	return agreed.expand(prk, "shared_secret", context, 32)
}

func aesGCM(key []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// request is a POST in binary form with known lengths (RFC 9292).
func request(authority string, to Destination, content []byte) []byte {
	b := []byte{0}
	for _, s := range []string{"POST", "https", authority, paths[to]} {
		b = append(appendLength(b, len(s)), s...)
	}
	const name, value = "content-type", "application/octet-stream"
	b = appendLength(b, 2+len(name)+len(value))
	b = append(appendLength(b, len(name)), name...)
	b = append(appendLength(b, len(value)), value...)
	b = append(appendLength(b, len(content)), content...)
	return append(b, 0) // no trailers
}

// appendLength writes a variable-length integer of QUIC (RFC 9000, section 16).
func appendLength(b []byte, n int) []byte {
	switch {
	case n < 1<<6:
		return append(b, byte(n))
	case n < 1<<14:
		return append(b, byte(n>>8)|1<<6, byte(n))
	}
	return append(b, byte(n>>24)|2<<6, byte(n>>16), byte(n>>8), byte(n))
}
