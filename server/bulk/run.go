// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Config says what a run is to do. Pack, List, Engine and Inputs are required.
type Config struct {
	Pack   *pack.Pack
	List   string // what verdicts call it: see ListName
	Engine Engine
	Cache  *Cache // nil: every listing is scored

	Inputs  []Input
	In      Format    // FormatAuto, "": by each file's name, else by its first bytes
	Fields  string    // see ParseFields; "" for Lapwing's own names
	Stdin   io.Reader // what Stdin means; nil: os.Stdin
	Extract Extractor // nil: no pages
	Plain   bool      // read bytes as they are: strangers' compressed ones can be bombs
	MaxLine int       // bytes of one line of JSONL; 0: the constant MaxLine

	Out    Format       // FormatJSONL, FormatCSV, FormatParquet, FormatTable
	Least  scorer.Level // listings below it are scored and counted, not written
	Style  TableStyle
	Output io.Writer // where Path is ""
	// Path is the output file. With JSONL and CSV a journal is kept beside it.
	Path   string
	Resume bool // go on where the journal says
	// JournalEvery is how much time's work a crash may cost; 0: a second.
	JournalEvery time.Duration

	// Cluster, if not nil, adds what only many listings show. Nothing is written
	// before everything is read, and such a run cannot be gone on with.
	Cluster *ClusterConfig

	Workers int // 0: one per core
	// Worst keeps the listings with the highest scores for a report.
	Worst bool
	// Progress is called by the writer now and then, and at the end.
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Listings, Errors int64
	Read, Total      int64 // bytes of the inputs as stored; Total is -1 where unknown
	Done             bool
}

// Result is what a run comes to.
type Result struct {
	Summary
	Cache CacheStats
	// Finished says that an earlier run had done everything.
	Finished bool
	Resumed  bool
	Clusters *ClusterSummary // nil without Config.Cluster
}

// Run scores every listing of the inputs. A listing that cannot be read or
// scored is an error line and counted in Result.Errors; an error says that the
// run itself could not go on.
func Run(ctx context.Context, c Config) (*Result, error) {
	r, err := newRun(c)
	if err != nil || r.result.Finished {
		if r == nil {
			return nil, err
		}
		return &r.result, err
	}
	err = r.run(ctx)
	if e := r.out.close(); err == nil && e != nil {
		err = fmt.Errorf("writing: %v", e)
	}
	if c.Cache != nil {
		r.result.Cache = c.Cache.Stats()
	}
	r.result.Summary = *r.summary
	return &r.result, err
}

// run is one run at work.
type run struct {
	Config
	fields   Fields
	explain  *explainer
	sink     sink
	out      *output
	journal  *journal    // nil: none is kept
	clusters *clustering // nil without Config.Cluster
	start    Position
	fresh    bool // nothing was written before

	summary *Summary
	floor   atomic.Int32 // score below which nothing is among the worst
	result  Result

	pool    *blockPool
	load    *load
	read    atomic.Int64
	tokens  chan struct{} // one per block that may be in flight
	work    chan *Block
	ordered chan *Block
}

func newRun(c Config) (*run, error) {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.JournalEvery <= 0 {
		c.JournalEvery = time.Second
	}
	if c.MaxLine <= 0 || c.MaxLine > MaxLine {
		c.MaxLine = MaxLine
	}
	if c.Stdin == nil {
		c.Stdin = os.Stdin
	}
	fields := Fields{}
	var err error
	if c.Fields != "" {
		if fields, err = ParseFields(c.Fields); err != nil {
			return nil, err
		}
	}
	// Each worker has one block, another one waits for it, one is being read and one written.
	flight := 2*c.Workers + 2
	r := &run{
		Config: c, fields: fields, explain: newExplainer(c.Pack, c.Style.Lang), summary: newSummary(c.Pack), fresh: true,
		pool: newBlockPool(flight), load: newLoad(), tokens: make(chan struct{}, flight),
	}
	r.floor.Store(-1)
	if c.Cluster != nil {
		r.clusters = newClustering(*c.Cluster, c.Workers)
	}
	if err := r.prepareOutput(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *run) prepareOutput() error {
	if r.Path == "" {
		r.out = streamOutput(r.Output)
	} else if err := r.prepareFile(); err != nil || r.result.Finished {
		return err
	}
	switch r.Out {
	case FormatJSONL:
		r.sink = newJSONSink(r.out, NewVerdictFormat(r.Pack, r.List, r.Engine.Name()), r.Least, r.clusters != nil)
	case FormatCSV:
		r.sink = newCSVSink(r.out, r.Pack, r.List, r.Engine.Name(), r.Least, r.clusters != nil)
	case FormatParquet:
		r.sink = newParquetSink(r.out, r.Pack, r.List, r.Engine.Name(), r.Least)
	case FormatTable:
		r.sink = newTableSink(r.out, r.explain, r.Style, r.Least)
	default:
		return fmt.Errorf("%q cannot be written", r.Out)
	}
	return nil
}

// resumable tells whether a format can be cut and continued anywhere.
func resumable(f Format) bool { return f == FormatJSONL || f == FormatCSV }

// ErrNotResumable says that a format cannot be continued.
var ErrNotResumable = errors.New("only JSONL and CSV outputs without clusters can be gone on with")

func (r *run) prepareFile() error {
	here := &journal{
		Version: journalVersion, List: r.List, Engine: r.Engine.Name(), Format: r.Out,
		Level: r.Least.String(), Inputs: fingerprint(r.Inputs), Fields: r.Fields,
	}
	if r.Resume && (!resumable(r.Out) || r.clusters != nil) {
		return ErrNotResumable
	}
	if r.Resume {
		before, err := readJournal(r.Path)
		if err != nil {
			return err
		}
		if before != nil {
			if err := before.matches(here); err != nil {
				return err
			}
			r.takeUp(before)
			here = before
		}
	}
	if resumable(r.Out) && r.clusters == nil {
		r.journal = here
	}
	if r.result.Finished {
		return nil
	}
	if r.fresh && !r.result.Resumed {
		// An older journal must not vouch for what is about to be overwritten. One
		// that is gone on with from its very beginning vouches for nothing, and
		// without it a kill right now would leave an output that nobody vouches for.
		if err := os.Remove(r.Path + JournalSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	var err error
	r.out, err = fileOutput(r.Path, here.Offset)
	return err
}

// takeUp goes on with an earlier run.
func (r *run) takeUp(before *journal) {
	before.Summary.pack = r.Pack
	r.summary = before.Summary
	r.start = before.Next
	r.fresh = before.Offset == 0
	r.result.Resumed = true
	r.result.Finished = before.Finished
	if before.Finished {
		r.result.Summary = *before.Summary
	}
	r.floor.Store(r.summary.floor())
}

func (r *run) run(ctx context.Context) error {
	// The journal comes before the first byte, or a run that is killed between
	// the two would leave an output that nothing vouches for.
	if r.journal != nil {
		if err := r.checkpoint(r.start); err != nil {
			return err
		}
	}
	if r.fresh {
		if err := r.sink.begin(); err != nil {
			return fmt.Errorf("writing: %v", err)
		}
	}
	var err error
	if r.clusters != nil {
		err = r.runClusters(ctx)
		r.result.Clusters = &r.clusters.summary
	} else {
		err = r.pass(ctx, stage{r.readAll, r.finishBlock, r.writeBlock})
	}
	if err != nil {
		return err
	}
	if err := r.sink.end(); err != nil {
		return fmt.Errorf("writing: %v", err)
	}
	return r.finish()
}

// finishBlock is what workers do where there is one pass.
func (r *run) finishBlock(ctx context.Context, u *lookup, b *Block) error {
	if err := r.scoreBlock(ctx, u, b); err != nil {
		return err
	}
	r.sink.format(b)
	b.tally.count(b)
	r.collectWorst(b)
	return nil
}

func (r *run) scoreBlock(ctx context.Context, u *lookup, b *Block) error {
	if b.parse != nil {
		b.parse.parse(b)
	}
	if r.Cache == nil {
		return u.scoreAll(ctx, r.Engine, b)
	}
	return u.score(ctx, r.Engine, b)
}

func (r *run) collectWorst(b *Block) {
	if !r.Worst {
		return
	}
	floor := r.floor.Load()
	for k := range b.records {
		rec := &b.records[k]
		if rec.Problem == "" && rec.Verdict.Level > scorer.None && int32(rec.Verdict.Score) > floor {
			b.tally.worst = append(b.tally.worst, r.explain.excerpt(b, rec, &b.listings[k]))
		}
	}
}

func (r *run) writeBlock(b *Block) error {
	if err := r.sink.write(b); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	r.summary.add(&b.tally)
	r.floor.Store(r.summary.floor())
	return nil
}

func (r *run) tell(done bool) {
	total := int64(0)
	for _, in := range r.Inputs {
		if in.Size < 0 {
			total = -1
			break
		}
		total += in.Size
	}
	r.Progress(Progress{r.summary.Listings, r.summary.Errors, r.read.Load(), total, done})
}

// checkpoint makes the journal vouch for everything before next.
func (r *run) checkpoint(next Position) error {
	offset, err := r.out.settle()
	if err != nil {
		return fmt.Errorf("writing: %v", err)
	}
	r.journal.Next, r.journal.Offset, r.journal.Summary = next, offset, r.summary
	return r.journal.write(r.Path)
}

// finish leaves a journal that says so behind a run that was to be resumable,
// and none behind another.
func (r *run) finish() error {
	if r.journal == nil {
		return nil
	}
	r.journal.Finished = true
	if err := r.checkpoint(Position{File: len(r.Inputs)}); err != nil {
		return err
	}
	if r.Resume {
		return nil
	}
	return os.Remove(r.Path + JournalSuffix)
}
