// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"sync/atomic"

	"github.com/dgraph-io/ristretto/v2"

	"lapwing/scorer"
)

// tail remembers verdicts of texts that come back after a long time. Its
// store is ristretto, bounded in bytes. Keys are SHA-256 of list and text.
//
// Two things keep ristretto from costing more than it saves (measured, see
// bench_test.go): a text is hashed and offered only when it was seen before, by
// the ring of sightings or in a recent block, since hashing alone takes a
// tenth of the time of scoring; and its admission, which runs beside the
// workers and starves when they take every core, is waited for at the end of
// a block that offered something.
type tail struct {
	// store is made by the first offer: it takes 10 ms and as many MB, and many a
	// run has no need of it.
	store atomic.Pointer[ristretto.Cache[string, scorer.Verdict]]
	once  sync.Once
	bytes int64
	list  [sha256.Size]byte
	// seen holds a trace of each text that was neither recent nor in the tail.
	seen []atomic.Uint32
}

const (
	tailBytes = 64 << 20
	seenSize  = 1 << 20 // traces; a power of two
)

func newTail(list string, bytes int64) *tail {
	return &tail{bytes: bytes, list: sha256.Sum256([]byte(list)), seen: make([]atomic.Uint32, seenSize)}
}

func (t *tail) open() *ristretto.Cache[string, scorer.Verdict] {
	t.once.Do(func() {
		const typical = 200 // bytes of a verdict
		store, err := ristretto.NewCache(&ristretto.Config[string, scorer.Verdict]{
			NumCounters: max(10*t.bytes/typical, 100),
			MaxCost:     t.bytes,
			BufferItems: 64,
			Metrics:     true,
			// Costs are real bytes; ristretto's own overhead is in cost's constant.
			IgnoreInternalCost: true,
		})
		if err == nil { // it complains of a configuration only
			t.store.Store(store)
		}
	})
	return t.store.Load()
}

func (t *tail) close() {
	t.once.Do(func() {}) // nothing opens it any more
	if s := t.store.Load(); s != nil {
		s.Close()
	}
}

// suspects tells whether a text of this hash was probably asked for before,
// and notes that it was asked for now.
func (t *tail) suspects(h uint64) bool {
	slot := &t.seen[h&(seenSize-1)]
	trace := uint32(h>>32) | 1
	if slot.Load() == trace {
		return true
	}
	slot.Store(trace)
	return false
}

// keyOf gives the key of a listing; scratch is used and given back.
func (t *tail) keyOf(l *scorer.Listing, scratch []byte) (string, []byte) {
	b := append(scratch[:0], t.list[:]...)
	b = append(b, byte(l.Kind))
	b = binary.AppendUvarint(b, uint64(len(l.Lang)))
	b = append(b, l.Lang...)
	for _, text := range l.Text {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	sum := sha256.Sum256(b)
	if cap(b) > 1<<20 {
		b = nil
	}
	return string(sum[:]), b
}

func (t *tail) get(key string) (scorer.Verdict, bool) {
	if s := t.store.Load(); s != nil {
		return s.Get(key)
	}
	return scorer.Verdict{}, false
}

func (t *tail) set(key string, v scorer.Verdict) {
	if s := t.open(); s != nil {
		s.Set(key, v, cost(&v))
	}
}

// settle waits until what was offered is taken or refused.
func (t *tail) settle() {
	if s := t.store.Load(); s != nil {
		s.Wait()
	}
}

// cost is about what an entry takes in memory.
func cost(v *scorer.Verdict) int64 {
	const entry, reason, span = 160, 40, 12
	n := int64(entry)
	for k := range v.Reasons {
		n += reason + span*int64(len(v.Reasons[k].Spans))
	}
	return n
}

func (t *tail) stats() (offered, rejected, dropped int64) {
	s := t.store.Load()
	if s == nil {
		return 0, 0, 0
	}
	m := s.Metrics
	taken := m.KeysAdded() + m.KeysUpdated()
	rejected, dropped = int64(m.SetsRejected()), int64(m.SetsDropped())
	return int64(taken) + rejected + dropped, rejected, dropped
}
