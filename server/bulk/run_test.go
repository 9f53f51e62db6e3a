// SPDX-License-Identifier: Apache-2.0

package bulk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"

	"lapwing/scorer"
	"lapwing/server/bulk"
)

func TestMain(m *testing.M) {
	if os.Getenv(childInput) != "" {
		runChild()
		return
	}
	goleak.VerifyTestMain(m)
}

// feed makes n JSON lines; a share of them repeats earlier ones. Expected
// lines come from scoring each alone.
func feed(n int, repeat float64, seed uint64) (in, want string) {
	rng := rand.New(rand.NewPCG(seed, 7))
	var b, w strings.Builder
	f := bulk.NewVerdictFormat(fakePack(), fakeList, "native")
	var bodies []string
	for k := range n {
		var body string
		if len(bodies) > 0 && rng.Float64() < repeat {
			body = bodies[rng.IntN(len(bodies))]
		} else {
			body = fmt.Sprintf("We keep your passport, fee %d. ", rng.IntN(1<<40)) + strings.Repeat("Ordinary words. ", rng.IntN(60))
			if rng.IntN(3) > 0 {
				body = strings.ReplaceAll(strings.ReplaceAll(body, "passport", "place"), "fee", "no")
			}
			bodies = append(bodies, body)
		}
		fmt.Fprintf(&b, `{"id":"n%d","title":"Work","body":%q}`+"\n", k, body)
		var l scorer.Listing
		l.Text[scorer.Title], l.Text[scorer.Body] = "Work", body
		v := fakeVerdict(&l)
		w.Write(f.AppendVerdict(nil, fmt.Appendf(nil, `"n%d"`, k), &l, &v))
		w.WriteByte('\n')
	}
	return b.String(), w.String()
}

func TestVerdictsComeInTheOrderOfTheInput(t *testing.T) {
	in, want := feed(20_000, 0, 1)
	for _, workers := range []int{1, 2, 7} {
		c := fakeConfig(in)
		c.Workers = workers
		got, r := score(t, c)
		diff(t, fmt.Sprintf("%d workers", workers), got, want)
		if r.Listings != 20_000 || r.Errors != 0 {
			t.Errorf("%d workers: %d listings and %d errors are counted, want 20000 and 0", workers, r.Listings, r.Errors)
		}
	}
}

func TestCacheChangesNoVerdict(t *testing.T) {
	for _, repeat := range []float64{0, 0.2, 0.9} {
		in, want := feed(30_000, repeat, 2)
		cache := bulk.NewCache(fakeList)
		c := fakeConfig(in)
		c.Cache = cache
		got, r := score(t, c)
		cache.Close()
		diff(t, fmt.Sprintf("%.0f %% repeats", 100*repeat), got, want)
		s := r.Cache
		if s.SameBlock+s.Recent+s.Tail+s.Scored != s.Listings || s.Listings != 30_000 {
			t.Errorf("%.0f %% repeats: the cache's figures do not add up: %+v", 100*repeat, s)
		}
	}
}

// diff reports the first line that differs.
func diff(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for k := range min(len(g), len(w)) {
		if g[k] != w[k] {
			t.Fatalf("%s: line %d\n got %s\nwant %s", what, k+1, g[k], w[k])
		}
	}
	t.Fatalf("%s: got %d lines, want %d", what, len(g), len(w))
}

func TestUnreadableLinesAreReportedAndTheRunGoesOn(t *testing.T) {
	in := `{"id":1,"title":"a"}` + "\n\n" + `{"id":"x","title":` + "\n" + `{"id":3}` + "\r\n" + `{"id":4,"body":"fee"}`
	got, r := score(t, fakeConfig(in))
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if len(lines) != 4 {
		t.Fatalf("got %d lines, want 4:\n%s", len(lines), got)
	}
	for k, want := range []string{
		`{"id":1,"level":"none"`, `{"id":"x","error":"not JSON: the line ends early`, `{"id":3,"error":"the listing has no title and no body","line":4}`, `{"id":4,"level":"notice"`,
	} {
		if !strings.HasPrefix(lines[k], want) {
			t.Errorf("line %d: got %s, want %s…", k+1, lines[k], want)
		}
	}
	if r.Errors != 2 || r.Listings != 2 || len(r.Faults) != 2 || r.Faults[1].Line != 4 {
		t.Errorf("got %+v, want 2 listings, 2 errors, the second on line 4", r.Summary)
	}
}

func TestALineLongerThanTheLimitIsItsOwnError(t *testing.T) {
	long := `{"title":"` + strings.Repeat("x", bulk.MaxLine) + `"}` + "\n"
	short := `{"id":1,"title":"a"}` + "\n"
	for name, in := range map[string]string{
		"in the middle": short + long + short,
		"at the end":    short + short + strings.TrimSpace(long),
		"twice":         short + long + long + short,
	} {
		got, r := score(t, fakeConfig(in))
		if r.Listings != 2 || r.Errors != int64(strings.Count(in, "xx\"}")) {
			t.Errorf("%s: got %d listings, %d errors", name, r.Listings, r.Errors)
		}
		if want := `"error":"the line is longer than 8388608 bytes","line":2}`; name != "at the end" && !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want a line with %s", name, got, want)
		}
	}
}

func TestOneListingsFailureCostsOnlyItself(t *testing.T) {
	c := fakeConfig(`{"id":1,"body":"a"}` + "\n" + `{"id":2,"body":"BAD"}` + "\n" + `{"id":3,"body":"c"}` + "\n" + `{"id":4,"body":"BAD"}`)
	c.Engine = &fake{poison: "BAD"}
	cache := bulk.NewCache(fakeList)
	defer cache.Close()
	c.Cache = cache
	got, r := score(t, c)
	if r.Listings != 2 || r.Errors != 2 || strings.Count(got, `"error":"scoring: poisoned"`) != 2 {
		t.Errorf("got %d listings, %d errors:\n%s", r.Listings, r.Errors, got)
	}
}

func TestAnswersComeBeforeTheInputEnds(t *testing.T) {
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := fakeConfig("")
	c.In = bulk.FormatJSONL
	c.Stdin, c.Output = inR, outW
	done := make(chan error)
	go func() {
		_, err := bulk.Run(t.Context(), c)
		outW.Close()
		done <- err
	}()
	dec := json.NewDecoder(outR)
	for k := range 5 {
		fmt.Fprintf(inW, `{"id":%d,"title":"a"}`+"\n", k)
		var line struct{ ID int }
		if err := dec.Decode(&line); err != nil || line.ID != k {
			t.Fatalf("after line %d: got answer %+v, %v; want its verdict before the next line is sent", k, line, err)
		}
	}
	inW.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCompressedAndSeveralInputs(t *testing.T) {
	dir := t.TempDir()
	in, want := feed(5000, 0, 3)
	gz, zst := &bytes.Buffer{}, &bytes.Buffer{}
	zw := gzip.NewWriter(gz)
	io.WriteString(zw, in)
	zw.Close()
	zsw, _ := zstd.NewWriter(zst)
	io.WriteString(zsw, in)
	zsw.Close()
	for name, data := range map[string][]byte{"a.jsonl": []byte(in), "b.jsonl.gz": gz.Bytes(), "c.ndjson.zst": zst.Bytes(), "notes.txt": []byte("no")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, arg := range []string{dir, filepath.Join(dir, "*n*")} {
		inputs, err := bulk.Expand([]string{arg})
		if err != nil {
			t.Fatal(err)
		}
		c := fakeConfig("")
		if arg != dir {
			inputs = inputs[:3]
		}
		c.Inputs = inputs
		got, _ := score(t, c)
		diff(t, arg, got, want+want+want)
	}
}

func TestATornFileIsReportedWithWhatCouldBeRead(t *testing.T) {
	in, _ := feed(5000, 0, 3)
	var gz bytes.Buffer
	zw := gzip.NewWriter(&gz)
	io.WriteString(zw, in)
	zw.Close()
	path := filepath.Join(t.TempDir(), "a.jsonl.gz")
	if err := os.WriteFile(path, gz.Bytes()[:gz.Len()/2], 0o666); err != nil {
		t.Fatal(err)
	}
	c := fakeConfig("")
	c.Inputs, _ = bulk.Expand([]string{path})
	_, r := score(t, c)
	if r.Listings == 0 || r.Errors != 1 || !strings.Contains(r.Faults[0].Problem, "ends early") {
		t.Errorf("got %d listings, %+v; want some, and one error that the file ends early", r.Listings, r.Faults)
	}
}

// brokenWriter fails after some bytes.
type brokenWriter struct{ left int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestARunEndsWhenItCannotWrite(t *testing.T) {
	in, _ := feed(20_000, 0, 4)
	c := fakeConfig(in)
	c.Output = &brokenWriter{left: 1 << 20}
	if _, err := bulk.Run(t.Context(), c); err == nil || err.Error() != "writing: disk full" {
		t.Errorf("got %v, want the writer's error", err)
	}
}

// endless gives listings for ever.
type endless struct{ line []byte }

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e.line) <= len(p) {
		n += copy(p[n:], e.line)
	}
	return n, nil
}

func TestARunEndsWhenItIsCancelled(t *testing.T) {
	c := fakeConfig("")
	c.In = bulk.FormatJSONL
	c.Stdin, c.Output = endless{[]byte(`{"title":"a"}` + "\n")}, io.Discard
	ctx, cancel := contextAfter(t, 50*time.Millisecond)
	defer cancel()
	if _, err := bulk.Run(ctx, c); err == nil {
		t.Error("got no error, want that of the context")
	}
}
