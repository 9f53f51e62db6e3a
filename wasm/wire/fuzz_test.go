// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"reflect"
	"testing"

	"lapwing/scorer"
	"lapwing/wasm/wire"
)

// Whatever bytes a host sends, the guest reads listings that encode to the same
// bytes again, or gives an error: one value, one encoding.
func FuzzRequest(f *testing.F) {
	f.Add(wire.AppendListings(nil, listings))
	f.Add(wire.AppendListings(nil, nil))
	f.Add(wire.AppendQuery(nil, wire.Query{What: wire.QueryTexts, Argument: "en"}))
	f.Add([]byte{wire.Version, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, request []byte) {
		if q, err := wire.ParseQuery(request); err == nil && !bytes.Equal(wire.AppendQuery(nil, q), request) {
			t.Errorf("query %+v has two encodings", q)
		}
		batch, err := wire.OpenBatch(request)
		if err != nil {
			return
		}
		var got []scorer.Listing
		for l := (scorer.Listing{}); batch.Next(&l); {
			got = append(got, l)
		}
		if batch.Err() == nil && !bytes.Equal(wire.AppendListings(nil, got), request) {
			t.Errorf("batch of %d listings has two encodings", len(got))
		}
	})
}

// Whatever bytes a guest answers, the host gets well-formed verdicts or an error.
func FuzzAnswer(f *testing.F) {
	answer := wire.AppendCount(wire.BeginAnswer(nil), len(verdicts))
	for i := range verdicts {
		answer = wire.AppendVerdict(answer, &verdicts[i])
	}
	wire.EndAnswer(answer, 0)
	f.Add(answer)
	f.Add(wire.AppendError(nil, wire.NoPack, "load a pack first"))
	for _, content := range [][]byte{wire.AppendCatalog(nil, list, "x-1+0"), wire.AppendTexts(nil, list, "en")} {
		whole := append(wire.BeginAnswer(nil), content...)
		wire.EndAnswer(whole, 0)
		f.Add(whole)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		content, err := wire.OpenAnswer(answer)
		if err != nil {
			return
		}
		_, _ = wire.ParseSummary(content)
		_, _ = wire.ParseCatalog(content)
		_, _ = wire.ParsePairs(content)
		got, err := wire.Verdicts(content, listings, len(list.Indicators))
		if err != nil {
			return
		}
		again := wire.AppendCount(nil, len(got))
		for i := range got {
			again = wire.AppendVerdict(again, &got[i])
		}
		second, err := wire.Verdicts(again, listings, len(list.Indicators))
		if err != nil || !reflect.DeepEqual(got, second) || !bytes.Equal(again, content) {
			t.Errorf("verdicts change when written again: %+v, then %+v, %v", got, second, err)
		}
	})
}
