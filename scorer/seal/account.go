// SPDX-License-Identifier: Apache-2.0

package seal

import "unicode/utf8"

// ibans finds numbers of bank accounts (ISO 13616): two letters, two check
// digits, up to 30 letters and digits, in groups or not. The sum is verified.
func ibans(text string) (out []passage) {
	for at := 0; at+15 <= len(text); at++ {
		if at > 0 && isAlphanumeric(text[at-1]) || !isCapital(text[at]) || !isCapital(text[at+1]) || text[at+2]-'0' >= 10 {
			continue
		}
		if end := iban(text[at:]); end > 0 {
			out = append(out, passage{at, at + end, Account})
			at += end
		}
	}
	return out
}

// iban gives the length of the longest IBAN that a text begins with, or 0.
func iban(text string) int {
	var compact [34]byte
	n, end := 0, 0
	for i := 0; i < len(text) && n < len(compact); i++ {
		c := text[i]
		if (c == ' ' || c == '-') && i > 0 && isAlphanumeric(text[i-1]) {
			continue
		}
		if !isAlphanumeric(c) {
			break
		}
		compact[n] = c &^ (c >> 1 & 0x20) // capital
		n++
		whole := i+1 == len(text) || !isAlphanumeric(text[i+1])
		if n >= 15 && whole && sums(compact[:n]) {
			end = i + 1
		}
	}
	return end
}

// sums is the check of ISO 7064, MOD 97-10, on the number with its first four
// characters moved to the end.
func sums(number []byte) bool {
	rest := 0
	for i := range number {
		c := number[(i+4)%len(number)]
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

func isCapital(c byte) bool      { return c-'A' < 26 }
func isAlphanumeric(c byte) bool { return c|0x20-'a' < 26 || c-'0' < 10 }

// leastDigits is from how many digits on a number may be that of an account, a
// card or a person. Amounts are shorter, or have points in them.
const leastDigits = 9

// longNumbers finds runs of digits of any script, in groups or not.
func longNumbers(text string) (out []passage) {
	for at := 0; at < len(text); {
		end, digits := digitRun(text[at:])
		if digits >= leastDigits {
			out = append(out, passage{at, at + end, Account})
		}
		if digits == 0 {
			_, end = utf8.DecodeRuneInString(text[at:])
		}
		at += end
	}
	return out
}

// digitRun gives where the digits that a text begins with end, and how many
// there are. One space or hyphen may stand between two. A date as 2026-11-24 is
// a run of its own that has no digits to speak of.
func digitRun(text string) (end, digits int) {
	if len(text) >= 10 && isDay(text[:10]) {
		return 10, 1
	}
	for at, gap := 0, false; at < len(text); {
		c, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case isDigit(c):
			digits++
			gap = false
			end = at + size
		case digits > 0 && !gap && (c == ' ' || c == '-' || c == 0xa0):
			gap = true
		default:
			return end, digits
		}
		at += size
	}
	return end, digits
}

// zeros are the digits nought of scripts that are written in adverts; nine more follow each.
var zeros = [...]rune{'0', 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0xff10}

func isDigit(c rune) bool {
	for _, zero := range zeros {
		if c >= zero && c <= zero+9 {
			return true
		}
	}
	return false
}

// isCard verifies the sum of a card's number (ISO 7812), written with ASCII digits.
func isCard(number string) bool {
	sum, digits := 0, 0
	for i := len(number) - 1; i >= 0; i-- {
		v := int(number[i]) - '0'
		if v < 0 || v > 9 {
			continue
		}
		if digits%2 == 1 {
			v *= 2
		}
		sum += v/10 + v%10
		digits++
	}
	return digits >= 13 && digits <= 19 && sum%10 == 0
}
