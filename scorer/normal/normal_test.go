// SPDX-License-Identifier: Apache-2.0

package normal_test

import (
	"testing"
	"unicode/utf8"

	"lapwing/scorer/normal"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"case", "Keep Your PASSPORT", "keep your passport"},
		{"punctuation separates", "don't (ever) pay-now!", "don t ever pay now"},
		{"accents", "Señorita café naïve Łódź", "senorita cafe naive lodz"},
		{"decomposed accents", "cafe\u0301", "cafe"},
		{"full width", "ｐａｓｓｐｏｒｔ", "passport"},
		{"mathematical", "𝐩𝐚𝐬𝐬𝐩𝐨𝐫𝐭 𝓅𝒶𝓎 𝟙𝟚", "passport pay 12"},
		{"circled and squared", "ⓟⓐⓨ 🅿🅰🆈 🄿", "pay pay p"},
		{"zero width", "pass\u200bport\u00ad", "passport"},
		{"cyrillic letters in a Latin word", "pаsspоrt", "passport"},
		{"greek capitals in a Latin word", "ΡASSPΟRT", "passport"},
		{"latin letters in a Russian word", "пacпopт", "паспорт"},
		{"russian stays russian", "Мы храним паспорт, ещё", "мы храним паспорт еще"},
		{"digits of other scripts", "٠١٢ ०१२ ０１２", "012 012 012"},
		{"keycaps", "1️⃣2️⃣", "12"},
		{"han characters are words", "护照ABC", "护 照 abc"},
		{"thai clusters", "ที่พัก", "ที่ พั ก"},
		{"ligature", "oﬀice", "office"},
		{"currency", "€500", "eur 500"},
		{"quotes", "“you’re”", "you re"},
		{"turkish dotless", "ISTANBUL ıstanbul İstanbul", "istanbul istanbul istanbul"},
		{"arabic", "جَوَازُ أحمد ـــ", "جواز احمد"},
		{"devanagari dots", "ज़रूरत हूँ फ\u093cोन", "जरूरत हूं फोन"},
		{"vietnamese", "hộ chiếu", "ho chieu"},
		{"german", "Straße", "strasse"},
		{"not UTF-8", "a\xffb", "a b"},
		{"empty", "", ""},
	} {
		if got := normal.Fold(c.in); got != c.want {
			t.Errorf("%s: Fold(%q) = %q, want %q: patterns are compared in this form", c.name, c.in, got, c.want)
		}
	}
}

func TestInvisibleCharactersThatDisguise(t *testing.T) {
	for _, c := range []struct {
		name, in string
		disguise bool
	}{
		{"inside a Latin word", "pass\u200bport", true},
		{"a sign of direction inside a Latin word", "pass\u200eport", true},
		{"inside a number", "0\u200b123", true},
		{"inside a Russian word", "пас\u200bпорт", true},
		{"between Han characters", "微\u200b信", true},
		{"at the end of a word", "passport\u200b now", false},
		{"after a number", "+966 5\u202c now", false},
		{"accents", "cafe\u0301 now", false},
		{"vowels and drawn-out letters in Arabic", "جَوَازُ السـفر", false},
		{"a joiner in Persian", "می\u200cخواهم", false},
		{"a joiner in Hindi", "क्\u200dष", false},
		{"parted words in Thai", "ทำ\u200bงาน\u200bดี", false},
		{"parted words in Khmer", "ការ\u200bងារ", false},
	} {
		var b normal.Buffer
		b.Reset()
		b.Append(c.in)
		if got := len(b.Disguised) > 0; got != c.disguise {
			t.Errorf("%s: %q is a disguise: %v, want %v: only what a script has no use for hides a word", c.name, c.in, got, c.disguise)
		}
	}
}

func FuzzFoldTwice(f *testing.F) {
	for _, s := range []string{"Pаssport ½ ㍿ ﷺ", "ที่A护1️⃣é", "\xff\xfeя\u200bq"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := normal.Fold(s)
		if twice := normal.Fold(once); twice != once {
			t.Errorf("Fold(Fold(%q)) = %q, want %q: a pattern in normal form must stay itself", s, twice, once)
		}
	})
}

func FuzzOrigin(f *testing.F) {
	f.Add("Pаssport ½ ㍿ ﷺ \u200b pаy")
	f.Add("护照\xffa\u0301ﬀ")
	f.Fuzz(func(t *testing.T, s string) {
		var b normal.Buffer
		b.Reset()
		start, end, mark := b.Append(s)
		marks := b.Marks[mark:]
		for n := start; n < end; n++ {
			if !normal.Word(b.Text[n]) {
				continue
			}
			e := n + 1
			for e < end && normal.Word(b.Text[e]) {
				e++
			}
			from, to := normal.Origin(s, marks, uint32(n), uint32(e))
			if from < 0 || to > len(s) || from >= to {
				t.Fatalf("Origin of %q in %q = %d:%d, want a passage: a reason must show what it saw", b.Text[n:e], s, from, to)
			}
			if !utf8.RuneStart(s[from]) && utf8.ValidString(s) {
				t.Fatalf("Origin of %q in %q begins inside a character", b.Text[n:e], s)
			}
			n = e
		}
	})
}
