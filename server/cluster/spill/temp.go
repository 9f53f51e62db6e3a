// SPDX-License-Identifier: Apache-2.0

package spill

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"os"
)

// named makes a file and takes its name away at once. Where a system does not
// allow that to an open file, the name stays until the system clears its
// temporary files; the content is unreadable.
func named(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "lapwing-*")
	if err == nil {
		_ = os.Remove(f.Name())
	}
	return f, err
}

// sealed is a file whose bytes are encrypted by their place (AES in counter
// mode). Each place is written once under one key.
type sealed struct {
	file  *os.File
	block cipher.Block
	size  int64
}

func newSealed(dir string) (*sealed, error) {
	f, err := temp(dir)
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	key := make([]byte, 16)
	rand.Read(key) // never fails
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return &sealed{file: f, block: block}, nil
}

// crypt turns plain into sealed bytes of the place at, and back.
func (s *sealed) crypt(p []byte, at int64) {
	var iv [aes.BlockSize]byte
	n := uint64(at) / aes.BlockSize
	for k := range 8 {
		iv[15-k] = byte(n >> (8 * k))
	}
	stream := cipher.NewCTR(s.block, iv[:])
	if skip := at % aes.BlockSize; skip > 0 {
		var pad [aes.BlockSize]byte
		stream.XORKeyStream(pad[:skip], pad[:skip])
	}
	stream.XORKeyStream(p, p)
}

// append writes p at the end; p is overwritten.
func (s *sealed) append(p []byte) error {
	s.crypt(p, s.size)
	n, err := s.file.WriteAt(p, s.size)
	s.size += int64(n)
	if err != nil {
		return fmt.Errorf("writing a temporary file: %w", err)
	}
	return nil
}

// read fills p from the place at.
func (s *sealed) read(p []byte, at int64) error {
	if _, err := s.file.ReadAt(p, at); err != nil {
		return fmt.Errorf("reading a temporary file: %w", err)
	}
	s.crypt(p, at)
	return nil
}
