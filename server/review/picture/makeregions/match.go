// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"lapwing/scorer/normal"
)

// match gives each unit the code of the first-level region that it is, or is part
// of, and returns those that have none: they get their country's.
func (c *codes) match(units []*unit) (lost []*unit) {
	lists := map[string][]candidate{}
	for code := range c.parent {
		country := code[:2]
		lists[country] = append(lists[country], candidate{code, plainNames(c.names[code])})
	}
	for _, list := range lists {
		slices.SortFunc(list, func(a, b candidate) int { return strings.Compare(a.code, b.code) })
	}
	for _, u := range units {
		list := lists[u.country]
		var code string
		switch code = now(u); {
		case code != "" || len(u.names) == 0:
		case u.country == "GB": // its districts have no parents in the list; Natural Earth knows in which nation each is
			code = c.of(named(list, u.wider))
			if district := named(list, u.names); code != "" && district != "" {
				c.top[district] = code
			}
		default:
			code = c.of(first(named(list, u.names), coded(list, u), likely(list, u.names), named(list, u.wider)))
		}
		if u.code = code; code == "" {
			u.code = u.country
			if len(list) > 0 {
				lost = append(lost, u)
			}
		}
	}
	return lost
}

type candidate struct {
	code  string
	names []string
}

// of climbs to the first level.
func (c *codes) of(code string) string { return c.top[code] }

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// general are words that say what kind of thing a name is.
var general = strings.Fields("province provincia provincie state region oblast county district prefecture governorate department departement departamento of the de del la el al ash an as ad ar az at " +
	"city municipality republic territory autonomous kray krai okrug judetul comunidad principado foral raion parish emirate wilaya division canton kanton land community capital")

func plainNames(name string) (list []string) {
	cut := func(r rune) bool { return strings.ContainsRune("/[](),*;", r) }
	for part := range strings.FieldsFuncSeq(name, cut) {
		if p := plainName(part); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// plainName is a name's letters without accents and without general words.
func plainName(name string) string {
	words := strings.Fields(normal.Fold(letters.Replace(name)))
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(general, w) })
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, "")
}

// letters that are not another letter with an accent.
var letters = strings.NewReplacer("ə", "a", "Ə", "A", "ı", "i", "İ", "I", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "ø", "o", "Ø", "O", "ß", "ss", "æ", "ae", "þ", "th", "ð", "d",
	"'", "", "’", "", "`", "", "‘", "", "ʻ", "", "ʼ", "", "ʿ", "", "-", " ")

// named finds the code with one of the names; one of the first level if several have it.
func named(list []candidate, names []string) string {
	for _, name := range names {
		p := plainName(name)
		if p == "" {
			continue
		}
		for _, c := range list {
			if slices.Contains(c.names, p) {
				return c.code
			}
		}
	}
	return ""
}

// coded finds the code whose second part the source has too, if the names begin
// alike: the parts are other people's, and mean something else elsewhere.
func coded(list []candidate, u *unit) string {
	for _, part := range u.codes {
		for _, c := range list {
			if part == "" || c.code[3:] != part {
				continue
			}
			for _, name := range u.names {
				p := plainName(name)
				for _, q := range c.names {
					if len(p) > 2 && len(q) > 2 && p[:3] == q[:3] {
						return c.code
					}
				}
			}
		}
	}
	return ""
}

// likely finds the one code whose name begins alike and differs in few letters.
func likely(list []candidate, names []string) string {
	best, code, twice := 0.22, "", false
	for _, name := range names {
		p := plainName(name)
		for _, c := range list {
			for _, q := range c.names {
				if min(len(p), len(q)) < 4 || p[0] != q[0] {
					continue
				}
				d := float64(distance(p, q)) / float64(max(len(p), len(q), 1))
				switch {
				case d < best:
					best, code, twice = d, c.code, false
				case d == best && c.code != code:
					twice = true
				}
			}
		}
	}
	if twice {
		return ""
	}
	return code
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := last
			if a[i] != b[j] {
				change++
			}
			last = row[j+1]
			row[j+1] = min(change, last+1, row[j]+1)
		}
	}
	return row[len(b)]
}
