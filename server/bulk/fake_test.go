// SPDX-License-Identifier: Apache-2.0

package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
)

// fake stands in for the engine: it marks the first "passport" and the first
// "fee", and gives every text a score of its own, so that a verdict that went
// to the wrong listing is seen.
type fake struct {
	calls atomic.Int64
	// poison, if not empty, is a text that makes scoring fail.
	poison string
}

func (f *fake) Name() string { return "native" }

func (f *fake) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	for k := range listings {
		f.calls.Add(1)
		if f.poison != "" && strings.Contains(listings[k].Text[scorer.Body], f.poison) {
			return errors.New("poisoned")
		}
		verdicts[k] = fakeVerdict(&listings[k])
	}
	return ctx.Err()
}

func fakeVerdict(l *scorer.Listing) scorer.Verdict {
	h := fnv.New32a()
	fmt.Fprint(h, l.Kind, l.Lang, l.Text)
	v := scorer.Verdict{Score: uint16(h.Sum32() % 1000)}
	for k, word := range []string{"passport", "fee"} {
		if at := strings.Index(l.Text[scorer.Body], word); at >= 0 {
			start := uint32(utf8.RuneCountInString(l.Text[scorer.Body][:at]))
			v.Level++
			v.Score += 2000
			v.Reasons = append(v.Reasons, scorer.Reason{Indicator: k, Points: 5, Spans: []scorer.Span{
				{Field: scorer.Body, Start: start, End: start + uint32(len(word))},
			}})
		}
	}
	return v
}

const fakeList = "lapwing-7+00c0ffee"

func fakeConfig(in string) bulk.Config {
	return bulk.Config{
		Pack: fakePack(), List: fakeList, Engine: &fake{},
		Inputs: []bulk.Input{{Path: bulk.Stdin, Size: -1}}, Stdin: strings.NewReader(in),
		In: bulk.FormatAuto, Out: bulk.FormatJSONL, Workers: 2,
	}
}

func fakePack() *pack.Pack {
	p := smallPack()
	p.Texts = []pack.Text{
		{Lang: "en", Key: "coercion.keeps-documents/title", Text: "Wants to keep your identity documents"},
		{Lang: "en", Key: "payment.fee-before-start/title", Text: "Asks for money before the start"},
	}
	return p
}

// score runs c and gives what it wrote.
func score(t *testing.T, c bulk.Config) (string, *bulk.Result) {
	t.Helper()
	var out bytes.Buffer
	if c.Path == "" {
		c.Output = &out
	}
	r, err := bulk.Run(t.Context(), c)
	if err != nil {
		t.Fatalf("run: %v", err)
	}
	return out.String(), r
}

func contextAfter(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}
