// SPDX-License-Identifier: Apache-2.0

package stream_test

import (
	"bytes"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
	"lapwing/server/collect/stream"
)

func TestDayIsWrittenAsPeopleWriteIt(t *testing.T) {
	if got := stream.Day(20781).String(); got != "2026-11-24" {
		t.Errorf("got %s", got)
	}
}

func FuzzRead(f *testing.F) {
	row := stream.Row{Sequence: 1, Day: 20000, ID: seal.IDOf(collecttest.Code(1)), Blob: collecttest.Envelope(1, seal.SmallEnvelope, 1)}
	whole := stream.Append([]byte(stream.Title), row)
	row.Blob = nil
	f.Add(stream.Append(whole, row))
	f.Fuzz(func(t *testing.T, b []byte) {
		again := []byte(stream.Title)
		for row, err := range stream.Read(bytes.NewReader(b)) {
			if err != nil {
				return
			}
			again = stream.Append(again, row)
		}
		if !bytes.Equal(again, b) {
			t.Errorf("%d bytes were read, and are %d when written again", len(b), len(again))
		}
	})
}
