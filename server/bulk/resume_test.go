// SPDX-License-Identifier: Apache-2.0

package bulk_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"lapwing/scorer"
	"lapwing/server/bulk"
)

// The child is this test program, run again to be killed.
const (
	childInput  = "LAPWING_TEST_INPUT"
	childOutput = "LAPWING_TEST_OUTPUT"
	childFormat = "LAPWING_TEST_FORMAT"
)

// slow takes its time over every batch, so that a kill meets a run at work.
type slow struct{ fake }

func (s *slow) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	time.Sleep(5 * time.Millisecond)
	return s.fake.Score(ctx, listings, verdicts)
}

func childConfig(in, out string, format bulk.Format) bulk.Config {
	c := fakeConfig("")
	c.Inputs, _ = bulk.Expand([]string{in})
	c.Engine, c.Out, c.Path, c.Resume, c.JournalEvery, c.Worst = &slow{}, format, out, true, 3*time.Millisecond, true
	return c
}

func runChild() {
	_, err := bulk.Run(context.Background(), childConfig(os.Getenv(childInput), os.Getenv(childOutput), bulk.Format(os.Getenv(childFormat))))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// killLoop runs the child again and again, killing it after a random while,
// until one run finishes. It gives how many were killed.
func killLoop(t *testing.T, in, out string, format bulk.Format, rng *rand.Rand) int {
	t.Helper()
	killed := 0
	patience := 30 * time.Millisecond
	for {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childInput+"="+in, childOutput+"="+out, childFormat+"="+string(format))
		var errs strings.Builder
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rng.Int64N(int64(patience))), func() { cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if err == nil {
			return killed
		}
		if errs.Len() > 0 {
			t.Fatalf("after %d kills the run refused to go on: %s", killed, errs.String())
		}
		killed++
		patience += patience / 8 // a slow machine gets there too
	}
}

func TestKilledRunsGoOnWithoutLosingOrRepeatingALine(t *testing.T) {
	in, want := feed(60_000, 0.1, 11)
	dir := t.TempDir()
	// Two inputs, one of them compressed: a kill may fall into either.
	files := filepath.Join(dir, "in")
	os.Mkdir(files, 0o777)
	half := strings.Index(in[len(in)/2:], "\n") + len(in)/2 + 1
	write(t, filepath.Join(files, "a.jsonl"), []byte(in[:half]))
	var gz strings.Builder
	zw := gzip.NewWriter(&gz)
	io.WriteString(zw, in[half:])
	zw.Close()
	write(t, filepath.Join(files, "b.jsonl.gz"), []byte(gz.String()))

	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for _, name := range []string{"out.jsonl", "out.jsonl.zst"} {
		out := filepath.Join(dir, name)
		killed := killLoop(t, files, out, bulk.FormatJSONL, rng)
		t.Logf("%s: %d kills", name, killed)
		diff(t, fmt.Sprintf("%s after %d kills", name, killed), read(t, out), want)

		_, r := score(t, childConfig(files, out, bulk.FormatJSONL))
		if !r.Finished || r.Listings != 60_000 || len(r.Worst) == 0 {
			t.Errorf("%s after %d kills: the summary speaks of %d listings, finished %v, %d worst; want that of the whole run",
				name, killed, r.Listings, r.Finished, len(r.Worst))
		}
		diff(t, name+" after one more run", read(t, out), want)
	}
}

func TestKilledRunsOverCSVGoOnToo(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.csv")
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write([]string{"id", "title", "body"})
	for k := range 20_000 {
		w.Write([]string{fmt.Sprint(k), "T", fmt.Sprintf("a \"fee\"\nof %d", k)})
	}
	w.Flush()
	write(t, in, []byte(b.String()))
	out := filepath.Join(dir, "out.csv")
	killed := killLoop(t, in, out, bulk.FormatCSV, rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2)))
	rows, err := csv.NewReader(strings.NewReader(read(t, out))).ReadAll()
	if err != nil || len(rows) != 20_001 {
		t.Fatalf("after %d kills: got %d rows, %v; want 20001", killed, len(rows), err)
	}
	for k, row := range rows[1:] {
		if row[0] != fmt.Sprint(k) {
			t.Fatalf("after %d kills: row %d is listing %s", killed, k+1, row[0])
		}
	}
}

func TestResumeRefusesWhatDoesNotBelongTogether(t *testing.T) {
	dir := t.TempDir()
	in, _ := feed(3000, 0, 5)
	file := filepath.Join(dir, "in.jsonl")
	write(t, file, []byte(in))
	out := filepath.Join(dir, "out.jsonl")

	stop := func() bulk.Config { // leaves a run behind that was cut off
		os.Remove(out)
		os.Remove(out + bulk.JournalSuffix)
		c := childConfig(file, out, bulk.FormatJSONL)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := bulk.Run(ctx, c); err == nil {
			t.Fatal("a cancelled run gave no error")
		}
		return c
	}
	for what, change := range map[string]func(*bulk.Config){
		"list":   func(c *bulk.Config) { c.List = "lapwing-8+12345678" },
		"level":  func(c *bulk.Config) { c.Least = scorer.High },
		"format": func(c *bulk.Config) { c.Out = bulk.FormatCSV },
		"inputs": func(c *bulk.Config) { c.Inputs[0].Size++ },
		"fields": func(c *bulk.Config) { c.Fields = "title=body,body=title" },
	} {
		c := stop()
		change(&c)
		var mismatch *bulk.MismatchError
		if _, err := bulk.Run(t.Context(), c); !errors.As(err, &mismatch) {
			t.Errorf("another %s: got %v, want a MismatchError", what, err)
		}
	}
	c := stop()
	os.Remove(out + bulk.JournalSuffix)
	write(t, out, []byte("something else\n"))
	if _, err := bulk.Run(t.Context(), c); !errors.Is(err, bulk.ErrNoJournal) {
		t.Errorf("an output without a journal: got %v, want ErrNoJournal", err)
	}
	c.Out, c.Path = bulk.FormatParquet, filepath.Join(dir, "out.parquet")
	if _, err := bulk.Run(t.Context(), c); !errors.Is(err, bulk.ErrNotResumable) {
		t.Errorf("parquet: got %v, want ErrNotResumable", err)
	}
}

func TestAnOutputCutShortBehindTheJournalIsRefused(t *testing.T) {
	dir := t.TempDir()
	in, _ := feed(3000, 0, 5)
	file, out := filepath.Join(dir, "in.jsonl"), filepath.Join(dir, "out.jsonl")
	write(t, file, []byte(in))
	c := childConfig(file, out, bulk.FormatJSONL)
	score(t, c)
	journal := strings.Replace(read(t, out+bulk.JournalSuffix), `"finished":true`, `"finished":false`, 1)
	write(t, out+bulk.JournalSuffix, []byte(journal))
	write(t, out, []byte("short"))
	if _, err := bulk.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "the journal speaks of") {
		t.Errorf("got %v, want an error that the output is shorter than the journal says", err)
	}
}

func TestWithoutResumeNoJournalIsLeft(t *testing.T) {
	dir := t.TempDir()
	in, want := feed(100, 0, 6)
	c := fakeConfig(in)
	c.Path = filepath.Join(dir, "out.jsonl")
	score(t, c)
	if _, err := os.Stat(c.Path + bulk.JournalSuffix); !os.IsNotExist(err) {
		t.Errorf("the journal is still there (%v): it is litter once the run is finished", err)
	}
	diff(t, "output", read(t, c.Path), want)
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
}

// read gives a file's content, decompressed.
func read(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".zst") {
		z, err := zstd.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
