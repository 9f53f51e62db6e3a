// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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

// Of nginx's settings those are taken that served each path fastest here.
const nginxConf = `
worker_processes 1; daemon off; pid %[1]s/nginx.pid; error_log %[1]s/nginx.err crit;
events { worker_connections 4096; }
http {
	access_log off; sendfile on; tcp_nopush off; tcp_nodelay on; server_tokens off; etag off;
	open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s;
	keepalive_requests 100000000; keepalive_timeout 60;
	default_type application/octet-stream;
	client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
	add_header Cache-Control "public, max-age=31536000, immutable";
	add_header X-Content-Type-Options nosniff;
	add_header Access-Control-Allow-Origin *;
	server { listen %[2]s; root %[1]s/tree; location = /v1/head { sendfile off; } }
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
