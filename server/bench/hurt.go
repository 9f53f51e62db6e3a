// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// hurt measures texts that are made to hurt, beside ordinary ones, and one long
// listing beside many short ones: nothing may be far from linear.
func hurt(c corpus, rounds int) error {
	list := phrases(c, 10000)
	for i := range 1000 { // a thousand phrases that share their last words
		list = append(list, fmt.Sprintf("beginning%d of the same old story", i))
	}
	s, err := newScorer(list, 20000)
	if err != nil {
		return err
	}
	const size = 2000
	all := strings.Join(c.docs, " ")
	texts := []struct{ name, text string }{
		{"ordinary listings", all[:1<<20]},
		{"beginnings of phrases", beginnings(list, 1<<20)},
		{"look-alike letters", strings.Repeat("рау уоur сору оf раssроrt ", 40000)[:1<<20]},
		{"digits", strings.Repeat("5 55 555 5555 +55 5.5 ", 48000)[:1<<20]},
		{"one endless word", strings.Repeat("endless", 150000)[:1<<20]},
		{"shared last words", strings.Repeat("of the same old story ", 48000)[:1<<20]},
		{"spaced letters", strings.Repeat("p a s s p o r t ", 66000)[:1<<20]},
		{"Han", strings.Repeat("公司扣押护照身份证", 40000)[:1<<20]},
	}
	t := table{rounds: rounds, bytes: 1 << 20}
	for _, x := range texts {
		parts := cut(x.text, size)
		if x.name == "one endless word" {
			parts = []string{x.text}
		}
		t.docs = []string{""} // one call for each row; the parts are below
		t.add(x.name, false, func(string) int {
			n := 0
			for _, p := range parts {
				n += len(s.Score(listing(p)).Reasons)
			}
			return n
		})
	}
	long := cut(texts[0].text, 100000)
	t.add("ordinary, listings of 100 kB", false, func(string) int {
		n := 0
		for _, p := range long {
			n += len(s.Score(listing(p)).Reasons)
		}
		return n
	})
	t.print("whole verdict, text made to hurt")
	return nil
}

func cut(s string, size int) (parts []string) {
	for len(s) > size {
		parts = append(parts, s[:size])
		s = s[size:]
	}
	return append(parts, s)
}

func beginnings(list []string, size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		p := list[i%len(list)]
		b.WriteString(p[:strings.LastIndexByte(" "+p, ' ')])
		b.WriteByte(' ')
	}
	return b.String()[:size]
}
