// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"runtime"
	"sync"

	"lapwing/scorer"
	"lapwing/server/cluster/spill"
)

// Options bounds an Index; the zero value takes the defaults.
type Options struct {
	Dir     string // for what memory does not hold; "": the system's folder
	Memory  int64  // bytes; 0: 512 MiB. On top come 80 bytes per listing, and up to 256 MiB to count votes
	Workers int    // 0: one per core
}

const defaultMemory = 512 << 20

// Index gathers sketches and finds clusters among them. Sketch may be called by
// many goroutines; everything else by one at a time: Add for each listing, then
// Find, then what Find gives, then Close.
type Index struct {
	options Options
	key     [32]byte // of this run: what it hides means nothing outside
	sketch  sync.Pool
	freq    *frequency

	docs     list[doc]
	words    *spill.Tape // of distinct texts too: see record
	prints   *spill.Sorter
	contacts *spill.Sorter // contact, listing
	scratch  []byte
}

// doc is what stays in memory of a listing.
type doc struct {
	text     [16]byte // zero: takes no part
	employer uint32
	at       int64 // in words
	words    uint16
	prints   uint8
	contacts uint8
	place    uint8
}

// New makes an empty index.
func New(o Options) *Index {
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	x := &Index{
		options: o, freq: newFrequency(),
		words:    spill.NewTape(o.Dir, o.Memory/2),
		prints:   spill.NewSorter(o.Dir, o.Memory/4),
		contacts: spill.NewSorter(o.Dir, o.Memory/32),
	}
	rand.Read(x.key[:]) // never fails
	x.sketch.New = func() any { return &sketcher{index: x, people: newContactFinder(x)} }
	return x
}

// hide hashes what must not be written down with the key of this run.
func (x *Index) hide(kind, plain string) uint64 {
	mac := hmac.New(sha256.New, x.key[:])
	mac.Write([]byte(kind))
	mac.Write([]byte{0})
	mac.Write([]byte(plain))
	return binary.LittleEndian.Uint64(mac.Sum(nil))
}

// Sketch makes the sketch of a listing; s is overwritten.
func (x *Index) Sketch(l *scorer.Listing, s *Sketch) {
	k := x.sketch.Get().(*sketcher)
	k.sketch(l, s)
	x.sketch.Put(k)
}

// Add takes the next listing, the first one having number 0. The sketch may be
// used again afterwards; a zero one stands for a listing without a text.
func (x *Index) Add(s *Sketch) error {
	number := uint32(x.docs.len())
	d := doc{text: s.text, employer: uint32(s.employer), words: uint16(len(s.words)), prints: uint8(len(s.prints)), contacts: uint8(len(s.contacts)), place: uint8(len(s.place))}
	x.scratch = x.scratch[:0]
	for _, w := range s.words {
		x.scratch = binary.LittleEndian.AppendUint32(x.scratch, w)
	}
	for _, w := range s.place {
		x.scratch = binary.LittleEndian.AppendUint32(x.scratch, w)
	}
	for _, c := range s.contacts {
		x.scratch = binary.LittleEndian.AppendUint64(x.scratch, c)
		if err := x.contacts.Add(spill.Pair{Key: c, Value: number}); err != nil {
			return err
		}
	}
	var err error
	if d.at, err = x.words.Append(x.scratch); err != nil {
		return err
	}
	for _, h := range s.prints {
		if err := x.prints.Add(spill.Pair{Key: h, Value: number}); err != nil {
			return err
		}
	}
	x.docs.add(d)
	return nil
}

// Close gives everything back.
func (x *Index) Close() error {
	x.prints.Close()
	x.contacts.Close()
	return x.words.Close()
}

// list is a slice that grows without being copied.
type list[T any] struct{ chunks [][]T }

const listChunk = 1 << 14

func (l *list[T]) add(v T) {
	n := len(l.chunks)
	if n == 0 || len(l.chunks[n-1]) == listChunk {
		l.chunks = append(l.chunks, make([]T, 0, listChunk))
		n++
	}
	l.chunks[n-1] = append(l.chunks[n-1], v)
}

func (l *list[T]) at(k uint32) *T { return &l.chunks[k/listChunk][k%listChunk] }

func (l *list[T]) len() int {
	n := len(l.chunks)
	if n == 0 {
		return 0
	}
	return (n-1)*listChunk + len(l.chunks[n-1])
}
