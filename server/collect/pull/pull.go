// SPDX-License-Identifier: Apache-2.0

package pull

import (
	"crypto/hpke"
	"errors"
	"fmt"
	"iter"

	"lapwing/scorer/seal"
	"lapwing/server/collect/stream"
)

// Opened is one row, opened. Exactly one of Report, Withdrawn and Fault is set.
type Opened struct {
	Sequence  uint64
	Day       stream.Day // on which it came
	ID        stream.ID
	Report    *seal.Report
	Raw       []byte // the report as its sender saw it, byte for byte; there with a Fault if it could be opened
	Withdrawn bool   // the sender took it back: delete what you have of this id
	Fault     string // why there is no report
}

// Keys are the private halves of intake keys.
type Keys struct {
	byID map[seal.KeyID]hpke.PrivateKey
}

// NewKeys gathers keys.
func NewKeys(private ...hpke.PrivateKey) *Keys {
	k := &Keys{byID: map[seal.KeyID]hpke.PrivateKey{}}
	for _, p := range private {
		public := seal.Key{Public: p.PublicKey().Bytes()}
		k.byID[public.ID()] = p
	}
	return k
}

// Open opens rows in their order. A row that cannot be opened does not end it;
// an error does, and is given last.
func Open(rows iter.Seq2[stream.Row, error], keys *Keys) iter.Seq2[Opened, error] {
	return func(yield func(Opened, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(Opened{}, err)
				return
			}
			if !yield(keys.open(row), nil) {
				return
			}
		}
	}
}

// errNoKey is for rows of other months.
var errNoKey = errors.New("sealed to keys that are not here")

func (k *Keys) open(row stream.Row) Opened {
	o := Opened{Sequence: row.Sequence, Day: row.Day, ID: row.ID}
	if row.Blob == nil {
		o.Withdrawn = true
		return o
	}
	raw, err := k.unseal(row.Blob)
	if err != nil {
		o.Fault = err.Error()
		return o
	}
	o.Raw = raw
	report, err := seal.ParseReport(raw)
	switch {
	case err != nil:
		o.Fault = err.Error()
	case report.ID != row.ID:
		// Somebody has put one report into the envelope of another.
		o.Fault = fmt.Sprintf("the report's own id is %x", report.ID)
	default:
		o.Report = report
	}
	return o
}

// unseal tries the keys that the envelope names.
func (k *Keys) unseal(envelope []byte) ([]byte, error) {
	header, err := seal.ParseHeader(envelope)
	if err != nil {
		return nil, err
	}
	err = errNoKey
	for _, id := range header.Keys {
		private, ok := k.byID[id]
		if !ok {
			continue
		}
		var raw []byte
		if raw, err = seal.Open(envelope, private); err == nil {
			return raw, nil
		}
	}
	return nil, err
}
