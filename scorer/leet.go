// SPDX-License-Identifier: Apache-2.0

package scorer

// maxDisguised is the most bytes of a disguised word that is read.
const maxDisguised = 32

// leetLetters gives the letter that a digit or symbol stands for; leetOther the
// second choice, where there is one.
var (
	leetLetter = [256]byte{'0': 'o', '1': 'i', '2': 'z', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '!': 'i', '|': 'l', '+': 't'}
	leetOther  = [256]byte{'1': 'l', '!': 'l', '|': 'i', '6': 'b'}
)

// leet reads the word i, with what is glued to it, as letters in disguise, as in
// "pa$$p0rt". It reports whether that made a word of the list or of a model.
func (sc *scratch) leet(s *Scorer, i uint32) bool {
	text := sc.buf.Text
	start, end := int(sc.edges[2*i]), int(sc.edges[2*i+1])
	for start > 0 && end-start <= maxDisguised && (isLetter(text[start-1]) || leetLetter[text[start-1]] != 0) {
		start--
	}
	for end-start <= maxDisguised && (isLetter(text[end]) || leetLetter[text[end]] != 0) {
		end++
	}
	if end-start > maxDisguised || text[start-1] >= 0x80 || text[end] >= 0x80 {
		return false
	}
	letters, others := 0, 0
	for _, c := range text[start:end] {
		if isLetter(c) {
			letters++
		} else {
			others++
		}
	}
	// Of three characters only the middle one may be in disguise: "s3x" is, "45k" and "IL5" are not.
	if letters == 0 || others == 0 || letters+others < 3 || letters+others == 3 && !(isLetter(text[start]) && isLetter(text[end-1])) {
		return false
	}
	first, last := sc.covered(i, uint32(start), uint32(end))
	if n := len(sc.edits); n > 0 && first <= sc.edits[n-1].last {
		return false
	}
	if first == last && sc.knownAsWritten(s, first) {
		return false
	}
	return sc.tryLeet(s, first, last, start, end)
}

// covered gives the words that lie in text[start:end], which word i is in.
func (sc *scratch) covered(i, start, end uint32) (first, last uint32) {
	first, last = i, i
	for first > 0 && sc.edges[2*(first-1)] >= start {
		first--
	}
	for int(last)+1 < len(sc.hash) && sc.edges[2*(last+1)] < end {
		last++
	}
	return first, last
}

// tryLeet tries the readings of text[start:end]: with symbols at the end as
// letters or as punctuation, and with either choice of letter.
func (sc *scratch) tryLeet(s *Scorer, first, last uint32, start, end int) bool {
	var word [maxDisguised]byte
	for range 2 {
		for other := range 2 {
			n, real := 0, 0
			for _, c := range sc.buf.Text[start:end] {
				if isLetter(c) {
					real++
				} else if l := leetOther[c]; other == 1 && l != 0 {
					c = l
				} else {
					c = leetLetter[c]
				}
				word[n] = c
				n++
			}
			if n < 3 || real == 0 || real == n {
				continue
			}
			if h, sym, known := sc.reading(s, word[:n]); known {
				sc.replace(first, last, h, sym, true)
				return true
			}
		}
		trimmed := end
		for trimmed > start && !isLetter(sc.buf.Text[trimmed-1]) && sc.buf.Text[trimmed-1]-'0' >= 10 {
			trimmed--
		}
		if trimmed == end {
			break
		}
		end = trimmed
	}
	return false
}

func isLetter(c byte) bool { return c-'a' < 26 }

// spaced joins letters that are written apart, as in "p a s s p o r t", from
// word i on. Where some gaps are wider than others, these part the words; where
// they are all alike, the letters are cut into words that the list or a model knows.
func (sc *scratch) spaced(s *Scorer, i uint32) bool {
	if !sc.lone(i) || i > 0 && sc.lone(i-1) && sc.closeBy(i-1) && !sc.goneBefore(i) {
		return false
	}
	j := i
	narrow, wide := ^uint32(0), uint32(0)
	for int(j)+1 < len(sc.hash) && sc.lone(j+1) && sc.closeBy(j) && sc.protected(s, j+1) == 0 {
		gap := sc.edges[2*j+2] - sc.edges[2*j+1]
		narrow, wide = min(narrow, gap), max(wide, gap)
		j++
	}
	if j-i < 2 {
		return false
	}
	joined := false
	for a := i; a <= j; {
		b := a
		for b < j && sc.edges[2*b+2]-sc.edges[2*b+1] == narrow {
			b++
		}
		if sc.joinLetters(s, a, b, narrow != wide) {
			joined = true
		}
		a = b + 1
	}
	return joined
}

// goneBefore reports whether a protected phrase, which is taken out, ends before word i.
func (sc *scratch) goneBefore(i uint32) bool {
	n := len(sc.edits)
	return n > 0 && sc.edits[n-1].last == i-1 && sc.edits[n-1].hash == 0
}

// lone reports whether a word is a single letter, or a symbol's stand-in for one.
func (sc *scratch) lone(i uint32) bool {
	w := sc.text(i)
	return len(w) == 1 || len(w) == 2 && w[0] >= 0xc3
}

// closeBy reports whether the gap after word i is one that letters are spaced by.
func (sc *scratch) closeBy(i uint32) bool {
	gap := sc.buf.Text[sc.edges[2*i+1]:sc.edges[2*i+2]]
	for _, c := range gap {
		if c == '\n' {
			return false
		}
	}
	return len(gap) <= 4
}

// joinLetters makes words of the letters a..b. whole says that they are one word
// by their spacing.
func (sc *scratch) joinLetters(s *Scorer, a, b uint32, whole bool) bool {
	joined := false
	for a < b {
		n, h, sym := sc.longestKnown(s, a, b)
		if n == 0 {
			if whole {
				return joined
			}
			a++
			continue
		}
		sc.replace(a, a+n-1, h, sym, n > 3)
		joined = true
		a += n
	}
	return joined
}

// longestKnown finds the longest known word that the letters from a on begin with.
func (sc *scratch) longestKnown(s *Scorer, a, b uint32) (n uint32, h uint64, sym symbol) {
	word := sc.word[8:]
	size := 0
	var ends [maxDisguised / 2]uint8
	count := 0
	for k := a; k <= b && count < len(ends); k++ {
		w := sc.text(k)
		if size+len(w) > maxDisguised {
			break
		}
		for _, c := range w {
			if l := leetLetter[c]; l != 0 {
				c = l
			}
			word[size] = c
			size++
		}
		ends[count] = uint8(size)
		count++
	}
	for ; count >= 2; count-- {
		if h, sym, known := sc.readingOf(s, int(ends[count-1])); known {
			return uint32(count), h, sym
		}
	}
	return 0, 0, 0
}
