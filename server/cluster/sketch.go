// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"crypto/sha256"
	"slices"

	"lapwing/scorer"
	"lapwing/scorer/normal"
)

// Bounds on what is looked at in one listing.
const (
	minWords = 8    // shorter texts are alike by chance
	maxWords = 4096 // beyond them a text is only compared as a whole
)

// Sketch is what the search keeps of a listing's text; the zero value is that of
// a listing which is in no cluster.
type Sketch struct {
	text     [16]byte // hash of title and body in normal form; zero: too short
	words    []uint32 // hashes of the first words
	prints   []uint64 // fingerprints
	employer uint64   // hash of the company in normal form; 0: unknown
	contacts []uint64 // keyed hashes, ascending
	place    []uint32 // hashes of the place's words, ascending
}

// sketcher makes sketches. It is not safe for concurrent use.
type sketcher struct {
	index  *Index
	text   normal.Buffer
	edges  normal.Words
	joined []byte
	print  printer
	people *contactFinder
}

// sketch overwrites s.
func (k *sketcher) sketch(l *scorer.Listing, s *Sketch) {
	*s = Sketch{words: s.words[:0], prints: s.prints[:0], contacts: s.contacts[:0], place: s.place[:0]}
	if company := normal.Fold(l.Text[scorer.Company]); company != "" {
		s.employer = k.index.hide("employer", company)
	}
	s.contacts = k.people.find(l, s.contacts)
	s.place = placeWords(l.Text[scorer.Location], s.place)
	k.text.Reset()
	k.text.Append(l.Text[scorer.Title])
	k.text.Append(l.Text[scorer.Body])
	k.text.Close()
	k.edges.Find(k.text.Text, normal.Pad)
	edges := k.edges.Edges
	if len(edges) < 2*minWords {
		return
	}
	k.joined = k.joined[:0]
	for i := 0; i+1 < len(edges); i += 2 {
		from, to := edges[i], edges[i+1]
		if i < 2*maxWords {
			s.words = append(s.words, uint32(normal.Hash(k.text.Text, from, to)>>32))
		}
		k.joined = append(append(k.joined, k.text.Text[from:to]...), ' ')
	}
	sum := sha256.Sum256(k.joined)
	s.text = [16]byte(sum[:16])
	s.prints = k.print.prints(k.joined, s.prints)
	k.index.freq.count(s.words)
}

// hasText tells whether the listing takes part in the search for texts.
func (s *Sketch) hasText() bool { return s.text != [16]byte{} }

// unique makes a list of hashes a set, ascending.
func unique(hashes []uint64) []uint64 {
	slices.Sort(hashes)
	return slices.Compact(hashes)
}
