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
)

// workBits is little enough for tests, and enough to be missed.
const workBits = 12

// collector is the other end of reports, with the reviewer's key in hand: it
// opens what comes, and says so under GET /reports.
type collector struct {
	private hpke.PrivateKey
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
	key := seal.Key{Name: "intake-2026-11", Public: private.PublicKey().Bytes()}
	in := seal.Intake{Work: workBits, Retention: 90, Keys: []seal.Key{key}}
	return &collector{private: private}, in.Encode(), nil
}

// take answers a POST below v1/; ok is false for what is none of its paths.
func (c *collector) take(rw http.ResponseWriter, r *http.Request, path string) (ok bool) {
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
