// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/ed25519"
	"strings"
	"unicode/utf8"
)

// Note is a C2SP signed note whose signatures have not been looked at yet.
type Note struct {
	Text       string // ends in a newline; what the signatures are made of
	signatures []signature
}

type signature struct {
	name  string
	id    uint32
	bytes []byte
}

// maxSignatures is how many lines of signatures a note may have.
const maxSignatures = 100

// ParseNote takes a note apart, strictly: what it accepts,
// golang.org/x/mod/sumdb/note accepts, and the other way round but for base64
// that is not in its canonical form.
func ParseNote(b []byte) (Note, bool) {
	if !validNote(b) {
		return Note{}, false
	}
	s := string(b)
	split := strings.LastIndex(s, "\n\n")
	if split < 0 {
		return Note{}, false
	}
	n := Note{Text: s[:split+1]}
	lines := s[split+2:]
	if lines == "" {
		return Note{}, false
	}
	for lines != "" {
		line, rest, whole := strings.Cut(lines, "\n")
		sig, ok := parseSignature(line)
		if !whole || !ok || len(n.signatures) == maxSignatures {
			return Note{}, false
		}
		n.signatures = append(n.signatures, sig)
		lines = rest
	}
	return n, true
}

// validNote accepts UTF-8 without control characters other than newline.
func validNote(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' {
			return false
		}
	}
	return utf8.Valid(b)
}

func parseSignature(line string) (signature, bool) {
	line, ok := strings.CutPrefix(line, "— ")
	if !ok {
		return signature{}, false
	}
	name, code, _ := strings.Cut(line, " ")
	raw, ok := DecodeBase64(code)
	if !ok || len(raw) < 5 || !validName(name) {
		return signature{}, false
	}
	return signature{name, bigEndian(raw), raw[4:]}, true
}

// count says how many of the keys have signed the note. A signature of one of
// them that does not fit spoils the whole note; lines of other keys say
// nothing, and further lines of the same key say nothing more.
func (n Note) count(keys []Key) (signed int, ok bool) {
	for i := range keys {
		for _, s := range n.signatures {
			if s.name != keys[i].Name || s.id != keys[i].ID {
				continue
			}
			if !ed25519.Verify(keys[i].Public[:], []byte(n.Text), s.bytes) {
				return 0, false
			}
			signed++
			break
		}
	}
	return signed, true
}

// open takes a note apart whose text begins with a title, and holds it against
// a role's keys and threshold.
func open(o Object, b []byte, role Keys) (Note, *Error) {
	n, ok := ParseNote(b)
	if !ok {
		return n, fault(o, Malformed)
	}
	return n, n.signedBy(o, role)
}

func (n Note) signedBy(o Object, role Keys) *Error {
	signed, ok := n.count(role.Keys)
	switch {
	case !ok:
		return fault(o, BadSignature)
	case signed < role.Threshold:
		return &Error{o, TooFewSignatures, int64(signed), int64(role.Threshold)}
	}
	return nil
}
