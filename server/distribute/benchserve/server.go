// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is one of the two, running.
type server struct {
	name string
	base string // URL
	cmd  *exec.Cmd
	pid  int // of the process that answers
}

const nginxConf = `
worker_processes 1; daemon off; pid %[1]s/nginx.pid; error_log %[1]s/nginx.err crit;
events { worker_connections 4096; }
http {
	access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off; etag off;
	open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s;
	keepalive_requests 100000000; keepalive_timeout 60;
	default_type application/octet-stream;
	client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
	add_header Cache-Control "public, max-age=31536000, immutable";
	add_header X-Content-Type-Options nosniff;
	add_header Access-Control-Allow-Origin *;
	server { listen %[2]s; root %[1]s/tree; }
}`

// start starts both, each bound to the first core with one worker.
func start(dir string) ([]*server, error) {
	addrs := make([]string, 2)
	for i := range addrs {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		addrs[i] = l.Addr().String()
		l.Close()
	}
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, dir, addrs[0]), 0o644); err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // nginx's worker may be another user
		return nil, err
	}
	binary := filepath.Join(dir, "lapwingd")
	if out, err := exec.Command("go", "build", "-o", binary, "lapwing/server/cmd/lapwingd").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building lapwingd: %v\n%s", err, out)
	}
	nginx := &server{name: "nginx", base: "http://" + addrs[0],
		cmd: exec.Command("taskset", "-c", "0", "nginx", "-c", conf)}
	lapwingd := &server{name: "lapwingd", base: "http://" + addrs[1],
		cmd: exec.Command("taskset", "-c", "0", binary, "--listen", addrs[1], "--admin", "off",
			"--dir", filepath.Join(dir, "tree"), "--connections-per-client", "0", "--requests-per-connection", "0", "--log-level", "error")}
	lapwingd.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	servers := []*server{nginx, lapwingd}
	for _, s := range servers {
		s.cmd.Stderr = os.Stderr
		if err := s.cmd.Start(); err != nil {
			return servers, err
		}
		if err := s.ready(); err != nil {
			return servers, err
		}
	}
	lapwingd.pid = lapwingd.cmd.Process.Pid
	var err error
	nginx.pid, err = worker(nginx.cmd.Process.Pid)
	return servers, err
}

func (s *server) ready() error {
	var err error
	for range 100 {
		var resp *http.Response
		if resp, err = http.Get(s.base + "/v1/head"); err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err == nil && resp.StatusCode == 200 {
				return nil
			}
			err = fmt.Errorf("head answers %s", resp.Status)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s does not come up: %v", s.name, err)
}

// worker finds the child of nginx's master.
func worker(master int) (int, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", master, master))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(b)))
}

func (s *server) stop() {
	if s.cmd.Process != nil {
		s.cmd.Process.Signal(syscall.SIGTERM)
		s.cmd.Wait()
	}
}

// result is one turn.
type result struct {
	perSecond float64
	cpu       float64 // microseconds of the server's processor time per request
	p99       time.Duration
	memory    int // resident, kB
}

var (
	requests = regexp.MustCompile(`(\d+) requests in`)
	rate     = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	p99      = regexp.MustCompile(`99%\s+([\d.]+)(us|ms|s)\n`)
)

// measure lets wrk ask for path from the second core.
func (s *server) measure(path string, seconds int) (r result, err error) {
	before, err := s.ticks()
	if err != nil {
		return r, err
	}
	out, err := exec.Command("taskset", "-c", "1", "wrk", "-t1", "-c64", "-d"+strconv.Itoa(seconds), "--latency", s.base+path).Output()
	if err != nil {
		return r, err
	}
	after, err := s.ticks()
	if err != nil {
		return r, err
	}
	if bytes.Contains(out, []byte("Non-2xx")) || bytes.Contains(out, []byte("Socket errors")) {
		return r, fmt.Errorf("wrk saw errors:\n%s", out)
	}
	n, m, q := requests.FindSubmatch(out), rate.FindSubmatch(out), p99.FindSubmatch(out)
	if n == nil || m == nil || q == nil {
		return r, fmt.Errorf("wrk printed something else:\n%s", out)
	}
	count, _ := strconv.Atoi(string(n[1]))
	r.perSecond, _ = strconv.ParseFloat(string(m[1]), 64)
	r.cpu = float64(after-before) * 10_000 / float64(count)
	r.p99, _ = time.ParseDuration(string(q[1]) + string(q[2]))
	r.memory, err = s.memory()
	return r, err
}

// ticks gives the processor time of the server so far, in hundredths of a second.
func (s *server) ticks() (int, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, err1 := strconv.Atoi(f[11])
	system, err2 := strconv.Atoi(f[12])
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("/proc/%d/stat: not in the form expected", s.pid)
	}
	return user + system, nil
}

func (s *server) memory() (int, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); f[0] == "VmRSS:" {
			return strconv.Atoi(f[1])
		}
	}
	return 0, fmt.Errorf("no VmRSS for %d", s.pid)
}

// median gives the middle of what of picks from each result.
func median(rs []result, of func(result) float64) float64 {
	v := make([]float64, len(rs))
	for i, r := range rs {
		v[i] = of(r)
	}
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

func print(paths []target, servers []*server, results map[string][]result) {
	fmt.Printf("%-16s %-10s %12s %10s %10s %10s\n", "", "", "requests/s", "CPU us/rq", "p99", "RSS MB")
	for _, p := range paths {
		var base [2]float64
		for _, s := range servers {
			rs := results[s.name+" "+p.name]
			perSecond := median(rs, func(r result) float64 { return r.perSecond })
			cpu := median(rs, func(r result) float64 { return r.cpu })
			fmt.Printf("%-16s %-10s %12.0f %10.2f %10v %10.1f\n", p.name, s.name, perSecond, cpu,
				time.Duration(median(rs, func(r result) float64 { return float64(r.p99) })).Round(10*time.Microsecond),
				median(rs, func(r result) float64 { return float64(r.memory) / 1000 }))
			if s.name == "nginx" {
				base = [2]float64{perSecond, cpu}
				continue
			}
			fmt.Printf("%-16s %-10s %12.2f %10.2f   (of nginx)\n", "", "", perSecond/base[0], cpu/base[1])
		}
	}
}
