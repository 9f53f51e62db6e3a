// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Fingerprints are winnowed (Schleimer, Wilkerson, Aiken 2003): the text is cut
// into all passages of printRunes characters, and of every printWindow
// neighbours the one with the least hash is kept, so that two texts which share
// printRunes+printWindow-1 characters share a fingerprint, wherever it stands.
//
// Of a long text only fingerprints below a power of two are kept, so few that
// maxPrints suffice. Two texts then keep the same ones below the lesser bound.
const (
	printRunes  = 12
	printWindow = 8
	maxPrints   = 96
)

// base is the rolling hash's multiplier; an odd number with well-mixed bits.
const base = 0x9ddfea08eb382d69

// pushedOut is base to the power of printRunes.
var pushedOut = func() uint64 {
	x := uint64(1)
	for range printRunes {
		x *= base
	}
	return x
}()

// printer makes fingerprints; it keeps its memory.
type printer struct {
	runes  []rune
	hashes []uint64
}

// prints appends a text's fingerprints in ascending order.
func (p *printer) prints(text []byte, dst []uint64) []uint64 {
	p.runes = p.runes[:0]
	for k := 0; k < len(text); {
		if c := text[k]; c < utf8.RuneSelf {
			p.runes = append(p.runes, rune(c))
			k++
			continue
		}
		r, n := utf8.DecodeRune(text[k:])
		p.runes = append(p.runes, r)
		k += n
	}
	p.roll()
	if len(p.hashes) == 0 {
		return dst
	}
	dst = p.winnow(dst)
	return sieve(dst)
}

// roll hashes every passage.
func (p *printer) roll() {
	p.hashes = p.hashes[:0]
	h := uint64(0)
	for k, r := range p.runes {
		h = h*base + uint64(r) + 1
		if k >= printRunes {
			h -= (uint64(p.runes[k-printRunes]) + 1) * pushedOut
		}
		if k >= printRunes-1 {
			p.hashes = append(p.hashes, mix(h))
		}
	}
}

// winnow keeps the least hash of each window, the last one of equals.
func (p *printer) winnow(dst []uint64) []uint64 {
	least := -1
	for end := min(printWindow, len(p.hashes)); end <= len(p.hashes); end++ {
		from := max(end-printWindow, 0)
		if least >= from && least >= 0 {
			if p.hashes[end-1] > p.hashes[least] {
				continue
			}
			least = end - 1
		} else {
			least = from
			for k := from + 1; k < end; k++ {
				if p.hashes[k] <= p.hashes[least] {
					least = k
				}
			}
		}
		dst = append(dst, p.hashes[least])
	}
	return dst
}

// sieve drops the greatest fingerprints until few enough are left, and sorts.
func sieve(prints []uint64) []uint64 {
	var below [65]int // how many have so many leading zeros
	for _, h := range prints {
		below[bits.LeadingZeros64(h)]++
	}
	zeros, left := 0, len(prints)
	for left > maxPrints && zeros < 64 {
		left -= below[zeros]
		zeros++
	}
	kept := prints[:0]
	for _, h := range prints {
		if bits.LeadingZeros64(h) >= zeros {
			kept = append(kept, h)
		}
	}
	return unique(kept)
}

// mix spreads a rolling hash's bits over all of it.
func mix(h uint64) uint64 {
	h = (h ^ h>>32) * 0xd6e8feb86659fd93
	h = (h ^ h>>32) * 0xd6e8feb86659fd93
	return h ^ h>>32
}

// share counts the elements that two ascending lists have in common.
func share(a, b []uint64) int {
	n := 0
	for _, h := range a {
		if _, ok := slices.BinarySearch(b, h); ok {
			n++
		}
	}
	return n
}
