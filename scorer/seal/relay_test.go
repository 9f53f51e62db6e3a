// SPDX-License-Identifier: Apache-2.0

package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"lapwing/scorer/seal"
	"lapwing/server/collect/ohttp"
)

// gateway is the server's own, which has passed the RFC's vectors.
func gateway(t testing.TB) (*ohttp.Gateway, *seal.Relay) {
	t.Helper()
	g, err := ohttp.NewGateway(map[uint8][]byte{7: bytes.Repeat([]byte{9}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return g, &seal.Relay{URL: "https://relay.example/v1/ohttp", Config: g.Config(7).Bytes()}
}

func TestTheGatewayOpensWhatWasEncapsulated(t *testing.T) {
	g, r := gateway(t)
	for to, path := range map[seal.Destination]string{seal.ToReports: "/v1/reports", seal.ToWithdrawals: "/v1/withdrawals"} {
		for _, n := range []int{16, seal.SmallEnvelope, seal.LargeEnvelope} {
			content := bytes.Repeat([]byte{0xa5}, n)
			sealed, back, err := r.Encapsulate("collector.example", to, content, random)
			if err != nil {
				t.Fatal(err)
			}
			plain, answer, err := g.Open(sealed)
			if err != nil {
				t.Fatalf("%d bytes to %s: %v", n, path, err)
			}
			request, err := ohttp.ParseRequest(plain)
			if err != nil || request.Method != "POST" || request.Authority != "collector.example" || request.Path != path ||
				ohttp.Get(request.Header, "content-type") != "application/octet-stream" || !bytes.Equal(request.Content, content) {
				t.Errorf("the gateway reads %+v, %v", request, err)
			}
			response, err := answer.Seal((&ohttp.Response{Status: 202, Content: []byte("ok\n")}).Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if status, err := seal.Decapsulate(&back, response); err != nil || status != 202 {
				t.Errorf("status %d, %v, want 202", status, err)
			}
			response[len(response)-1] ^= 1
			if status, err := seal.Decapsulate(&back, response); err == nil {
				t.Errorf("a changed answer was read as %d", status)
			}
		}
	}
}

func TestARelayThatCannotBeUsedIsNotUsed(t *testing.T) {
	_, r := gateway(t)
	for name, config := range map[string][]byte{
		"empty": nil, "short": r.Config[:len(r.Config)-1], "another KEM": append([]byte{7, 0, 0x21}, r.Config[3:]...),
		"another suite": append(bytes.Clone(r.Config[:len(r.Config)-1]), 3), "a point of low order": append(append([]byte{7, 0, 0x20}, make([]byte, 32)...), r.Config[35:]...),
	} {
		if sealed, _, err := (&seal.Relay{URL: r.URL, Config: config}).Encapsulate("a", seal.ToReports, nil, random); err == nil {
			t.Errorf("%s: %d bytes, want an error", name, len(sealed))
		}
	}
	var e *seal.Error
	_, _, err := r.Encapsulate("a", seal.ToReports, nil, func([]byte) error { return errors.New("none") })
	if !errors.As(err, &e) || e.Fault != seal.NoRandomness {
		t.Errorf("without randomness: %v, want NoRandomness", err)
	}
	if _, _, err := r.Encapsulate("a b", seal.ToReports, nil, random); err == nil {
		t.Error("an authority with a space was accepted")
	}
}

func FuzzDecapsulate(f *testing.F) {
	g, r := gateway(f)
	sealed, back, err := r.Encapsulate("a", seal.ToReports, nil, random)
	if err != nil {
		f.Fatal(err)
	}
	_, answer, err := g.Open(sealed)
	if err != nil {
		f.Fatal(err)
	}
	good, err := answer.Seal((&ohttp.Response{Status: 202}).Bytes())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		if status, err := seal.Decapsulate(&back, b); err == nil && !bytes.Equal(b, good) {
			t.Errorf("a forged answer was read as %d", status)
		}
	})
}
