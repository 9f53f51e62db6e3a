// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/wasm/wire"
)

var listings = []scorer.Listing{
	{},
	{Kind: pack.Job, Lang: "en", Text: [scorer.NumFields]string{
		scorer.Title: "Night porter", scorer.Body: strings.Repeat("ночь ", 100), scorer.URL: "https://example.org/1"}},
	{Kind: pack.Other, Text: [scorer.NumFields]string{scorer.Body: "\xff\xfe not UTF-8 \x00"}},
}

var verdicts = []scorer.Verdict{
	{},
	{Level: scorer.High, Score: 10000, Reasons: []scorer.Reason{
		{Indicator: 2, Points: 12, Spans: []scorer.Span{{Field: scorer.Title, Start: 0, End: 5}, {Field: scorer.Body, Start: 130, End: 400}}},
		{Indicator: 0, Points: 0},
		{Indicator: scorer.WordingHint, Points: 3, Spans: []scorer.Span{{Field: scorer.Body, Start: 7, End: 7}}},
	}},
	{Level: scorer.Notice, Score: 1},
}

var list = &pack.Pack{
	Name: "vectors", Version: 7, Created: "2026-11-23",
	Indicators: []pack.Indicator{
		{ID: "contact.only-messenger", Dimension: pack.FraudContact, Strength: pack.Weak, Weight: 2, Kinds: 1<<pack.Job | 1<<pack.Housing, Status: pack.Active, Expires: "2027-11-23", Sources: []string{"A study, 2020", "Another, 2021"}},
		{ID: "documents.kept", Dimension: pack.CoerciveRecruitment, Strength: pack.Strong, Weight: 10, Kinds: 0xfe},
		{ID: "pay.too-good"},
	},
	Texts: []pack.Text{
		{Lang: "en", Key: "advice/stop", Text: "Do not answer."},
		{Lang: "en", Key: "documents.kept/title", Text: "Keeps your documents"},
		{Lang: "ru", Key: "advice/stop", Text: "Не отвечайте."},
	},
	Documents: []pack.Document{
		{Name: "adapter/example", JSON: `{"item":"li"}`},
		{Name: "helpline/es", JSON: `{}`},
		{Name: "helpline/fr", JSON: `{"number":"0"}`},
	},
}

func TestListingsArriveAsSent(t *testing.T) {
	request := wire.AppendListings(nil, listings)
	size := 0
	for i := range listings {
		size += wire.ListingSize(&listings[i])
	}
	if got, most := len(request), size+wire.RequestOverhead; got > most || got < size {
		t.Errorf("request takes %d bytes, ListingSize promises %d to %d: hosts would overrun the buffer", got, size, most)
	}
	batch, err := wire.OpenBatch(request)
	if err != nil {
		t.Fatal(err)
	}
	var l scorer.Listing
	for i := range listings {
		if !batch.Next(&l) || l != listings[i] {
			t.Errorf("listing %d: got %+v, want %+v", i, l, listings[i])
		}
	}
	if batch.Next(&l) || batch.Err() != nil {
		t.Errorf("after the last listing: got another one or error %v", batch.Err())
	}
}

func TestVerdictsArriveAsSent(t *testing.T) {
	answer := wire.BeginAnswer([]byte("request"))
	answer = wire.AppendCount(answer, len(verdicts))
	for i := range verdicts {
		answer = wire.AppendVerdict(answer, &verdicts[i])
	}
	wire.EndAnswer(answer, len("request"))
	answer = answer[len("request"):]

	if size, err := wire.AnswerSize(answer[:4]); err != nil || size != len(answer) {
		t.Errorf("size: got %d, %v, want %d", size, err, len(answer))
	}
	content, err := wire.OpenAnswer(answer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := wire.Verdicts(content, listings, len(list.Indicators))
	if err != nil || !reflect.DeepEqual(got, verdicts) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, verdicts)
	}
	for cut := range content {
		if _, err := wire.Verdicts(content[:cut], listings, len(list.Indicators)); err == nil {
			t.Errorf("verdicts cut to %d of %d bytes were accepted", cut, len(content))
		}
	}
}

// A guest may be hostile: what it claims is checked against what was asked.
func TestVerdictsThatCannotBeAreRefused(t *testing.T) {
	span := func(field scorer.Field, start, end uint32) scorer.Verdict {
		return scorer.Verdict{Reasons: []scorer.Reason{{Spans: []scorer.Span{{Field: field, Start: start, End: end}}}}}
	}
	tests := map[string]scorer.Verdict{
		"unknown level":          {Level: scorer.NumLevels},
		"score above 100":        {Score: 10001},
		"unknown indicator":      {Reasons: []scorer.Reason{{Indicator: 3}}},
		"more reasons than are":  {Reasons: make([]scorer.Reason, 5)},
		"unknown field":          span(scorer.NumFields, 0, 0),
		"span after the text":    span(scorer.Title, 10, 13),
		"span of an empty field": span(scorer.Pay, 0, 1),
		"span from far away":     span(scorer.Title, 1<<32-1, 1<<32-1),
	}
	for name, v := range tests {
		content := wire.AppendVerdict(wire.AppendCount(nil, 1), &v)
		if _, err := wire.Verdicts(content, listings[1:2], len(list.Indicators)); err == nil {
			t.Errorf("%s: accepted, a host would look up what does not exist", name)
		}
	}
	if _, err := wire.Verdicts(wire.AppendCount(nil, 0), listings, 3); err == nil {
		t.Error("no verdicts for three listings: accepted")
	}
}

func TestErrorsArriveAsSent(t *testing.T) {
	_, err := wire.OpenAnswer(wire.AppendError(nil, wire.PackRefused, "byte 7: unknown version 9"))
	var refused *wire.Error
	if !errors.As(err, &refused) || refused.Status != wire.PackRefused || refused.Sentence != "byte 7: unknown version 9" {
		t.Errorf("got %#v, want the status and sentence that were sent", err)
	}
	_, err = wire.OpenAnswer(wire.AppendError(nil, wire.BadRequest, strings.Repeat("x", 100000)))
	if !errors.As(err, &refused) || len(refused.Sentence) > 1000 {
		t.Errorf("a hostile guest's sentence is not shortened: %d bytes", len(refused.Sentence))
	}
}

func TestAnotherVersionIsRefused(t *testing.T) {
	for name, open := range map[string]func() error{
		"batch": func() error { b := wire.AppendListings(nil, nil); b[0]++; _, err := wire.OpenBatch(b); return err },
		"query": func() error {
			b := wire.AppendQuery(nil, wire.Query{What: 1})
			b[0]++
			_, err := wire.ParseQuery(b)
			return err
		},
		"answer": func() error {
			b := wire.AppendError(nil, wire.Fault, "")
			b[4]++
			_, err := wire.OpenAnswer(b)
			return err
		},
	} {
		var status *wire.Error
		if err := open(); err == nil || errors.As(err, &status) {
			t.Errorf("%s of version %d: got %v, want an error of our own", name, wire.Version+1, err)
		}
	}
}

func TestCatalogArrivesAsSent(t *testing.T) {
	c, err := wire.ParseCatalog(wire.AppendCatalog(nil, list, "x-1+0"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != list.Name || c.Version != list.Version || c.Created != list.Created || c.Indicators != len(list.Indicators) {
		t.Errorf("summary: got %+v", c.Summary)
	}
	if got := strings.Join(c.Languages, " "); got != "en ru" {
		t.Errorf("languages: got %q, want %q", got, "en ru")
	}
	if c.Kinds[pack.AuPair] != "au-pair" || c.Fields[scorer.URL] != "url" || c.Levels[scorer.High] != "high" {
		t.Errorf("names: got %v %v %v", c.Kinds, c.Fields, c.Levels)
	}
	if c.Hint.ID != wire.HintIndicator || c.Dimensions[c.Hint.Dimension] != wire.HintDimension || c.Strengths[c.Hint.Strength] != wire.HintStrength {
		t.Errorf("wording hint: got %+v", c.Hint)
	}
	for i, want := range list.Indicators {
		got := c.List[i]
		if got.ID != want.ID || c.Dimensions[got.Dimension] != want.Dimension.String() || c.Strengths[got.Strength] != want.Strength.String() ||
			got.Weight != want.Weight || got.Kinds != want.Kinds || got.Status != uint8(want.Status) || got.Expires != want.Expires || len(got.Sources) != len(want.Sources) {
			t.Errorf("indicator %d: got %+v, want %+v", i, got, want)
		}
	}
}

func TestTextsAndDocumentsArriveAsSent(t *testing.T) {
	tests := []struct {
		name    string
		content []byte
		want    []wire.Pair
	}{
		{"texts in English", wire.AppendTexts(nil, list, "en"), []wire.Pair{{"advice/stop", "Do not answer."}, {"documents.kept/title", "Keeps your documents"}}},
		{"texts in a language that is not there", wire.AppendTexts(nil, list, "e"), []wire.Pair{}},
		{"help lines", opened(t).AppendDocuments(nil, "helpline/"), []wire.Pair{{"helpline/es", "{}"}, {"helpline/fr", `{"number":"0"}`}}},
		{"one document", opened(t).AppendDocuments(nil, "adapter/example"), []wire.Pair{{"adapter/example", `{"item":"li"}`}}},
	}
	for _, tt := range tests {
		got, err := wire.ParsePairs(tt.content)
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
		}
	}
}
