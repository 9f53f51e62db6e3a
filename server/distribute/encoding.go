// SPDX-License-Identifier: Apache-2.0

package distribute

import "bytes"

// Encoding is how an answer's bytes are compressed on the way.
type Encoding uint8

const (
	Identity Encoding = iota
	Gzip
	Brotli
	numEncodings
)

// String gives the name used in Content-Encoding; "" for Identity, which has none.
func (e Encoding) String() string {
	return [numEncodings]string{"", "gzip", "br"}[e]
}

// accepted is the set of encodings that a client takes, one bit (1 << Encoding) each.
type accepted uint8

// The values that browsers send, and the two that scripts do. They are told
// apart from the rest to save the parsing.
var usual = map[string]accepted{
	"":                         1 << Identity,
	"identity":                 1 << Identity,
	"gzip":                     1<<Identity | 1<<Gzip,
	"gzip, deflate":            1<<Identity | 1<<Gzip,
	"gzip, deflate, br":        1<<Identity | 1<<Gzip | 1<<Brotli,
	"gzip, deflate, br, zstd":  1<<Identity | 1<<Gzip | 1<<Brotli,
	"deflate, gzip, br, zstd":  1<<Identity | 1<<Gzip | 1<<Brotli,
	"gzip,deflate,br,zstd,dcb": 1<<Identity | 1<<Gzip | 1<<Brotli,
}

// parseAccept reads an Accept-Encoding header (RFC 9110, 12.5.3). What it does
// not understand it ignores; identity is always there to fall back on, since
// an answer that a client can hardly read is worth more than an error.
func parseAccept(header []byte) accepted {
	if a, ok := usual[string(header)]; ok {
		return a
	}
	if len(header) > 256 {
		return 1 << Identity
	}
	var yes, no accepted
	star := false
	for len(header) > 0 {
		var item []byte
		item, header, _ = bytes.Cut(header, []byte(","))
		name, params, _ := bytes.Cut(item, []byte(";"))
		name = bytes.TrimSpace(name)
		refused := zeroQuality(params)
		var bit accepted
		switch {
		case bytes.EqualFold(name, []byte("gzip")), bytes.EqualFold(name, []byte("x-gzip")):
			bit = 1 << Gzip
		case bytes.EqualFold(name, []byte("br")):
			bit = 1 << Brotli
		case bytes.Equal(name, []byte("*")):
			star = !refused
		}
		if refused {
			no |= bit
		} else {
			yes |= bit
		}
	}
	if star {
		yes |= 1<<Gzip | 1<<Brotli
	}
	return yes&^no | 1<<Identity
}

// zeroQuality reports whether the parameters say q=0, that is "not this one".
func zeroQuality(params []byte) bool {
	for len(params) > 0 {
		var p []byte
		p, params, _ = bytes.Cut(params, []byte(";"))
		p = bytes.TrimSpace(p)
		if len(p) < 3 || p[0]|0x20 != 'q' || p[1] != '=' {
			continue
		}
		return len(bytes.Trim(p[2:], "0.")) == 0
	}
	return false
}

// best picks the smallest form that both sides have.
func (a accepted) best(o *Object) *Answer {
	if a&(1<<Brotli) != 0 && o.forms[Brotli] != nil {
		return o.forms[Brotli]
	}
	if a&(1<<Gzip) != 0 && o.forms[Gzip] != nil {
		return o.forms[Gzip]
	}
	return o.forms[Identity]
}
