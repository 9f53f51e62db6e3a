// SPDX-License-Identifier: Apache-2.0

package scoring_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/bulk/callers"
	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/cmd/lapwingd/scoring"
)

func TestMain(m *testing.M) {
	// fasthttp keeps a clock, and its pools look ten seconds later whether they were stopped.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"),
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"))
}

// engine stands in for the scorer: it gives each text its length as score, and
// notes how many were scored, and how many blocks at one time.
type engine struct {
	scored, running, most atomic.Int64
	pause                 time.Duration // for each block
}

func (*engine) Name() string { return "native" }

func (e *engine) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	now := e.running.Add(1)
	defer e.running.Add(-1)
	for seen := e.most.Load(); now > seen && !e.most.CompareAndSwap(seen, now); seen = e.most.Load() {
	}
	time.Sleep(e.pause)
	for k := range listings {
		if strings.Contains(listings[k].Text[scorer.Body], "POISON") {
			return errors.New("poisoned")
		}
		e.scored.Add(1)
		verdicts[k] = scorer.Verdict{Level: scorer.Notice, Score: uint16(len(listings[k].Text[scorer.Body]) % 10000)}
	}
	return ctx.Err()
}

// rig is a server on loopback that scores.
type rig struct {
	addr, admin, key, other string
	engine                  *engine
	stop                    func() error
}

func start(t *testing.T, change func(*scoring.Config)) *rig {
	t.Helper()
	file := filepath.Join(t.TempDir(), "callers")
	r := &rig{key: callers.New(), other: callers.New(), engine: &engine{}}
	if err := errors.Join(callers.Append(file, "ngo", r.key), callers.Append(file, "platform", r.other)); err != nil {
		t.Fatal(err)
	}
	known, err := callers.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	c := scoring.Config{
		Pack: &pack.Pack{}, List: "invented-1+00000000", Engine: r.engine, Callers: known, Log: log,
		Workers: 2, Requests: 16, PerCaller: 16, RequestBytes: 1 << 30, RequestTime: time.Minute, LineBytes: 64 << 10, Stall: 20 * time.Second, Grace: time.Second,
	}
	if change != nil {
		change(&c)
	}
	l, admin := listen(t), listen(t)
	r.addr, r.admin = l.Addr().String(), admin.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	server := edge.New(edge.Config{
		Listener: l, Admin: admin, Log: log, Roles: []edge.Role{scoring.New(c)},
		HeaderBytes: 4096, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second, IdleTimeout: 5 * time.Second,
		Connections: 1000, ReloadInterval: time.Second,
	})
	go func() { done <- server.Run(ctx) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := r.stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	return r
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// post sends a body and gives the answer; whoever calls closes it.
func (r *rig) post(t *testing.T, key string, body io.Reader) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+r.addr+scoring.Path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// ask posts a body and gives status and whole answer.
func (r *rig) ask(t *testing.T, key string, body io.Reader) (int, string) {
	t.Helper()
	resp := r.post(t, key, body)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("reading the answer: %v after %d bytes", err, len(b))
	}
	return resp.StatusCode, string(b)
}

// open sends a request's head with a chunked body to come, and reads the
// answer's head.
func (r *rig) open(t *testing.T) (net.Conn, *http.Response) {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(30 * time.Second)) // a hang is a failure, with a line number
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: list.example\r\nAuthorization: Bearer %s\r\nTransfer-Encoding: chunked\r\n\r\n", scoring.Path, r.key)
	resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: "POST"})
	if err != nil {
		t.Fatal(err)
	}
	return c, resp
}

// shortened sends less of a body than it announces, and then nothing more.
func (r *rig) shortened(t *testing.T, body string) (net.Conn, *http.Response) {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: list.example\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", scoring.Path, r.key, len(body)+1000, body)
	c.(*net.TCPConn).CloseWrite()
	resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: "POST"})
	if err != nil {
		t.Fatal(err)
	}
	return c, resp
}

// chunk is s as a piece of a chunked body.
func chunk(s string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(s), s) }

// feed makes n listings, and what a run of the program writes for them.
func feed(t *testing.T, n int, tag string) (in, want string) {
	t.Helper()
	var b, out strings.Builder
	for k := range n {
		fmt.Fprintf(&b, `{"id":"%s%d","body":%q}`+"\n", tag, k, strings.Repeat("invented words ", k%100+1))
	}
	_, err := bulk.Run(t.Context(), bulk.Config{
		Pack: &pack.Pack{}, List: "invented-1+00000000", Engine: &engine{},
		Inputs: []bulk.Input{{Path: bulk.Stdin, Size: -1}}, Stdin: strings.NewReader(b.String()),
		In: bulk.FormatJSONL, Out: bulk.FormatJSONL, Output: &out, Workers: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), out.String()
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 1000 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s: not within ten seconds", what)
}

// number reads one of the server's metrics.
func (r *rig) number(t *testing.T, name string) string {
	t.Helper()
	resp, err := http.Get("http://" + r.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return v
		}
	}
	return ""
}
