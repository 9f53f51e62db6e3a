// SPDX-License-Identifier: Apache-2.0

package callers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/server/bulk/callers"
)

func TestAKeyOpensAndTheFileHoldsNoKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "callers")
	keys := map[string]string{"platform-a": callers.New(), "ngo": callers.New()}
	for name, key := range keys {
		if err := callers.Append(file, name, key); err != nil {
			t.Fatal(err)
		}
	}
	c, err := callers.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(file)
	for name, key := range keys {
		if got, ok := c.Caller(key); !ok || got != name {
			t.Errorf("key of %s: got %q, %v", name, got, ok)
		}
		if strings.Contains(string(text), strings.TrimPrefix(key, callers.Prefix)) {
			t.Errorf("the file holds the key of %s: at rest there is a hash only", name)
		}
		if _, ok := c.Caller(key[:len(key)-1]); ok {
			t.Error("a shortened key was let in")
		}
	}
	if _, ok := c.Caller(""); ok {
		t.Error("no key was let in")
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, want 0600", info.Mode().Perm())
	}
}

func TestATakenBackKeyIsRefusedWithoutARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "callers")
	key := callers.New()
	if err := callers.Append(file, "ngo", key); err != nil {
		t.Fatal(err)
	}
	c, err := callers.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("# nobody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Refresh(time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Caller(key); ok {
		t.Error("the key still opens after its line was removed")
	}
}

func TestAFaultyFileLeavesTheCallersAsTheyWere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "callers")
	key := callers.New()
	callers.Append(file, "ngo", key)
	c, err := callers.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(file, []byte("\nngo "+key+"\n"), 0o600)
	err = c.Refresh(time.Now())
	if err == nil || !strings.Contains(err.Error(), "line 2: want «name sha256:»") || strings.Contains(err.Error(), key) {
		t.Errorf("got error %v, want one that names the line and no key", err)
	}
	if _, ok := c.Caller(key); !ok {
		t.Error("a slip of the editor shut everybody out")
	}
}

func TestFaultyFilesAndNamesAreRefused(t *testing.T) {
	for _, text := range []string{"ngo", "ngo sha256:12", "ngo md5:00", strings.Repeat("n", 65) + " sha256:" + strings.Repeat("0", 64)} {
		file := filepath.Join(t.TempDir(), "callers")
		os.WriteFile(file, []byte(text), 0o600)
		if _, err := callers.Open(file); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: got error %v, want one of line 1", text, err)
		}
	}
	for _, name := range []string{"", "two words", "#x", "ü"} {
		if err := callers.Append(filepath.Join(t.TempDir(), "c"), name, callers.New()); err == nil {
			t.Errorf("name %q was taken", name)
		}
	}
}
