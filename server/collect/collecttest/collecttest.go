// SPDX-License-Identifier: Apache-2.0

// Package collecttest makes envelopes that look like real ones and hold
// nothing, and runs the server as a process of its own: for tests and
// measurements of what collects reports.
package collecttest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lapwing/scorer/seal"
)

// Code gives the withdrawal code of the n-th envelope.
func Code(n uint64) (code [16]byte) {
	binary.BigEndian.PutUint64(code[8:], n)
	copy(code[:], "invented")
	return code
}

// Envelope makes the n-th envelope of a size: of the right form, with a proof
// of work, sealed to one key that does not exist.
func Envelope(n uint64, size int, bits uint8) []byte {
	b := make([]byte, size)
	random := rand.NewChaCha8([32]byte{0: 'L', 1: byte(n), 2: byte(n >> 8), 3: byte(n >> 16), 4: byte(n >> 24), 5: byte(n >> 32), 6: byte(n >> 40)})
	random.Read(b)
	copy(b, "LWE1\x01\x00\x01\x00")
	if size == seal.LargeEnvelope {
		b[5] = 1
	}
	id := seal.IDOf(Code(n))
	copy(b[8:], id[:])
	Prove(b, bits)
	return b
}

// Prove does the work of an envelope.
func Prove(envelope []byte, bits uint8) {
	for start := uint64(0); ; start += 1 << 16 {
		if nonce, found := seal.Work(envelope, start, 1<<16, bits); found {
			seal.PutWork(envelope, nonce)
			return
		}
	}
}

// Post is the request that a client sends for a body.
func Post(path string, body []byte) []byte {
	return append(fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: reports.example\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", path, len(body)), body...)
}

// Build builds lapwingd into dir and gives its path.
func Build(dir string) (string, error) {
	binary := filepath.Join(dir, "lapwingd")
	out, err := exec.Command("go", "build", "-o", binary, "lapwing/server/cmd/lapwingd").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building lapwingd: %v\n%s", err, out)
	}
	return binary, nil
}

// GatewayKey lets lapwingd make the key of a gateway.
func GatewayKey(binary, file string) error {
	if out, err := exec.Command(binary, "gateway-key", file).CombinedOutput(); err != nil {
		return fmt.Errorf("gateway-key: %v\n%s", err, out)
	}
	return nil
}

// Server is a running lapwingd.
type Server struct {
	Addr, Admin string
	Log         bytes.Buffer // may be read once it was stopped
	cmd         *exec.Cmd
}

// Start runs binary on free ports with settings added, and waits until it is
// ready.
func Start(binary string, settings ...string) (*Server, error) {
	s := new(Server)
	for _, addr := range []*string{&s.Addr, &s.Admin} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		*addr = l.Addr().String()
		l.Close()
	}
	s.cmd = exec.Command(binary, append([]string{"--listen", s.Addr, "--admin", s.Admin}, settings...)...)
	s.cmd.Stderr = &s.Log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	var last error
	for range 400 {
		resp, err := http.Get("http://" + s.Admin + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return s, nil
			}
			err = fmt.Errorf("readyz answers %s", resp.Status)
		}
		last = err
		time.Sleep(25 * time.Millisecond)
	}
	s.Stop()
	return nil, fmt.Errorf("lapwingd does not come up: %v\n%s", last, s.Log.String())
}

// Kill ends the process as the kernel does when memory is short: at once.
func (s *Server) Kill() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// Stop ends the process as systemd does.
func (s *Server) Stop() error {
	s.cmd.Process.Signal(syscall.SIGTERM)
	return s.cmd.Wait()
}

// Memory gives what the process holds of the machine's memory, in bytes: now,
// and at most so far.
func (s *Server) Memory() (now, most int, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		switch f[0] {
		case "VmRSS:":
			now, err = strconv.Atoi(f[1])
		case "VmHWM:":
			most, err = strconv.Atoi(f[1])
		}
		if err != nil {
			return 0, 0, err
		}
	}
	return now << 10, most << 10, nil
}

// CPU gives the processor time of the server so far.
func (s *Server) CPU() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, err1 := strconv.Atoi(f[11])
	system, err2 := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

// Metrics gives the server's numbers as text.
func (s *Server) Metrics() (string, error) {
	resp, err := http.Get("http://" + s.Admin + "/metrics")
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return string(b), err
}
