// SPDX-License-Identifier: Apache-2.0

package rule

// checkSegment holds what stands between two gaps to its bounds. A stretch that
// can be nothing would let two gaps meet, or a sequence match anywhere.
func checkSegment(segment Segment, at int) *Error {
	if nullable(segment) {
		return &Error{at, "everything here is optional", "leave one word out of the brackets"}
	}
	if paths(segment) > MaxPaths {
		return &Error{at, "more than " + itoa(MaxPaths) + " ways through", "make two patterns of it, or use fewer alternatives"}
	}
	return nil
}

func checkWords(sequence Sequence, at int) *Error {
	n := 0
	for _, segment := range sequence.Segments {
		n += longest(segment)
	}
	if n > MaxWords {
		return &Error{at, "more than " + itoa(MaxWords) + " words", `keep the telling part, or join two sequences with "&"`}
	}
	return nil
}

// checkLength makes sure that the canonical form can be read again: it may be
// longer than what was written. Most patterns are too short for that to matter,
// and each of a pack's is checked, so it is printed only when it might.
func checkLength(p Pattern, expr string) *Error {
	growth := 18 // of the longest normal form of a character
	if isASCII(expr) {
		growth = 2 // spaces
	}
	if len(expr)*growth > MaxExpr && len(p.String()) > MaxExpr {
		return &Error{0, "longer than " + itoa(MaxExpr) + " bytes in normal form", "make two patterns of it"}
	}
	return nil
}

// nullable reports whether the items can match no word at all. Alternatives
// always match one, or the parser would have refused them.
func nullable(segment Segment) bool {
	for _, item := range segment {
		if group, ok := item.(Group); !ok || !group.Optional {
			return false
		}
	}
	return true
}

// paths counts the ways through, and stops counting a little over MaxPaths.
func paths(segment Segment) int {
	product := 1
	for _, item := range segment {
		group, ok := item.(Group)
		if !ok {
			continue
		}
		sum := 0
		if group.Optional {
			sum = 1
		}
		for _, alt := range group.Alts {
			sum += paths(alt)
		}
		if product *= sum; product > MaxPaths {
			return MaxPaths + 1
		}
	}
	return product
}

// longest counts the words of the longest way through.
func longest(segment Segment) int {
	n := 0
	for _, item := range segment {
		switch item := item.(type) {
		case Words:
			n++
			for i := range item {
				if item[i] == ' ' {
					n++
				}
			}
		case Group:
			most := 0
			for _, alt := range item.Alts {
				most = max(most, longest(alt))
			}
			n += most
		default:
			n++
		}
	}
	return n
}
