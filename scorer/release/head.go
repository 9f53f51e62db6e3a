// SPDX-License-Identifier: Apache-2.0

package release

// Head says which release is newest.
type Head struct {
	Root            uint32 // newest root, for clients that know an older one
	Version         uint32 // of the release
	Length          int    // of its note
	Hash            Hash   // of its note
	Issued, Expires int64  // Unix seconds
	Poll            int64  // seconds until the next look, or 0: as the client pleases
}

// MaxPoll bounds what a head can ask for.
const MaxPoll = 7 * day

// ParseHead reads the text of a head note.
func ParseHead(s string) (*Head, error) {
	h, err := parseHead(s)
	if err != nil {
		return nil, err
	}
	return h, nil
}

func parseHead(s string) (*Head, *Error) {
	l := lines{rest: s}
	if err := l.title(AHead, "head"); err != nil {
		return nil, err
	}
	h := &Head{Root: l.version(l.next("root", 1)[0])}
	words := l.next("release", 3)
	h.Version = l.version(words[0])
	h.Length = int(l.number(words[1], MaxNote))
	h.Hash = l.hash(words[2])
	h.Issued = l.time(l.next("issued", 1)[0])
	h.Expires = l.time(l.next("expires", 1)[0])
	if words, ok := l.maybe("poll", 1); ok {
		h.Poll = l.number(words[0], MaxPoll)
	}
	if err := l.done(AHead); err != nil {
		return nil, err
	}
	if h.Expires <= h.Issued || h.Length == 0 {
		return nil, fault(AHead, Malformed)
	}
	return h, nil
}

// Text is what the head's key signs; ParseHead reads it.
func (h *Head) Text() string {
	var t text
	t.line("lapwing head v1")
	t.line("root", decimal(int64(h.Root)))
	t.line("release", decimal(int64(h.Version)), decimal(int64(h.Length)), h.Hash.String())
	t.line("issued", decimal(h.Issued))
	t.line("expires", decimal(h.Expires))
	if h.Poll > 0 {
		t.line("poll", decimal(h.Poll))
	}
	return t.String()
}
