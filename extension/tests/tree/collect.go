// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/hpke"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"lapwing/scorer/seal"
	"lapwing/server/collect/ohttp"
)

// workBits is little enough for tests, and enough to be missed.
const workBits = 12

// collector is the other end of reports, with the reviewer's key in hand: it
// opens what comes, and says so under GET /reports.
type collector struct {
	private hpke.PrivateKey
	key     seal.Key
	gateway *ohttp.Gateway
	got     []received
	taken   []string // ids of reports that were taken back
}

type received struct {
	ID     string `json:"id"`
	Size   int    `json:"size"`
	Work   bool   `json:"work"`
	Report string `json:"report"`
	Fault  string `json:"fault"`
}

func newCollector() (*collector, []byte, error) {
	private, err := hpke.MLKEM768X25519().NewPrivateKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		return nil, nil, err
	}
	gateway, err := ohttp.NewGateway(map[uint8][]byte{7: bytes.Repeat([]byte{9}, 32)})
	if err != nil {
		return nil, nil, err
	}
	c := &collector{private: private, gateway: gateway, key: seal.Key{Name: "intake-2026-11", Public: private.PublicKey().Bytes()}}
	return c, c.intake(""), nil
}

// intake is what a release says of reports; relay is the address of one, or "".
func (c *collector) intake(relay string) []byte {
	in := seal.Intake{Work: workBits, Retention: 90, Keys: []seal.Key{c.key}}
	if relay != "" {
		in.Relay = &seal.Relay{URL: relay, Config: c.gateway.Config(7).Bytes()}
	}
	return in.Encode()
}

// relayed answers what came through a relay, as the gateway behind it does.
func (c *collector) relayed(rw http.ResponseWriter, r *http.Request) {
	sealed, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	plain, answer, err := c.gateway.Open(sealed)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	inner, err := ohttp.ParseRequest(plain)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	status := http.StatusAccepted
	switch inner.Path {
	case "/v1/reports":
		c.got = append(c.got, c.open(inner.Content))
	case "/v1/withdrawals":
		id := seal.IDOf([16]byte(inner.Content))
		c.taken = append(c.taken, hex.EncodeToString(id[:]))
	default:
		status = http.StatusNotFound
	}
	response, err := answer.Seal((&ohttp.Response{Status: status, Content: []byte("ok\n")}).Bytes())
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", ohttp.ResponseType)
	_, _ = rw.Write(response)
}

// take answers a POST below v1/; ok is false for what is none of its paths.
func (c *collector) take(rw http.ResponseWriter, r *http.Request, path string) (ok bool) {
	if r.Method == http.MethodPost && path == "v1/ohttp" {
		c.relayed(rw, r)
		return true
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, seal.LargeEnvelope+1))
	switch {
	case r.Method != http.MethodPost:
		return false
	case path == "v1/reports":
		c.got = append(c.got, c.open(body))
	case path == "v1/withdrawals" && len(body) == 16:
		id := seal.IDOf([16]byte(body))
		c.taken = append(c.taken, hex.EncodeToString(id[:]))
	default:
		return false
	}
	rw.WriteHeader(http.StatusAccepted)
	fmt.Fprintln(rw, "ok")
	return true
}

func (c *collector) open(envelope []byte) received {
	got := received{Size: len(envelope), Work: seal.CheckWork(envelope, workBits)}
	h, err := seal.ParseHeader(envelope)
	if err != nil {
		got.Fault = err.Error()
		return got
	}
	got.ID = hex.EncodeToString(h.ID[:])
	report, err := seal.Open(envelope, c.private)
	if err == nil {
		_, err = seal.ParseReport(report)
	}
	if err != nil {
		got.Fault = err.Error()
	}
	got.Report = string(report)
	return got
}

// tell gives what came since it was last asked.
func (c *collector) tell(rw http.ResponseWriter) {
	_ = json.NewEncoder(rw).Encode(map[string]any{"got": c.got, "taken": c.taken})
	c.got, c.taken = nil, nil
}
