// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// leastListing is what a listing takes when all its texts are empty.
const leastListing = 1 + 4 + 4*int(scorer.NumFields)

// ListingSize gives the bytes that a listing takes in a request, so that hosts
// can fill requests without going over MaxRequest. A request itself takes at
// most six bytes more.
func ListingSize(l *scorer.Listing) int {
	size := leastListing + len(l.Lang)
	for _, text := range l.Text {
		size += len(text)
	}
	return size
}

// RequestOverhead is what a score request takes at most beside its listings.
const RequestOverhead = 6

// AppendListings appends a score request.
func AppendListings(dst []byte, listings []scorer.Listing) []byte {
	dst = append(dst, Version)
	dst = appendUv(dst, uint32(len(listings)))
	for i := range listings {
		l := &listings[i]
		dst = append(dst, byte(l.Kind))
		dst = appendText(dst, l.Lang)
		for _, text := range l.Text {
			dst = appendText(dst, text)
		}
	}
	return dst
}

// Batch reads the listings of a score request one by one.
type Batch struct {
	r    reader
	left int
}

// OpenBatch begins to read a score request.
func OpenBatch(request []byte) (Batch, error) {
	b := Batch{r: reader{rest: request}}
	if err := b.r.version(); err != nil {
		return Batch{}, err
	}
	if len(request) > MaxRequest {
		return Batch{}, errMalformed
	}
	b.left = b.r.count(leastListing)
	if b.r.bad {
		return Batch{}, errMalformed
	}
	return b, nil
}

// Len is the number of listings that are still to be read.
func (b *Batch) Len() int { return b.left }

// Next reads a listing into l, whose texts share memory with the request, and
// reports whether there was one. After the last, Err says whether all was well.
func (b *Batch) Next(l *scorer.Listing) bool {
	if b.left == 0 {
		return false
	}
	b.left--
	kind := b.r.u8()
	if kind >= uint8(pack.NumKinds) {
		b.r.fail()
	}
	l.Kind = pack.Kind(kind)
	l.Lang = b.r.text()
	for field := range l.Text {
		l.Text[field] = b.r.text()
	}
	if b.r.bad {
		b.left = 0
	}
	return !b.r.bad
}

// Err tells, after Next gave false, whether the request was well formed.
func (b *Batch) Err() error { return b.r.done() }

// Query is what a query request asks for.
type Query struct {
	What     uint8
	Argument string
}

// AppendQuery appends a query request.
func AppendQuery(dst []byte, q Query) []byte {
	return appendStr(append(dst, Version, q.What), q.Argument)
}

// ParseQuery reads a query request.
func ParseQuery(request []byte) (Query, error) {
	r := reader{rest: request}
	if err := r.version(); err != nil {
		return Query{}, err
	}
	q := Query{What: r.u8(), Argument: r.str()}
	return q, r.done()
}

func (r *reader) version() error {
	switch v := r.u8(); {
	case r.bad:
		return errMalformed
	case v != Version:
		return errVersion
	}
	return nil
}
