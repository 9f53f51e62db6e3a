// SPDX-License-Identifier: Apache-2.0

package scorer

import "math/bits"

// sha256 is SHA-256 (FIPS 180-4) of at most 55 bytes: one block. It is here since
// crypto/sha256 would add 111 kB, compressed, to a module that checks the sum of
// a wallet once in a thousand listings. A test compares the two.
func sha256(msg []byte) [32]byte {
	var block [64]byte
	n := copy(block[:55], msg)
	block[n] = 0x80
	block[62], block[63] = byte(n>>5), byte(n<<3)
	var w [64]uint32
	for i := range 16 {
		b := block[4*i : 4*i+4]
		w[i] = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	for i := 16; i < 64; i++ {
		a, b := w[i-15], w[i-2]
		w[i] = w[i-16] + w[i-7] + (rotr(a, 7) ^ rotr(a, 18) ^ a>>3) + (rotr(b, 17) ^ rotr(b, 19) ^ b>>10)
	}
	start := [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}
	h := start
	for i := range 64 {
		t1 := h[7] + (rotr(h[4], 6) ^ rotr(h[4], 11) ^ rotr(h[4], 25)) + (h[4]&h[5] ^ ^h[4]&h[6]) + sha256K[i] + w[i]
		t2 := (rotr(h[0], 2) ^ rotr(h[0], 13) ^ rotr(h[0], 22)) + (h[0]&h[1] ^ h[0]&h[2] ^ h[1]&h[2])
		h = [8]uint32{t1 + t2, h[0], h[1], h[2], h[3] + t1, h[4], h[5], h[6]}
	}
	var out [32]byte
	for i := range h {
		v := h[i] + start[i]
		out[4*i], out[4*i+1], out[4*i+2], out[4*i+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
	return out
}

func rotr(x uint32, k int) uint32 { return bits.RotateLeft32(x, -k) }

var sha256K = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}
