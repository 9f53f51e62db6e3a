// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"lapwing/scorer/seal"
	"lapwing/server/collect/collecttest"
)

// maker makes requests, always the same ones for a seed.
type maker struct {
	*rand.Rand
	random   *rand.ChaCha8
	sound    []byte // an envelope without enough work
	body     []byte
	junkHead string
}

func newMaker(seed, client uint64) *maker {
	random := rand.NewChaCha8([32]byte{0: byte(seed), 1: byte(seed >> 8), 2: byte(client), 3: byte(client >> 8)})
	return &maker{Rand: rand.New(random), random: random, sound: collecttest.Envelope(client, seal.SmallEnvelope, 1),
		body: make([]byte, 20_000), junkHead: strings.Repeat("mark3r ", 1200)}
}

func pick[T any](m *maker, of ...T) T { return of[m.IntN(len(of))] }

// rubbish gives random bytes, few more often than many.
func (m *maker) rubbish() []byte {
	b := m.body[:m.IntN(1+m.IntN(pick(m, 16, 64, 5000, 17_000)))]
	if m.IntN(4) > 0 { // drawing all is slow, and teaches the server nothing
		for i := 0; i < len(b); i += 97 {
			b[i] = byte(m.Uint32())
		}
	} else {
		m.random.Read(b)
	}
	return b
}

// envelope gives one that is nearly right.
func (m *maker) envelope() []byte {
	b := append(m.body[:0], m.sound...)
	for range m.IntN(4) {
		b[m.IntN(pick(m, 8, 60, len(b)))] ^= byte(1 << m.IntN(8))
	}
	switch m.IntN(6) {
	case 0:
		b = b[:m.IntN(len(b))]
	case 1:
		b = append(b, m.sound[:m.IntN(2000)]...)
	case 2: // the large size
		for len(b) < seal.LargeEnvelope {
			b = append(b, m.sound...)
		}
		b = b[:seal.LargeEnvelope]
		b[5] = 1
	}
	return b
}

var (
	paths = []string{"/v1/reports", "/v1/reports", "/v1/reports", "/v1/withdrawals", "/v1/ohttp", "/v1/reports/pull", "/v1/reports?a=b", "//v1/reports",
		"/v1/%72eports", "/v1/reports/../reports", "/", "*", "/v1/head", "http://x/v1/reports", "/v1/reports%00", "/v1/ohttp?x"}
	types = []string{"application/octet-stream", "application/octet-stream", "application/octet-stream", "message/ohttp-req", "text/plain",
		"application/octet-stream; charset=utf-8", "multipart/form-data; boundary=x", "", "\xff", strings.Repeat("a", 500)}
	methods = []string{"POST", "POST", "POST", "POST", "PUT", "OPTIONS", "PATCH", "DELETE", "post", "TRACE"}
)

// framed appends a post whose end the server can find, so that the next may
// follow on the same connection. None is one that would be stored: there is no
// work, and for a withdrawal never a code of the right length.
func (m *maker) framed(to []byte) []byte {
	body := m.rubbish
	if m.IntN(3) == 0 {
		body = m.envelope
	}
	b, path, method, kind := body(), pick(m, paths...), pick(m, methods...), pick(m, types...)
	if m.IntN(2) == 0 { // nothing wrong but the body, or it would seldom be looked at
		path, method, kind = pick(m, "/v1/reports", "/v1/reports", "/v1/reports", "/v1/withdrawals"), "POST", types[0]
	}
	switch {
	case path == "/v1/withdrawals" && len(b) > 16:
		b = b[:m.IntN(16)]
	case path != "/v1/reports" && path != "/v1/ohttp" && path != "/v1/withdrawals" && m.IntN(8) > 0:
		b = nil // or the server stops reading here, and what follows tests nothing
	case path == "/v1/reports" && len(b) > seal.LargeEnvelope && m.IntN(8) > 0:
		b = b[:seal.LargeEnvelope]
	case len(b) == 16:
		b = b[:15]
	}
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: reports.example\r\nContent-Type: %s\r\n", method, path, kind)
	for range m.IntN(3) * m.IntN(2) {
		head += pick(m, "Content-Encoding: gzip\r\n", "Expect: 100-continue\r\n", "Cookie: a=b\r\n", "X: "+m.junkHead[:m.IntN(900)]+"\r\n", "X-Forwarded-For: 127.0.0.9\r\n")
	}
	to = append(to, head...)
	if m.IntN(4) > 0 {
		to = fmt.Appendf(to, "Content-Length: %d\r\n\r\n", len(b))
		return append(to, b...)
	}
	to = append(to, "Transfer-Encoding: chunked\r\n\r\n"...)
	for len(b) > 0 {
		n := 1 + m.IntN(len(b))
		to = fmt.Appendf(to, "%x\r\n%s\r\n", n, b[:n])
		b = b[n:]
	}
	return append(to, "0\r\n\r\n"...)
}

// broken appends something whose end cannot be found, or that is not HTTP.
func (m *maker) broken(to []byte) []byte {
	const head = "POST /v1/reports HTTP/1.1\r\nHost: reports.example\r\nContent-Type: application/octet-stream\r\n"
	b := m.rubbish()
	switch m.IntN(12) {
	case 0: // less than was announced
		return append(fmt.Appendf(to, "%sContent-Length: %d\r\n\r\n", head, len(b)+1+m.IntN(5000)), b...)
	case 1: // lengths that are none
		length := pick(m, "-1", "+4096", "0x1000", "4096, 4096", "18446744073709551617", "4096 4096", "", "4e3", "99999999999999999999999", "١٢")
		return append(fmt.Appendf(to, "%sContent-Length: %s\r\n\r\n", head, length), b...)
	case 2: // two lengths
		return append(fmt.Appendf(to, "%sContent-Length: %d\r\nContent-Length: %d\r\n\r\n", head, len(b), m.IntN(5000)), b...)
	case 3: // a length and chunks
		return append(fmt.Appendf(to, "%sContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", head, m.IntN(50)), b...)
	case 4: // chunks that are none
		size := pick(m, "-1", "ffffffffffffffff", "10000000000000000", "zz", "", "5;"+m.junkHead[:m.IntN(3000)], "0x5", "5 5", "5\n")
		return append(fmt.Appendf(to, "%sTransfer-Encoding: chunked\r\n\r\n%s\r\n", head, size), b...)
	case 5: // chunks without an end
		to = append(to, head+"Transfer-Encoding: chunked\r\n\r\n"...)
		for range m.IntN(3000) {
			to = append(to, "8\r\n12345678\r\n"...)
		}
		return to
	case 6: // codings that are none
		return append(fmt.Appendf(to, "%sTransfer-Encoding: %s\r\n\r\n", head, pick(m, "gzip", "xchunked", "chunked, chunked", "chunked\r\nTransfer-Encoding: identity", "\x00")), b...)
	case 7: // a head that is too long
		return append(to, head+"X: "+m.junkHead+m.junkHead...)
	case 8: // a head that is none
		return append(to, pick(m, "POST /v1/reports HTTP/1.1\r\n\r\n", head+"Host: again\r\n\r\n", head+"no colon\r\n\r\n", head+"A\x00: b\r\n\r\n", head+" folded: x\r\n\r\n",
			"POST /v1/reports HTTP/9.9\r\nHost: x\r\n\r\n", "POST  HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n", "POST /v1/reports HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")...)
	case 9: // half a head
		return append(to, head[:m.IntN(len(head))]...)
	case 10: // another protocol
		return append(append(to, pick(m, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSH-2.0-x\r\n", "\x00\x00\x00\x00")...), b...)
	default:
		return append(to, b...)
	}
}
