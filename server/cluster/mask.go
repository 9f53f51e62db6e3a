// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"strings"
	"unicode"

	"lapwing/scorer/seal"
)

// leastHidden is how many digits make a number that is hidden whatever it is:
// two prices or two years side by side have eight.
const leastHidden = 9

// maskNumbers hides long numbers that the redactor did not take for a phone's,
// since a template is shown to people who did not write it.
func maskNumbers(text string) string {
	var b strings.Builder
	done := 0
	for from := 0; from < len(text); {
		if text[from]-'0' > 9 && text[from] < 0x80 {
			from++
			continue
		}
		end, digits := number(text[from:])
		if digits >= leastHidden {
			b.WriteString(text[done:from])
			b.WriteString(seal.Phone.Placeholder())
			done = from + end
		}
		from += max(end, 1)
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

// number measures digits with up to two signs between them, as people write
// telephone numbers; end is 0 where text does not begin with a digit.
func number(text string) (end, digits int) {
	between := 0
	for k, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
			between = 0
			end = k + len(string(r))
		case digits > 0 && between < 2 && (unicode.IsSpace(r) || strings.ContainsRune("()-./+", r) || unicode.Is(unicode.Pd, r)):
			between++
		default:
			return end, digits
		}
	}
	return end, digits
}
