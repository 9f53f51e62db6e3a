// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command gen writes ../table.go: how each character beyond ASCII is folded.
// Run it with "go generate ./scorer/normal" after a new Unicode version.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// always holds letters that are Latin in all but encoding, and symbols that
// stand for words. They are folded wherever they occur.
var always = map[rune]string{
	'ı': "i", 'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'ħ': "h", 'ŧ': "t",
	'ŋ': "n", 'ə': "e", 'ǝ': "e", 'ɑ': "a", 'ɡ': "g", 'ɩ': "i", 'ɪ': "i", 'ʟ': "l", 'ɴ': "n", 'ʀ': "r", 'ʏ': "y", 'ʜ': "h", 'ʙ': "b", 'ɢ': "g",
	'ꜱ': "s", 'ꜰ': "f", 'ᴀ': "a", 'ᴄ': "c", 'ᴅ': "d", 'ᴇ': "e", 'ᴊ': "j", 'ᴋ': "k", 'ᴍ': "m", 'ᴏ': "o", 'ᴘ': "p", 'ᴛ': "t", 'ᴜ': "u", 'ᴠ': "v", 'ᴡ': "w", 'ᴢ': "z",
	'ƅ': "b", 'ƍ': "d", 'ɗ': "d", 'ɖ': "d", 'ƒ': "f", 'ɠ': "g", 'ɦ': "h", 'ɨ': "i", 'ʝ': "j", 'ƙ': "k", 'ɭ': "l", 'ɱ': "m", 'ɲ': "n", 'ƞ': "n", 'ɵ': "o", 'ƿ': "p", 'ʠ': "q", 'ɾ': "r", 'ɼ': "r", 'ʂ': "s", 'ƭ': "t", 'ʋ': "v", 'ʍ': "w", 'ʐ': "z", 'ƶ': "z", 'ɓ': "b", 'ƈ': "c", 'ɔ': "o", 'ɛ': "e", 'ʌ': "v", 'ᵫ': "ue",
	'ѐ': "е", 'ё': "е", 'ѝ': "и", 'й': "и", 'ї': "і", 'ґ': "г", 'ў': "у",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ٱ': "ا", 'ى': "ي", 'ة': "ه", 'ؤ': "و", 'ئ': "ي", 'ک': "ك", 'ی': "ي", 'ۀ': "ه", 'ہ': "ه",
	'ँ': "ं",
	'€': " eur ", '£': " gbp ", '₹': " inr ", '₽': " rub ", '₴': " uah ", '฿': " thb ", '₫': " vnd ", '₱': " php ", '₺': " tl ", '₦': " ngn ", '₪': " ils ", '₩': " krw ", '₸': " kzt ", '₼': " azn ", '₾': " gel ", '¥': " yuan ",
	'’': "'", '‘': "'", '‚': "'", '“': "\"", '”': "\"", '„': "\"", '«': "\"", '»': "\"", '–': "-", '—': "-", '‐': "-", '‑': "-", '‒': "-", '−': "-", '·': ".", '•': "*", '●': "*", '▪': "*", '◦': "*", '…': "...", '、': ",", '。': ".", '「': "\"", '」': "\"", '॥': ".", '।': ".", '،': ",", '؛': ";", '؟': "?", '۔': ".", '᠎': "",
	'\u2028': "\n", '\u2029': "\n", '\u0085': "\n",
	'№': " no ", '×': " x ", '＠': "@",
}

// exotic scripts whose capitals are Latin look-alikes and which no pattern of
// ours is written in: folded always.
const cherokee = "Ꭺa Ᏼb Ꮯc Ꭰd Ꭼe Ꮐg Ꮋh Ꭵi Ꭻj Ꮶk Ꮮl Ꮇm Ꭱe Ꮲp Ꮢr Ꮪs Ꭲt Ꮩv Ꮃw Ꭹy Ꮓz ꓮa ꓐb ꓚc ꓓd ꓰe ꓝf ꓖg ꓧh ꓲi ꓙj ꓗk ꓡl ꓟm ꓠn ꓳo ꓑp ꓣr ꓢs ꓔt ꓴu ꓦv ꓪw ꓫx ꓬy ꓜz ⲁa ⲃb ⲉe ⲓi ⲕk ⲙm ⲛn ⲟo ⲣp ⲥc ⲧt ⲩy ⲭx"

const (
	same   = 0 // a letter that stays as it is
	sep    = 1
	drop   = 2
	alone  = 3 // a character that is a word of its own
	joined = 4 // a mark that belongs to the character before it, in a script without spaces
)

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func strip(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x483 && r <= 0x489 || r >= 0x591 && r <= 0x5c7 ||
		r >= 0x610 && r <= 0x61a || r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0x640 || r == 0x93c ||
		r >= 0x1ab0 && r <= 0x1aff || r >= 0x1dc0 && r <= 0x1dff || r >= 0x20d0 && r <= 0x20ff || r >= 0xfe20 && r <= 0xfe2f ||
		r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}

func lower(s string) string { return strings.ToLower(s) }

// fold gives what r becomes: a class, or a string.
func fold(r rune, depth int) (int, string) {
	if s, ok := always[r]; ok {
		return -1, s
	}
	if strip(r) || unicode.Is(unicode.Cf, r) || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0x34f {
		return drop, ""
	}
	if unicode.Is(unicode.Nd, r) {
		zero := r
		for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 && digitRun(zero-1, r) {
			zero--
		}
		return -1, string('0' + (r-zero)%10)
	}
	if r >= 0xac00 && r <= 0xd7a3 { // Hangul syllables are the composed form
		return same, ""
	}
	if r >= 0x1f130 && r <= 0x1f149 { // squared Latin capitals
		return -1, string('a' + r - 0x1f130)
	}
	if r >= 0x1f150 && r <= 0x1f169 { // negative circled
		return -1, string('a' + r - 0x1f150)
	}
	if r >= 0x1f170 && r <= 0x1f189 { // negative squared
		return -1, string('a' + r - 0x1f170)
	}
	if r >= 0x1f1e6 && r <= 0x1f1ff { // regional indicators
		return -1, string('a' + r - 0x1f1e6)
	}
	d := norm.NFKD.String(string(r))
	if d != string(r) && depth < 4 {
		var b strings.Builder
		for _, x := range d {
			if x < 0x80 {
				b.WriteString(lower(string(x)))
				continue
			}
			c, s := fold(x, depth+1)
			switch c {
			case -1:
				b.WriteString(s)
			case same, alone, joined:
				b.WriteRune(x)
			case sep:
				b.WriteByte(' ')
			}
		}
		s := b.String()
		if s == "" {
			return drop, ""
		}
		if unspaced(r) || strings.ContainsFunc(s, unspaced) {
			runes := []rune(s)
			if len(runes) == 1 && runes[0] != r {
				return -1, s
			}
			if s != string(r) { // a compatibility form of several characters
				return -1, s
			}
			return alone, ""
		}
		if s == string(r) {
			return same, ""
		}
		return -1, s
	}
	if l := lower(string(r)); l != string(r) {
		c, s := fold([]rune(l)[0], depth+1)
		if len([]rune(l)) == 1 && c == -1 {
			return -1, s
		}
		return -1, strings.Map(func(x rune) rune {
			if strip(x) {
				return -1
			}
			return x
		}, l)
	}
	if unspaced(r) {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) {
			return joined, ""
		}
		if unicode.IsLetter(r) || r == 0xe46 || r == 0x3005 {
			return alone, ""
		}
		return sep, ""
	}
	if unicode.IsLetter(r) || unicode.Is(unicode.M, r) || unicode.IsNumber(r) {
		return same, ""
	}
	return sep, ""
}

func digitRun(a, b rune) bool {
	for x := a; x <= b; x++ {
		if !unicode.Is(unicode.Nd, x) {
			return false
		}
	}
	// Mathematical digits come in five runs of ten without a gap.
	if b >= 0x1d7ce && b <= 0x1d7ff {
		return (a-0x1d7ce)/10 == (b-0x1d7ce)/10
	}
	return true
}

const last = 0x1ffff

func main() {
	for _, pair := range strings.Fields(cherokee) {
		rs := []rune(pair)
		always[rs[0]] = string(rs[1])
	}
	pool := "\x00"
	index := map[string]int{}
	var pages []string
	pageIndex := map[string]int{}
	var top []byte
	for base := rune(0); base <= last; base += 64 {
		var page bytes.Buffer
		for r := base; r < base+64; r++ {
			v := sep
			if r >= 0x80 && !(r >= 0xd800 && r <= 0xdfff) {
				c, s := fold(r, 0)
				v = c
				if c == -1 {
					if s == string(r) {
						v = same
					} else if s == "" {
						v = drop
					} else {
						if len(s) > 255 {
							log.Fatalf("%U folds to %d bytes", r, len(s))
						}
						if _, ok := index[s]; !ok {
							index[s] = len(pool)
							pool += string([]byte{byte(len(s))}) + s
						}
						v = index[s] + 8
					}
				}
			}
			if v > 0xffff {
				log.Fatal("pool too large")
			}
			page.WriteByte(byte(v))
			page.WriteByte(byte(v >> 8))
		}
		p := page.String()
		if _, ok := pageIndex[p]; !ok {
			pageIndex[p] = len(pages)
			pages = append(pages, p)
		}
		i := pageIndex[p]
		top = append(top, byte(i), byte(i>>8))
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "// SPDX-License-Identifier: Apache-2.0\n// Code generated by gen/main.go. DO NOT EDIT.\n\npackage normal\n\n")
	fmt.Fprintf(&out, "// Unicode %s, planes 0 and 1; %d pages of 64 characters.\n", unicode.Version, len(pages))
	fmt.Fprintf(&out, "const (\n\tfoldTop = %+q\n\tfoldPages = %+q\n\tfoldPool = %+q\n)\n", raw(top), raw([]byte(strings.Join(pages, ""))), raw([]byte(pool)))
	src, err := format.Source(out.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("table.go", src, 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d pages, %d + %d + %d bytes\n", len(pages), len(top), len(pages)*128, len(pool))
}

// raw keeps bytes as they are through %+q, which escapes what is not ASCII.
func raw(b []byte) string { return string(b) }
