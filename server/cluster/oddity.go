// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"encoding/binary"
	"slices"

	"lapwing/scorer/pack"
)

// Oddity is something about a cluster, or about a contact, that a shared text
// alone does not explain: agencies and landlords use templates too.
type Oddity uint8

// The oddities.
const (
	SeveralPlaces    Oddity = iota // one text in several places
	SeveralEmployers               // one text, several employers
	SeveralContacts                // one text, several contacts
	SeveralNames                   // one contact, several employers
	NumOddities
)

// What an oddity is called where indicators are named, and what it weighs. All
// are weak: each has harmless causes.
var oddities = [NumOddities]struct {
	id, title string
	dimension pack.Dimension
	points    uint8
}{
	{"cluster.several-places", "The same text stands in several places", pack.DeceptiveRecruitment, 1},
	{"cluster.several-employers", "The same text stands under different employers", pack.DeceptiveRecruitment, 3},
	{"cluster.several-contacts", "The same text asks for answers to different contacts", pack.FraudContact, 2},
	{"cluster.several-names", "The contact stands under different employers", pack.FraudIdentity, 3},
}

// ID is the oddity's name among indicators.
func (o Oddity) ID() string { return oddities[o].id }

// Title says it to people.
func (o Oddity) Title() string { return oddities[o].title }

// Dimension and Points are those of an indicator.
func (o Oddity) Dimension() pack.Dimension { return oddities[o].dimension }
func (o Oddity) Points() uint8             { return oddities[o].points }

// Oddities is a set of them.
type Oddities uint8

// Has tells whether o is in the set.
func (s Oddities) Has(o Oddity) bool { return s>>o&1 == 1 }

func (s *Oddities) add(o Oddity) { *s |= 1 << o }

// List gives the set's elements in order.
func (s Oddities) List() []Oddity {
	var all []Oddity
	for o := range NumOddities {
		if s.Has(o) {
			all = append(all, o)
		}
	}
	return all
}

// Contacts under more names than this are no person's: a platform's own, which
// stands in everybody's adverts.
const mostNames = 20

// names notes the listings whose contact stands under several employers. Odd is
// by listing.
func (x *Index) names(odd []Oddities) error {
	var employers []uint32
	return x.contacts.Groups(func(_ uint64, listings []uint32) error {
		employers = employers[:0]
		for _, k := range listings {
			if e := x.docs.at(k).employer; e != 0 && !slices.Contains(employers, e) {
				employers = append(employers, e)
			}
			if len(employers) > mostNames {
				return nil
			}
		}
		if len(employers) > 1 {
			for _, k := range listings {
				odd[k].add(SeveralNames)
			}
		}
		return nil
	})
}

// look gives what is odd about the listings of one cluster, and how many
// contacts they have that no listing joins.
func (x *Index) look(members []uint32) (odd Oddities, contacts int, err error) {
	var (
		employers []uint32
		where     [][]uint32
		joined    contactSets
		buf       []byte
	)
	for _, k := range members {
		d := x.docs.at(k)
		if d.employer != 0 && len(employers) < 2 && !slices.Contains(employers, d.employer) {
			employers = append(employers, d.employer)
		}
		n := 4*int(d.place) + 8*int(d.contacts)
		if buf, err = x.words.Read(d.at+4*int64(d.words), n, buf); err != nil {
			return 0, 0, err
		}
		var place []uint32
		for i := range int(d.place) {
			place = append(place, binary.LittleEndian.Uint32(buf[4*i:]))
		}
		if !slices.ContainsFunc(where, func(w []uint32) bool { return slices.Equal(w, place) }) && len(where) < maxPlaces {
			where = append(where, place)
		}
		joined.add(buf[4*int(d.place):])
	}
	if places(where) > 1 {
		odd.add(SeveralPlaces)
	}
	if len(employers) > 1 {
		odd.add(SeveralEmployers)
	}
	if contacts = joined.count(); contacts > 1 {
		odd.add(SeveralContacts)
	}
	return odd, contacts, nil
}

// contactSets joins contacts that stand in one listing: a phone and an address
// of the same advertiser are one way to reach them.
type contactSets struct{ parent map[uint64]uint64 }

// add takes one listing's contacts.
func (s *contactSets) add(raw []byte) {
	if len(raw) == 0 {
		return
	}
	if s.parent == nil {
		s.parent = map[uint64]uint64{}
	}
	first := s.root(binary.LittleEndian.Uint64(raw))
	for raw = raw[8:]; len(raw) > 0; raw = raw[8:] {
		s.parent[s.root(binary.LittleEndian.Uint64(raw))] = first
	}
}

func (s *contactSets) root(c uint64) uint64 {
	p, ok := s.parent[c]
	if !ok {
		s.parent[c] = c
		return c
	}
	for p != c {
		c, p = p, s.parent[p]
	}
	return c
}

func (s *contactSets) count() int {
	n := 0
	for c, p := range s.parent {
		if c == p {
			n++
		}
	}
	return n
}
