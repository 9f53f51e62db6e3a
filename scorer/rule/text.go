// SPDX-License-Identifier: Apache-2.0

package rule

// The few functions of packages strings and strconv that parsing needs. The
// packages themselves bring tables of Unicode into the module.

func hasPrefix(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

// indexByte gives where c is first in s, or -1.
func indexByte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// lastIndexByte gives where c is last in s, or -1.
func lastIndexByte(s string, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func trim(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// fields cuts s at white space.
func fields(s string) (list []string) {
	for s = trim(s); s != ""; s = trim(s) {
		n := 0
		for n < len(s) && !isSpace(s[n]) {
			n++
		}
		list = append(list, s[:n])
		s = s[n:]
	}
	return list
}

// number reads a whole number below 2^32 in decimal digits.
func number(s string) (n uint32, ok bool) {
	v := uint64(0)
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		if v = v*10 + uint64(s[i]-'0'); v >= 1<<32 {
			return 0, false
		}
	}
	return uint32(v), s != ""
}

// itoa writes a whole number.
func itoa(n int) string { return string(appendNumber(nil, uint32(n))) }

func appendNumber(b []byte, n uint32) []byte {
	if n >= 10 {
		b = appendNumber(b, n/10)
	}
	return append(b, '0'+byte(n%10))
}
