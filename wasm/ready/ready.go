// SPDX-License-Identifier: Apache-2.0

// Package ready turns a pack into what the scoring module loads: the compiled
// list, and the answers to what hosts ask of it, so that a cold worker copies
// arrays instead of decoding, parsing and compiling. List is called once per list:
// by the courier module after an update, by the build of the extension for the
// list that is shipped, and by programs that score through wazero.
//
// Package wire has the bytes. They are no more trusted than the place where they
// are kept; the module checks every index in them.
package ready

import (
	"crypto/sha256"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/wasm/wire"
)

// List makes the bytes for the module's load call. encoded is the pack as it was
// verified; p is what it decodes to.
func List(p *pack.Pack, encoded []byte) ([]byte, error) {
	s, err := scorer.New(p)
	if err != nil {
		return nil, err
	}
	return wire.AppendReady(nil, p, Name(p, encoded), s.Image()), nil
}

// Name is how verdicts name their list: name, version, and the first eight digits
// of the SHA-256 of the encoded pack.
func Name(p *pack.Pack, encoded []byte) string {
	const hex = "0123456789abcdef"
	sum := sha256.Sum256(encoded)
	name := append([]byte(p.Name), '-')
	name = appendNumber(name, p.Version)
	name = append(name, '+')
	for _, b := range sum[:4] {
		name = append(name, hex[b>>4], hex[b&15])
	}
	return string(name)
}

func appendNumber(b []byte, n uint32) []byte {
	if n >= 10 {
		b = appendNumber(b, n/10)
	}
	return append(b, '0'+byte(n%10))
}
