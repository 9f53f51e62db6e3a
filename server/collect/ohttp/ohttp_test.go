// SPDX-License-Identifier: Apache-2.0

package ohttp_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"lapwing/server/collect/ohttp"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What appendix A of RFC 9458 prints.
const (
	vectorSecret   = "3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a"
	vectorConfig   = "01002031e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e79815500080001000100010003"
	vectorRequest  = "00034745540568747470730b6578616d706c652e636f6d012f"
	vectorSealed   = "010020000100014b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad19dec96c208b4726374e469135906992e1268c594d2a10c695d858c40a026e7965e7d86b83dd440b2c0185204b4d63525"
	vectorSalt     = "c789e7151fcba46158ca84b04464910d"
	vectorResponse = "0140c8"
	vectorAnswer   = "c789e7151fcba46158ca84b04464910d86f9013e404feea014e7be4a441f234f857fbd"
)

func TestVectorsOfTheRFC(t *testing.T) {
	gateway, err := ohttp.NewGateway(map[uint8][]byte{1: unhex(t, vectorSecret)})
	if err != nil {
		t.Fatal(err)
	}
	config, err := ohttp.ParseConfig(unhex(t, vectorConfig))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(config.Bytes(), gateway.Config(1).Bytes()) {
		t.Errorf("the configuration of the secret key is %x, want %x", gateway.Config(1).Bytes(), config.Bytes())
	}
	request, answer, err := gateway.Open(unhex(t, vectorSealed))
	if err != nil {
		t.Fatal(err)
	}
	if want := unhex(t, vectorRequest); !bytes.Equal(request, want) {
		t.Errorf("opened: got %x, want %x", request, want)
	}
	r, err := ohttp.ParseRequest(request)
	if err != nil || r.Method != "GET" || r.Scheme != "https" || r.Authority != "example.com" || r.Path != "/" {
		t.Errorf("read: got %+v, %v", r, err)
	}
	sealed, err := answer.SealWith(unhex(t, vectorResponse), unhex(t, vectorSalt))
	if want := unhex(t, vectorAnswer); err != nil || !bytes.Equal(sealed, want) {
		t.Errorf("answered: got %x, %v, want %x", sealed, err, want)
	}
	if r, err := ohttp.ParseResponse(unhex(t, vectorResponse)); err != nil || r.Status != 200 {
		t.Errorf("read: got %+v, %v", r, err)
	}
}

func newGateway(t testing.TB) *ohttp.Gateway {
	t.Helper()
	g, err := ohttp.NewGateway(map[uint8][]byte{7: bytes.Repeat([]byte{7}, 32), 8: bytes.Repeat([]byte{8}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRequestAndAnswerComeThrough(t *testing.T) {
	g := newGateway(t)
	for _, id := range []uint8{7, 8} {
		config, err := ohttp.ParseConfig(g.Config(id).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		sent := &ohttp.Request{Method: "POST", Scheme: "https", Authority: "reports.example", Path: "/v1/reports",
			Header: []ohttp.Field{{Name: "content-type", Value: "application/octet-stream"}}, Content: bytes.Repeat([]byte("invented"), 2048)}
		sealed, opener, err := config.Seal(sent.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(sealed) != len(sent.Bytes())+ohttp.Overhead {
			t.Errorf("sealed: %d bytes, want %d", len(sealed), len(sent.Bytes())+ohttp.Overhead)
		}
		plain, answer, err := g.Open(sealed)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ohttp.ParseRequest(plain); err != nil || !reflect.DeepEqual(got, sent) {
			t.Errorf("got %+v, %v; want %+v", got, err, sent)
		}
		response := &ohttp.Response{Status: 202, Header: []ohttp.Field{{Name: "content-type", Value: "text/plain"}}, Content: []byte("ok\n")}
		back, err := answer.Seal(response.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if plain, err = opener.Open(back); err != nil {
			t.Fatal(err)
		}
		if got, err := ohttp.ParseResponse(plain); err != nil || !reflect.DeepEqual(got, response) {
			t.Errorf("got %+v, %v; want %+v", got, err, response)
		}
		back[len(back)-1] ^= 1
		if _, err := opener.Open(back); err == nil {
			t.Error("a changed answer was opened")
		}
	}
}

func TestGatewayRefusesWhatWasNotSealedToIt(t *testing.T) {
	g := newGateway(t)
	sealed, _, err := g.Config(7).Seal((&ohttp.Request{Method: "POST", Path: "/"}).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 0x21
		_, _, err := g.Open(changed)
		if err == nil {
			t.Errorf("byte %d was changed, and it was opened", i)
		}
		if unknown := errors.Is(err, ohttp.ErrUnknownKey); unknown != (i < 7) {
			t.Errorf("byte %d was changed: unknown key is %v; clients would fetch a new release for nothing, or not at all", i, unknown)
		}
	}
	for n := range sealed {
		if _, _, err := g.Open(sealed[:n]); err == nil {
			t.Errorf("the first %d bytes were opened", n)
		}
	}
}

func TestFaultyConfigurationsAreRefused(t *testing.T) {
	good := unhex(t, vectorConfig)
	for name, change := range map[string]func([]byte) []byte{
		"cut short":         func(b []byte) []byte { return b[:len(b)-1] },
		"something behind":  func(b []byte) []byte { return append(b, 0) },
		"another KEM":       func(b []byte) []byte { b[2] = 0x10; return b },
		"no suite of ours":  func(b []byte) []byte { return append(b[:35], 0, 4, 0, 1, 0, 3) },
		"no suites at all":  func(b []byte) []byte { return append(b[:35], 0, 0) },
		"half a suite":      func(b []byte) []byte { return append(b[:35], 0, 2, 0, 1) },
		"nothing":           func([]byte) []byte { return nil },
		"length of another": func(b []byte) []byte { b[36] = 4; return b },
	} {
		if _, err := ohttp.ParseConfig(change(bytes.Clone(good))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNumbersHaveFourLengths(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "00", 37: "25", 63: "3f", 64: "4040", 15293: "7bbd", 16383: "7fff", 16384: "80004000",
		494878333: "9d7f3e7d", 1<<30 - 1: "bfffffff", 1 << 30: "c000000040000000", 151288809941952652: "c2197c5eff14e88c",
	} {
		if got := hex.EncodeToString(ohttp.AppendNumber(nil, n)); got != want {
			t.Errorf("%d: got %s, want %s (RFC 9000, appendix A.1)", n, got, want)
		}
	}
}

func TestBinaryRequestsInOtherForms(t *testing.T) {
	whole := (&ohttp.Request{Method: "POST", Scheme: "https", Authority: "a", Path: "/b", Header: []ohttp.Field{{Name: "c", Value: "d"}}, Content: []byte("e")}).Bytes()
	for _, tt := range []struct {
		name string
		b    []byte
		ok   bool
	}{
		{"with padding", append(bytes.Clone(whole), 0, 0, 0), true},
		{"with padding that is none", append(bytes.Clone(whole), 0, 1), false},
		{"without trailers", whole[:len(whole)-1], true},
		{"without content and trailers", whole[:len(whole)-3], true},
		{"cut in a field", whole[:len(whole)-4], false},
		{"a response", []byte{1, 0x40, 200}, false},
		{"of unknown length", append([]byte{2}, whole[1:]...), false},
		{"a field in upper case", bytes.Replace(whole, []byte{1, 'c', 1, 'd'}, []byte{1, 'C', 1, 'd'}, 1), false},
		{"nothing", nil, false},
	} {
		if _, err := ohttp.ParseRequest(tt.b); (err == nil) != tt.ok {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add(unhex(f, vectorRequest))
	f.Add((&ohttp.Request{Method: "POST", Path: "/v1/reports", Header: []ohttp.Field{{Name: "a", Value: "b"}}, Content: []byte("c")}).Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ohttp.ParseRequest(b)
		if err != nil {
			return
		}
		again, err := ohttp.ParseRequest(r.Bytes())
		if err != nil || again.Method != r.Method || again.Path != r.Path || !bytes.Equal(again.Content, r.Content) || len(again.Header) != len(r.Header) {
			t.Errorf("%x: read as %+v, encoded and read again as %+v, %v", b, r, again, err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	g := newGateway(f)
	f.Add(unhex(f, vectorSealed))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, err := g.Open(b); err == nil {
			t.Errorf("%x was opened", b)
		}
	})
}
