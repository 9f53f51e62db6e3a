// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/ceremony"
	"lapwing/server/review/decide"
	"lapwing/server/review/queue"
	"lapwing/server/review/store"
)

// Options is what a desk works with.
type Options struct {
	Dir    string
	Store  *store.Store // opened; the desk reads and, for retention, rewrites it
	Signer note.Signer  // the reviewer who sits here; nil: reading only

	Pack     *pack.Pack // today's list
	ListName string
	Scorer   *scorer.Scorer

	Retention int // days; reports that came earlier are forgotten. 0: 90
	Pause     Pause
	Now       func() time.Time // nil: time.Now
}

// Pause is after how much the page reminds of a break; zeros take the defaults.
type Pause struct {
	Texts int           // 25
	Time  time.Duration // 45 minutes
}

// Desk is a loaded folder.
type Desk struct {
	Options
	queue     *queue.Queue
	standings current
	album     album
	noise     []byte // what pictures draw their noise from
	forgotten int
	pace      pace

	mu      sync.Mutex // decisions, store, log
	folder  *decide.Folder
	texts   map[string]string // of the list, in English, by key
	lexicon map[string]int    // indicators by ID
}

const defaultRetention = 90

// Open loads reports and decisions, forgets what is too old, and groups the rest.
func Open(ctx context.Context, o Options) (*Desk, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retention == 0 {
		o.Retention = defaultRetention
	}
	d := &Desk{Options: o, pace: newPace(o.Pause), noise: o.Store.Derive("noise of pictures")}
	today := uint32(o.Now().Unix() / 86400)
	var err error
	if d.forgotten, err = o.Store.Forget(today - uint32(o.Retention)); err != nil {
		return nil, fmt.Errorf("forgetting reports of more than %d days: %w", o.Retention, err)
	}
	if d.folder, err = Decisions(o.Dir); err != nil {
		return nil, err
	}
	d.texts = map[string]string{}
	for _, t := range o.Pack.Texts {
		if t.Lang == "en" {
			d.texts[t.Key] = t.Text
		}
	}
	d.lexicon = map[string]int{}
	for i := range o.Pack.Indicators {
		d.lexicon[o.Pack.Indicators[i].ID] = i
	}
	d.queue = queue.New(queue.Today{Release: o.Pack.Version, List: o.ListName}, o.Dir)
	if err := d.queue.AddAll(stored(o.Store)); err != nil {
		return nil, err
	}
	if err := d.queue.Settle(ctx); err != nil {
		return nil, err
	}
	d.standings.fill(d.queue, d.folder)
	d.tables()
	d.log("opened", "")
	return d, nil
}

// stored gives the reports of a store to the queue.
func stored(s *store.Store) iter.Seq2[queue.Raw, error] {
	return func(yield func(queue.Raw, error) bool) {
		for e, err := range s.All() {
			if !yield(queue.Raw{ID: e.ID, Day: e.Day, Text: e.Text}, err) || err != nil {
				return
			}
		}
	}
}

// Decisions opens the decisions of the desk in a folder.
func Decisions(dir string) (*decide.Folder, error) {
	reviewers, err := readReviewers(filepath.Join(dir, "reviewers"))
	if err != nil {
		return nil, err
	}
	return decide.Open(filepath.Join(dir, "decisions"), reviewers)
}

// readReviewers reads the public keys of those whose decisions count here.
func readReviewers(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.pub"))
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		key, err := ceremony.ReadPublic(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if key.Role != ceremony.ReviewRole {
			return nil, fmt.Errorf("%s: a key for %s; reviewers have keys of role %s", file, key.Role, ceremony.ReviewRole)
		}
		keys = append(keys, key.Public)
	}
	return keys, nil
}

// Queue gives the reports.
func (d *Desk) Queue() *queue.Queue { return d.queue }

// Folder gives the decisions.
func (d *Desk) Folder() *decide.Folder { return d.folder }

// Forgotten is how many reports Open found to be too old.
func (d *Desk) Forgotten() int { return d.forgotten }

// decisions gives those that hold for a report.
func (d *Desk) decisions(it *queue.Item) []decide.Signed {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, list := d.folder.Of(it.ID)
	return list
}

// mine gives what the reviewer who sits here has decided of a report.
func (d *Desk) mine(list []decide.Signed) decide.Verdict {
	for _, x := range list {
		if d.Signer != nil && x.By == d.Signer.Name() {
			return x.Verdict
		}
	}
	return decide.Withdrawn
}

// decide signs the same decision of the reviewer who sits here on some reports;
// those where it is what the reviewer says already are passed by.
func (d *Desk) decide(x decide.Decision, items []*queue.Item) error {
	if d.Signer == nil {
		return errors.New("this desk was opened without a reviewer's key; use --key")
	}
	var list []decide.Decision
	var changed []*queue.Item
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, it := range items {
		if _, known := d.folder.Of(it.ID); d.mine(known) != x.Verdict {
			x.Report = it.ID
			list = append(list, x)
			changed = append(changed, it)
		}
	}
	if _, err := d.folder.DecideAll(list, d.Signer); err != nil {
		return err
	}
	d.standings.update(changed, d.folder)
	for _, it := range changed {
		d.logged(string(x.Verdict), hexOf(it.ID))
	}
	return nil
}

// log adds a line to the log of this desk, which never leaves it. That it cannot
// be written is no reason to stop.
func (d *Desk) log(what, which string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.logged(what, which)
}

// logged is log for who holds the lock.
func (d *Desk) logged(what, which string) {
	file, err := os.OpenFile(filepath.Join(d.Dir, "access.log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	who := "reader"
	if d.Signer != nil {
		who = d.Signer.Name()
	}
	fmt.Fprintln(file, strings.TrimSpace(d.Now().UTC().Format(time.RFC3339)+" "+who+" "+what+" "+which))
	file.Close()
}
