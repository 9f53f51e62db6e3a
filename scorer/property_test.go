// SPDX-License-Identifier: Apache-2.0

package scorer_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// varied is a list with every construct of the grammar.
func varied(t testing.TB) *pack.Pack {
	return list(t,
		"coercion.keeps-passport strong: (we|company|agency) [will] (keep|keeps|hold) ... your (passport|documents|id)",
		"!coercion.keeps-passport: copy of your passport",
		"payment.deposit strong: deposit ... before viewing",
		"payment.fee medium: (visa|application|registration) (fee|fees)",
		"payment.fee medium: pay <money> ...5 (upfront|first)",
		"contact.messenger weak: (add|write|text) me on <messenger>",
		"contact.obscured medium: <obscured-phone>",
		"contact.wallet strong: <wallet>",
		"job.easy weak: no experience (needed|required) & (high|big) (pay|salary|money)",
		"job.hours medium: <hours over 60>",
		"job.pay weak: <pay over 8000>",
		"minor.young strong: <age under 18> + (modelling|hostess|massage)",
		"job.many medium: 2 of {work from home; weekly pay; start today; send your photo}",
		"coercion.zh strong: (扣押|收走) ... 护照",
		"coercion.th strong: ยึด (พาสปอร์ต|หนังสือเดินทาง)",
		"coercion.ru strong: (забираем|храним) ... паспорт*",
		"job.not medium: easy money &! no easy money",
	)
}

var pieces = []string{
	"We will keep your passport.", "The agency hold all your documents until the end", "please bring a copy of your passport",
	"deposit of $500 before viewing", "visa fees apply", "pay $200 western union first", "add me on WhatsApp", "call five five five 1 2 3 four 5 6 7",
	"1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "no experience needed, big money!", "12 hours a day", "earn $5000 weekly", "16 years old hostess", "work from home",
	"weekly pay", "start today", "公司会扣押你们的护照", "เราจะยึดพาสปอร์ต", "мы храним ваши паспорта", "easy money", "no easy money", "кeep yоur раssport",
	"p a s s p o r t", "k e e p   y o u r   i d", "p4$$p0rt", "ｋｅｅｐ", "\u200b", "🅿🅰🆈", "\xff\xfe", "é", "1️⃣2️⃣", "a\n\nb", "Filipino girls", "South African", "\n", ". ", "  ", "x@y.com", "€", "½", "ﷺ", "lovely flat near the park with two rooms",
}

func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for range r.IntN(n) {
		b.WriteString(pieces[r.IntN(len(pieces))])
		if r.IntN(3) > 0 {
			b.WriteByte(" \n,."[r.IntN(4)])
		}
	}
	return b.String()
}

func randomListing(r *rand.Rand, n int) *scorer.Listing {
	l := &scorer.Listing{Kind: pack.Kind(r.IntN(int(pack.NumKinds)))}
	for f := range l.Text {
		if r.IntN(3) > 0 {
			l.Text[f] = randomText(r, n)
		}
	}
	return l
}

func checkVerdict(t *testing.T, l *scorer.Listing, v scorer.Verdict) {
	t.Helper()
	if v.Score > 10000 || v.Level >= scorer.NumLevels || int(v.Score)/2500 < int(v.Level) || v.Score < 10000 && int(v.Score)/2500 != int(v.Level) {
		t.Errorf("%q: level %v with score %d: the score must order listings across levels", l.Text, v.Level, v.Score)
	}
	for _, r := range v.Reasons {
		if len(r.Spans) == 0 {
			t.Errorf("%q: reason %d shows no passage: a person must be able to check it", l.Text, r.Indicator)
		}
		for _, sp := range r.Spans {
			n := utf8.RuneCountInString(l.Text[sp.Field])
			if sp.Start >= sp.End || int(sp.End) > n {
				t.Errorf("%q: reason %d marks %d:%d of %d characters of %v", l.Text, r.Indicator, sp.Start, sp.End, n, sp.Field)
			}
		}
	}
}

func TestVerdictsOfRandomListings(t *testing.T) {
	s, again := mustNew(t, varied(t)), mustNew(t, varied(t))
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		l := randomListing(r, 12)
		v := s.Score(l)
		checkVerdict(t, l, v)
		if w := again.Score(l); !reflect.DeepEqual(v, w) {
			t.Fatalf("%q: %+v, then %+v: the same input must give the same verdict", l.Text, v, w)
		}
	}
}

func TestAddedTextNeverLowersTheLevel(t *testing.T) {
	s := mustNew(t, varied(t))
	r := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		l := randomListing(r, 10)
		before := s.Score(l)
		more := *l
		more.Text[scorer.Body] += "\n\n" + randomText(r, 30)
		if after := s.Score(&more); after.Level < before.Level {
			t.Fatalf("%q with %q: level %v, was %v without the added text: padding must not hide anything", l.Text, more.Text[scorer.Body][len(l.Text[scorer.Body]):], after.Level, before.Level)
		}
	}
}

func TestOrderOfPatternsDoesNotMatter(t *testing.T) {
	p := varied(t)
	s := mustNew(t, p)
	r := rand.New(rand.NewPCG(5, 6))
	q := *p
	q.Patterns = append([]pack.Pattern(nil), p.Patterns...)
	r.Shuffle(len(q.Patterns), func(i, j int) { q.Patterns[i], q.Patterns[j] = q.Patterns[j], q.Patterns[i] })
	shuffled := mustNew(t, &q)
	for range 2000 {
		l := randomListing(r, 12)
		if v, w := s.Score(l), shuffled.Score(l); !reflect.DeepEqual(v, w) {
			t.Fatalf("%q: %+v, with patterns in another order %+v", l.Text, v, w)
		}
	}
}

func TestNoAllocationWithoutReasons(t *testing.T) {
	s := mustNew(t, varied(t))
	l := body(strings.Repeat("A lovely flat near the park, two rooms, 900 a month, call after 6. ", 30))
	s.Score(l)
	if n := testing.AllocsPerRun(200, func() { s.Score(l) }); n > 0 && !racing {
		t.Errorf("%v allocations for a listing without reasons, want 0: memory must stay flat over millions", n)
	}
}

func TestVerdictInUsedMemoryIsTheSame(t *testing.T) {
	s := mustNew(t, varied(t))
	r := rand.New(rand.NewPCG(5, 8))
	var used scorer.Verdict
	var with []*scorer.Listing
	for range 2000 {
		l := randomListing(r, 12)
		want := s.Score(l)
		s.ScoreInto(&used, l)
		if used.Level != want.Level || used.Score != want.Score || len(used.Reasons) != len(want.Reasons) ||
			len(want.Reasons) > 0 && !reflect.DeepEqual(used.Reasons, want.Reasons) {
			t.Fatalf("%q: %+v in used memory, want %+v", l.Text, used, want)
		}
		if len(want.Reasons) > 0 {
			with = append(with, l)
		}
	}
	all := func() {
		for _, l := range with {
			s.ScoreInto(&used, l)
		}
	}
	all()
	// A passage list still grows now and then: reasons are sorted with their memory.
	if n := testing.AllocsPerRun(5, all); int(n) > len(with)/50 && !racing {
		t.Errorf("%v allocations for %d listings with reasons, want next to none: a module's memory must stay flat", n, len(with))
	}
}

func FuzzScore(f *testing.F) {
	for _, p := range pieces {
		f.Add(p, "deposit", "job")
	}
	f.Add("we keep your \xff passport \u0301", "", "")
	s := mustNew(f, varied(f))
	f.Fuzz(func(t *testing.T, text, title, kind string) {
		l := body(text)
		l.Text[scorer.Title], l.Kind = title, pack.ParseKind(kind)
		v := s.Score(l)
		checkVerdict(t, l, v)
		if w := s.Score(l); !reflect.DeepEqual(v, w) {
			t.Errorf("%q: %+v, then %+v", text, v, w)
		}
		more := *l
		more.Text[scorer.Body] += "\n\nlovely flat near the park"
		if w := s.Score(&more); w.Level < v.Level {
			t.Errorf("%q: level %v, was %v before harmless text was added", text, w.Level, v.Level)
		}
	})
}
