// SPDX-License-Identifier: Apache-2.0

package scorer

import "lapwing/scorer/rule"

// maxPhoneWords is the most words that a telephone number is looked for in.
const maxPhoneWords = 20

// dial is a telephone number in the making.
type dial struct {
	digits  int // telephone digits so far
	groups  int // words
	spelled int // digits spelled as words, or letters that stand for digits
	lone    int // words of one digit
	lengths [4]int
	lead    [4]byte // first digits
}

func (d *dial) digit(v byte) {
	if d.digits < len(d.lead) {
		d.lead[d.digits] = v
	}
	d.digits++
}

// telephone finds a telephone number that begins with notable k. It returns the
// word after it, or 0 where there is none.
//
// A number is told from other digits by its length, 7 to 15 (ITU-T E.164), and by
// a sign of being dialled: an international prefix, a length and grouping that
// national numbers have, or a word such as "call" before it.
func (sc *scratch) telephone(k int) uint32 {
	i := sc.notable[k].word
	var d dial
	last, repeat := i, 1
	for w := i; int(w) < len(sc.hash) && w-i < maxPhoneWords; w++ {
		if w > i && !dialGap(sc.gap(w-1)) && !sc.readOut(w) {
			break
		}
		n, ok := sc.class(w)
		if ok && n.class == wordDigit && n.value >= 10 {
			repeat = int(n.value) / 10
			continue
		}
		if ok && n.class == wordDigit {
			for range repeat {
				d.digit('0' + byte(n.value))
				d.spelled++
			}
		} else if !d.word(sc.text(w)) {
			break
		}
		repeat = 1
		if d.groups < len(d.lengths) {
			d.lengths[d.groups] = len(sc.text(w))
		}
		d.groups++
		last = w
		if d.digits > 15 {
			break
		}
	}
	if !sc.dialled(&d, i) {
		return 0
	}
	sc.add(entity{class: rule.Phone, first: i, last: last})
	if d.spelled >= 2 || d.lone >= 6 {
		sc.add(entity{class: rule.ObscuredPhone, first: i, last: last})
	}
	return last + 1
}

// word adds a word's digits; letters that pass for digits count as spelled.
func (d *dial) word(w []byte) bool {
	if len(w) > 15 {
		return false
	}
	digits, letters := 0, 0
	for _, c := range w {
		switch {
		case c-'0' < 10:
			digits++
		case c == 'o' || c == 'l' || c == 'i':
			letters++
		default:
			return d.mixed(w)
		}
	}
	if digits == 0 || letters > 0 && len(w) < 3 {
		return false
	}
	for _, c := range w {
		switch c {
		case 'o':
			c = '0'
		case 'l', 'i':
			c = '1'
		}
		d.digit(c)
	}
	d.spelled += letters
	if digits == 1 && len(w) == 1 {
		d.lone++
	}
	return true
}

var digitNames = [10]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// mixed reads a word such as "2sixseven": digits and English names of digits.
func (d *dial) mixed(w []byte) bool {
	before, spelled := *d, 0
	for k := 0; k < len(w); {
		if w[k]-'0' < 10 {
			d.digit(w[k])
			k++
			continue
		}
		found := false
		for v, name := range digitNames {
			if name[0] == w[k] && k+len(name) <= len(w) && string(w[k:k+len(name)]) == name {
				d.digit('0' + byte(v))
				k += len(name)
				spelled++
				found = true
				break
			}
		}
		if !found {
			*d = before
			return false
		}
	}
	d.spelled += spelled
	return d.digits-before.digits > spelled // "one" alone is a notable word already
}

// dialGap reports whether what stands between two groups may do so in a number.
func dialGap(gap []byte) bool {
	if len(gap) > 4 {
		return false
	}
	for _, c := range gap {
		switch c {
		case ' ', '-', '.', '(', ')', '/', '*', '_', '~', '+':
		default:
			return false
		}
	}
	return true
}

// readOut reports whether word i and the one before are names of digits with a
// comma between them, as in "zero seven, double nine".
func (sc *scratch) readOut(i uint32) bool {
	g := sc.gap(i - 1)
	return len(g) <= 2 && g[0] == ',' && sc.isClass(i-1, wordDigit) && sc.isClass(i, wordDigit)
}

// dialled reports whether the digits look like a number to dial.
func (sc *scratch) dialled(d *dial, i uint32) bool {
	if d.digits < 7 || d.digits > 15 {
		return false
	}
	if c := sc.before(i); c == '$' || c == '#' || c == '/' || c == '=' {
		return false
	}
	if d.lengths[0] == 4 && d.groups == 3 && d.lengths[1] == 2 || d.lengths[0] == 2 && d.lengths[1] == 2 && d.groups == 3 && d.lengths[2] == 4 {
		return false // a date
	}
	if c := sc.before(i); c == '+' && d.digits >= 8 || sc.buf.Text[sc.edges[2*i]-1] == '(' && sc.buf.Text[sc.edges[2*i]-2] == '+' {
		return true
	}
	for step := uint32(1); step <= 4 && step <= i; step++ {
		if c, ok := sc.class(i - step); ok && (c.class == wordCall || c.class == wordMessenger) && sc.field(i-step) == sc.field(i) {
			return true
		}
	}
	if sc.field(i) == Contact {
		return true
	}
	if d.spelled >= 3 || d.lone >= 7 {
		return d.digits >= 9
	}
	switch {
	case d.groups == 1:
		return d.digits == 10 && d.lead[0] >= '2' && callingCode(d) || d.digits == 11 && (d.lead[0] == '1' || d.lead[0] == '7' || d.lead[0] == '8' || d.lead[0] == '0') || d.digits >= 11 && d.digits <= 13 && callingCode(d)
	case d.groups == 3 && d.digits == 10:
		return d.lengths[0] == 3 && d.lengths[1] == 3
	case d.groups >= 3 && d.groups <= 6:
		return d.digits >= 9 && (d.lead[0] == '0' || d.lead[0] == '1' || callingCode(d))
	}
	return false
}

// callingCode reports whether the number begins like an international one, and has
// as many digits.
func callingCode(d *dial) bool {
	v := 0
	for _, c := range d.lead[:3] {
		v = 10*v + int(c-'0')
		if n := callingLengths[v%1000]; v == 0 {
			break // no code begins so
		} else if n != 0 && d.digits >= int(n>>4) && d.digits <= int(n&15) {
			return true
		}
	}
	return d.digits == 10 // national numbers of ten digits are the most common
}

// callingCodes has the first digits of E.164 codes that the list's languages are
// spoken under, with the shortest and the longest number, code included: a is ten.
const callingCodes = "1bb 7bb 20bc 27bb 30cc 31bb 32ab 33bb 34bb 36ab 39ad 40bb 41bb 43ae 44bc 45aa 46ad 47aa 48bb 49be 52cd 54cd 55cd 57cc " +
	"58cc 60bc 61bb 62ae 63cc 65aa 66bb 81bc 82bc 84bc 86dd 90cc 91cc 92cc 95ac 212cc 213cc 234dd 254cc 351cc 353bc 359bc " +
	"370bb 371bb 373bb 375cc 380cc 381bc 420cc 421cc 852bb 855bc 856bd 880cd 966cc 971bc 972bc 974bb 977bd 994cc 995cc 998cc "

// callingLengths holds, by code, the shortest and the longest number, four bits each.
var callingLengths = func() (lengths [1000]uint8) {
	code := 0
	for k := 0; k < len(callingCodes); k++ {
		if c := callingCodes[k]; c >= 'a' {
			lengths[code] = (c-'a'+10)<<4 | (callingCodes[k+1] - 'a' + 10)
			code, k = 0, k+2
		} else {
			code = 10*code + int(c-'0')
		}
	}
	return lengths
}()
