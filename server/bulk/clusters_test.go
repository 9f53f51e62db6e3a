// SPDX-License-Identifier: Apache-2.0

package bulk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/server/bulk"
	"lapwing/server/cluster"
)

const shared = "Our family hotel by the lake looks for friendly people who like guests and early mornings, fee and breakfast included, no experience needed"

// clustered is three copies under two employers, one listing that is alone, one
// that cannot be read.
var clustered = strings.Join([]string{
	`{"id":"a","body":"` + shared + ` today","company":"Lake Hotel"}`,
	`{"id":"b","body":"Ward nurse for nights in a small clinic near the river, two years of experience wanted"}`,
	`{"id":"c"`,
	`{"id":"d","body":"` + shared + ` soon","company":"Hill Inn"}`,
	`{"id":"e","body":"` + shared + `","company":"Hill Inn"}`,
}, "\n") + "\n"

// verdict is what these tests read of a line.
type verdict struct {
	ID, Level, Error string
	Score            float64
	Cluster          *string
	Reasons          []struct {
		Indicator, Dimension, Strength string
		Points                         int
		Spans                          []struct{ Text string }
	}
}

func verdicts(t *testing.T, out string) map[string]verdict {
	t.Helper()
	all := map[string]verdict{}
	for line := range strings.Lines(out) {
		var v verdict
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		all[v.ID] = v
	}
	return all
}

func TestClustersStandOnEachVerdict(t *testing.T) {
	plain, _ := score(t, fakeConfig(clustered))
	var clusters bytes.Buffer
	c := fakeConfig(clustered)
	c.Cluster, c.Worst = &bulk.ClusterConfig{Out: &clusters}, true
	out, r := score(t, c)
	was, now := verdicts(t, plain), verdicts(t, out)
	if n := strings.Count(out, "\n"); n != 5 || !strings.Contains(strings.Split(out, "\n")[2], `{"id":"c","error":"not JSON`) {
		t.Fatalf("got %d lines, want 5 in the input's order:\n%s", n, out)
	}
	for _, id := range []string{"a", "d", "e"} {
		v := now[id]
		if v.Cluster == nil || *v.Cluster != *now["a"].Cluster || !strings.HasPrefix(*v.Cluster, "c-") {
			t.Errorf("%s: cluster %v, want that of a", id, v.Cluster)
		}
		last := v.Reasons[len(v.Reasons)-1]
		if last.Indicator != "cluster.several-employers" || last.Strength != "weak" || last.Points == 0 || len(v.Reasons) != len(was[id].Reasons)+1 {
			t.Errorf("%s: got reasons %+v, want one more than without clusters", id, v.Reasons)
		}
		if v.Level != was[id].Level || v.Score <= was[id].Score {
			t.Errorf("%s: was %s %.2f, is %s %.2f: an oddity orders within a level and never changes it", id, was[id].Level, was[id].Score, v.Level, v.Score)
		}
	}
	if b := now["b"]; b.Cluster != nil || !strings.Contains(out, `"engine":"native","cluster":null}`) || b.Score != was["b"].Score {
		t.Errorf("a listing that is alone: got %+v, want its verdict as ever, and null", b)
	}
	s := r.Clusters
	if s == nil || s.Clusters != 1 || s.Listings != 3 || s.Odd["cluster.several-employers"] != 1 || len(s.Notable) != 1 {
		t.Errorf("got summary %+v", s)
	}
	var told cluster.Cluster
	if err := json.Unmarshal(bytes.TrimSpace(clusters.Bytes()), &struct {
		*cluster.Cluster
		Members []struct{ ID string }
	}{Cluster: &told}); err != nil || told.Size != 3 || told.Name != *now["a"].Cluster {
		t.Errorf("got cluster line %s, %v", clusters.Bytes(), err)
	}
}

func TestEveryFormatNamesClusters(t *testing.T) {
	for _, format := range []bulk.Format{bulk.FormatCSV, bulk.FormatParquet, bulk.FormatTable} {
		c := fakeConfig(clustered)
		c.Out, c.Cluster = format, &bulk.ClusterConfig{}
		out, _ := score(t, c)
		switch format {
		case bulk.FormatCSV:
			lines := strings.Split(out, "\n")
			if !strings.HasSuffix(lines[0], ",file,cluster") || !strings.Contains(lines[1], ",c-") || strings.Count(lines[2], ",") != strings.Count(lines[0], ",") {
				t.Errorf("csv: got\n%s", out)
			}
		case bulk.FormatTable:
			if !strings.Contains(out, "The same text stands under different employers") {
				t.Errorf("table: got\n%s", out)
			}
		}
	}
}

func TestClustersAreTheSameForAnyNumberOfWorkersAndAnyMemory(t *testing.T) {
	in, _ := feed(6000, 0.3, 11)
	in += clustered
	var want, wantClusters string
	for _, c := range []struct {
		workers int
		memory  int64
	}{{1, 0}, {2, 1}, {5, 3 << 20}} {
		var clusters bytes.Buffer
		config := fakeConfig(in)
		config.Workers, config.Cluster = c.workers, &bulk.ClusterConfig{Dir: t.TempDir(), Memory: c.memory, Out: &clusters}
		got, _ := score(t, config)
		if want == "" {
			want, wantClusters = got, clusters.String()
		}
		diff(t, fmt.Sprintf("%+v, verdicts", c), got, want)
		diff(t, fmt.Sprintf("%+v, clusters", c), clusters.String(), wantClusters)
	}
}

func TestErrorsOfSeveralFilesKeepTheirFile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"1.jsonl", "2.jsonl", "3.jsonl"} {
		os.WriteFile(filepath.Join(dir, name), []byte(clustered), 0o666)
	}
	c := fakeConfig("")
	c.Inputs, _ = bulk.Expand([]string{dir})
	c.Cluster = &bulk.ClusterConfig{}
	out, _ := score(t, c)
	for k, line := range strings.Split(out, "\n")[:15] {
		if want := fmt.Sprintf(`%d.jsonl"}`, k/5+1); k%5 == 2 && !strings.HasSuffix(line, want) {
			t.Errorf("line %d: got %s, want it to name %s", k+1, line, want)
		}
	}
}

func TestNothingIsLeftOfAnInterruptedSearch(t *testing.T) {
	dir := t.TempDir()
	c := fakeConfig("")
	c.In = bulk.FormatJSONL
	c.Stdin = endless{[]byte(`{"title":"a","body":"` + shared + `"}` + "\n")}
	c.Output = &bytes.Buffer{}
	c.Cluster = &bulk.ClusterConfig{Dir: dir, Memory: 1}
	ctx, cancel := contextAfter(t, 300*time.Millisecond)
	defer cancel()
	if _, err := bulk.Run(ctx, c); err == nil {
		t.Error("got no error, want that of the context")
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("the folder for temporary files holds %v", left)
	}
	if c.Output.(*bytes.Buffer).Len() > 0 {
		t.Error("verdicts were written before all was read")
	}
}

func TestARunWithClustersCannotBeGoneOnWith(t *testing.T) {
	c := fakeConfig(clustered)
	c.Path, c.Resume, c.Cluster = filepath.Join(t.TempDir(), "out.jsonl"), true, &bulk.ClusterConfig{}
	if _, err := bulk.Run(t.Context(), c); !errors.Is(err, bulk.ErrNotResumable) {
		t.Errorf("got %v, want ErrNotResumable", err)
	}
	c.Resume = false
	if _, err := bulk.Run(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Path + bulk.JournalSuffix); err == nil {
		t.Error("a journal was left beside the output")
	}
}

func TestReportShowsClusters(t *testing.T) {
	c := fakeConfig(strings.ReplaceAll(clustered, `"company"`, `"location":"Spring<b>field","company"`))
	c.Cluster, c.Worst = &bulk.ClusterConfig{}, true
	_, r := score(t, c)
	var page bytes.Buffer
	if err := bulk.WriteReport(&page, bulk.Report{Result: r, Pack: fakePack(), List: fakeList, Engine: "native", Created: "2026-11-24"}); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Worst[0].Reasons); n < 2 || r.Worst[0].Reasons[n-1].Title != "The same text stands under different employers" {
		t.Errorf("the worst listing does not say what is odd about its cluster: %+v", r.Worst[0])
	}
	for _, want := range []string{"1 clusters with 3 listings", "The same text stands under different employers", "Our family hotel by the lake", `class="slot"`, "Hill Inn (2)", "Spring&lt;b&gt;field", "width: 12.0rem"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
