// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/normal"
	"lapwing/scorer/rule"
)

// numeral is a number read from one or more words: "1", ",", "500".
type numeral struct {
	value       uint64
	first, last uint32
	unit        []byte // letters that follow the digits in the same word, as in "5k", "12h", "18yo"
	ok          bool
}

// numeralAt reads the number that begins with word i.
//
//go:noinline
func (sc *scratch) numeralAt(i uint32) numeral {
	w := sc.text(i)
	n := numeral{first: i, last: i}
	k := 0
	for ; k < len(w) && k < 12 && w[k]-'0' < 10; k++ {
		n.value = n.value*10 + uint64(w[k]-'0')
	}
	if k == 0 {
		return n
	}
	n.ok, n.unit = true, w[k:]
	for len(n.unit) == 0 && n.last-i < 4 && (sc.gapIs(n.last, ',') || sc.gapIs(n.last, '.') || sc.gapIs(n.last, '\'') || k <= 3 && sc.gapIs(n.last, ' ')) {
		next := sc.text(n.last + 1)
		digits := 0
		for digits < len(next) && next[digits]-'0' < 10 {
			digits++
		}
		if digits == 3 && k <= 3 || digits == 3 && n.last > i {
			for _, c := range next[:3] {
				n.value = n.value*10 + uint64(c-'0')
			}
			n.last++
			n.unit = next[3:]
			continue
		}
		if digits == 2 && len(next) == 2 && sc.gapIs(n.last, ',') && sc.gapIs(n.last+1, ',') { // 1,50,000, as in India
			n.value = n.value*100 + uint64(next[0]-'0')*10 + uint64(next[1]-'0')
			n.last++
			continue
		}
		if (digits == 1 || digits == 2) && !sc.gapIs(n.last, ' ') && !sc.gapIs(n.last, '\'') { // a fraction
			n.last++
			n.unit = next[digits:]
		}
		break
	}
	if len(n.unit) == 1 && n.unit[0] == 'k' || string(n.unit) == "к" || string(n.unit) == "тыс" {
		n.value *= 1000
		n.unit = nil
	}
	return n
}

// number finds what the digits of word i say: money, pay, age, hours, a
// wallet, or just a number. inPhone says that a telephone number holds them.
// It returns the word after the number.
func (sc *scratch) number(s *Scorer, i uint32, inPhone bool) (next uint32) {
	if w := sc.text(i); len(w) >= 26 {
		sc.wallet(i)
		return i + 1
	}
	n := sc.numeralAt(i)
	if !n.ok || inPhone {
		return i + 1
	}
	value := uint32(min(n.value, 1<<31))
	if len(n.unit) == 0 {
		sc.add(entity{class: rule.Number, first: n.first, last: n.last, value: value, valued: true})
	}
	if !sc.age(&n) && !sc.hours(&n) {
		sc.money(s, &n)
	}
	return n.last + 1
}

// money finds an amount with its currency, and the period it is paid for.
func (sc *scratch) money(s *Scorer, n *numeral) {
	rate, first, last, ok := sc.currency(s, n)
	inPay := sc.field(n.first) == Pay
	if !ok && !inPay {
		return
	}
	dollars := n.value * uint64(rate) / 1000
	if ok {
		sc.add(entity{class: rule.Money, first: first, last: last, value: clamp(dollars), valued: true})
	}
	period, to, paid := sc.period(first, last)
	if !paid && !inPay {
		return
	}
	e := entity{class: rule.Pay, first: min(first, to), last: max(last, to)}
	if ok && paid {
		e.value, e.valued = clamp(dollars*uint64(period)/100), true
	}
	sc.add(e)
}

func clamp(v uint64) uint32 { return uint32(min(v, 1<<31)) }

// currency finds the currency of a number: a sign before it, a word on either
// side, or letters glued to it.
func (sc *scratch) currency(s *Scorer, n *numeral) (rate uint32, first, last uint32, ok bool) {
	first, last = n.first, n.last
	if sc.before(first) == '$' {
		return 1000, first, last, true
	}
	if g := sc.gap(last); len(n.unit) == 0 && g[0] == '$' || len(g) > 1 && g[0] == ' ' && g[1] == '$' && len(n.unit) == 0 && !sc.digitAfter(last) {
		return 1000, first, last, true
	}
	if len(n.unit) > 0 { // "500usd"
		if e := s.notable.find(normal.HashWord(string(n.unit))); e != nil && e.classSet && e.class == wordCurrency {
			return e.value, first, last, true
		}
		return 0, first, last, false
	}
	if first > 0 && len(sc.gap(first-1)) <= 3 {
		if c, found := sc.class(first - 1); found && c.class == wordCurrency {
			return c.value, first - 1, last, true
		}
	}
	for step := uint32(1); step <= 2; step++ { // "500 dollars", "2 thousand euro"
		if int(last+step) >= len(sc.hash) || len(sc.gap(last+step-1)) > 3 {
			break
		}
		if c, found := sc.class(last + step); found && c.class == wordCurrency && !sc.weighs(first, last+step) {
			return c.value, first, last + step, true
		}
	}
	return 0, first, last, false
}

// weighs reports whether the pounds of word unit are lifted and not paid: the
// number before them begins at word first.
func (sc *scratch) weighs(first, unit uint32) bool {
	if !sc.among(unit, " pound pounds ") {
		return false
	}
	for step := uint32(1); step <= 4 && step <= first; step++ {
		if sc.among(first-step, " lift lifts lifting carry carrying weigh weighs weighing weight move moving push pull ") {
			return true
		}
	}
	return false
}

//
//go:noinline
func (sc *scratch) digitAfter(i uint32) bool {
	return int(i)+1 < len(sc.hash) && sc.text(i + 1)[0]-'0' < 10
}

// period finds what an amount at words first..last is paid for: "per week" after
// it, or "weekly" up to three words before.
func (sc *scratch) period(first, last uint32) (value, at uint32, ok bool) {
	for step := uint32(1); step <= 3; step++ {
		if int(last+step) >= len(sc.hash) {
			break
		}
		if w := sc.text(last + step); step < 3 && w[0]-'0' < 10 { // "500-700 a week"
			last++
		}
		if int(last+step) >= len(sc.hash) {
			break
		}
		if c, found := sc.class(last + step); found && (c.class == wordPeriod || c.class == wordYears) {
			return c.value, last + step, true
		}
	}
	for step := uint32(1); step <= 3 && step <= first; step++ {
		if c, found := sc.class(first - step); found && (c.class == wordPeriod || c.class == wordYears) && sc.among(first-step, adverbs) {
			return c.value, first - step, true
		}
	}
	return 0, last, false
}

// age finds "18 yo", "18 years old", "over 18", "18+".
func (sc *scratch) age(n *numeral) bool {
	if n.value < 10 || n.value > 70 || n.first != n.last {
		return false
	}
	i, last := n.first, n.last
	aged := isAmong(n.unit, yearWords)
	if len(n.unit) == 0 {
		if c, ok := sc.class(i + 1); ok && int(i)+1 < len(sc.hash) && len(sc.gap(i)) <= 2 {
			switch c.class {
			case wordOld:
				aged, last = true, i+1
			case wordYears:
				if sc.wordIs(i+2, "old") {
					aged, last = true, i+2
				} else if sc.wordIs(i+3, "age") || sc.wordIs(i+3, "edad") || i > 0 && sc.bounds(i-1) {
					aged, last = true, i+1
				}
			}
		}
		if g := sc.gap(i); n.value >= 14 && n.value <= 25 && len(g) > 0 && g[0] == '+' {
			aged = true
		}
		if i > 0 && sc.isClass(i-1, wordAge) || i > 1 && sc.isClass(i-2, wordAge) && sc.bounds(i-1) {
			aged = true
		}
	}
	if !aged {
		return false
	}
	value := uint32(n.value)
	if i > 0 && len(sc.gap(i-1)) <= 3 { // "18-25 years old": the lowest
		if low := sc.numeralAt(i - 1); low.ok && low.last == i-1 && low.value >= 10 && low.value < n.value && len(low.unit) == 0 {
			i, value = i-1, uint32(low.value)
		}
	}
	sc.add(entity{class: rule.Age, first: i, last: last, value: value, valued: true})
	return true
}

// bounds reports whether a word sets a bound on an age: "from 18 years".
func (sc *scratch) bounds(i uint32) bool { return sc.among(i, boundWords) }

const boundWords = " from over under above below minimum min between to until о от до від старше od do ab bis desde hasta entre mayores mayor de dai "

// among reports whether word i is one of a list, which has spaces around each.
func (sc *scratch) among(i uint32, words string) bool { return isAmong(sc.text(i), words) }

//go:noinline
func isAmong(w []byte, words string) bool {
	if len(w) == 0 || w[0] < 'a' {
		return false
	}
	for start := 1; start < len(words); {
		k := 0
		for k < len(w) && words[start+k] == w[k] {
			k++
		}
		if k == len(w) && k > 0 && words[start+k] == ' ' {
			return true
		}
		for words[start] != ' ' {
			start++
		}
		start++
	}
	return false
}

//
//go:noinline
func (sc *scratch) wordIs(i uint32, w string) bool {
	return int(i) < len(sc.hash) && string(sc.text(i)) == w
}

// agePhrase finds "age 18" where the number comes up to two words later.
func (sc *scratch) agePhrase(i uint32) {
	for step := uint32(1); step <= 2 && int(i+step) < len(sc.hash); step++ {
		if n := sc.numeralAt(i + step); n.ok && len(n.unit) == 0 && n.first == n.last && n.value >= 10 && n.value <= 70 {
			sc.add(entity{class: rule.Age, first: i, last: i + step, value: uint32(n.value), valued: true})
			return
		}
	}
}

// hours finds "12 hours a day", "60h per week"; six working days are assumed.
func (sc *scratch) hours(n *numeral) bool {
	if n.value == 0 || n.value > 168 {
		return false
	}
	last := n.last
	hour := isHour(n.unit)
	if len(n.unit) == 0 && int(last)+1 < len(sc.hash) && len(sc.gap(last)) <= 2 && isHour(sc.text(last+1)) {
		hour = true
		last++
	}
	if !hour {
		return false
	}
	for step := uint32(1); step <= 2 && int(last+step) < len(sc.hash); step++ {
		c, ok := sc.class(last + step)
		if !ok || c.class != wordPeriod {
			continue
		}
		value := uint32(n.value)
		switch c.value {
		case 2200:
			value *= 6
		case 433:
		default:
			return false
		}
		sc.add(entity{class: rule.Hours, first: n.first, last: last + step, value: value, valued: true})
		return true
	}
	return false
}

func isHour(w []byte) bool { return isAmong(w, hourWords) }

const hourWords = " h hr hrs hour hours hs hora horas heures stunden std uur godz godzin ore час часов часа ч годин 小 saat "

// adverbs are words of time that say "each" by themselves: "weekly", not "week".
const adverbs = " hourly daily weekly monthly yearly annual annually diario semanal mensual taglich wochentlich monatlich "

const yearWords = " yo yrs лет 岁 "
