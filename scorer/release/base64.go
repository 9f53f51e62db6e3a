// SPDX-License-Identifier: Apache-2.0

package release

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// DecodeBase64 reads standard base64 in its one canonical form: padded, and
// with zeros in the bits that stand for nothing. (encoding/base64 would bring
// encoding/binary and reflect into the module.)
func DecodeBase64(s string) ([]byte, bool) {
	if len(s)%4 != 0 || len(s) == 0 {
		return nil, false
	}
	pad := 0
	for pad < 2 && s[len(s)-1-pad] == '=' {
		pad++
	}
	out := make([]byte, 0, len(s)/4*3)
	var acc uint32
	for i := 0; i < len(s)-pad; i++ {
		d, ok := base64Digit(s[i])
		if !ok {
			return nil, false
		}
		acc = acc<<6 | d
		if i%4 == 3 {
			out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
			acc = 0
		}
	}
	switch pad {
	case 1:
		if acc&3 != 0 {
			return nil, false
		}
		out = append(out, byte(acc>>10), byte(acc>>2))
	case 2:
		if acc&15 != 0 {
			return nil, false
		}
		out = append(out, byte(acc>>4))
	}
	return out, true
}

func base64Digit(c byte) (uint32, bool) {
	switch {
	case c >= 'A' && c <= 'Z':
		return uint32(c - 'A'), true
	case c >= 'a' && c <= 'z':
		return uint32(c-'a') + 26, true
	case c >= '0' && c <= '9':
		return uint32(c-'0') + 52, true
	case c == '+':
		return 62, true
	case c == '/':
		return 63, true
	}
	return 0, false
}

// EncodeBase64 writes what DecodeBase64 reads.
func EncodeBase64(b []byte) string {
	out := make([]byte, 0, (len(b)+2)/3*4)
	for ; len(b) >= 3; b = b[3:] {
		v := uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
		out = append(out, base64Digits[v>>18], base64Digits[v>>12&63], base64Digits[v>>6&63], base64Digits[v&63])
	}
	switch len(b) {
	case 1:
		v := uint32(b[0]) << 4
		out = append(out, base64Digits[v>>6], base64Digits[v&63], '=', '=')
	case 2:
		v := uint32(b[0])<<10 | uint32(b[1])<<2
		out = append(out, base64Digits[v>>12], base64Digits[v>>6&63], base64Digits[v&63], '=')
	}
	return string(out)
}

const hexDigits = "0123456789abcdef"

// EncodeHex writes lower-case hexadecimal digits.
func EncodeHex(b []byte) string {
	out := make([]byte, 0, 2*len(b))
	for _, c := range b {
		out = append(out, hexDigits[c>>4], hexDigits[c&15])
	}
	return string(out)
}

// DecodeHex reads lower-case hexadecimal digits, two for each byte of out.
func DecodeHex(out []byte, s string) bool {
	if len(s) != 2*len(out) {
		return false
	}
	for i := range out {
		hi, ok1 := hexDigit(s[2*i])
		lo, ok2 := hexDigit(s[2*i+1])
		if !ok1 || !ok2 {
			return false
		}
		out[i] = hi<<4 | lo
	}
	return true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}
