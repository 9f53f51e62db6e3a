// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/ceremony"
	"lapwing/server/collect/collecttest"
)

func TestIntakeKeysAreReadByClients(t *testing.T) {
	november, december := generate(t, "intake", "intake-2026-11"), generate(t, "intake", "intake-2026-12")
	config := base64.StdEncoding.EncodeToString([]byte("an invented configuration"))
	for name, terms := range map[string]ceremony.IntakeTerms{
		"defaults": {},
		"all":      {Work: 17, Retention: 30, Relay: "https://relay.example/v1/ohttp " + config},
	} {
		object, err := ceremony.IntakeKeys([]*ceremony.Key{november, december}, terms)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		in, err := seal.ParseIntake(object)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(in.Keys) != 2 || in.Keys[0].Name != "intake-2026-11" || base64.StdEncoding.EncodeToString(in.Keys[1].Public) != december.Public {
			t.Errorf("%s: got keys %v", name, in.Keys)
		}
		if terms.Work == 0 && (in.Work != seal.DefaultWork || in.Retention != seal.DefaultRetention || in.Relay != nil) {
			t.Errorf("%s: got %+v", name, in)
		}
		if terms.Work != 0 && (in.Work != 17 || in.Retention != 30 || in.Relay.URL != "https://relay.example/v1/ohttp" || string(in.Relay.Config) != "an invented configuration") {
			t.Errorf("%s: got %+v", name, in)
		}
	}
}

func TestFaultyIntakeIsRefused(t *testing.T) {
	good := generate(t, "intake", "a")
	config := " " + base64.StdEncoding.EncodeToString([]byte("x"))
	for name, tt := range map[string]struct {
		keys  []*ceremony.Key
		terms ceremony.IntakeTerms
	}{
		"a key for heads":      {[]*ceremony.Key{generate(t, "head", "x")}, ceremony.IntakeTerms{}},
		"no key":               {nil, ceremony.IntakeTerms{}},
		"the same key twice":   {[]*ceremony.Key{good, good}, ceremony.IntakeTerms{}},
		"too much work":        {[]*ceremony.Key{good}, ceremony.IntakeTerms{Work: 33}},
		"kept for ever":        {[]*ceremony.Key{good}, ceremony.IntakeTerms{Retention: 10000}},
		"a relay without TLS":  {[]*ceremony.Key{good}, ceremony.IntakeTerms{Relay: "http://relay.example/" + config}},
		"a relay without key":  {[]*ceremony.Key{good}, ceremony.IntakeTerms{Relay: "https://relay.example/"}},
		"a relay's broken key": {[]*ceremony.Key{good}, ceremony.IntakeTerms{Relay: "https://relay.example/ ???"}},
	} {
		if _, err := ceremony.IntakeKeys(tt.keys, tt.terms); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestKeyFromItsFileOpensReports(t *testing.T) {
	key := generate(t, "intake", "intake-2026-11")
	file, err := key.Seal(passphrase, 10)
	if err != nil {
		t.Fatal(err)
	}
	key, err = ceremony.OpenKey(file, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := key.Opener()
	if err != nil {
		t.Fatal(err)
	}
	public, _ := base64.StdEncoding.DecodeString(key.Public)
	report := collecttest.Report(1)
	envelope, err := collecttest.Sealed(report, 1, seal.Key{Name: key.Name, Public: public})
	if err != nil {
		t.Fatal(err)
	}
	want, err := report.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := seal.Open(envelope, opener); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := generate(t, "head", "x").Opener(); err == nil || strings.Contains(err.Error(), key.Public) {
		t.Errorf("a key for heads: got %v", err)
	}
}
