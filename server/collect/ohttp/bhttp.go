// SPDX-License-Identifier: Apache-2.0

package ohttp

import (
	"encoding/binary"
	"errors"
	"strings"
)

// Field is one header field. Names are in lower case.
type Field struct{ Name, Value string }

// Request is a request in binary form, RFC 9292 with known lengths.
type Request struct {
	Method, Scheme, Authority, Path string
	Header                          []Field
	Content                         []byte
}

// Response is the same for a response. There are no informational ones.
type Response struct {
	Status  int
	Header  []Field
	Content []byte
}

const (
	knownRequest  = 0
	knownResponse = 1
	// maxFields is more than any request of ours has.
	maxFields = 32
)

var errBinary = errors.New("not a request or response in binary form with known lengths (RFC 9292)")

// Get gives the value of the first field of a name.
func Get(header []Field, name string) string {
	for _, f := range header {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Bytes encodes a request.
func (r *Request) Bytes() []byte {
	b := appendNumber(nil, knownRequest)
	for _, s := range []string{r.Method, r.Scheme, r.Authority, r.Path} {
		b = append(appendNumber(b, uint64(len(s))), s...)
	}
	return appendRest(b, r.Header, r.Content)
}

// Bytes encodes a response.
func (r *Response) Bytes() []byte {
	b := appendNumber(appendNumber(nil, knownResponse), uint64(r.Status))
	return appendRest(b, r.Header, r.Content)
}

func appendRest(b []byte, header []Field, content []byte) []byte {
	var section []byte
	for _, f := range header {
		section = append(appendNumber(section, uint64(len(f.Name))), f.Name...)
		section = append(appendNumber(section, uint64(len(f.Value))), f.Value...)
	}
	b = append(appendNumber(b, uint64(len(section))), section...)
	b = append(appendNumber(b, uint64(len(content))), content...)
	return appendNumber(b, 0) // trailers
}

// appendNumber writes a variable-length integer of QUIC, RFC 9000 section 16.
func appendNumber(b []byte, n uint64) []byte {
	switch {
	case n < 1<<6:
		return append(b, byte(n))
	case n < 1<<14:
		return binary.BigEndian.AppendUint16(b, uint16(n)|1<<14)
	case n < 1<<30:
		return binary.BigEndian.AppendUint32(b, uint32(n)|2<<30)
	default:
		return binary.BigEndian.AppendUint64(b, n|3<<62)
	}
}

// ParseRequest reads a request. Its content points into b.
func ParseRequest(b []byte) (*Request, error) {
	p := &binaryReader{rest: b}
	if p.number() != knownRequest {
		return nil, errBinary
	}
	r := &Request{Method: p.text(), Scheme: p.text(), Authority: p.text(), Path: p.text()}
	r.Header, r.Content = p.tail()
	if p.bad || r.Method == "" || r.Path == "" {
		return nil, errBinary
	}
	return r, nil
}

// ParseResponse reads a response. Its content points into b.
func ParseResponse(b []byte) (*Response, error) {
	p := &binaryReader{rest: b}
	if p.number() != knownResponse {
		return nil, errBinary
	}
	r := &Response{Status: int(p.number())}
	if r.Status < 200 || r.Status > 599 { // 1xx are never sent to us
		return nil, errBinary
	}
	r.Header, r.Content = p.tail()
	if p.bad {
		return nil, errBinary
	}
	return r, nil
}

// binaryReader reads parts; after the first fault every read gives nothing.
type binaryReader struct {
	rest []byte
	bad  bool
}

func (p *binaryReader) number() uint64 {
	if p.bad || len(p.rest) == 0 || len(p.rest) < 1<<(p.rest[0]>>6) {
		p.bad = true
		return 0
	}
	size := 1 << (p.rest[0] >> 6)
	n := uint64(p.rest[0] & 0x3f)
	for _, c := range p.rest[1:size] {
		n = n<<8 | uint64(c)
	}
	p.rest = p.rest[size:]
	return n
}

func (p *binaryReader) bytes() []byte {
	n := p.number()
	if p.bad || n > uint64(len(p.rest)) {
		p.bad = true
		return nil
	}
	b := p.rest[:n:n]
	p.rest = p.rest[n:]
	return b
}

func (p *binaryReader) text() string { return string(p.bytes()) }

// tail reads header, content and trailers, any of which may be missing at the
// end, and padding, which is zeros.
func (p *binaryReader) tail() (header []Field, content []byte) {
	if len(p.rest) > 0 {
		header = p.fields()
	}
	if len(p.rest) > 0 {
		content = p.bytes()
	}
	if len(p.rest) > 0 {
		p.fields() // mean nothing to us
	}
	for _, c := range p.rest {
		p.bad = p.bad || c != 0
	}
	return header, content
}

func (p *binaryReader) fields() (header []Field) {
	section := &binaryReader{rest: p.bytes()}
	for len(section.rest) > 0 && !section.bad && !p.bad {
		f := Field{section.text(), section.text()}
		if f.Name == "" || len(header) == maxFields || f.Name != strings.ToLower(f.Name) {
			section.bad = true
		}
		header = append(header, f)
	}
	p.bad = p.bad || section.bad
	return header
}
