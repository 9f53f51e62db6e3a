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
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

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

// sorted gives what of picks from each result, least first.
func sorted(rs []result, of func(result) float64) []float64 {
	v := make([]float64, len(rs))
	for i, r := range rs {
		v[i] = of(r)
	}
	slices.Sort(v)
	return v
}

// middle gives the median of sorted values.
func middle(v []float64) float64 {
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// print shows the median of all turns, and the best: what else ran on the
// machine can only have made a turn worse.
func print(paths []target, servers []*server, results map[string][]result) {
	fmt.Printf("%-16s %-10s %12s %10s %12s %10s %10s %8s\n", "", "", "median rq/s", "best", "CPU us/rq", "least", "p99", "RSS MB")
	for _, p := range paths {
		var base [4]float64
		for _, s := range servers {
			rs := results[s.name+" "+p.name]
			rates := sorted(rs, func(r result) float64 { return r.perSecond })
			cpu := sorted(rs, func(r result) float64 { return r.cpu })
			row := [4]float64{middle(rates), rates[len(rates)-1], middle(cpu), cpu[0]}
			fmt.Printf("%-16s %-10s %12.0f %10.0f %12.2f %10.2f %10v %8.1f\n", p.name, s.name, row[0], row[1], row[2], row[3],
				time.Duration(middle(sorted(rs, func(r result) float64 { return float64(r.p99) }))).Round(10*time.Microsecond),
				middle(sorted(rs, func(r result) float64 { return float64(r.memory) / 1000 })))
			if s.name == "nginx" {
				base = row
				continue
			}
			fmt.Printf("%-16s %-10s %12.2f %10.2f %12.2f %10.2f   (of nginx)\n", "", "", row[0]/base[0], row[1]/base[1], row[2]/base[2], row[3]/base[3])
		}
	}
}

// besiege holds n connections open that say next to nothing, and gives how long
// an honest client waits for its answer meanwhile.
func (s *server) besiege(n int) (time.Duration, error) {
	addr := strings.TrimPrefix(s.base, "http://")
	for range n {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return 0, err
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET /v1/head HTTP/1.1\r\nHost: s"); err != nil {
			return 0, err
		}
	}
	honest := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
	begin := time.Now()
	resp, err := honest.Get(s.base + "/v1/head")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
		return 0, fmt.Errorf("answer %s, %v", resp.Status, err)
	}
	return time.Since(begin), nil
}
