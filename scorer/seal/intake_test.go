// SPDX-License-Identifier: Apache-2.0

package seal_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"lapwing/scorer/release"
	"lapwing/scorer/seal"
)

func keyOf(fill byte) []byte { return bytes.Repeat([]byte{fill}, seal.KeySize) }

func TestIntakeObjectsComeBackAsTheyWere(t *testing.T) {
	for _, in := range []*seal.Intake{
		{Work: 20, Retention: 90, Keys: []seal.Key{{"intake-2026-11", keyOf(1)}}},
		{Work: 32, Retention: 365, Relay: &seal.Relay{URL: "https://relay.example/ohttp", Config: []byte{1, 2}}, Keys: []seal.Key{{"a", keyOf(1)}, {"b", keyOf(2)}}},
		{Work: 1, Retention: 1, Relay: &seal.Relay{URL: "http://127.0.0.1:8080/", Config: []byte{0}}, Keys: []seal.Key{{"a", keyOf(3)}}},
	} {
		got, err := seal.ParseIntake(in.Encode())
		if err != nil {
			t.Errorf("%.80s: %v", in.Encode(), err)
			continue
		}
		if !reflect.DeepEqual(got, in) {
			t.Errorf("got %+v, want %+v", got, in)
		}
	}
}

func TestIntakeObjectsHaveOneFormOnly(t *testing.T) {
	key := "key a " + release.EncodeBase64(keyOf(1)) + "\n"
	head := "lapwing intake v1\nwork 20\nretention 90\n"
	for name, bad := range map[string]string{
		"empty":              "",
		"no key":             head,
		"no work":            "lapwing intake v1\nretention 90\n" + key,
		"no retention":       "lapwing intake v1\nwork 20\n" + key,
		"no newline":         strings.TrimSuffix(head+key, "\n"),
		"another version":    strings.Replace(head+key, "v1", "v2", 1),
		"no work to do":      strings.Replace(head+key, "work 20", "work 0", 1),
		"too much work":      strings.Replace(head+key, "work 20", "work 33", 1),
		"a leading zero":     strings.Replace(head+key, "work 20", "work 020", 1),
		"a sign":             strings.Replace(head+key, "work 20", "work +20", 1),
		"years of keeping":   strings.Replace(head+key, "90", "366", 1),
		"a plain relay":      head + "relay http://relay.example/ AAAA\n" + key,
		"two relays":         head + strings.Repeat("relay https://relay.example/ AAAA\n", 2) + key,
		"a relay at the end": head + key + "relay https://relay.example/ AAAA\n",
		"a short key":        head + "key a AAAA\n",
		"a key twice":        head + key + strings.Replace(key, "key a", "key b", 1),
		"a name twice":       head + key + "key a " + release.EncodeBase64(keyOf(2)) + "\n",
		"nine keys":          head + many(9),
		"a word too many":    strings.Replace(head+key, "work 20", "work 20 20", 1),
		"an empty line":      head + key + "\n",
	} {
		if in, err := seal.ParseIntake([]byte(bad)); err == nil {
			t.Errorf("%s: read as %+v, want an error", name, in)
		}
	}
	if _, err := seal.ParseIntake([]byte(head + many(8))); err != nil {
		t.Errorf("eight keys: %v", err)
	}
}

func many(n int) (s string) {
	for i := range n {
		s += "key k" + string(rune('a'+i)) + " " + release.EncodeBase64(keyOf(byte(i))) + "\n"
	}
	return s
}

func FuzzParseIntake(f *testing.F) {
	f.Add([]byte("lapwing intake v1\nwork 20\nretention 90\nrelay https://relay.example/ AAAA\n" + many(2)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if in, err := seal.ParseIntake(b); err == nil && !bytes.Equal(in.Encode(), b) {
			t.Errorf("read %q, and wrote %q", b, in.Encode())
		}
	})
}
