// SPDX-License-Identifier: Apache-2.0

package release

import (
	"crypto/sha256"
	"strings"
)

// Hash is a SHA-256.
type Hash [sha256.Size]byte

// String gives lower-case hexadecimal digits, as in paths.
func (h Hash) String() string { return EncodeHex(h[:]) }

// Blob is an object as a signed note names it.
type Blob struct {
	Length int // bytes, not compressed; 0: there is no such object
	Gzip   int // bytes of the same compressed, at its path with ".gz" behind; 0: not kept so
	Hash   Hash
}

// Bounds on what a note may name.
const (
	MaxPack   = 16 << 20 // bytes of a pack, and of a delta
	MaxIntake = 64 << 10
	MaxOlder  = 64 << 10
	MaxDeltas = 512
)

// Release is one published list and all that goes with it.
type Release struct {
	Name            string // of the pack
	Version         uint32 // of the pack
	Issued, Expires int64  // Unix seconds
	Requires        string // least version of the program, as 1.2.0
	Pack            Blob
	Intake          Blob    // keys that reports are sealed to
	Older           Blob    // a list of further deltas
	Deltas          []Delta // newest base first
}

// Delta leads from the pack of an older release to this one's.
type Delta struct {
	From uint32
	Blob
}

// ParseRelease reads the text of a release note. Lines with other keywords
// behind those that it knows are for later programs.
func ParseRelease(s string) (*Release, error) {
	r, err := parseRelease(s)
	if err != nil {
		return nil, err
	}
	return r, nil
}

func parseRelease(s string) (*Release, *Error) {
	l := lines{rest: s}
	if err := l.title(ARelease, "release"); err != nil {
		return nil, err
	}
	r := &Release{
		Name:     l.next("name", 1)[0],
		Version:  l.version(l.next("version", 1)[0]),
		Issued:   l.time(l.next("issued", 1)[0]),
		Expires:  l.time(l.next("expires", 1)[0]),
		Requires: l.next("requires", 1)[0],
	}
	r.Pack = l.blob(l.next("pack", 3), MaxPack)
	if words, ok := l.maybe("intake", 3); ok {
		r.Intake = l.blob(words, MaxIntake)
	}
	if words, ok := l.maybe("older", 3); ok {
		r.Older = l.blob(words, MaxOlder)
	}
	r.Deltas = l.deltas(r.Version)
	for !l.bad && l.rest != "" {
		l.skip("name", "version", "issued", "expires", "requires", "pack", "intake", "older", "delta")
	}
	if err := l.done(ARelease); err != nil {
		return nil, err
	}
	if _, ok := parseProgram(r.Requires); !ok || r.Expires <= r.Issued {
		return nil, fault(ARelease, Malformed)
	}
	return r, nil
}

// skip passes a line of a keyword that is none of those given.
func (l *lines) skip(known ...string) {
	line, rest, whole := strings.Cut(l.rest, "\n")
	keyword, _, _ := strings.Cut(line, " ")
	if !whole || !printable(keyword) {
		l.bad = true
	}
	for _, k := range known {
		if keyword == k {
			l.bad = true
		}
	}
	l.rest = rest
}

func (l *lines) blob(words []string, limit int64) Blob {
	b := Blob{
		Length: int(l.number(words[0], limit)),
		Gzip:   int(l.number(words[1], limit)),
		Hash:   l.hash(words[2]),
	}
	if b.Length == 0 || b.Gzip >= b.Length {
		l.bad = true
	}
	return b
}

// deltas reads the lines of deltas to a version, newest base first.
func (l *lines) deltas(to uint32) []Delta {
	var list []Delta
	next := to
	for {
		words, ok := l.maybe("delta", 4)
		if !ok {
			return list
		}
		d := Delta{l.version(words[0]), l.blob(words[1:], MaxPack)}
		if d.From >= next || len(list) == MaxDeltas {
			l.bad = true
		}
		next = d.From
		list = append(list, d)
	}
}

// Text is what the release's keys sign; ParseRelease reads it.
func (r *Release) Text() string {
	var t text
	t.line("lapwing release v1")
	t.line("name", r.Name)
	t.line("version", decimal(int64(r.Version)))
	t.line("issued", decimal(r.Issued))
	t.line("expires", decimal(r.Expires))
	t.line("requires", r.Requires)
	t.blob(r.Pack, "pack")
	if r.Intake.Length > 0 {
		t.blob(r.Intake, "intake")
	}
	if r.Older.Length > 0 {
		t.blob(r.Older, "older")
	}
	t.deltas(r.Deltas)
	return t.String()
}

func (t *text) blob(b Blob, words ...string) {
	t.line(append(words, decimal(int64(b.Length)), decimal(int64(b.Gzip)), b.Hash.String())...)
}

func (t *text) deltas(list []Delta) {
	for _, d := range list {
		t.blob(d.Blob, "delta", decimal(int64(d.From)))
	}
}

// ParseOlder reads the list of deltas to a version that Release.Older names.
func ParseOlder(s string, to uint32) ([]Delta, error) {
	list, err := parseOlder(s, to)
	if err != nil {
		return nil, err
	}
	return list, nil
}

func parseOlder(s string, to uint32) ([]Delta, *Error) {
	l := lines{rest: s}
	if err := l.title(AnOlder, "deltas"); err != nil {
		return nil, err
	}
	list := l.deltas(to)
	return list, l.done(AnOlder)
}

// OlderText is what ParseOlder reads.
func OlderText(list []Delta) string {
	var t text
	t.line("lapwing deltas v1")
	t.deltas(list)
	return t.String()
}
