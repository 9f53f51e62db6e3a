// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer/release"
)

// Sign adds a key's signature to a note, which may have others or none yet. It
// signs the text as it is, and only notes of the kind that the key is for.
func Sign(b []byte, k *Key) ([]byte, error) {
	n, err := open(b, nil)
	if err != nil {
		return nil, err
	}
	kind, err := kindOf(n.Text)
	if err != nil {
		return nil, err
	}
	if kind != k.Role {
		return nil, fmt.Errorf("signing: this is a note of kind %s, and %s is a key for %s", kind, k.Name, k.Role)
	}
	s, err := k.Signer()
	if err != nil {
		return nil, err
	}
	return note.Sign(n, s)
}

// kindOf reads a note as its kind, and says which. A text that has anything in
// it which this program does not know is refused: nobody should sign what their
// program cannot show them the meaning of.
func kindOf(text string) (kind string, err error) {
	kind = strings.TrimSuffix(strings.TrimPrefix(strings.SplitN(text, "\n", 2)[0], "lapwing "), " v1")
	var known interface{ Text() string }
	switch kind {
	case "root":
		known, err = release.ParseRoot(text)
	case "release":
		known, err = release.ParseRelease(text)
	case "head":
		known, err = release.ParseHead(text)
	default:
		return kind, errors.New("not a note of ours: its first line is «lapwing root v1», «lapwing release v1» or «lapwing head v1»")
	}
	if err == nil && known.Text() != text {
		err = errors.New("the note has lines that this program does not know; use a newer one")
	}
	return kind, err
}

// open takes a note apart and keeps every signature. A text without any is a
// note that nobody has signed yet.
func open(b []byte, keys []release.Key) (*note.Note, error) {
	if len(b) > release.MaxNote {
		return nil, fmt.Errorf("note: %d bytes are more than the limit of %d", len(b), release.MaxNote)
	}
	if !bytes.Contains(b, []byte("\n\n")) && bytes.HasSuffix(b, []byte("\n")) {
		if i := bytes.IndexFunc(b, func(r rune) bool { return r < ' ' && r != '\n' || r > '~' }); i >= 0 {
			return nil, fmt.Errorf("note: byte %d is no printable ASCII", i)
		}
		return &note.Note{Text: string(b)}, nil
	}
	var verifiers []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(k.String())
		if err != nil {
			return nil, err
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open(b, note.VerifierList(verifiers...))
	var unverified *note.UnverifiedNoteError
	if errors.As(err, &unverified) {
		return unverified.Note, nil
	}
	if err != nil {
		return nil, fmt.Errorf("note: %v", err)
	}
	return n, nil
}

// A ThresholdError says that too few of a role's keys have signed a note.
type ThresholdError struct {
	Kind      string
	Signers   []string
	Threshold int
}

func (e *ThresholdError) Error() string {
	by := "nobody"
	if len(e.Signers) > 0 {
		by = strings.Join(e.Signers, ", ")
	}
	return fmt.Sprintf("%s: signed by %s, %d different keys of the role are needed", e.Kind, by, e.Threshold)
}

// verify checks a note against a role's keys and threshold, and gives its text.
// It uses another reader than clients do: two would have to be wrong together.
func verify(b []byte, kind string, keys release.Keys) (string, error) {
	n, err := open(b, keys.Keys)
	if err != nil {
		return "", err
	}
	signers := []string{}
	seen := map[uint32]bool{}
	for _, s := range n.Sigs {
		if !seen[s.Hash] {
			seen[s.Hash] = true
			signers = append(signers, s.Name)
		}
	}
	if len(signers) < keys.Threshold {
		return "", &ThresholdError{kind, signers, keys.Threshold}
	}
	return n.Text, nil
}

// Describe says what a note says in words that a person can check before
// signing: days instead of seconds, and who has signed already.
func Describe(b []byte) (string, error) {
	n, err := open(b, nil)
	if err != nil {
		return "", err
	}
	kind, err := kindOf(n.Text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for line := range strings.Lines(n.Text) {
		word, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if word == "issued" || word == "expires" {
			var seconds int64
			fmt.Sscan(value, &seconds)
			value = time.Unix(seconds, 0).UTC().Format("Monday 2006-01-02 15:04:05 UTC")
		}
		fmt.Fprintf(&out, "  %s %s\n", word, value)
	}
	for _, s := range n.UnverifiedSigs {
		fmt.Fprintf(&out, "  signed by %q (not checked here)\n", s.Name)
	}
	return fmt.Sprintf("a note of kind %s:\n%s", kind, out.String()), nil
}

// NamesPack says whether a release note names exactly this pack.
func NamesPack(b, encoded []byte) error {
	n, err := open(b, nil)
	if err != nil {
		return err
	}
	r, err := release.ParseRelease(n.Text)
	if err != nil {
		return err
	}
	if h := release.Hash(sha256.Sum256(encoded)); h != r.Pack.Hash {
		return fmt.Errorf("the note names the pack %s, yours is %s", r.Pack.Hash, h)
	}
	return nil
}
