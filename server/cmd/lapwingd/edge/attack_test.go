// SPDX-License-Identifier: Apache-2.0

package edge_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/goleak"

	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/distribute/treetest"
)

// from dials from an address of its own: all of 127.0.0.0/8 is this machine.
func (r *rig) from(t testing.TB, host string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}}
	c, err := d.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(30 * time.Second))
	return c
}

// honest asks for the head and reports what came.
func (r *rig) honest(t testing.TB, host string) int {
	t.Helper()
	c := r.from(t, host)
	io.WriteString(c, request("GET", "/v1/head", "Connection: close"))
	resp, _ := answer(t, bufio.NewReader(c), "GET")
	return resp.StatusCode
}

func TestSlowConnectionsKeepNobodyOut(t *testing.T) {
	for _, tt := range []struct {
		name           string
		most, each     int
		slow, networks int
	}{
		{"room for all", 4000, 0, 1000, 1},
		{"one greedy client over its share", 4000, 64, 1000, 1},
		{"full of slow clients from everywhere", 300, 64, 1000, 50},
		{"full of slow clients behind one proxy", 300, 0, 1000, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := start(t, func(c *edge.Config) {
				// The slow ones must not be gone because their time is up.
				c.Connections, c.PerClient, c.ReadTimeout = tt.most, tt.each, time.Hour
			})
			for i := range tt.slow {
				c := r.from(t, fmt.Sprintf("127.0.1.%d", 1+i%tt.networks))
				io.WriteString(c, "GET /v1/head HTTP/1.1\r\nHost: s") // and no more
			}
			time.Sleep(1500 * time.Millisecond) // beyond the grace that new connections have
			for range 5 {
				if code := r.honest(t, "127.0.2.1"); code != 200 {
					t.Fatalf("an honest client got %d behind %d slow ones", code, tt.slow)
				}
			}
		})
	}
}

func TestClientThatDoesNotTakeItsAnswerIsCutOff(t *testing.T) {
	r := start(t, func(c *edge.Config) { c.WriteTimeout = 300 * time.Millisecond })
	c := r.dial(t)
	c.(*net.TCPConn).SetReadBuffer(4096)
	for range 100 { // more than the kernel's buffers hold
		if _, err := io.WriteString(c, request("GET", "/v1/o/"+r.hash)); err != nil {
			break
		}
	}
	waitFor(t, r, "lapwingd_connections 0")
}

func TestIdleAndSilentConnectionsAreClosed(t *testing.T) {
	r := start(t, func(c *edge.Config) { c.ReadTimeout, c.IdleTimeout = 200*time.Millisecond, 200*time.Millisecond })
	silent, idle := r.dial(t), r.dial(t)
	io.WriteString(idle, request("GET", "/v1/head"))
	from := bufio.NewReader(idle)
	answer(t, from, "GET")
	for name, rd := range map[string]io.Reader{"silent": silent, "idle": from} {
		b, err := io.ReadAll(rd)
		if err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%s: %v, want the end of the connection", name, err)
		}
		if name == "silent" && len(b) > 0 && !strings.Contains(string(b), " 408 ") {
			t.Errorf("silent: got %q", b)
		}
	}
}

func TestBusyConnectionOutlivesItsTimeouts(t *testing.T) {
	r := start(t, func(c *edge.Config) { c.ReadTimeout, c.IdleTimeout = 200*time.Millisecond, 400*time.Millisecond })
	c := r.dial(t)
	from := bufio.NewReader(c)
	for range 20 { // 2 s of requests in time, although each deadline is told to the system only once
		io.WriteString(c, request("GET", "/v1/head"))
		if resp, _ := answer(t, from, "GET"); resp.StatusCode != 200 {
			t.Fatalf("got %d", resp.StatusCode)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// clumsy is a role with faults, for the server to survive.
type clumsy struct{ closed chan struct{} }

func (clumsy) Name() string { return "clumsy" }
func (clumsy) Ready() error { return nil }
func (c clumsy) Close(context.Context) error {
	close(c.closed)
	return nil
}

func (clumsy) Routes() []edge.Route {
	return []edge.Route{
		{Method: "POST", Path: "/v1/clumsy", MaxBody: 1000, Handle: func(ctx *fasthttp.RequestCtx) {
			if string(ctx.PostBody()) == "panic" {
				panic("secret-of-a-stranger " + ctx.RemoteAddr().String())
			}
			fmt.Fprintf(ctx, "%d bytes from %s", len(ctx.PostBody()), ctx.RemoteIP())
		}},
	}
}

func TestRoleIsBoundedAndItsPanicsEndOneRequestOnly(t *testing.T) {
	role := clumsy{make(chan struct{})}
	r := start(t, func(c *edge.Config) { c.Roles = []edge.Role{role} })
	post := func(body string) int {
		resp, got := r.ask(t, "POST", request("POST", "/v1/clumsy", fmt.Sprintf("Content-Length: %d", len(body)))+body)
		if resp.StatusCode == 200 && strings.Contains(string(got), "127.0.0.1") {
			t.Errorf("a role learns the client's address: %q", got)
		}
		return resp.StatusCode
	}
	for _, tt := range []struct {
		body string
		want int
	}{{"", 200}, {strings.Repeat("x", 1000), 200}, {strings.Repeat("x", 1001), 413}, {"panic", 500}, {"x", 200}} {
		if got := post(tt.body); got != tt.want {
			t.Errorf("body of %d bytes: got %d, want %d", len(tt.body), got, tt.want)
		}
	}
	if resp, _ := r.ask(t, "GET", request("GET", "/v1/clumsy")); resp.StatusCode != 405 || resp.Header.Get("Allow") != "POST" {
		t.Errorf("GET of a route for POST: got %d, Allow %q", resp.StatusCode, resp.Header.Get("Allow"))
	}
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	select {
	case <-role.closed:
	default:
		t.Error("the role was not closed at the stop")
	}
	if strings.Contains(r.log.String(), "secret-of-a-stranger") {
		t.Errorf("the value of a panic is in the log; it may hold bytes of the request:\n%s", r.log)
	}
}

func TestNothingOfAClientIsLogged(t *testing.T) {
	r := start(t, func(c *edge.Config) {
		c.Roles = []edge.Role{clumsy{make(chan struct{})}}
		c.ReadTimeout, c.PerClient = 300*time.Millisecond, 20
	})
	marker := "mark3r"
	for _, raw := range []string{
		request("GET", "/"+marker), request(marker, "/v1/head"), "GET /" + marker + " HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\n" + marker + " : y\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + marker + "\r\n\r\n",
		request("POST", "/v1/clumsy", "Transfer-Encoding: chunked") + marker + "\r\n", marker + "\x00\xff\r\n\r\n",
		request("POST", "/v1/clumsy", "Content-Length: 5") + "panic", request("POST", "/v1/clumsy", "Content-Length: 99999"),
		"GET /v1/head HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat(marker, 2000) + "\r\n\r\n",
		request("POST", "/v1/clumsy", "Content-Length: 100") + marker, "G",
	} {
		for range 5 {
			c := r.dial(t)
			io.WriteString(c, raw)
			if raw != "G" {
				c.(*net.TCPConn).CloseWrite()
			}
			io.ReadAll(c)
			c.Close()
		}
	}
	for range 40 { // more than one client may hold
		c := r.dial(t)
		io.WriteString(c, "GET /"+marker)
	}
	// A release that cannot be served is logged: the test must see that logs come at all.
	if err := treetest.Head(r.dir, 2, 1, strings.Repeat("0", 64)); err != nil {
		t.Fatal(err)
	}
	waitFor(t, r, "lapwingd_release_failures_total ")
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	logged := r.log.String()
	if !strings.Contains(logged, "the old one stays") || !strings.Contains(logged, "a handler panicked") {
		t.Errorf("the log misses what an operator must see:\n%s", logged)
	}
	for line := range strings.Lines(logged) {
		if strings.Contains(line, "127.0.0.") || strings.Contains(line, marker) || strings.Contains(line, "::1") {
			t.Errorf("a line of the log has something of a client: %s", line)
		}
	}
}

// waitFor asks for the metrics until they have a line that begins so.
func waitFor(t *testing.T, r *rig, line string) {
	t.Helper()
	for range 200 {
		c, err := net.Dial("tcp", r.admin)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, request("GET", "/metrics", "Connection: close"))
		_, body := answer(t, bufio.NewReader(c), "GET")
		c.Close()
		for got := range strings.Lines(string(body)) {
			if strings.HasPrefix(got, line) && !strings.HasSuffix(got, "_total 0\n") {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the metrics never showed %q", line)
}

func TestStopLetsRequestsFinishAndLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(),
		// fasthttp's pool notices only at its next look, every ten seconds, that it was stopped
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"))
	entered, release := make(chan struct{}), make(chan struct{})
	role := slow{entered, release}
	r := start(t, func(c *edge.Config) { c.Roles = []edge.Role{role} })
	c := r.dial(t)
	io.WriteString(c, request("GET", "/v1/slow"))
	<-entered
	done := make(chan error)
	go func() { done <- r.stop() }()
	time.Sleep(50 * time.Millisecond)
	close(release)
	if resp, body := answer(t, bufio.NewReader(c), "GET"); resp.StatusCode != 200 || string(body) != "finished" {
		t.Errorf("got %d %q, want the answer of the request that ran at the stop", resp.StatusCode, body)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	c.Close()
}

type slow struct{ entered, release chan struct{} }

func (slow) Name() string                { return "slow" }
func (slow) Ready() error                { return nil }
func (slow) Close(context.Context) error { return nil }
func (s slow) Routes() []edge.Route {
	return []edge.Route{{Method: "GET", Path: "/v1/slow", Handle: func(ctx *fasthttp.RequestCtx) {
		close(s.entered)
		<-s.release
		ctx.SetBodyString("finished")
	}}}
}

// TestNoRequestHidesInAnother sends requests whose length two programs would
// read differently. Whatever the answer, what follows must not be taken for a
// request of its own on the same connection.
func TestNoRequestHidesInAnother(t *testing.T) {
	r := start(t, func(c *edge.Config) { c.Roles = []edge.Role{clumsy{make(chan struct{})}} })
	hidden := "GET /v1/root/1 HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, raw := range map[string]string{
		"two lengths":              request("POST", "/v1/clumsy", "Content-Length: 0", fmt.Sprintf("Content-Length: %d", len(hidden))),
		"a list of lengths":        request("POST", "/v1/clumsy", fmt.Sprintf("Content-Length: 0, %d", len(hidden))),
		"a signed length":          request("POST", "/v1/clumsy", "Content-Length: +0"),
		"an overflowing length":    request("POST", "/v1/clumsy", "Content-Length: 18446744073709551616"),
		"a hexadecimal length":     request("POST", "/v1/clumsy", "Content-Length: 0x0"),
		"two codings":              request("POST", "/v1/clumsy", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
		"an unknown coding":        request("POST", "/v1/clumsy", "Transfer-Encoding: xchunked"),
		"space before the colon":   request("POST", "/v1/clumsy", "Content-Length : 0"),
		"chunk size with a prefix": request("POST", "/v1/clumsy", "Transfer-Encoding: chunked") + "0x0\r\n\r\n",
		"bare line feed in chunks": request("POST", "/v1/clumsy", "Transfer-Encoding: chunked") + "0\n\n",
		"no host":                  "GET /v1/head HTTP/1.1\r\n\r\n",
		"two hosts":                "GET /v1/head HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"a zero byte in a header":  request("GET", "/v1/head", "X: a\x00b"),
		"a body that nobody takes": request("GET", "/v1/head", fmt.Sprintf("Content-Length: %d", len(hidden))),
	} {
		c := r.dial(t)
		io.WriteString(c, raw+hidden)
		c.(*net.TCPConn).CloseWrite()
		all, _ := io.ReadAll(c)
		if strings.Contains(string(all), "lapwing root v1") {
			t.Errorf("%s: the request behind it was answered:\n%s", name, all)
		}
		if n := strings.Count(string(all), "HTTP/1.1 "); n > 1 {
			t.Errorf("%s: got %d answers to what is one request:\n%s", name, n, all)
		}
		if strings.HasPrefix(string(all), "HTTP/1.1 2") {
			t.Errorf("%s: was accepted:\n%s", name, all)
		}
	}
}
