// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
	"testing"

	"github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

// aLog is a log with so many entries and a root that names its key.
func aLog(entries int) (*releasetest.Log, *release.Root) {
	s := releasetest.NewSigner("log")
	l := &releasetest.Log{Origin: "log.example/lapwing", Signer: s}
	for i := range entries {
		l.Append([]byte("entry " + strconv.Itoa(i)))
	}
	root := &release.Root{Origin: l.Origin}
	root.Roles[release.LogRole] = release.Keys{Threshold: 1, Keys: []release.Key{s.Key}}
	return l, root
}

func TestEveryEntryOfEveryTreeIsProven(t *testing.T) {
	for size := 1; size <= 33; size++ {
		l, root := aLog(size)
		for i, entry := range l.Entries {
			c, err := release.VerifyProof(l.Proof(i), entry, root)
			if err != nil || c.Size != int64(size) {
				t.Fatalf("entry %d of %d: %v", i, size, err)
			}
			for k, other := range l.Entries {
				if k == i {
					continue
				}
				if _, err := release.VerifyProof(l.Proof(i), other, root); err == nil {
					t.Fatalf("the proof of entry %d of %d proves entry %d, too", i, size, k)
				}
			}
		}
	}
}

func TestProofsAreC2SPs(t *testing.T) {
	l, root := aLog(11)
	b := l.Proof(5)
	var theirs proof.TLogProof
	if err := theirs.Unmarshal(b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(theirs.Marshal(), b) {
		t.Errorf("got\n%s\nwant\n%s", b, theirs.Marshal())
	}
	theirs.ExtraData = []byte("more")
	if _, err := release.VerifyProof(theirs.Marshal(), l.Entries[5], root); err != nil {
		t.Errorf("with extra data: %v", err)
	}
	v, err := note.NewVerifier(l.Signer.Key.String())
	if err != nil {
		t.Fatal(err)
	}
	want, _, _, err := log.ParseCheckpoint(theirs.Checkpoint, l.Origin, v)
	if err != nil {
		t.Fatal(err)
	}
	got, verr := release.VerifyProof(b, l.Entries[5], root)
	if verr != nil || got.Size != int64(want.Size) || !bytes.Equal(got.Root[:], want.Hash) {
		t.Errorf("got %+v, %v, want %+v", got, verr, want)
	}
}

func TestProofsThatAreNone(t *testing.T) {
	l, root := aLog(7)
	good := string(l.Proof(3))
	hash := base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n"
	for name, b := range map[string]string{
		"other title":          strings.Replace(good, "@v1", "@v2", 1),
		"other index":          strings.Replace(good, "index 3", "index 2", 1),
		"index behind the end": strings.Replace(good, "index 3", "index 7", 1),
		"index -1":             strings.Replace(good, "index 3", "index -1", 1),
		"index 03":             strings.Replace(good, "index 3", "index 03", 1),
		"huge index":           strings.Replace(good, "index 3", "index 99999999999999999999", 1),
		"one hash more":        strings.Replace(good, "index 3\n", "index 3\n"+hash, 1),
		"ever more hashes":     strings.Replace(good, "index 3\n", "index 3\n"+strings.Repeat(hash, 900), 1),
		"one hash less":        good[:37] + good[strings.Index(good[37:], "\n")+38:],
		"no blank line":        strings.Replace(good, "\n\n", "\n", 1),
		"no checkpoint":        good[:strings.Index(good, "\n\n")+2],
	} {
		if _, err := release.VerifyProof([]byte(b), l.Entries[3], root); err == nil {
			t.Errorf("%s: accepted\n%s", name, b)
		}
	}
}

func TestChangedProofsAreRefused(t *testing.T) {
	l, root := aLog(6)
	good := l.Proof(4)
	for i := range good {
		changed := bytes.Clone(good)
		changed[i] ^= 1
		if _, err := release.VerifyProof(changed, l.Entries[4], root); err == nil {
			t.Errorf("byte %d changed: accepted\n%s", i, changed)
		}
		if _, err := release.VerifyProof(good[:i], l.Entries[4], root); err == nil {
			t.Errorf("cut after %d bytes: accepted", i)
		}
	}
}

func FuzzProof(f *testing.F) {
	l, root := aLog(9)
	f.Add(l.Proof(4))
	f.Add(l.Proof(8))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := release.VerifyProof(b, l.Entries[4], root); err != nil {
			return
		}
		// The parts that the log has not signed can be written in one way only.
		var theirs proof.TLogProof
		if err := theirs.Unmarshal(b); err != nil || theirs.Index != 4 {
			t.Fatalf("accepted what formats refuses: %v\n%s", err, b)
		}
	})
}
