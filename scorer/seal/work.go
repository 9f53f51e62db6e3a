// SPDX-License-Identifier: Apache-2.0

package seal

import "crypto/sha256"

const workTitle = "lapwing work v1\n"

// Work looks for a proof of work that is bound to the envelope: it tries so many
// nonces from start on. Where found is true, PutWork writes the nonce; where it
// is false, go on at start + tries. So a caller can show progress, stop, or die
// and go on.
func Work(envelope []byte, start, tries uint64, bits uint8) (nonce uint64, found bool) {
	block := workBlock(envelope)
	for n := start; n-start < tries; n++ {
		if hashOfWork(&block, n)>>(64-bits) == 0 {
			return n, true
		}
	}
	return 0, false
}

// PutWork writes the nonce that Work found into the envelope's last bytes.
func PutWork(envelope []byte, nonce uint64) {
	for i := range workSize {
		envelope[len(envelope)-workSize+i] = byte(nonce >> (56 - 8*i))
	}
}

// CheckWork reports whether the envelope's nonce is worth at least so many bits.
func CheckWork(envelope []byte, bits uint8) bool {
	if len(envelope) < workSize || bits > MaxWork {
		return false
	}
	block := workBlock(envelope)
	nonce := uint64(0)
	for _, b := range envelope[len(envelope)-workSize:] {
		nonce = nonce<<8 | uint64(b)
	}
	return hashOfWork(&block, nonce)>>(64-bits) == 0
}

// workBlock is what is hashed once for every nonce: the hash of the rest of the
// envelope, and room for the nonce.
func workBlock(envelope []byte) (block [sha256.Size + workSize]byte) {
	h := sha256.New()
	h.Write([]byte(workTitle))
	h.Write(envelope[:len(envelope)-workSize])
	h.Sum(block[:0])
	return block
}

// hashOfWork gives the first eight bytes of the hash, as a number.
func hashOfWork(block *[sha256.Size + workSize]byte, nonce uint64) (n uint64) {
	for i := range workSize {
		block[sha256.Size+i] = byte(nonce >> (56 - 8*i))
	}
	sum := sha256.Sum256(block[:])
	for _, b := range sum[:8] {
		n = n<<8 | uint64(b)
	}
	return n
}
