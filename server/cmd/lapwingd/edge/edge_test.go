// SPDX-License-Identifier: Apache-2.0

package edge_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/distribute"
	"lapwing/server/distribute/treetest"
)

// rig is a server on loopback with an invented tree.
type rig struct {
	dir   string
	addr  string
	admin string
	note  string // hash of the release note
	pack  []byte
	hash  string // of the pack
	log   *lines
	stop  func() error
}

// lines collects what is logged.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// start runs a server; change may alter its configuration first.
func start(t testing.TB, change func(*edge.Config)) *rig {
	t.Helper()
	r := &rig{dir: t.TempDir(), pack: make([]byte, 84_000), log: new(lines)}
	rand.Read(r.pack)
	var err error
	if r.note, err = treetest.Write(r.dir, treetest.Release{Version: 1, Pack: r.pack}); err != nil {
		t.Fatal(err)
	}
	if r.hash, err = treetest.Object(r.dir, r.pack); err != nil {
		t.Fatal(err)
	}
	site, err := distribute.Open(r.dir, distribute.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := edge.Config{
		Listener: listen(t), Admin: listen(t), Site: site,
		Log:         slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		HeaderBytes: 4096, ReadTimeout: 20 * time.Second, WriteTimeout: 20 * time.Second, IdleTimeout: 20 * time.Second,
		Connections: 2000, ReloadInterval: 100 * time.Millisecond,
	}
	if change != nil {
		change(&c)
	}
	r.addr, r.admin = c.Listener.Addr().String(), c.Admin.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- edge.New(c).Run(ctx) }()
	r.stop = sync.OnceValue(func() error {
		cancel()
		err := <-done
		site.Close()
		return err
	})
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return r
}

func (r *rig) dial(t testing.TB) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(30 * time.Second)) // a hang is a failure, with a line number
	return c
}

// ask sends raw bytes and reads one answer.
func (r *rig) ask(t testing.TB, method, raw string) (*http.Response, []byte) {
	t.Helper()
	c := r.dial(t)
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	return answer(t, bufio.NewReader(c), method)
}

func answer(t testing.TB, from *bufio.Reader, method string) (*http.Response, []byte) {
	t.Helper()
	resp, err := http.ReadResponse(from, &http.Request{Method: method})
	if err != nil {
		t.Fatalf("reading answer: %v", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("reading body: %v", err)
	}
	return resp, body
}

func request(method, path string, headers ...string) string {
	return method + " " + path + " HTTP/1.1\r\nHost: list.example\r\n" + strings.Join(append(headers, ""), "\r\n") + "\r\n"
}

func TestAnswersTellNothingButTheContent(t *testing.T) {
	r := start(t, nil)
	c := r.dial(t)
	io.WriteString(c, request("GET", "/v1/head", "Cookie: id=7", `If-None-Match: "abc"`, "If-Modified-Since: Tue, 01 Jan 2030 00:00:00 GMT", "Range: bytes=0-3"))
	raw := bufio.NewReader(c)
	var got strings.Builder
	for {
		line, err := raw.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString(line)
		if line == "\r\n" {
			break
		}
	}
	want := "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 242\r\n" +
		"Cache-Control: public, max-age=300\r\nX-Content-Type-Options: nosniff\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
	if got.String() != want {
		t.Errorf("head:\ngot  %q\nwant %q\nevery header more is a way to tell clients apart, every byte is sent a million times a day", got.String(), want)
	}
}

func TestMethodsAndPaths(t *testing.T) {
	r := start(t, nil)
	object := "/v1/o/" + r.hash
	for _, tt := range []struct {
		name, raw, method string
		code              int
		allow             string
	}{
		{"head", request("GET", "/v1/head"), "GET", 200, ""},
		{"HEAD of an object", request("HEAD", object), "HEAD", 200, ""},
		{"post to an object", request("POST", object, "Content-Length: 0"), "POST", 405, "GET, HEAD"},
		{"options", request("OPTIONS", "/v1/head"), "OPTIONS", 405, "GET, HEAD"},
		{"unknown object", request("GET", "/v1/o/"+strings.Repeat("0", 64)), "GET", 404, ""},
		{"query", request("GET", "/v1/head?client=7"), "GET", 404, ""},
		{"escaped", request("GET", "/v1/%68ead"), "GET", 404, ""},
		{"dots", request("GET", "/v1/o/../head"), "GET", 404, ""},
		{"doubled slash", request("GET", "//v1/head"), "GET", 404, ""},
		{"absolute", request("GET", "http://list.example/v1/head"), "GET", 404, ""},
		{"outside", request("GET", "/metrics"), "GET", 404, ""},
		{"body where none belongs", request("GET", "/v1/head", "Content-Length: 100000"), "GET", 413, ""},
		{"endless header", "GET /v1/head HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 9000) + "\r\n\r\n", "GET", 431, ""},
		{"no request at all", "\x16\x03\x01\x02\r\n\r\n\r\n", "GET", 400, ""},
	} {
		resp, body := r.ask(t, tt.method, tt.raw)
		if resp.StatusCode != tt.code || resp.Header.Get("Allow") != tt.allow {
			t.Errorf("%s: got %d, Allow %q; want %d, %q", tt.name, resp.StatusCode, resp.Header.Get("Allow"), tt.code, tt.allow)
		}
		if tt.method == "HEAD" && resp.ContentLength != int64(len(r.pack)) {
			t.Errorf("%s: Content-Length %d, want that of GET, %d", tt.name, resp.ContentLength, len(r.pack))
		}
		if resp.StatusCode != 200 && resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a refusal may be cached, and would outlive its reason: %q", tt.name, resp.Header.Get("Cache-Control"))
		}
		if strings.Contains(string(body), "client=7") {
			t.Errorf("%s: the answer repeats the request: %q", tt.name, body)
		}
	}
}

func TestPipelinedAnswersAreWholeAndInOrder(t *testing.T) {
	r := start(t, nil)
	c := r.dial(t)
	var all strings.Builder
	const rounds = 20
	for range rounds {
		all.WriteString(request("GET", "/v1/head") + request("GET", "/v1/o/"+r.hash) + request("HEAD", "/v1/o/"+r.hash) +
			request("GET", "/nothing") + request("GET", "/v1/o/"+r.hash) + request("GET", "/v1/root/1"))
	}
	go io.WriteString(c, all.String())
	from := bufio.NewReader(c)
	for i := range rounds {
		for _, want := range []struct {
			method string
			code   int
			body   []byte
		}{{"GET", 200, nil}, {"GET", 200, r.pack}, {"HEAD", 200, []byte{}}, {"GET", 404, nil}, {"GET", 200, r.pack}, {"GET", 200, nil}} {
			resp, body := answer(t, from, want.method)
			if resp.StatusCode != want.code || want.body != nil && !bytes.Equal(body, want.body) {
				t.Fatalf("round %d: got %d with %d bytes, want %d with %d", i, resp.StatusCode, len(body), want.code, len(want.body))
			}
		}
	}
}

func TestReadersSeeWholeReleasesWhileTheySwitch(t *testing.T) {
	r := start(t, nil)
	client := &http.Client{}
	defer client.CloseIdleConnections()
	get := func(path string) (int, string, error) {
		resp, err := client.Get("http://" + r.addr + path)
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b), err
	}
	for v := uint32(2); v < 12; v++ {
		if _, err := treetest.Write(r.dir, treetest.Release{Version: v, Pack: fmt.Appendf(r.pack[:10_000:10_000], "%d", v)}); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			_, head, err := get("/v1/head")
			if err != nil {
				t.Fatal(err)
			}
			note := strings.Fields(head)[8]
			if code, _, err := get("/v1/o/" + note); code != 200 || err != nil {
				t.Fatalf("the head names %s, which answers %d, %v", note, code, err)
			}
		}
	}
}

func TestSlowReaderGetsEveryByte(t *testing.T) {
	r := start(t, nil)
	c := r.dial(t)
	if err := c.(*net.TCPConn).SetReadBuffer(128 << 10); err != nil {
		t.Fatal(err)
	}
	const answers = 60 // more than the kernel's buffers hold, so that sending stops in the middle of files
	go io.WriteString(c, strings.Repeat(request("GET", "/v1/o/"+r.hash), answers))
	time.Sleep(200 * time.Millisecond)
	from := bufio.NewReaderSize(c, 512)
	for i := range answers {
		if _, body := answer(t, from, "GET"); !bytes.Equal(body, r.pack) {
			t.Fatalf("answer %d has %d bytes, and they are not the object's %d", i, len(body), len(r.pack))
		}
	}
}
