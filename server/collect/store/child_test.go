// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lapwing/server/collect/store"
)

// runChild is what this program does when a test has started it a second time.
func runChild(what string) {
	switch what {
	case "store until killed":
		storeUntilKilled(os.Args[1])
	case "fill the disk":
		fillTheDisk(os.Args[1])
	case "fill the file":
		fillTheFile(os.Args[1])
	}
}

// child prepares to run this program again.
func child(t *testing.T, what string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "LAPWING_STORE_CHILD="+what)
	cmd.Stderr = os.Stderr
	return cmd
}

// storeUntilKilled says the number of each report once it was told that the
// report is stored, one write a line, so that a line is there or is not.
func storeUntilKilled(path string) {
	s, err := store.Open(path, store.Options{})
	if err != nil || s.Ready() != nil {
		fmt.Println(err, s.Ready())
		return
	}
	first := uint64(time.Now().UnixNano())
	var wait sync.WaitGroup
	for client := range uint64(8) {
		wait.Go(func() {
			for n := first + client<<40; ; n++ {
				if _, err := s.Put(id(n), 20000, envelope(n), 0); err != nil {
					fmt.Println(err)
					return
				}
				os.Stdout.WriteString(fmt.Sprintf("%d\n", n))
			}
		})
	}
	wait.Wait()
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	const kills = 15 // benchcollect does a hundred, over HTTP
	path := filepath.Join(t.TempDir(), "reports.db")
	acknowledged := map[store.ID]uint64{}
	for range kills {
		cmd := child(t, "store until killed", path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		wait := time.Duration(rand.IntN(60)) * time.Millisecond
		for lines.Scan() {
			var n uint64
			if _, err := fmt.Sscanf(lines.Text(), "%d", &n); err != nil {
				t.Fatalf("the child says %q", lines.Text())
			}
			if len(acknowledged)%1000 == 0 || wait > 0 {
				time.AfterFunc(wait, func() { cmd.Process.Kill() })
				wait = 0
			}
			acknowledged[id(n)] = n
		}
		cmd.Wait()
	}
	for _, row := range all(t, open(t, path, store.Options{})) {
		if n, ok := acknowledged[row.ID]; ok && string(row.Blob) == string(envelope(n)) {
			delete(acknowledged, row.ID)
		}
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d reports were acknowledged and are gone after %d kills", len(acknowledged), kills)
	}
}

// reportFull says on standard output how a full store has behaved; see checkFull.
func reportFull(path string, free func(), o store.Options) {
	s, err := store.Open(path, o)
	if err != nil {
		fmt.Println("opening:", err)
		return
	}
	stored := 0
	for n := range uint64(4000) {
		if _, err = s.Put(id(n), 20000, envelope(n), 0); err != nil {
			break
		}
		stored++
	}
	fmt.Println("full:", errors.Is(err, store.ErrUnavailable), s.Ready() != nil)
	for range s.After(context.Background(), 0, 1) { // reading goes on
		fmt.Println("readable: true")
	}
	free()
	for range 100 { // the store finds out by itself
		if s.Ready() == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	_, err = s.Put(id(1<<40), 20000, envelope(1), 0)
	fmt.Println("after making room:", err)
	s.Close()
	s, _ = store.Open(path, o)
	kept := 0
	for row, err := range s.After(context.Background(), 0, 1<<20) {
		if err == nil && len(row.Blob) == 4096 {
			kept++
		}
	}
	s.Close()
	fmt.Println("lost:", max(0, stored+1-kept), "of", stored > 20)
}

// fillTheDisk has a file system of 4 MB to itself.
func fillTheDisk(dir string) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m,mode=0700"); err != nil {
		fmt.Println("cannot mount:", err)
		return
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	reportFull(filepath.Join(dir, "reports.db"), func() { os.Remove(ballast) }, store.Options{})
}

// fillTheFile may not write a file of more than 1 MB, until it may.
func fillTheFile(dir string) {
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 40}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println(err)
		return
	}
	reportFull(filepath.Join(dir, "reports.db"), func() {
		limit.Cur = limit.Max
		syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
	}, store.Options{})
}

// checkFull reads what reportFull says.
func checkFull(t *testing.T, said string) {
	t.Helper()
	const want = "full: true true\nreadable: true\nafter making room: <nil>\nlost: 0 of true\n"
	if said != want {
		t.Errorf("got\n%s\nwant\n%s", said, want)
	}
}

func TestFullDiskLosesNothingAcknowledged(t *testing.T) {
	cmd := child(t, "fill the disk", t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.Output()
	if err != nil || strings.HasPrefix(string(out), "cannot mount") {
		t.Logf("no file system of its own on this machine (%v, %s); the limit of a file's size stands for it", err, out)
		return
	}
	checkFull(t, string(out))
}

func TestFileThatMayNotGrowLosesNothingAcknowledged(t *testing.T) {
	out, err := child(t, "fill the file", t.TempDir()).Output()
	if err != nil {
		t.Fatal(err)
	}
	checkFull(t, string(out))
}

func TestBoundOfTheFileIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reports.db")
	s := open(t, path, store.Options{Bytes: 1 << 20})
	var err error
	n := uint64(0)
	for ; err == nil && n < 1000; n++ {
		_, err = s.Put(id(n), store.Day(20000+n/100), envelope(n), 0)
	}
	if !errors.Is(err, store.ErrUnavailable) || n < 100 {
		t.Fatalf("got %v after %d reports of 4 kB; want to be refused at 1 MB", err, n)
	}
	if _, err := s.Expire(20001); err != nil {
		t.Fatal(err)
	}
	put(t, s, 5000, 20003, store.Stored)
	s.Close()
	if info, err := os.Stat(path); err != nil || info.Size() > 1<<20 {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
}
