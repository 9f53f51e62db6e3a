// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

// FuzzSign: whatever a maintainer is sent, what comes out signed is exactly
// the text that was shown, of the key's kind, and others can check it.
func FuzzSign(f *testing.F) {
	k := generate(f, "release", "m1")
	r := release.Release{Name: "lapwing", Version: 3, Issued: 1, Expires: 2, Requires: "1.0.0",
		Pack: release.Blob{Length: 10, Gzip: 5}, Deltas: []release.Delta{{From: 2, Blob: release.Blob{Length: 3}}}}
	f.Add([]byte(r.Text()))
	f.Add([]byte(r.Text() + "\n— m1 AAAAAAA=\n"))
	f.Add([]byte(strings.Replace(r.Text(), "version 3", "version 03", 1)))
	f.Add([]byte("lapwing head v1\n"))
	verifier, err := note.NewVerifier(k.Public)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		signed, err := ceremony.Sign(b, k)
		if err != nil {
			return
		}
		n, err := note.Open(signed, note.VerifierList(verifier))
		if err != nil {
			t.Fatalf("%q was signed so that nobody can check it: %v", b, err)
		}
		if !strings.HasPrefix(string(b), n.Text) {
			t.Errorf("signed %q, was given %q", n.Text, b)
		}
		got, err := release.ParseRelease(n.Text)
		if err != nil || got.Text() != n.Text {
			t.Errorf("signed %q, which clients would read as something else: %v", n.Text, err)
		}
		if _, err := ceremony.Describe(b); err != nil {
			t.Errorf("signed what could not be shown: %v", err)
		}
	})
}

// FuzzOpenKey: a file is a key or an error, and says the same of itself closed and open.
func FuzzOpenKey(f *testing.F) {
	k := generate(f, "head", "head")
	sealed, err := k.Seal(passphrase, 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(k.PublicFile())
	f.Add([]byte("# lapwing secret key, role head, name \n# public: x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		public, err := ceremony.ReadPublic(b)
		if err != nil {
			return
		}
		if len(b) > 4096 {
			return // a work factor of a minute is not what is tested here
		}
		opened, err := ceremony.OpenKey(b, passphrase)
		if err == nil && (opened.Role != public.Role || opened.Name != public.Name || opened.Public != public.Public) {
			t.Errorf("closed it is %v, open %v", public, opened)
		}
	})
}
