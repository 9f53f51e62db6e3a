// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"strings"

	"lapwing/scorer"
	"lapwing/scorer/normal"
	"lapwing/scorer/rule"
)

// maxContacts is how many contacts of one listing are looked at; the first ones.
const maxContacts = 8

// contactFinder finds how a listing can be answered, and hides it: what leaves
// it is hashes that mean nothing without the key of this run.
type contactFinder struct {
	index  *Index
	finder *scorer.Finder
}

func newContactFinder(x *Index) *contactFinder {
	return &contactFinder{x, scorer.NewFinder(rule.Phone, rule.Email, rule.Handle)}
}

// find appends the contacts' hashes in ascending order.
func (c *contactFinder) find(l *scorer.Listing, dst []uint64) []uint64 {
	for _, f := range [...]scorer.Field{scorer.Contact, scorer.Title, scorer.Body} {
		text := l.Text[f]
		if text == "" {
			continue
		}
		for _, e := range c.finder.Find(text) {
			if len(dst) == maxContacts {
				return unique(dst)
			}
			if name := plainContact(e.Class, text[e.From:e.To]); name != "" {
				dst = append(dst, c.index.hide("contact", name))
			}
		}
	}
	return unique(dst)
}

// leastDigits is how many digits two numbers must share at their ends to be
// one: "+44 555 010 0199" is "0555 010 0199".
const leastDigits = 9

// plainContact writes a contact so that other spellings of it are the same; ""
// for what is too short to say who is meant.
func plainContact(class rule.Class, text string) string {
	folded := normal.Fold(text)
	if class != rule.Phone {
		return strings.ReplaceAll(folded, " ", "")
	}
	var digits []byte
	for _, c := range []byte(folded) {
		if c-'0' < 10 {
			digits = append(digits, c)
		}
	}
	switch {
	case len(digits) == 0:
		return strings.ReplaceAll(folded, " ", "") // spelled out
	case len(digits) < 6:
		return ""
	}
	return string(digits[max(len(digits)-leastDigits, 0):])
}
