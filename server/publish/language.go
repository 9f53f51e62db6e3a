// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// scriptsOf names the scripts that a language of the list is written in. A
// language that is not here is a typing error, until somebody adds it.
var scriptsOf = map[string][]string{
	"am": {"Ethiopic"}, "ar": {"Arabic"}, "bg": {"Cyrillic"}, "bn": {"Bengali"}, "bs": {"Latin"},
	"cs": {"Latin"}, "da": {"Latin"}, "de": {"Latin"}, "el": {"Greek"}, "en": {"Latin"},
	"es": {"Latin"}, "et": {"Latin"}, "fa": {"Arabic"}, "fi": {"Latin"}, "fr": {"Latin"},
	"he": {"Hebrew"}, "hi": {"Devanagari"}, "hr": {"Latin"}, "hu": {"Latin"}, "hy": {"Armenian"},
	"id": {"Latin"}, "it": {"Latin"}, "ja": {"Han", "Hiragana", "Katakana"}, "ka": {"Georgian"},
	"km": {"Khmer"}, "ko": {"Hangul"}, "lo": {"Lao"}, "lt": {"Latin"}, "lv": {"Latin"},
	"mk": {"Cyrillic"}, "ms": {"Latin"}, "my": {"Myanmar"}, "ne": {"Devanagari"}, "nl": {"Latin"},
	"no": {"Latin"}, "pl": {"Latin"}, "pt": {"Latin"}, "ro": {"Latin"}, "ru": {"Cyrillic"},
	"si": {"Sinhala"}, "sk": {"Latin"}, "sl": {"Latin"}, "so": {"Latin"}, "sq": {"Latin"},
	"sr": {"Cyrillic", "Latin"}, "sv": {"Latin"}, "sw": {"Latin"}, "ta": {"Tamil"}, "th": {"Thai"},
	"ti": {"Ethiopic"}, "tl": {"Latin"}, "tr": {"Latin"}, "uk": {"Cyrillic"}, "ur": {"Arabic"},
	"uz": {"Latin", "Cyrillic"}, "vi": {"Latin"}, "yo": {"Latin"}, "zh": {"Han"},
}

// withoutSpaces lists the languages in which a Latin word may touch another.
const withoutSpaces = "ja km lo my th zh"

// lang checks a language's code and reports whether it is known.
func (r *reader) lang(n *yaml.Node) bool {
	if scriptsOf[n.Value] != nil {
		return true
	}
	r.fault(n, fmt.Sprintf("unknown language %q", n.Value),
		"write a two-letter code such as en, es, zh; a new language is added in server/publish/language.go")
	return false
}

// scripts finds letters that the language is not written in, and words of two
// scripts: look-alike letters that slipped in would never match. Latin words
// occur in every language's adverts.
func (r *reader) scripts(n *yaml.Node, lang string) {
	start, latin, own, other := 0, false, false, false
	for i, c := range n.Value + " " {
		if !unicode.IsLetter(c) && !unicode.Is(unicode.M, c) {
			if (latin || own) && other || latin && own && !strings.Contains(withoutSpaces, lang) {
				r.faultAt(r.inside(n, start), fmt.Sprintf("%q mixes scripts", strings.TrimSpace(n.Value[start:i])),
					"one of its letters only looks right: type the word again with one keyboard")
			} else if other {
				r.faultAt(r.inside(n, start), fmt.Sprintf("%q is not written in a script of %q", n.Value[start:i], lang),
					"move the pattern to its own language: it is matched in every text anyway")
			}
			start, latin, own, other = i+len(string(c)), false, false, false
			continue
		}
		switch {
		case unicode.In(c, unicode.Inherited, unicode.Common):
		case slices.ContainsFunc(scriptsOf[lang], func(s string) bool { return unicode.Is(unicode.Scripts[s], c) }):
			own = true
		case unicode.Is(unicode.Latin, c):
			latin = true
		default:
			other = true
		}
	}
}
