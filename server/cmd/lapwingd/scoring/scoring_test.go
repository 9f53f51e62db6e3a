// SPDX-License-Identifier: Apache-2.0

package scoring_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"lapwing/server/cmd/lapwingd/scoring"
)

func TestAnswerIsWhatTheCommandLineWrites(t *testing.T) {
	r := start(t, nil)
	in, want := feed(t, 5000, "n")
	resp := r.post(t, r.key, strings.NewReader(in))
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || string(got) != want {
		t.Errorf("got %d bytes, error %v; want the %d bytes of lapwing score", len(got), err, len(want))
	}
	if resp.Header.Get("Content-Type") != "application/x-ndjson" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got headers %v", resp.Header)
	}
	if n := r.number(t, "lapwingd_score_listings_total"); n != "5000" {
		t.Errorf("the metrics speak of %s listings, want 5000", n)
	}
}

func TestRequestsWithoutAValidKeyAreRefused(t *testing.T) {
	r := start(t, nil)
	for name, key := range map[string]string{"none": "", "wrong": r.key[:len(r.key)-1] + "_", "prefix": r.key[:20]} {
		code, body := r.ask(t, key, strings.NewReader(`{"title":"a"}`))
		if code != 401 || strings.Contains(body, r.key) {
			t.Errorf("%s: got %d %q, want 401", name, code, body)
		}
	}
	if r.engine.scored.Load() != 0 {
		t.Error("a listing of a stranger was scored")
	}
}

func TestAnswersComeWhileTheBodyIsBeingSent(t *testing.T) {
	r := start(t, nil)
	c, resp := r.open(t)
	buf := make([]byte, 4096)
	for k := range 5 {
		io.WriteString(c, chunk(fmt.Sprintf(`{"id":%d,"body":"x"}`+"\n", k)))
		n, err := resp.Body.Read(buf)
		if want := fmt.Sprintf(`{"id":%d,"level":"notice"`, k); err != nil || !strings.HasPrefix(string(buf[:n]), want) {
			t.Fatalf("after line %d: got %q, %v; want its verdict before the next line is sent", k, buf[:n], err)
		}
	}
	io.WriteString(c, "0\r\n\r\n")
	if n, err := resp.Body.Read(buf); err != io.EOF {
		t.Errorf("at the end: got %q, %v", buf[:n], err)
	}
}

func TestWhoTakesNoAnswersIsNotReadFrom(t *testing.T) {
	r := start(t, nil)
	const lines = 400_000
	in := strings.Repeat(`{"body":"`+strings.Repeat("x", 200)+`"}`+"\n", lines)
	c, resp := r.open(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		io.WriteString(c, chunk(in)+"0\r\n\r\n")
	}()
	before := int64(-1)
	eventually(t, "scoring pauses", func() bool {
		time.Sleep(200 * time.Millisecond)
		now := r.engine.scored.Load()
		was := before
		before = now
		return now > 0 && now == was
	})
	if before > lines/2 {
		t.Errorf("%d of %d listings were scored for somebody who takes nothing: the server's memory is not theirs to fill", before, lines)
	}
	got, err := io.ReadAll(resp.Body)
	if n := strings.Count(string(got), "\n"); err != nil || n != lines {
		t.Errorf("afterwards: got %d lines, %v; want %d", n, err, lines)
	}
	<-sent
}

func TestWhoSendsNothingIsToldAndCutOff(t *testing.T) {
	r := start(t, func(c *scoring.Config) { c.Stall = time.Second })
	c, resp := r.open(t)
	for _, b := range chunk(`{"id":1,"body":"one byte at a time"}` + "\n" + `{"id":2,"bo`) {
		io.WriteString(c, string(b))
		time.Sleep(5 * time.Millisecond)
	}
	got, err := io.ReadAll(resp.Body)
	if err != nil || strings.Count(string(got), "\n") != 2 || !strings.Contains(string(got), `{"id":null,"error":"reading: nothing came for 1s","line":2}`) {
		t.Errorf("got %q, %v; want the verdict of what was whole, and why there is no more", got, err)
	}
}

func TestACutConnectionGivesItsPlaceBack(t *testing.T) {
	r := start(t, func(c *scoring.Config) { c.Requests, c.PerCaller = 1, 1 })
	for k := range 6 {
		c, _ := r.open(t)
		io.WriteString(c, chunk(`{"body":"x"}`+"\n"))
		if k%2 == 0 {
			io.WriteString(c, "ffffff\r\n"+strings.Repeat("y", 100_000))
		}
		c.Close()
		eventually(t, "the place is free again", func() bool { return r.number(t, "lapwingd_score_requests") == "0" })
	}
	if code, _ := r.ask(t, r.key, strings.NewReader(`{"body":"x"}`)); code != 200 {
		t.Errorf("afterwards: got %d, want 200", code)
	}
}

func TestOneListingsFailureIsItsLinesError(t *testing.T) {
	r := start(t, nil)
	long := `{"id":"long","body":"` + strings.Repeat("x", 64<<10) + `"}`
	in := []string{`{"id":1,"body":"a"}`, long, `{"id":3,"body":"POISON"}`, `not JSON`, `{"id":5}`, `{"id":6,"body":"b"}`}
	code, body := r.ask(t, r.key, strings.NewReader(strings.Join(in, "\n")))
	lines := strings.Split(strings.TrimSpace(body), "\n")
	if code != 200 || len(lines) != 6 {
		t.Fatalf("got %d, %d lines, want 200 and 6:\n%s", code, len(lines), body)
	}
	for k, want := range []string{
		`{"id":1,"level"`, `{"id":null,"error":"the line is longer than 65536 bytes","line":2}`, `{"id":3,"error":"scoring: poisoned","line":3}`,
		`{"id":null,"error":"not JSON`, `{"id":5,"error":"the listing has no title and no body","line":5}`, `{"id":6,"level"`,
	} {
		if !strings.HasPrefix(lines[k], want) {
			t.Errorf("line %d: got %s, want %s…", k+1, lines[k], want)
		}
	}
}

func TestALineWithoutEndTakesNoMemory(t *testing.T) {
	r := start(t, nil)
	code, body := r.ask(t, r.key, io.MultiReader(strings.NewReader(`{"body":"`), io.LimitReader(endless{}, 50<<20), strings.NewReader("\n"+`{"id":2,"body":"b"}`)))
	if code != 200 || strings.Count(body, "\n") != 2 || !strings.Contains(body, `"line":1}`) || !strings.Contains(body, `{"id":2,"level"`) {
		t.Errorf("got %d %q, want an error for line 1 and a verdict for line 2", code, body)
	}
}

// endless gives the letter x for ever.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for k := range p {
		p[k] = 'x'
	}
	return len(p), nil
}

func TestLongRequestsAreRefusedOrEndWithAnErrorLine(t *testing.T) {
	r := start(t, func(c *scoring.Config) { c.RequestBytes = 1 << 20 })
	line := `{"body":"` + strings.Repeat("x", 1000) + `"}` + "\n"
	if code, _ := r.ask(t, r.key, strings.NewReader(strings.Repeat(line, 2000))); code != 413 {
		t.Errorf("a body that says that it is too long: got %d, want 413", code)
	}
	// A pipe has no length, so that the body is chunked.
	in, w := io.Pipe()
	go func() { w.CloseWithError(send(w, line, 2000)) }()
	code, body := r.ask(t, r.key, in)
	lines := strings.Split(strings.TrimSpace(body), "\n")
	last := lines[len(lines)-1]
	if code != 200 || len(lines) != 1<<20/len(line)+1 || !strings.Contains(last, `"error":"reading: the request is longer than 1048576 bytes; send the rest in another","line":`) {
		t.Errorf("got %d, %d lines, the last %.200s", code, len(lines), last)
	}
}

func send(w io.Writer, line string, n int) error {
	for range n {
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

func TestThereIsALimitForOneCallerAndForAll(t *testing.T) {
	r := start(t, func(c *scoring.Config) { c.Requests, c.PerCaller = 3, 2 })
	hold := func() func() {
		c, resp := r.open(t)
		if resp.StatusCode != 200 {
			t.Fatalf("got %d for a request that there was a place for", resp.StatusCode)
		}
		return func() { io.WriteString(c, "0\r\n\r\n"); io.Copy(io.Discard, resp.Body) }
	}
	first, second := hold(), hold()
	resp := r.post(t, r.key, http.NoBody)
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("third request of one caller: got %d, Retry-After %q; want 429", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	resp.Body.Close()
	in, w := io.Pipe()
	got := make(chan int)
	go func() {
		resp := r.post(t, r.other, in)
		got <- resp.StatusCode
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}()
	if code := <-got; code != 200 {
		t.Errorf("another caller: got %d, want the place that is kept from the first", code)
	}
	if code, _ := r.ask(t, r.other, strings.NewReader(`{"body":"x"}`)); code != 503 {
		t.Errorf("when all places are taken: got %d, want 503", code)
	}
	w.Close()
	first()
	second()
	eventually(t, "the places are free", func() bool { return r.number(t, "lapwingd_score_requests") == "0" })
	if code, _ := r.ask(t, r.key, strings.NewReader(`{"body":"x"}`)); code != 200 {
		t.Errorf("afterwards: got %d, want 200", code)
	}
}

func TestManyCallersAtOnceShareTheWorkers(t *testing.T) {
	r := start(t, func(c *scoring.Config) { c.Workers = 2 })
	r.engine.pause = time.Millisecond
	var all sync.WaitGroup
	for k := range 8 {
		in, want := feed(t, 1000, fmt.Sprintf("caller%d-", k))
		all.Go(func() {
			if code, got := r.ask(t, r.key, strings.NewReader(in)); code != 200 || got != want {
				t.Errorf("caller %d: got %d and %d bytes, want its own %d", k, code, len(got), len(want))
			}
		})
	}
	all.Wait()
	if most := r.engine.most.Load(); most > 2 {
		t.Errorf("%d blocks were scored at one time, want at most 2", most)
	}
}

func TestCompressedBodiesAreRefused(t *testing.T) {
	r := start(t, nil)
	req, _ := http.NewRequestWithContext(t.Context(), "POST", "http://"+r.addr+scoring.Path, strings.NewReader("\x1f\x8b"))
	req.Header.Set("Authorization", "Bearer "+r.key)
	req.Header.Set("Content-Encoding", "gzip")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 415 {
		t.Errorf("got %d, want 415", resp.StatusCode)
	}
	// Without the header they are lines that are no JSON, and no bomb.
	if code, body := r.ask(t, r.key, strings.NewReader("\x1f\x8b\x08\x00\x00\x00\x00\x00\n{\"body\":\"x\"}")); code != 200 || !strings.Contains(body, "not JSON") {
		t.Errorf("got %d %q, want an error line", code, body)
	}
}

func TestAShortenedBodyIsNoWholeOne(t *testing.T) {
	r := start(t, nil)
	conn, resp := r.shortened(t, `{"id":1,"body":"x"}`+"\n"+`{"id":2,"body":"x"}`)
	defer conn.Close()
	got, _ := io.ReadAll(resp.Body)
	if !strings.Contains(string(got), `"error":"the input ends early`) || strings.Contains(string(got), `{"id":2,"level"`) {
		t.Errorf("got %q, want an error line for what may be torn", got)
	}
}

func TestStoppingEndsRequestsWithALine(t *testing.T) {
	r := start(t, nil)
	c, resp := r.open(t)
	io.WriteString(c, chunk(`{"id":1,"body":"x"}`+"\n"))
	buf := make([]byte, 4096)
	if _, err := resp.Body.Read(buf); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	time.Sleep(50 * time.Millisecond)
	io.WriteString(c, chunk(`{"id":2,"body":"x"}`+"\n"))
	io.WriteString(c, chunk(`{"id":3,"body":"x"}`+"\n"))
	rest, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(rest), `"error":"reading: the server is stopping; send the rest again"`) {
		t.Errorf("got %q, %v; want a line that says so", rest, err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestWhoKeepsAStoppingServerWaitingIsCutOff(t *testing.T) {
	r := start(t, nil)
	r.open(t)
	began := time.Now()
	if err := r.stop(); err != nil {
		t.Errorf("stopping: %v after %v", err, time.Since(began))
	}
}
