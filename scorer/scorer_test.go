// SPDX-License-Identifier: Apache-2.0

package scorer_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// list makes a pack of one indicator per pattern: "id: pattern" or
// "id strength: pattern"; "!id: pattern" is an unless.
func list(t testing.TB, lines ...string) *pack.Pack {
	t.Helper()
	p := &pack.Pack{Name: "test", Version: 1, Created: "2026-11-23", Protected: []string{"filipino", "girls", "south african"}}
	p.Policy = pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12, Levels: []pack.LevelRule{{Notice: 5, Elevated: 12, High: 18}}}
	index := map[string]uint32{}
	for _, line := range lines {
		head, expr, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("line %q has no colon", line)
		}
		role := pack.Fires
		if strings.HasPrefix(head, "!") {
			role, head = pack.Unless, head[1:]
		}
		id, strength, _ := strings.Cut(head, " ")
		if _, ok := index[id]; !ok {
			st, _ := pack.ParseStrength(strength)
			if strength == "" {
				st = pack.Medium
			}
			index[id] = uint32(len(p.Indicators))
			p.Indicators = append(p.Indicators, pack.Indicator{ID: id, Strength: st, Weight: pack.Bands[st][1], Kinds: 0xffff, Status: pack.Active, Sources: []string{"test"}, Expires: "2027-11-23"})
		}
		p.Patterns = append(p.Patterns, pack.Pattern{Indicator: index[id], Role: role, Lang: "en", Expr: expr})
	}
	return p
}

func mustNew(t testing.TB, p *pack.Pack) *scorer.Scorer {
	t.Helper()
	s, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func body(text string) *scorer.Listing {
	var l scorer.Listing
	l.Text[scorer.Body] = text
	return &l
}

func spanText(l *scorer.Listing, sp scorer.Span) string {
	n := uint32(0)
	from, to := -1, len(l.Text[sp.Field])
	for i := range l.Text[sp.Field] {
		if n == sp.Start {
			from = i
		}
		if n == sp.End {
			to = i
			break
		}
		n++
	}
	return l.Text[sp.Field][from:to]
}

func TestPatternsMatch(t *testing.T) {
	for _, c := range []struct{ name, pattern, text, want string }{
		{"words", "keep your passport", "We will Keep YOUR passport safe", "Keep YOUR passport"},
		{"one word", "passport", "the passport.", "passport"},
		{"not inside a word", "pass", "the passport", ""},
		{"alternatives", "(we|company) (keep|hold) your passport", "company hold your passport", "company hold your passport"},
		{"optional there", "leave [all] your papers", "leave all your papers", "leave all your papers"},
		{"optional not there", "leave [all] your papers", "leave your papers", "leave your papers"},
		{"gap", "keep ... passport", "keep your own passport", "keep your own passport"},
		{"gap of none", "keep ... passport", "keep passport", "keep passport"},
		{"gap too wide", "keep ... passport", "keep one two three four passport", ""},
		{"gap over a sentence", "keep ... passport", "keep calm. Your passport", ""},
		{"longer gap", "keep ...6 passport", "keep one two three four passport", "keep one two three four passport"},
		{"stem", "withhold* salary", "withholding salary", "withholding salary"},
		{"stem last", "your passport*", "your passportless", "your passportless"},
		{"stem and word", "(passport*|passports) now", "passports now", "passports now"},
		{"near", "passport & agency", "agency will take the passport", "agency"},
		{"near not there", "passport & agency", "passport", ""},
		{"not near", "passport &! copy", "bring passport", "passport"},
		{"not near there", "passport &! copy", "copy of passport", ""},
		{"with", "passport + debt", "passport " + strings.Repeat("x ", 40) + "debt", "passport"},
		{"with too far", "passport + debt", "passport " + strings.Repeat("x ", 140) + "debt", ""},
		{"at least", "2 of {passport; debt; locked}", "a debt and locked doors", "debt"},
		{"at least too few", "2 of {passport; debt; locked}", "a debt and a debt", ""},
		{"han", "扣押护照", "公司会扣押护照的", "扣押护照"},
		{"han gap", "扣押 ... 护照", "扣押你们的护照", "扣押你们的护照"},
		{"thai", "ยึดพาสปอร์ต", "เราจะยึดพาสปอร์ตไว้", "ยึดพาสปอร์ต"},
		{"russian", "забираем паспорт*", "Мы забираем паспорта", "забираем паспорта"},
		{"homoglyphs", "keep your passport", "keep yоur раsspоrt", "keep yоur раsspоrt"},
		{"all homoglyphs", "copy your passport", "сору your passport today", "сору your passport"},
		{"zero width", "keep your passport", "keep your pass\u200bport", "keep your pass\u200bport"},
		{"leet", "keep your passport", "keep your p4$$p0rt now", "keep your p4$$p0rt"},
		{"leet start", "big salary", "big $alary!", "big $alary"},
		{"spaced", "keep your passport", "keep your p a s s p o r t", "keep your p a s s p o r t"},
		{"spaced all", "keep your passport", "k e e p   y o u r   p a s s p o r t", "k e e p   y o u r   p a s s p o r t"},
		{"spaced flat", "keep your passport", "k e e p y o u r p a s s p o r t", "k e e p y o u r p a s s p o r t"},
		{"spaced Russian", "забираем паспорт", "забираем п а с п о р т", "забираем п а с п о р т"},
		{"dotted", "keep your passport", "keep your p.a.s.s.p.o.r.t", "keep your p.a.s.s.p.o.r.t"},
		{"full width", "keep your passport", "ｋｅｅｐ ｙｏｕｒ ｐａｓｓｐｏｒｔ", "ｋｅｅｐ ｙｏｕｒ ｐａｓｓｐｏｒｔ"},
		{"protected is invisible", "young wanted", "young Filipino girls wanted", "young Filipino girls wanted"},
		{"protected phrase", "young wanted", "young South African wanted", "young South African wanted"},
		{"accents", "señorita", "SENORITA", "SENORITA"},
		{"phone", "call <phone>", "call 555-123-4567 now", "call 555-123-4567"},
		{"phone international", "<phone>", "write +380 44 123 45 67 today", "+380 44 123 45 67"},
		{"phone in brackets", "<phone>", "dial (555) 010-0199 now", "(555) 010-0199"},
		{"phone with letters", "<phone>", "call 6OO 123 456", "6OO 123 456"},
		{"phone read out", "<obscured-phone>", "call zero seven, nine one one, two two, four five six", "zero seven, nine one one, two two, four five six"},
		{"phone obscured", "<obscured-phone>", "call five five five one two three four five six seven", "five five five one two three four five six seven"},
		{"phone mixed", "<obscured-phone>", "txt 2sixseven 5five5 one9zero 42", "2sixseven 5five5 one9zero 42"},
		{"not a phone: money", "<phone>", "salary 1500000000 a year $1234567890", ""},
		{"not a phone: date", "<phone>", "on 2026-11-23 at 10", ""},
		{"email", "<email>", "mail jobs.now@example.com today", "jobs.now@example.com"},
		{"email spelled", "<email>", "jobs (at) example dot com", "jobs (at) example dot com"},
		{"link", "<link>", "see https://example.com/a?b=c now", "https://example.com/a?b=c"},
		{"link bare", "<link>", "see example.com now", "example.com"},
		{"messenger", "add me on <messenger>", "Add me on WhatsApp", "Add me on WhatsApp"},
		{"handle", "<handle>", "telegram: lucky_jobs", "telegram: lucky"},
		{"handle at", "<handle>", "write @luckyjobs now", "@luckyjobs"},
		{"handle of parts", "<handle>", "find me @lamp_shop_99.", "@lamp_shop_99"},
		{"money", "deposit of <money>", "deposit of $500 first", "deposit of $500"},
		{"money thousands", "<money over 4000>", "pay 5,000 USD", "5,000 USD"},
		{"money under", "<money over 4000>", "pay 300 USD", ""},
		{"pay", "<pay over 10000>", "earn $5000 per week", "$5000 per week"},
		{"pay under", "<pay over 10000>", "earn $500 per week", ""},
		{"pay euro sign", "<pay over 3000>", "bis zu €4000 im Monat", "€4000 im Monat"},
		{"age", "<age under 18>", "girls 16 years old wanted", "16 years old"},
		{"age over", "<age under 18>", "must be 21 years old", ""},
		{"age plus", "<age under 19>", "18+ only", "18"},
		{"hours", "<hours over 60>", "12 hours a day", "12 hours a day"},
		{"wallet", "send to <wallet>", "send to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "send to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
		{"wallet wrong sum", "send to <wallet>", "send to 1BoatSLRHtKNngkdXEeobR76b53LETtpyU", ""},
		{"wallet bech32", "<wallet>", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
		{"obfuscated", "<obfuscated>", "nice pаy", "pаy"},
		{"thousands are no disguise", "ask", "pays 45k", ""},
		{"three letters in disguise", "sex", "s3x", "s3x"},
		{"pounds paid", "<money>", "pay 25 pounds", "25 pounds"},
		{"pounds lifted", "<money>", "you can lift up to 25 pounds", ""},
	} {
		s := mustNew(t, list(t, "a.b: "+c.pattern))
		l := body(c.text)
		v := s.Score(l)
		got := ""
		if len(v.Reasons) > 0 {
			got = spanText(l, v.Reasons[0].Spans[0])
		}
		if got != c.want {
			t.Errorf("%s: %q in %q marks %q, want %q: the passage shown is what a person checks", c.name, c.pattern, c.text, got, c.want)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s: passage %q is cut inside a character", c.name, got)
		}
	}
}
