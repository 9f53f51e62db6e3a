// SPDX-License-Identifier: Apache-2.0

package distribute

import (
	"path"
	"strings"
	"testing"
)

// FuzzClassify: a path that is accepted is one that no program reads in
// another way.
func FuzzClassify(f *testing.F) {
	hash := strings.Repeat("0123456789abcdef", 4)
	for _, seed := range []string{
		"/v1/head", "/v1/root/1", "/v1/root/01", "/v1/o/" + hash, "/v1/o/" + hash + ".gz", "/v1/o/" + hash + ".br",
		"/v1/log/checkpoint", "/v1/log/proof/" + hash, "/v1/log/tile/0/000", "/v1/log/tile/0/x001/234.p/5",
		"/v1/log/tile/entries/000.p/255", "/v1/log/tile/0/000.p/256", "/v1/../v1/head", "/v1/head?x", "/v1/%68ead",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, p string) {
		k := classify(p)
		if k == noKind {
			return
		}
		if path.Clean(p) != p || strings.ContainsAny(p, "%?#\\;: \x00") || strings.ToLower(p) != p || strings.Contains(p, "/.") {
			t.Errorf("%q is accepted as %v, and could be read as another path", p, k)
		}
		for i := 0; i < len(p); i++ {
			if p[i] <= ' ' || p[i] > '~' {
				t.Errorf("%q is accepted with a byte %#x", p, p[i])
			}
		}
		if k == object || k == objectGzip || k == proof {
			hashOf(p)
		}
	})
}

// FuzzAccept: whatever the header, there is an answer, and never in a form that
// the header refuses by name.
func FuzzAccept(f *testing.F) {
	for _, seed := range []string{"", "gzip", "br;q=0", "gzip, br;q=0.5", "*;q=0", "*, gzip;q=0", "GZIP;q=0.000;x=1", ",;,=;q="} {
		f.Add(seed)
	}
	all := newObject(object, [numEncodings][]byte{[]byte("plain"), []byte("gz"), []byte("br")})
	f.Fuzz(func(t *testing.T, header string) {
		got := parseAccept([]byte(header)).best(all)
		if got == nil {
			t.Fatalf("%q: no answer", header)
		}
		form := string(got.Body)
		lower := strings.ToLower(strings.ReplaceAll(header, " ", ""))
		for name, body := range map[string]string{"gzip": "gz", "br": "br"} {
			if form == body && (lower == name+";q=0" || lower == name+";q=0.0") {
				t.Errorf("%q: answered with %s", header, name)
			}
			if form == body && !strings.Contains(lower, name) && !strings.Contains(lower, "*") {
				t.Errorf("%q: answered with %s, which was not asked for", header, name)
			}
		}
	})
}

func TestTilesBeyondTheLogAreKnownNotToExist(t *testing.T) {
	for _, tt := range []struct {
		tile string
		size uint64
		want bool
	}{
		{"0/000", 256, true}, {"0/000", 255, false}, {"0/000.p/255", 255, true}, {"0/000.p/5", 4, false},
		{"0/001.p/1", 257, true}, {"0/001.p/1", 256, false}, {"1/000.p/1", 256, true}, {"1/000.p/1", 255, false},
		{"entries/000.p/7", 7, true}, {"0/x001/000.p/1", 256*1000 + 1, true}, {"0/x001/000.p/1", 256 * 1000, false},
		{"5/000", 1 << 62, true}, {"0/x999/x999/x999/999", 1 << 30, false},
	} {
		tile, ok := parseTile(tt.tile)
		if !ok {
			t.Errorf("%s: not read as a tile", tt.tile)
		} else if got := tile.within(tt.size); got != tt.want {
			t.Errorf("%s in a log of %d: got %v, want %v", tt.tile, tt.size, got, tt.want)
		}
	}
}
