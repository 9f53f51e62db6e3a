// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"

	"lapwing/server/cluster"
	"lapwing/server/cluster/spill"
)

// ClusterConfig makes a run look for what only many listings show. Nothing is
// written before all is read: listings and verdicts are kept, in memory and
// beyond it on the disk, encrypted and in files without names.
type ClusterConfig struct {
	Dir    string    // for temporary files; "": the system's folder
	Memory int64     // bytes; 0: 768 MiB. On top come 100 bytes per listing, and up to 256 MiB to count votes
	Out    io.Writer // gets a line of JSON per cluster; nil for none
	// Looking is called when all is read and the search begins.
	Looking func()
}

// ClusterSummary says what was found.
type ClusterSummary struct {
	Clusters int              // of two listings or more
	Listings int              // in a cluster
	Odd      map[string]int64 // clusters per oddity, by Oddity.ID
	Notable  []*cluster.Cluster
}

// maxNotable is how many clusters a report shows: those with the most oddities,
// and the largest among equals.
const maxNotable = 30

// clustering is a run's way through clusters: a first pass keeps everything, then
// the search, then a second pass writes.
type clustering struct {
	config  ClusterConfig
	index   *cluster.Index
	tape    *spill.Tape
	places  []int64 // on the tape, by record
	files   []int   // the records with which another file begins
	file    string  // the last one
	found   *cluster.Result
	summary ClusterSummary
}

func newClustering(c ClusterConfig, workers int) *clustering {
	const standard = 768 << 20
	if c.Memory <= 0 {
		c.Memory = standard
	}
	return &clustering{
		config: c, tape: spill.NewTape(c.Dir, c.Memory/3),
		index: cluster.New(cluster.Options{Dir: c.Dir, Memory: c.Memory / 3 * 2, Workers: workers}),
	}
}

func (c *clustering) close() {
	c.tape.Close()
	c.index.Close()
}

// runClusters is a run with clusters.
func (r *run) runClusters(ctx context.Context) error {
	c := r.clusters
	defer c.close()
	if err := r.pass(ctx, stage{r.readAll, r.keepBlock, r.storeBlock}); err != nil {
		return err
	}
	if c.config.Looking != nil {
		c.config.Looking()
	}
	var err error
	if c.found, err = c.index.Find(ctx); err != nil {
		return err
	}
	if err := c.tell(ctx, r.Worst); err != nil {
		return err
	}
	r.Progress = nil // it spoke of reading
	return r.pass(ctx, stage{r.readKept, r.markBlock, r.writeBlock})
}

// keepBlock is what workers do in the first pass.
func (r *run) keepBlock(ctx context.Context, u *lookup, b *Block) error {
	if err := r.scoreBlock(ctx, u, b); err != nil {
		return err
	}
	b.tally.count(b)
	b.sketches = slices.Grow(b.sketches[:0], len(b.records))[:len(b.records)]
	for k := range b.records {
		if b.records[k].Problem == "" {
			r.clusters.index.Sketch(&b.listings[k], &b.sketches[k])
		} else {
			b.sketches[k] = cluster.Sketch{}
		}
		b.ends, b.out = keepRecord(b.ends, b.out, b.file, &b.records[k], &b.listings[k])
	}
	for k := range b.trouble {
		b.ends, b.out = keepRecord(b.ends, b.out, b.file, &b.trouble[k], nil)
	}
	return nil
}

// storeBlock is what the writer does in the first pass.
func (r *run) storeBlock(b *Block) error {
	c := r.clusters
	at, err := c.tape.Append(b.out)
	if err != nil {
		return err
	}
	if b.file != c.file {
		c.file, c.files = b.file, append(c.files, len(c.places))
	}
	from := 0
	for k, end := range b.ends {
		c.places = append(c.places, at+int64(from))
		from = end
		sketch := &cluster.Sketch{}
		if k < len(b.records) {
			sketch = &b.sketches[k]
		}
		if err := c.index.Add(sketch); err != nil {
			return err
		}
	}
	r.summary.add(&b.tally)
	return nil
}

// place gives where a record stands on the tape, and its length.
func (c *clustering) place(k int) (at int64, n int) {
	end := c.tape.Size()
	if k+1 < len(c.places) {
		end = c.places[k+1]
	}
	return c.places[k], int(end - c.places[k])
}

// fetch is the search's way back to a listing.
func (c *clustering) fetch(k int) (*cluster.Item, error) {
	at, n := c.place(k)
	raw, err := c.tape.Read(at, n, nil)
	if err != nil {
		return nil, err
	}
	var b Block
	if err := b.takeKept(raw); err != nil {
		return nil, err
	}
	rec := &b.records[0]
	return &cluster.Item{
		Member:  cluster.Member{ID: cluster.RawID(rec.ID), File: b.keptFile, Line: rec.Line},
		Listing: b.listings[0],
	}, nil
}

// tell writes the clusters, and keeps those that a report shows.
func (c *clustering) tell(ctx context.Context, notable bool) error {
	s := &c.summary
	s.Clusters, s.Listings, s.Odd = c.found.Clusters(), c.found.Listings(), c.found.Odd()
	if c.config.Out == nil && !notable {
		return nil // nobody is told
	}
	return c.found.Each(ctx, c.fetch, func(told *cluster.Cluster) error {
		s.note(told)
		if c.config.Out == nil {
			return nil
		}
		line, err := json.Marshal(told)
		if err != nil {
			return fmt.Errorf("writing clusters: %w", err)
		}
		if _, err := c.config.Out.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("writing clusters: %w", err)
		}
		return nil
	})
}

// note keeps a cluster if it is among the notable. They come largest first.
func (s *ClusterSummary) note(told *cluster.Cluster) {
	at := len(s.Notable)
	for at > 0 && len(s.Notable[at-1].Odd) < len(told.Odd) {
		at--
	}
	if at == maxNotable {
		return
	}
	const shown = 10
	short := *told
	short.Members = slices.Clone(told.Members[:min(len(told.Members), shown)])
	s.Notable = slices.Insert(s.Notable, at, &short)
	s.Notable = s.Notable[:min(len(s.Notable), maxNotable)]
}

// readKept is the source of the second pass.
func (r *run) readKept(ctx context.Context) {
	defer close(r.work)
	defer close(r.ordered)
	c := r.clusters
	files := c.files
	for k := 0; k < len(c.places); {
		b, ok := r.block(ctx, Input{})
		if !ok {
			return
		}
		b.number = k
		at, n := c.place(k)
		for k++; k < len(c.places); k++ {
			if len(files) > 0 && k >= files[0] { // a block names one file
				files = files[1:]
				break
			}
			_, more := c.place(k)
			if n+more > blockSize {
				break
			}
			n += more
		}
		b.data, b.failed = c.tape.Read(at, n, b.data)
		r.send(b)
	}
}

// markBlock is what workers do in the second pass. Everything is counted already,
// but which listings score most is known only now.
func (r *run) markBlock(_ context.Context, _ *lookup, b *Block) error {
	if b.failed != nil {
		return b.failed
	}
	if err := b.takeKept(b.data); err != nil {
		return err
	}
	for k := range b.records {
		rec := &b.records[k]
		if rec.Problem != "" {
			continue
		}
		name, odd := r.clusters.found.Of(b.number + k)
		rec.cluster, rec.Verdict = name, withOddities(rec.Verdict, odd)
	}
	r.collectWorst(b)
	r.sink.format(b)
	return nil
}
