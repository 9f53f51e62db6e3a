// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/normal"
	"lapwing/scorer/rule"
)

// wallet finds an address of a cryptocurrency. Its checksum is verified where it
// has one, so that an ordinary long word is none. Capitals matter, so the text is
// read as it was given.
func (sc *scratch) wallet(i uint32) {
	f := sc.field(i)
	t := &sc.fields[f]
	text := sc.listing.Text[f]
	from, to := normal.Origin(text, sc.buf.Marks[t.marks[0]:t.marks[1]], sc.edges[2*i], sc.edges[2*i+1])
	if w := text[from:to]; len(w) <= 90 && (base58check(w) || bech32(w) || hexAddress(w)) {
		sc.add(entity{class: rule.Wallet, first: i, last: i})
	}
}

// hexAddress is "0x" and 40 hexadecimal digits. Its optional checksum lives in
// the capitals (EIP-55) and needs Keccak, which is not worth its weight here.
func hexAddress(w string) bool {
	if len(w) != 42 || w[0] != '0' || w[1]|0x20 != 'x' {
		return false
	}
	for k := 2; k < len(w); k++ {
		if c := w[k] | 0x20; c-'0' >= 10 && c-'a' >= 6 {
			return false
		}
	}
	return true
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58check verifies an address of Bitcoin's first kinds or of Tron: 25 bytes
// in base 58, the last four of which begin the double SHA-256 of the others.
func base58check(w string) bool {
	if len(w) < 26 || len(w) > 35 {
		return false
	}
	var out [25]byte
	for k := 0; k < len(w); k++ {
		digit := -1
		for v := 0; v < len(base58); v++ {
			if base58[v] == w[k] {
				digit = v
				break
			}
		}
		if digit < 0 {
			return false
		}
		carry := digit
		for b := len(out) - 1; b >= 0; b-- {
			carry += int(out[b]) * 58
			out[b] = byte(carry)
			carry >>= 8
		}
		if carry != 0 {
			return false
		}
	}
	once := sha256(out[:21])
	twice := sha256(once[:])
	return string(twice[:4]) == string(out[21:])
}

const bech32Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 verifies an address of BIP 173 or BIP 350 of Bitcoin, its test network,
// or Litecoin.
func bech32(w string) bool {
	split := -1
	for k := 0; k < len(w); k++ {
		if w[k] == '1' {
			split = k
		}
	}
	if split < 2 || split+7 > len(w) || len(w) > 90 {
		return false
	}
	name := w[:split]
	if name != "bc" && name != "tb" && name != "ltc" && name != "BC" {
		return false
	}
	sum := uint32(1)
	for k := range len(name) {
		sum = bech32Step(sum, uint32(name[k]|0x20)>>5)
	}
	sum = bech32Step(sum, 0)
	for k := range len(name) {
		sum = bech32Step(sum, uint32(name[k]|0x20)&31)
	}
	for k := split + 1; k < len(w); k++ {
		digit := -1
		for v := range len(bech32Digits) {
			if bech32Digits[v] == w[k]|asciiLower(w[k]) {
				digit = v
			}
		}
		if digit < 0 {
			return false
		}
		sum = bech32Step(sum, uint32(digit))
	}
	return sum == 1 || sum == 0x2bc830a3
}

func asciiLower(c byte) byte {
	if c-'A' < 26 {
		return 0x20
	}
	return 0
}

func bech32Step(sum, digit uint32) uint32 {
	top := sum >> 25
	sum = sum&0x1ffffff<<5 ^ digit
	for k, g := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
		if top>>k&1 == 1 {
			sum ^= g
		}
	}
	return sum
}
