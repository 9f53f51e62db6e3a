// SPDX-License-Identifier: Apache-2.0

// Package callers knows who may have listings scored by a server: it makes
// their keys, and keeps of each key its hash.
//
// The file is a line per caller, «name sha256:…», and # begins a comment; a
// caller may have several lines while changing keys. A key is 256 random bits,
// so one round of SHA-256 is enough: there is nothing to guess. Whoever reads
// the file can use no key; whoever writes it can let anybody in.
//
// Call New for a key and Append to enter it; a server calls Open and Caller.
package callers

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Prefix begins every key, so that one that was committed or pasted somewhere
// is recognised for what it is.
const Prefix = "lapwing_score_"

const (
	keyBytes  = 32
	hashHead  = "sha256:"
	maxName   = 64
	maxFile   = 1 << 20
	lookAgain = time.Second // how soon a change of the file is seen
)

// New makes a key.
func New() string {
	b := make([]byte, keyBytes)
	rand.Read(b) // never fails
	return Prefix + base64.RawURLEncoding.EncodeToString(b)
}

// Append enters a caller's key into the file, which is made if it is not there.
func Append(file, name, key string) error {
	if err := checkName(name); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(key))
	_, err = fmt.Fprintf(f, "%s %s%x\n", name, hashHead, sum)
	return errors.Join(err, f.Sync(), f.Close())
}

func checkName(name string) error {
	if name == "" || len(name) > maxName || strings.HasPrefix(name, "#") || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("want a name of 1 to %d ASCII characters without spaces", maxName)
	}
	return nil
}

// table is the names by hash of key; it never changes once it is made.
type table map[[sha256.Size]byte]string

// parse reads a file's text.
func parse(text []byte) (table, error) {
	t := table{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		name, hash, _ := strings.Cut(line, " ")
		digits, ok := strings.CutPrefix(strings.TrimSpace(hash), hashHead)
		sum, err := hex.DecodeString(digits)
		if !ok || err != nil || len(sum) != sha256.Size {
			return nil, fmt.Errorf("line %d: want «name %s» and 64 hexadecimal digits; lapwingd add-caller writes such lines", n, hashHead)
		}
		if err := checkName(name); err != nil {
			return nil, fmt.Errorf("line %d: %v", n, err)
		}
		t[[sha256.Size]byte(sum)] = name
	}
	return t, lines.Err()
}

// Callers answers who a key belongs to. It is safe for concurrent use.
type Callers struct {
	file  string
	table atomic.Pointer[table] // only ever swapped

	mu      sync.Mutex // guards the two below: one reader of the file is enough
	looked  time.Time
	changed os.FileInfo
}

// Open reads the file. Later changes of it are seen within a second; what then
// cannot be read leaves the callers as they were, and Refresh says why.
func Open(file string) (*Callers, error) {
	c := &Callers{file: file}
	if err := c.read(); err != nil {
		return nil, fmt.Errorf("reading callers from %s: %w", file, err)
	}
	return c, nil
}

func (c *Callers) read() error {
	info, err := os.Stat(c.file)
	if err != nil {
		return err
	}
	c.changed = info
	if info.Size() > maxFile {
		return fmt.Errorf("it is longer than %d bytes", maxFile)
	}
	text, err := os.ReadFile(c.file)
	if err != nil {
		return err
	}
	t, err := parse(text)
	if err == nil {
		c.table.Store(&t)
	}
	return err
}

// Caller gives the name that a key was made for. The time that it takes says
// nothing of the keys there are: only hashes are compared.
func (c *Callers) Caller(key string) (string, bool) {
	name, ok := (*c.table.Load())[sha256.Sum256([]byte(key))]
	return name, ok
}

// Refresh looks whether the file has changed, at most once a second, and reads
// it again. An error says why the callers stay as they were.
func (c *Callers) Refresh(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.looked) < lookAgain {
		return nil
	}
	c.looked = now
	info, err := os.Stat(c.file)
	if err != nil {
		return fmt.Errorf("looking for callers: %w", err)
	}
	if info.ModTime().Equal(c.changed.ModTime()) && info.Size() == c.changed.Size() && os.SameFile(info, c.changed) {
		return nil
	}
	if err := c.read(); err != nil {
		return fmt.Errorf("reading callers from %s: %w", c.file, err)
	}
	return nil
}
