// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"strconv"
	"strings"

	"lapwing/scorer/release"
)

const (
	// MaxKeys is how many keys a report can be sealed to.
	MaxKeys = 8
	// KeySize is the length of an intake key's public half, MLKEM768-X25519.
	KeySize = 1184 + 32

	// DefaultWork is the difficulty that publishers are offered: its cost is
	// written down in wasm/README.md.
	DefaultWork = 20
	// MaxWork is the most bits of work that an intake object may ask for.
	MaxWork = 32
	// DefaultRetention is for how many days reports are kept.
	DefaultRetention = 90

	maxRetention = 365
	maxConfig    = 4096
)

// Intake is what a release says of reports: who can read them, for how long
// they are kept, and what sending one costs.
type Intake struct {
	Work      uint8  // leading zero bits
	Retention uint16 // days
	Relay     *Relay // nil: reports go straight to the collector
	Keys      []Key
}

// Relay carries reports past the collector's eyes (RFC 9458).
type Relay struct {
	URL    string
	Config []byte // one key configuration of the gateway behind it
}

// Key is a reviewer's key, the half that seals.
type Key struct {
	Name   string // as intake-2026-11
	Public []byte // KeySize bytes
}

// ParseIntake reads the object that a release names.
func ParseIntake(object []byte) (*Intake, error) {
	if len(object) > release.MaxIntake {
		return nil, &Error{Object: AnIntake, Over: len(object) - release.MaxIntake, Fault: TooLong}
	}
	l := lines{rest: string(object), line: 1}
	title := l.next()
	switch version, ok := strings.CutPrefix(title, "lapwing intake v"); {
	case !ok:
		return nil, l.fault()
	case version != "1":
		return nil, &Error{Object: AnIntake, Line: 1, Fault: UnknownFormat}
	}
	in := &Intake{}
	in.Work = uint8(l.number("work", MaxWork))
	in.Retention = uint16(l.number("retention", maxRetention))
	if words := l.maybe("relay", 2); words != nil {
		config, ok := release.DecodeBase64(words[1])
		if !ok || len(config) > maxConfig || !isRelayURL(words[0]) {
			return nil, l.fault()
		}
		in.Relay = &Relay{words[0], config}
	}
	for l.rest != "" && !l.bad {
		words := l.maybe("key", 2)
		if words == nil || len(in.Keys) == MaxKeys || !isWord(words[0], 64) {
			return nil, l.fault()
		}
		public, ok := release.DecodeBase64(words[1])
		if !ok || len(public) != KeySize || in.has(words[0], public) {
			return nil, l.fault()
		}
		in.Keys = append(in.Keys, Key{words[0], public})
	}
	if l.bad || len(in.Keys) == 0 {
		return nil, l.fault()
	}
	return in, nil
}

// Encode gives the object that ParseIntake reads; it does not check it.
func (in *Intake) Encode() []byte {
	s := "lapwing intake v1\nwork " + strconv.Itoa(int(in.Work)) + "\nretention " + strconv.Itoa(int(in.Retention)) + "\n"
	if in.Relay != nil {
		s += "relay " + in.Relay.URL + " " + release.EncodeBase64(in.Relay.Config) + "\n"
	}
	for _, k := range in.Keys {
		s += "key " + k.Name + " " + release.EncodeBase64(k.Public) + "\n"
	}
	return []byte(s)
}

func (in *Intake) has(name string, public []byte) bool {
	for _, k := range in.Keys {
		if k.Name == name || string(k.Public) == string(public) {
			return true
		}
	}
	return false
}

// isRelayURL accepts encrypted addresses, and the machine itself for tests.
func isRelayURL(s string) bool {
	return isWord(s, maxAddress) && (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://127.0.0.1:"))
}

// lines reads "keyword word …" line by line.
type lines struct {
	rest string
	line int // that was read last
	bad  bool
}

func (l *lines) fault() *Error { return &Error{Object: AnIntake, Line: l.line, Fault: Malformed} }

func (l *lines) next() string {
	line, rest, ok := strings.Cut(l.rest, "\n")
	if !ok {
		l.bad = true
		return ""
	}
	l.rest = rest
	return line
}

// maybe reads the line of a keyword with n words, if it comes next.
func (l *lines) maybe(keyword string, n int) []string {
	rest, ok := strings.CutPrefix(l.rest, keyword+" ")
	if l.bad || !ok {
		return nil
	}
	l.rest = rest
	l.line++
	words := strings.Split(l.next(), " ")
	if l.bad || len(words) != n {
		l.bad = true
		return nil
	}
	return words
}

// number reads the line of a keyword with a number from 1 to limit.
func (l *lines) number(keyword string, limit int) int {
	words := l.maybe(keyword, 1)
	if words == nil {
		l.bad = true
		return 0
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 1 || n > limit || strconv.Itoa(n) != words[0] {
		l.bad = true
		return 0
	}
	return n
}
