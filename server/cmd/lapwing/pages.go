// SPDX-License-Identifier: Apache-2.0

package main

import (
	"sync"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/extract"
	"lapwing/server/lists"
)

// extractor reads saved pages with the adapters of the list's source. They
// are read when the first page comes.
func extractor() bulk.Extractor {
	adapters := sync.OnceValues(func() ([]*extract.Adapter, error) { return extract.Sites(lists.Source, "sites") })
	return func(text string) ([]scorer.Listing, error) {
		sites, err := adapters()
		if err != nil {
			return nil, err
		}
		page, err := extract.Read(text, "", sites)
		if err != nil {
			return nil, err
		}
		listings := make([]scorer.Listing, len(page.Listings))
		for k, l := range page.Listings {
			listings[k] = scorer.Listing{Kind: pack.ParseKind(l.Kind), Lang: l.Lang}
			listings[k].Text = [scorer.NumFields]string{
				scorer.Title: l.Title, scorer.Body: l.Body, scorer.Company: l.Company, scorer.Location: l.Location,
				scorer.Pay: l.Pay, scorer.Contact: l.Contact, scorer.URL: l.URL,
			}
		}
		return listings, nil
	}
}
