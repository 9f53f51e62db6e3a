// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"lapwing/scorer/release"
	"lapwing/server/ceremony"
)

func hash(b []byte) release.Hash { return sha256.Sum256(b) }

const passphrase = "five invented words of sense"

func TestKeyComesBackFromItsFile(t *testing.T) {
	for _, role := range []string{"root", "release", "head", "log", "intake"} {
		k := generate(t, role, "anna")
		sealed, err := k.Seal(passphrase, 4)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "key")
		if err := k.WriteFiles(path, sealed); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v; want 0600", role, info.Mode(), err)
		}
		if err := k.WriteFiles(path, sealed); err == nil {
			t.Errorf("%s: an existing key was overwritten; what it signed can never be renewed", role)
		}
		if !bytes.HasPrefix(sealed, []byte("# lapwing secret key, role "+role+", name anna\n")) {
			t.Errorf("%s: the file does not say what it is: %.60q", role, sealed)
		}
		back, err := ceremony.OpenKey(sealed, passphrase)
		if err != nil || *back != *k {
			t.Errorf("%s: got %v, %v", role, back, err)
		}
		public, err := os.ReadFile(path + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		if pub, err := ceremony.ReadPublic(public); err != nil || pub.Public != k.Public || pub.Role != role || pub.Name != "anna" {
			t.Errorf("%s: public file: got %v, %v", role, pub, err)
		}
	}
}

func TestKeyStaysShut(t *testing.T) {
	k := generate(t, "head", "anna")
	sealed, err := k.Seal(passphrase, 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ceremony.OpenKey(sealed, passphrase+"."); !errors.Is(err, ceremony.ErrPassphrase) {
		t.Errorf("wrong passphrase: got %v", err)
	}
	promoted := bytes.Replace(sealed, []byte("role head"), []byte("role root"), 1)
	if _, err := ceremony.OpenKey(promoted, passphrase); err == nil {
		t.Error("the head of the file made a key for heads into one for roots")
	}
	if _, err := k.Seal("short", 4); err == nil {
		t.Error("a passphrase of five letters was taken")
	}
	for _, name := range []string{"", "two words", "a+b", "line\n"} {
		if _, err := ceremony.Generate("root", name); err == nil {
			t.Errorf("name %q was taken", name)
		}
	}
}

func TestAnotherProgramOpensTheKey(t *testing.T) {
	sealed, err := generate(t, "root", "anna").Seal(passphrase, 4)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(sealed, []byte(armor.Header))
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(sealed[at:])), identity)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || !strings.Contains(string(b), "\nsecret PRIVATE+KEY+anna+") {
		t.Errorf("got %.80q, %v; want a key that note.NewSigner reads", b, err)
	}
}

func TestKeysSignNotesOfTheirKindOnly(t *testing.T) {
	p := found(t)
	_, note := p.publish(t, day0)
	for _, k := range []*ceremony.Key{p.root[0], p.head, p.log} {
		if _, err := ceremony.Sign(note, k); err == nil {
			t.Errorf("a key for %s signed a release", k.Role)
		}
	}
	if _, err := ceremony.Sign([]byte("hello\n"), p.release[0]); err == nil {
		t.Error("a key signed something that is no note of ours")
	}
	text, _, _ := strings.Cut(string(note), "\n\n")
	for name, strange := range map[string]string{
		"a line of a later program":  text + "\npays someone\n",
		"a terminal's escape":        text + "\nx \x1b[2J\n",
		"letters that run backwards": text + "\nx \u202e\n",
	} {
		if _, err := ceremony.Sign([]byte(strange), p.release[0]); err == nil {
			t.Errorf("%s was signed", name)
		}
		if _, err := ceremony.Describe([]byte(strange)); err == nil {
			t.Errorf("%s was shown as if it were nothing", name)
		}
	}
	said, err := ceremony.Describe(note)
	if err != nil || !strings.Contains(said, "expires Monday 2027-02-22") || !strings.Contains(said, `signed by "m1"`) {
		t.Errorf("Describe: got %v\n%s", err, said)
	}
}
