// SPDX-License-Identifier: Apache-2.0

package collecttest

import (
	"crypto/rand"
	"fmt"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/release"
	"lapwing/scorer/seal"
)

// Report makes the n-th report, which says that an advert was missed.
func Report(n uint64) *seal.Report {
	r := &seal.Report{
		ID: seal.IDOf(Code(n)), Sort: seal.Missed, Day: "2026-11-24", List: "lapwing-1+00000000", Release: 1, Program: "0.2.0",
		Site: "adverts.example", Region: "DE-BE", Kind: pack.Job, Note: fmt.Sprintf("an invented note, number %d", n),
	}
	r.Text[scorer.Title] = "An invented advert"
	r.Text[scorer.Body] = "Call [phone] for an invented job."
	return r
}

// Sealed seals a report as the browser does, with its work done.
func Sealed(r *seal.Report, bits uint8, keys ...seal.Key) ([]byte, error) {
	encoded, err := r.Encode()
	if err != nil {
		return nil, err
	}
	envelope, err := seal.Seal(encoded, r.ID, release.Hash{1}, keys, func(b []byte) error {
		_, err := rand.Read(b)
		return err
	})
	if err != nil {
		return nil, err
	}
	Prove(envelope, bits)
	return envelope, nil
}
