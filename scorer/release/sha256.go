// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/sha256"
	"math/bits"
)

// The library has no assembly for WebAssembly, and what Go makes of its loops
// there hashes 70 MB a second: 20 ms for a pack of 1.5 MB, most of an update. The
// same without a loop and with all words in variables is twice as fast. Natively
// the library is used, which is faster by far. What is hashed is public.

// hashOf is the SHA-256 of some bytes.
func hashOf(b []byte) Hash {
	if inModule {
		return unrolledSHA256(b)
	}
	return sha256.Sum256(b)
}

// hashedAtOnce is how much one call of sha256Blocks takes: browsers make a
// function fast for its next call, not in the middle of one.
const hashedAtOnce = 8 << 10

func unrolledSHA256(b []byte) (sum Hash) {
	h := [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}
	length := uint64(len(b)) * 8
	for len(b) > hashedAtOnce {
		sha256Blocks(&h, b[:hashedAtOnce])
		b = b[hashedAtOnce:]
	}
	// The rest, a bit, zeros, and the length fill whole blocks.
	end := make([]byte, (len(b)+1+8+63)/64*64)
	copy(end, b)
	end[len(b)] = 0x80
	for i := range 8 {
		end[len(end)-1-i] = byte(length >> (8 * i))
	}
	sha256Blocks(&h, end)
	for i, word := range h {
		sum[4*i], sum[4*i+1], sum[4*i+2], sum[4*i+3] = byte(word>>24), byte(word>>16), byte(word>>8), byte(word)
	}
	return sum
}

// round is one of the 64 of FIPS 180-4: it changes two of the eight variables,
// and the next round takes them by other names.
func round(a, b, c, d, e, f, g, h, kw uint32) (newD, newH uint32) {
	h += (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) + (g ^ e&(f^g)) + kw
	return d + h, h + (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + (b ^ (a^b)&(b^c))
}

// word makes one of the 64 words of the schedule from those 16, 15, 7 and 2 before it.
func word(w16, w15, w7, w2 uint32) uint32 {
	return w16 + (bits.RotateLeft32(w15, -7) ^ bits.RotateLeft32(w15, -18) ^ w15>>3) +
		w7 + (bits.RotateLeft32(w2, -17) ^ bits.RotateLeft32(w2, -19) ^ w2>>10)
}

func wordAt(b *[64]byte, i int) uint32 {
	return uint32(b[i])<<24 | uint32(b[i+1])<<16 | uint32(b[i+2])<<8 | uint32(b[i+3])
}

// sha256Blocks takes whole blocks of 64 bytes.
//
//go:noinline
func sha256Blocks(state *[8]uint32, p []byte) {
	for ; len(p) >= 64; p = p[64:] {
		block := (*[64]byte)(p)
		a, b, c, d, e, f, g, h := state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
		w0 := wordAt(block, 0)
		d, h = round(a, b, c, d, e, f, g, h, 0x428a2f98+w0)
		w1 := wordAt(block, 4)
		c, g = round(h, a, b, c, d, e, f, g, 0x71374491+w1)
		w2 := wordAt(block, 8)
		b, f = round(g, h, a, b, c, d, e, f, 0xb5c0fbcf+w2)
		w3 := wordAt(block, 12)
		a, e = round(f, g, h, a, b, c, d, e, 0xe9b5dba5+w3)
		w4 := wordAt(block, 16)
		h, d = round(e, f, g, h, a, b, c, d, 0x3956c25b+w4)
		w5 := wordAt(block, 20)
		g, c = round(d, e, f, g, h, a, b, c, 0x59f111f1+w5)
		w6 := wordAt(block, 24)
		f, b = round(c, d, e, f, g, h, a, b, 0x923f82a4+w6)
		w7 := wordAt(block, 28)
		e, a = round(b, c, d, e, f, g, h, a, 0xab1c5ed5+w7)
		w8 := wordAt(block, 32)
		d, h = round(a, b, c, d, e, f, g, h, 0xd807aa98+w8)
		w9 := wordAt(block, 36)
		c, g = round(h, a, b, c, d, e, f, g, 0x12835b01+w9)
		w10 := wordAt(block, 40)
		b, f = round(g, h, a, b, c, d, e, f, 0x243185be+w10)
		w11 := wordAt(block, 44)
		a, e = round(f, g, h, a, b, c, d, e, 0x550c7dc3+w11)
		w12 := wordAt(block, 48)
		h, d = round(e, f, g, h, a, b, c, d, 0x72be5d74+w12)
		w13 := wordAt(block, 52)
		g, c = round(d, e, f, g, h, a, b, c, 0x80deb1fe+w13)
		w14 := wordAt(block, 56)
		f, b = round(c, d, e, f, g, h, a, b, 0x9bdc06a7+w14)
		w15 := wordAt(block, 60)
		e, a = round(b, c, d, e, f, g, h, a, 0xc19bf174+w15)
		w0 = word(w0, w1, w9, w14)
		d, h = round(a, b, c, d, e, f, g, h, 0xe49b69c1+w0)
		w1 = word(w1, w2, w10, w15)
		c, g = round(h, a, b, c, d, e, f, g, 0xefbe4786+w1)
		w2 = word(w2, w3, w11, w0)
		b, f = round(g, h, a, b, c, d, e, f, 0x0fc19dc6+w2)
		w3 = word(w3, w4, w12, w1)
		a, e = round(f, g, h, a, b, c, d, e, 0x240ca1cc+w3)
		w4 = word(w4, w5, w13, w2)
		h, d = round(e, f, g, h, a, b, c, d, 0x2de92c6f+w4)
		w5 = word(w5, w6, w14, w3)
		g, c = round(d, e, f, g, h, a, b, c, 0x4a7484aa+w5)
		w6 = word(w6, w7, w15, w4)
		f, b = round(c, d, e, f, g, h, a, b, 0x5cb0a9dc+w6)
		w7 = word(w7, w8, w0, w5)
		e, a = round(b, c, d, e, f, g, h, a, 0x76f988da+w7)
		w8 = word(w8, w9, w1, w6)
		d, h = round(a, b, c, d, e, f, g, h, 0x983e5152+w8)
		w9 = word(w9, w10, w2, w7)
		c, g = round(h, a, b, c, d, e, f, g, 0xa831c66d+w9)
		w10 = word(w10, w11, w3, w8)
		b, f = round(g, h, a, b, c, d, e, f, 0xb00327c8+w10)
		w11 = word(w11, w12, w4, w9)
		a, e = round(f, g, h, a, b, c, d, e, 0xbf597fc7+w11)
		w12 = word(w12, w13, w5, w10)
		h, d = round(e, f, g, h, a, b, c, d, 0xc6e00bf3+w12)
		w13 = word(w13, w14, w6, w11)
		g, c = round(d, e, f, g, h, a, b, c, 0xd5a79147+w13)
		w14 = word(w14, w15, w7, w12)
		f, b = round(c, d, e, f, g, h, a, b, 0x06ca6351+w14)
		w15 = word(w15, w0, w8, w13)
		e, a = round(b, c, d, e, f, g, h, a, 0x14292967+w15)
		w0 = word(w0, w1, w9, w14)
		d, h = round(a, b, c, d, e, f, g, h, 0x27b70a85+w0)
		w1 = word(w1, w2, w10, w15)
		c, g = round(h, a, b, c, d, e, f, g, 0x2e1b2138+w1)
		w2 = word(w2, w3, w11, w0)
		b, f = round(g, h, a, b, c, d, e, f, 0x4d2c6dfc+w2)
		w3 = word(w3, w4, w12, w1)
		a, e = round(f, g, h, a, b, c, d, e, 0x53380d13+w3)
		w4 = word(w4, w5, w13, w2)
		h, d = round(e, f, g, h, a, b, c, d, 0x650a7354+w4)
		w5 = word(w5, w6, w14, w3)
		g, c = round(d, e, f, g, h, a, b, c, 0x766a0abb+w5)
		w6 = word(w6, w7, w15, w4)
		f, b = round(c, d, e, f, g, h, a, b, 0x81c2c92e+w6)
		w7 = word(w7, w8, w0, w5)
		e, a = round(b, c, d, e, f, g, h, a, 0x92722c85+w7)
		w8 = word(w8, w9, w1, w6)
		d, h = round(a, b, c, d, e, f, g, h, 0xa2bfe8a1+w8)
		w9 = word(w9, w10, w2, w7)
		c, g = round(h, a, b, c, d, e, f, g, 0xa81a664b+w9)
		w10 = word(w10, w11, w3, w8)
		b, f = round(g, h, a, b, c, d, e, f, 0xc24b8b70+w10)
		w11 = word(w11, w12, w4, w9)
		a, e = round(f, g, h, a, b, c, d, e, 0xc76c51a3+w11)
		w12 = word(w12, w13, w5, w10)
		h, d = round(e, f, g, h, a, b, c, d, 0xd192e819+w12)
		w13 = word(w13, w14, w6, w11)
		g, c = round(d, e, f, g, h, a, b, c, 0xd6990624+w13)
		w14 = word(w14, w15, w7, w12)
		f, b = round(c, d, e, f, g, h, a, b, 0xf40e3585+w14)
		w15 = word(w15, w0, w8, w13)
		e, a = round(b, c, d, e, f, g, h, a, 0x106aa070+w15)
		w0 = word(w0, w1, w9, w14)
		d, h = round(a, b, c, d, e, f, g, h, 0x19a4c116+w0)
		w1 = word(w1, w2, w10, w15)
		c, g = round(h, a, b, c, d, e, f, g, 0x1e376c08+w1)
		w2 = word(w2, w3, w11, w0)
		b, f = round(g, h, a, b, c, d, e, f, 0x2748774c+w2)
		w3 = word(w3, w4, w12, w1)
		a, e = round(f, g, h, a, b, c, d, e, 0x34b0bcb5+w3)
		w4 = word(w4, w5, w13, w2)
		h, d = round(e, f, g, h, a, b, c, d, 0x391c0cb3+w4)
		w5 = word(w5, w6, w14, w3)
		g, c = round(d, e, f, g, h, a, b, c, 0x4ed8aa4a+w5)
		w6 = word(w6, w7, w15, w4)
		f, b = round(c, d, e, f, g, h, a, b, 0x5b9cca4f+w6)
		w7 = word(w7, w8, w0, w5)
		e, a = round(b, c, d, e, f, g, h, a, 0x682e6ff3+w7)
		w8 = word(w8, w9, w1, w6)
		d, h = round(a, b, c, d, e, f, g, h, 0x748f82ee+w8)
		w9 = word(w9, w10, w2, w7)
		c, g = round(h, a, b, c, d, e, f, g, 0x78a5636f+w9)
		w10 = word(w10, w11, w3, w8)
		b, f = round(g, h, a, b, c, d, e, f, 0x84c87814+w10)
		w11 = word(w11, w12, w4, w9)
		a, e = round(f, g, h, a, b, c, d, e, 0x8cc70208+w11)
		w12 = word(w12, w13, w5, w10)
		h, d = round(e, f, g, h, a, b, c, d, 0x90befffa+w12)
		w13 = word(w13, w14, w6, w11)
		g, c = round(d, e, f, g, h, a, b, c, 0xa4506ceb+w13)
		w14 = word(w14, w15, w7, w12)
		f, b = round(c, d, e, f, g, h, a, b, 0xbef9a3f7+w14)
		w15 = word(w15, w0, w8, w13)
		e, a = round(b, c, d, e, f, g, h, a, 0xc67178f2+w15)
		for i, v := range [8]uint32{a, b, c, d, e, f, g, h} {
			state[i] += v
		}
	}
}
