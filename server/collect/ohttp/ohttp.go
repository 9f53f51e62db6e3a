// SPDX-License-Identifier: Apache-2.0

package ohttp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// Media types of the messages.
const (
	RequestType  = "message/ohttp-req"
	ResponseType = "message/ohttp-res"
)

const (
	kemID, kdfID, aeadID = 0x0020, 0x0001, 0x0001

	headSize  = 1 + 2 + 2 + 2 // key, KEM, KDF, AEAD
	encSize   = 32
	keySize   = 16 // Nk of AES-128-GCM
	nonceSize = 12 // Nn
	tagSize   = 16
	// A response begins with so many random bytes: max(Nn, Nk).
	saltSize = 16

	// Overhead is by how much a sealed request is longer than a plain one.
	Overhead = headSize + encSize + tagSize

	requestLabel  = "message/bhttp request"
	responseLabel = "message/bhttp response"
)

// ErrUnknownKey says that a request was sealed to a key or with a suite that
// the gateway does not have. A client that gets to know it needs a newer release.
var ErrUnknownKey = errors.New("sealed to a key that this gateway does not have")

// errNotOpened says no more: whoever sends rubbish learns nothing from it.
var errNotOpened = errors.New("not a request that was sealed to this gateway")

func kem() hpke.KEM   { return hpke.DHKEM(ecdh.X25519()) }
func kdf() hpke.KDF   { return hpke.HKDFSHA256() }
func aead() hpke.AEAD { return hpke.AES128GCM() }

// Config is a key configuration, RFC 9458 section 3: what a client needs.
type Config struct {
	ID     uint8
	public hpke.PublicKey
}

// ParseConfig reads one that offers our suite, perhaps among others.
func ParseConfig(b []byte) (*Config, error) {
	bad := errors.New("reading key configuration: malformed")
	if len(b) < 1+2+encSize+2 {
		return nil, bad
	}
	c := &Config{ID: b[0]}
	if binary.BigEndian.Uint16(b[1:]) != kemID {
		return nil, errors.New("reading key configuration: want a key of X25519")
	}
	var err error
	if c.public, err = kem().NewPublicKey(b[3 : 3+encSize]); err != nil {
		return nil, bad
	}
	suites := b[3+encSize:]
	n := int(binary.BigEndian.Uint16(suites))
	if suites = suites[2:]; n != len(suites) || n == 0 || n%4 != 0 {
		return nil, bad
	}
	for ; len(suites) > 0; suites = suites[4:] {
		if binary.BigEndian.Uint16(suites) == kdfID && binary.BigEndian.Uint16(suites[2:]) == aeadID {
			return c, nil
		}
	}
	return nil, errors.New("reading key configuration: want HKDF-SHA256 with AES-128-GCM among its suites")
}

// Bytes is the inverse of ParseConfig, with our suite alone.
func (c *Config) Bytes() []byte {
	b := binary.BigEndian.AppendUint16([]byte{c.ID}, kemID)
	b = append(b, c.public.Bytes()...)
	b = binary.BigEndian.AppendUint16(b, 4)
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, kdfID), aeadID)
}

func (c *Config) head() []byte {
	b := []byte{c.ID}
	for _, id := range []uint16{kemID, kdfID, aeadID} {
		b = binary.BigEndian.AppendUint16(b, id)
	}
	return b
}

func info(head []byte) []byte {
	return append(append([]byte(requestLabel), 0), head...)
}

// Opener opens the response to one request.
type Opener struct {
	enc    []byte
	export func(string, int) ([]byte, error)
}

// Seal encapsulates a binary request.
func (c *Config) Seal(request []byte) (sealed []byte, o *Opener, err error) {
	head := c.head()
	enc, s, err := hpke.NewSender(c.public, kdf(), aead(), info(head))
	if err != nil {
		return nil, nil, err
	}
	body, err := s.Seal(nil, request)
	if err != nil {
		return nil, nil, err
	}
	return append(append(head, enc...), body...), &Opener{enc, s.Export}, nil
}

// Open gives the binary response in an encapsulated one.
func (o *Opener) Open(sealed []byte) ([]byte, error) {
	if len(sealed) < saltSize+tagSize {
		return nil, errors.New("opening response: cut short")
	}
	a, nonce, err := responseKey(o.enc, sealed[:saltSize], o.export)
	if err != nil {
		return nil, err
	}
	response, err := a.Open(nil, nonce, sealed[saltSize:], nil)
	if err != nil {
		return nil, errors.New("opening response: it is not of this request")
	}
	return response, nil
}

// responseKey is how both sides come to the key of a response, RFC 9458 section 4.4.
func responseKey(enc, salt []byte, export func(string, int) ([]byte, error)) (cipher.AEAD, []byte, error) {
	secret, err := export(responseLabel, saltSize)
	if err != nil {
		return nil, nil, err
	}
	prk, err := hkdf.Extract(sha256.New, secret, append(append([]byte{}, enc...), salt...))
	if err != nil {
		return nil, nil, err
	}
	key, err := hkdf.Expand(sha256.New, prk, "key", keySize)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := hkdf.Expand(sha256.New, prk, "nonce", nonceSize)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	a, err := cipher.NewGCM(block)
	return a, nonce, err
}

// Gateway opens requests. It is safe for concurrent use.
type Gateway struct {
	keys map[uint8]gatewayKey
}

type gatewayKey struct {
	private hpke.PrivateKey
	config  *Config
}

// NewGateway makes a gateway of secret keys, by their ID. There is more than
// one while clients go over to the next.
func NewGateway(secrets map[uint8][]byte) (*Gateway, error) {
	g := &Gateway{keys: map[uint8]gatewayKey{}}
	for id, secret := range secrets {
		private, err := kem().NewPrivateKey(secret)
		if err != nil {
			return nil, err
		}
		g.keys[id] = gatewayKey{private, &Config{id, private.PublicKey()}}
	}
	return g, nil
}

// Config gives the configuration of a key, or nil.
func (g *Gateway) Config(id uint8) *Config { return g.keys[id].config }

// Answer seals the response to one request.
type Answer struct {
	enc    []byte
	export func(string, int) ([]byte, error)
}

// Open gives the binary request in an encapsulated one.
func (g *Gateway) Open(sealed []byte) (request []byte, a *Answer, err error) {
	if len(sealed) < Overhead {
		return nil, nil, errNotOpened
	}
	key, ok := g.keys[sealed[0]]
	head := sealed[:headSize]
	if !ok || string(head) != string(key.config.head()) {
		return nil, nil, ErrUnknownKey
	}
	enc := append([]byte{}, sealed[headSize:headSize+encSize]...)
	r, err := hpke.NewRecipient(enc, key.private, kdf(), aead(), info(head))
	if err != nil {
		return nil, nil, errNotOpened
	}
	if request, err = r.Open(nil, sealed[headSize+encSize:]); err != nil {
		return nil, nil, errNotOpened
	}
	return request, &Answer{enc, r.Export}, nil
}

// Seal encapsulates a binary response.
func (a *Answer) Seal(response []byte) ([]byte, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails
	return a.sealWith(response, salt)
}

func (a *Answer) sealWith(response, salt []byte) ([]byte, error) {
	c, nonce, err := responseKey(a.enc, salt, a.export)
	if err != nil {
		return nil, err
	}
	return c.Seal(append([]byte{}, salt...), nonce, response, nil), nil
}
