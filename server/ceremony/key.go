// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"crypto/hpke"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer/release"
)

// IntakeRole is the role of keys that open reports. They sign nothing and stand
// in no root: a release names them.
const IntakeRole = "intake"

// ReviewRole is the role of keys that reviewers sign their decisions with. They
// stand in no root either: whoever keeps a desk says whose decisions count there.
const ReviewRole = "review"

// A Key is one person's, or one machine's, in one role.
type Key struct {
	Role string // of package release's, or IntakeRole, or ReviewRole
	Name string
	// Public is what others need: a verifier key as signed notes write it, or
	// for IntakeRole the base64 of an HPKE public key.
	Public string

	secret string // the same, private
}

// Generate makes a key. Names are shown with every signature: short, without
// spaces and plus signs. A log's name is the origin of its checkpoints.
func Generate(role, name string) (*Key, error) {
	if name == "" || strings.ContainsAny(name, " +\n\t") {
		return nil, fmt.Errorf("name %q: want a short word without spaces and plus signs", name)
	}
	if role == IntakeRole {
		private, err := hpke.MLKEM768X25519().GenerateKey()
		if err != nil {
			return nil, err
		}
		secret, err := private.Bytes()
		if err != nil {
			return nil, err
		}
		public := private.PublicKey().Bytes()
		return &Key{role, name, base64.StdEncoding.EncodeToString(public), base64.StdEncoding.EncodeToString(secret)}, nil
	}
	if _, err := signingRole(role); err != nil && role != ReviewRole {
		return nil, err
	}
	secret, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return nil, err
	}
	return &Key{role, name, public, secret}, nil
}

// signingRole finds a role of package release by its name.
func signingRole(name string) (release.Role, error) {
	for r := range release.NumRoles {
		if r.String() == name {
			return r, nil
		}
	}
	return 0, fmt.Errorf("role %q: want root, release, head, log or intake", name)
}

// The head of a secret file tells people, and programs that look for leaked
// secrets, what they have before them.
const (
	secretMark = "# lapwing secret key, role %s, name %s\n"
	publicMark = "# public: %s\n"
	secretNote = "# Never share or commit this file. Its passphrase opens it; so does age, from the next line on.\n"
)

// WorkFactor is the logarithm of the cost of trying one passphrase: 18 takes
// about a second.
const WorkFactor = 18

// Seal gives the key as a file that the passphrase opens. It is age's format
// with its scrypt recipient: scrypt makes each guess cost a second and a
// quarter of a gigabyte, the format is specified and read by programs that are
// not ours, and so a key outlives this one.
func (k *Key) Seal(passphrase string, workFactor int) ([]byte, error) {
	if len(passphrase) < 12 {
		return nil, errors.New("passphrase: want at least 12 characters; five random words are better")
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(workFactor)
	var file bytes.Buffer
	fmt.Fprintf(&file, secretMark+publicMark+secretNote, k.Role, k.Name, k.Public)
	armored := armor.NewWriter(&file)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, k.payload()); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if err := armored.Close(); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// payload is what is encrypted. Role, name and public key are in it again: the
// head of the file is not protected, and must not make a root key sign heads.
func (k *Key) payload() string {
	return fmt.Sprintf("lapwing secret key v1\nrole %s\nname %s\npublic %s\nsecret %s\n", k.Role, k.Name, k.Public, k.secret)
}

// ErrPassphrase says that a passphrase does not open a secret file.
var ErrPassphrase = errors.New("the passphrase does not open it")

// OpenKey is the inverse of Seal.
func OpenKey(file []byte, passphrase string) (*Key, error) {
	public, err := ReadPublic(file)
	if err != nil {
		return nil, err
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, ErrPassphrase
	}
	_, rest, _ := bytes.Cut(file, []byte(secretNote))
	r, err := age.Decrypt(armor.NewReader(bytes.NewReader(rest)), identity)
	var wrong *age.NoIdentityMatchError
	if errors.As(err, &wrong) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("opening key: %v", err)
	}
	payload, err := io.ReadAll(io.LimitReader(r, 64<<10))
	if err != nil {
		return nil, fmt.Errorf("opening key: %v", err)
	}
	_, secret, _ := strings.Cut(string(payload), "\nsecret ")
	k := &Key{public.Role, public.Name, public.Public, strings.TrimSuffix(secret, "\n")}
	if k.payload() != string(payload) {
		return nil, errors.New("opening key: what is inside is not what the head of the file says; do not use it")
	}
	return k, nil
}

// ReadPublic reads what the head of a secret file, or a file of its own, says
// of a key without opening it.
func ReadPublic(file []byte) (*Key, error) {
	k := new(Key)
	lines := strings.SplitN(string(file), "\n", 3)
	words := strings.Fields(strings.ReplaceAll(lines[0], ",", ""))
	if len(lines) == 3 && len(words) == 8 && words[1] == "lapwing" && words[3] == "key" && words[4] == "role" && words[6] == "name" {
		k.Role, k.Name = words[5], words[7]
		k.Public, _ = strings.CutPrefix(strings.TrimPrefix(lines[1], "# "), "public: ")
	}
	if k.Role == "" || k.Name == "" || k.Public == "" {
		return nil, errors.New("reading key: not a key of ours; its first line says «# lapwing secret key» or «# lapwing public key»")
	}
	return k, nil
}

// PublicFile is what others need of a key, as a file.
func (k *Key) PublicFile() []byte {
	return fmt.Appendf(nil, "# lapwing public key, role %s, name %s\npublic: %s\n", k.Role, k.Name, k.Public)
}

// WriteFiles writes the sealed key to path, for its owner alone, and the
// public one to path + ".pub". It overwrites nothing: a key that is gone is gone.
func (k *Key) WriteFiles(path string, sealed []byte) error {
	if err := writeNew(path, sealed, 0o600); err != nil {
		return err
	}
	return writeNew(path+".pub", k.PublicFile(), 0o644)
}

func writeNew(path string, b []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// Signer gives what signs notes.
func (k *Key) Signer() (note.Signer, error) {
	if k.secret == "" {
		return nil, fmt.Errorf("key %s: only its public half is here", k.Name)
	}
	return note.NewSigner(k.secret)
}
