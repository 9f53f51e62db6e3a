// SPDX-License-Identifier: Apache-2.0

package release

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

const message = "lapwing\nthat cries\n"

// party signs with golang.org/x/mod/sumdb/note and verifies with both.
type party struct {
	signer   note.Signer
	verifier note.Verifier
	key      Key
}

func newParty(t testing.TB, name string, seed byte) party {
	t.Helper()
	secret, public, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	k, ok := ParseKey(public)
	if !ok || k.String() != public {
		t.Fatalf("ParseKey(%q) gives %v, %v", public, k, ok)
	}
	return party{s, v, k}
}

func sign(t testing.TB, text string, parties ...party) []byte {
	t.Helper()
	var signers []note.Signer
	for _, p := range parties {
		signers = append(signers, p.signer)
	}
	b, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// agree holds our reading of a note against theirs, for the same known keys.
func agree(t testing.TB, b []byte, known ...party) {
	t.Helper()
	var verifiers []note.Verifier
	var keys []Key
	for _, p := range known {
		verifiers, keys = append(verifiers, p.verifier), append(keys, p.key)
	}
	theirs, err := note.Open(b, note.VerifierList(verifiers...))
	wantSigned, wantText := 0, ""
	if err == nil {
		wantSigned, wantText = len(theirs.Sigs), theirs.Text
	}
	ours, ok := ParseNote(b)
	signed, good := 0, false
	if ok {
		signed, good = ours.count(keys)
	}
	switch {
	case !ok && err == nil && canonical(b):
		t.Fatalf("refused what sumdb/note accepts:\n%q", b)
	case ok && good && signed > 0 && err != nil:
		t.Fatalf("accepted what sumdb/note refuses (%v):\n%q", err, b)
	case ok && err == nil && (signed != wantSigned || ours.Text != wantText):
		t.Fatalf("%d signatures, want %d; text %q, want %q", signed, wantSigned, ours.Text, wantText)
	}
}

// canonical says whether all signatures are in the one form of base64 that we take.
func canonical(b []byte) bool {
	for line := range strings.Lines(string(b)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == "—" {
			if _, err := base64.StdEncoding.Strict().DecodeString(fields[2]); err != nil {
				return false
			}
		}
	}
	return true
}

func TestNotesAgreeWithSumdb(t *testing.T) {
	a, b, c := newParty(t, "alice", 1), newParty(t, "bob.example/x", 2), newParty(t, "carol", 3)
	for name, n := range map[string][]byte{
		"two signatures":         sign(t, message, a, b),
		"a stranger's":           sign(t, message, c),
		"with a stranger's":      sign(t, message, c, a),
		"empty lines in text":    sign(t, "a\n\nb\n\n\n", a),
		"empty text":             sign(t, "\n", a),
		"nothing":                nil,
		"no signatures":          []byte(message + "\n"),
		"no blank line":          []byte(message),
		"cut short":              sign(t, message, a)[:60],
		"without last newline":   bytes.TrimSuffix(sign(t, message, a), []byte("\n")),
		"carriage returns":       bytes.ReplaceAll(sign(t, message, a), []byte("\n"), []byte("\r\n")),
		"hyphen instead of dash": bytes.ReplaceAll(sign(t, message, a), []byte("—"), []byte("-")),
		"not UTF-8":              bytes.Replace(sign(t, message, a), []byte("cries"), []byte("cr\xffes"), 1),
		"changed text":           bytes.Replace(sign(t, message, a), []byte("cries"), []byte("flies"), 1),
		"signature twice":        append(sign(t, message, a), sign(t, message, a)[len(message)+1:]...),
		"line without code":      append(sign(t, message, a), "— carol \n"...),
		"line with four words":   append(sign(t, message, a), "— carol AAAAAAAA x\n"...),
		"short unknown line":     append(sign(t, message, a), "— carol AAAAAA==\n"...),
		"long unknown line":      append(sign(t, message, a), ("— carol " + strings.Repeat("AAAA", 900) + "\n")...),
	} {
		t.Run(name, func(t *testing.T) { agree(t, n, a, b) })
	}
}

func TestHundredSignaturesAreTheMost(t *testing.T) {
	a := newParty(t, "alice", 1)
	line := "— stranger AAAAAAAA\n"
	agree(t, append(sign(t, message, a), strings.Repeat(line, 99)...), a)
	agree(t, append(sign(t, message, a), strings.Repeat(line, 100)...), a)
	if _, ok := ParseNote(append(sign(t, message, a), strings.Repeat(line, 100)...)); ok {
		t.Error("a note with 101 lines of signatures was accepted")
	}
}

func TestChangedBytesAgreeWithSumdb(t *testing.T) {
	a, b := newParty(t, "alice", 1), newParty(t, "bob", 2)
	n := sign(t, message, a, b)
	for i := range n {
		for _, flip := range []byte{1, 0x20, 0x80} {
			changed := bytes.Clone(n)
			changed[i] ^= flip
			agree(t, changed, a, b)
		}
		agree(t, n[:i], a, b)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	good := newParty(t, "alice", 1).key.String()
	for _, s := range []string{
		"", "alice", "alice+", good[1:], good + "=", strings.ToUpper(good), strings.Replace(good, "alice", "al ice", 1),
		strings.Replace(good, "+A", "+B", 1), "PRIVATE+KEY+" + good,
	} {
		if k, ok := ParseKey(s); ok {
			t.Errorf("ParseKey(%q) gives %v, want an error", s, k)
		}
	}
}

func FuzzNote(f *testing.F) {
	a, b := newParty(f, "alice", 1), newParty(f, "bob", 2)
	f.Add(sign(f, message, a, b))
	f.Add(sign(f, "a\n\nb\n", b))
	f.Add([]byte("x\n\n— a AAAAAAAA\n"))
	f.Fuzz(func(t *testing.T, n []byte) { agree(t, n, a, b) })
}

func FuzzBase64(f *testing.F) {
	for _, s := range []string{"", "AA==", "AAA=", "AAAA", "AB==", "A===", "====", "AA=A", "+/+/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := DecodeBase64(s)
		want, err := base64.StdEncoding.Strict().DecodeString(s)
		// The standard library skips newlines, and takes "" for nothing.
		wantOK := err == nil && s != "" && !strings.ContainsAny(s, "\r\n")
		if ok != wantOK || ok && !bytes.Equal(got, want) {
			t.Fatalf("%q: got %x, %v, want %x, %v", s, got, ok, want, wantOK)
		}
		if ok && EncodeBase64(got) != s {
			t.Fatalf("%q does not come back: %q", s, EncodeBase64(got))
		}
	})
}
