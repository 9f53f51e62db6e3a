// SPDX-License-Identifier: Apache-2.0

// Command benchdesk measures the review desk with many invented reports: how long
// it takes to open, how long each page takes through HTTP on loopback, and how much
// memory the process needs at most. A process of its own makes the reports, so that
// what that takes is not counted.
//
//	go run ./server/review/benchdesk [-reports 100000] [-rounds 40]
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/lists"
	"lapwing/server/publish"
	"lapwing/server/review/desk"
	"lapwing/server/review/reviewtest"
	"lapwing/server/review/store"
)

const passphrase = "an invented passphrase"

func main() {
	reports := flag.Int("reports", 100000, "how many")
	rounds := flag.Int("rounds", 40, "how often each page is asked for")
	step := flag.String("step", "", "prepare or measure: what this process does of it")
	dir := flag.String("dir", "", "the desk's folder")
	flag.Parse()
	var err error
	switch *step {
	case "prepare":
		err = prepare(*dir, *reports)
	case "measure":
		err = measure(*dir, *rounds)
	default:
		err = both(*reports, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchdesk: error:", err)
		os.Exit(1)
	}
}

// both runs the two steps as processes of their own.
func both(reports, rounds int) error {
	parent, err := os.MkdirTemp("", "benchdesk-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(parent)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, step := range []string{"prepare", "measure"} {
		cmd := exec.Command(self, "-step", step, "-dir", filepath.Join(parent, "desk"), "-reports", strconv.Itoa(reports), "-rounds", strconv.Itoa(rounds))
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}

type today struct {
	pack *pack.Pack
	name string
}

func list() (today, error) {
	p, err := publish.CompileFS(lists.Source, publish.Options{})
	if err != nil {
		return today{}, err
	}
	encoded, err := pack.Encode(p)
	return today{p, bulk.ListName(p, encoded)}, err
}

// prepare fills a desk.
func prepare(dir string, reports int) error {
	l, err := list()
	if err != nil {
		return err
	}
	s, err := store.Create(dir, passphrase, 10)
	if err != nil {
		return err
	}
	var batch []store.Entry
	for n := range reports {
		text, err := reviewtest.Report(n, l.name, l.pack.Version).Encode()
		if err != nil {
			return err
		}
		batch = append(batch, store.Entry{ID: reviewtest.ID(n), Day: reviewtest.Days(reviewtest.Day(n)), Sequence: uint64(n + 1), Text: text})
		if len(batch) == 1000 || n == reports-1 {
			if _, err := s.Put(batch...); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return s.Close()
}

func measure(dir string, rounds int) error {
	l, err := list()
	if err != nil {
		return err
	}
	compiled, err := scorer.New(l.pack)
	if err != nil {
		return err
	}
	begin := time.Now()
	s, err := store.Open(dir, passphrase)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("%d reports\n%-44s %8.2f s\n", s.Len(), "reading the store", time.Since(begin).Seconds())
	signer, err := reviewer(dir)
	if err != nil {
		return err
	}
	o := desk.Options{
		Dir: dir, Store: s, Signer: signer, Pack: l.pack, ListName: l.name, Scorer: compiled,
		Now: func() time.Time { return reviewtest.Begin.AddDate(0, 0, 82) },
	}
	begin = time.Now()
	d, err := desk.Open(context.Background(), o)
	if err != nil {
		return err
	}
	fmt.Printf("%-44s %8.2f s   at most 10 s\n", "opening the desk, texts alike grouped", time.Since(begin).Seconds())
	if err := pages(d, rounds); err != nil {
		return err
	}
	fmt.Printf("%-44s %8s     below 500 MB\n", "most memory at any time (VmHWM)", peak())
	return nil
}

// reviewer makes a key that the desk knows.
func reviewer(dir string) (note.Signer, error) {
	secret, public, err := note.GenerateKey(rand.Reader, "ann")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "reviewers"), 0o700); err != nil {
		return nil, err
	}
	file := "# lapwing public key, role review, name ann\npublic: " + public + "\n"
	if err := os.WriteFile(filepath.Join(dir, "reviewers", "ann.pub"), []byte(file), 0o600); err != nil {
		return nil, err
	}
	return note.NewSigner(secret)
}

// peak is the most memory that this process has had.
func peak() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	_, rest, ok := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if !ok || len(fields) == 0 {
		return "unknown"
	}
	kb, err := strconv.Atoi(fields[0])
	if err != nil {
		return "unknown"
	}
	return fmt.Sprintf("%d MB", kb/1024)
}
