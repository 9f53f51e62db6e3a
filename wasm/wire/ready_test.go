// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"testing"

	"lapwing/wasm/wire"
)

// opened is the tests' list after it was made ready and opened again.
func opened(t *testing.T) *wire.Ready {
	t.Helper()
	r, err := wire.OpenReady(wire.AppendReady(nil, list, "x-1+0", []byte("image")))
	if err != nil {
		t.Fatal(err)
	}
	return r.Keep()
}

func TestReadyHoldsTheAnswers(t *testing.T) {
	r := opened(t)
	if got, want := []byte(r.Catalog), wire.AppendCatalog(nil, list, "x-1+0"); !bytes.Equal(got, want) {
		t.Errorf("catalog = %q, want %q", got, want)
	}
	if got, want := r.AppendTexts(nil, "en"), wire.AppendTexts(nil, list, "en"); !bytes.Equal(got, want) {
		t.Errorf("texts = %q, want %q", got, want)
	}
	summary, err := r.AppendSummary(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := wire.ParseSummary(summary); err != nil || got.List != "x-1+0" || got.Name != list.Name {
		t.Errorf("summary = %+v, %v, want the list's", got, err)
	}
}

func FuzzOpenReady(f *testing.F) {
	f.Add(wire.AppendReady(nil, list, "x-1+0", []byte("image")))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := wire.OpenReady(b)
		if err != nil {
			return
		}
		kept := r.Keep()
		if _, err := kept.AppendSummary(nil); err == nil {
			kept.AppendTexts(nil, "en")
			kept.AppendDocuments(nil, "")
		}
	})
}
