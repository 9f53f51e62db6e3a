// SPDX-License-Identifier: Apache-2.0

// Package extract finds the listings of a saved page: what the extension's
// content scripts do in a browser, for bulk scoring and for tests.
//
//	adapters, err := extract.Sites(lists.FS, "sites")
//	page, err := extract.Read(html, "https://board.example/jobs", adapters)
//	for _, listing := range page.Listings { … }
//
// A page is read the site's way if there is an adapter (server/lists/sites), else
// by what it says for machines (JSON-LD, microdata), else as cards that repeat,
// else as its main text. The files are twins of extension/content: text.go of
// text.js, adapter.go of adapter.js, and so on; the pages below testdata/pages
// hold both to the same listings.
//
// It does not run scripts, fetch anything or decide anything about a listing.
// A page is untrusted: its size is bounded by the caller, its depth here.
package extract
