// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bufio"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

const (
	magic    = "lapwing desk v1\n"
	saltSize = 16
	headSize = int64(len(magic) + saltSize)

	maxText   = 16 << 10
	fixedSize = 1 + 4 + 8 + 16
	maxSealed = fixedSize + maxText + chacha20poly1305.Overhead
)

// kind is what a record says.
type kind uint8

const (
	aReport kind = 1
	gone    kind = 2
)

// Entry is one report as it was pulled.
type Entry struct {
	Day      uint32 // on which it came, days since 1970
	Sequence uint64 // at the collector
	ID       [16]byte
	Text     []byte // the report, byte for byte as its sender saw it
}

// codec seals and opens the records of one file.
type codec struct {
	aead cipher.AEAD
	salt [saltSize]byte
}

func newCodec(key []byte, salt [saltSize]byte) (*codec, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	return &codec{aead, salt}, nil
}

func (c *codec) bound(place int64) []byte {
	return binary.BigEndian.AppendUint64(append(make([]byte, 0, saltSize+8), c.salt[:]...), uint64(place))
}

// append adds the record that will stand at a place of the file.
func (c *codec) append(b []byte, place int64, k kind, e *Entry) []byte {
	content := make([]byte, 0, fixedSize+len(e.Text))
	content = append(content, byte(k))
	content = binary.BigEndian.AppendUint32(content, e.Day)
	content = binary.BigEndian.AppendUint64(content, e.Sequence)
	content = append(append(content, e.ID[:]...), e.Text...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(content)+c.aead.Overhead()))
	nonce := len(b)
	b = append(b, make([]byte, chacha20poly1305.NonceSizeX)...)
	rand.Read(b[nonce:])
	return c.aead.Seal(b, b[nonce:], content, c.bound(place))
}

// errCut says that the file ends inside a record.
var errCut = errors.New("cut short")

// next reads the record at a place, and gives where the one after it stands.
func (c *codec) next(r *bufio.Reader, place int64) (k kind, e Entry, after int64, err error) {
	var head [4 + chacha20poly1305.NonceSizeX]byte
	switch _, err := io.ReadFull(r, head[:]); {
	case err == io.EOF:
		return 0, e, 0, io.EOF
	case err == io.ErrUnexpectedEOF:
		return 0, e, 0, errCut
	case err != nil:
		return 0, e, 0, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < fixedSize+chacha20poly1305.Overhead || n > maxSealed {
		return 0, e, 0, fmt.Errorf("a record of %d bytes", n)
	}
	sealed := make([]byte, n)
	if _, err := io.ReadFull(r, sealed); err == io.ErrUnexpectedEOF || err == io.EOF {
		return 0, e, 0, errCut
	} else if err != nil {
		return 0, e, 0, err
	}
	content, err := c.aead.Open(sealed[:0], head[4:], sealed, c.bound(place))
	if err != nil {
		return 0, e, 0, errors.New("a record that this key has not sealed, or not here")
	}
	k = kind(content[0])
	e.Day = binary.BigEndian.Uint32(content[1:])
	e.Sequence = binary.BigEndian.Uint64(content[5:])
	copy(e.ID[:], content[13:])
	e.Text = content[fixedSize:]
	return k, e, place + int64(len(head)) + int64(n), nil
}
