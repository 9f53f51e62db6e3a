// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"math/bits"

	"lapwing/scorer/pack"
)

// The wording hint is a sparse linear model: a whole number for each n-gram of
// one to three words that it knows, added once however often the n-gram occurs.
// It has two channels, since harmless text around a fraud washes out a sum over
// the whole, while a window alone sees less of an honest advert:
//
//	whole text   16 · sum / √(n + 20) + bias   n: n-grams of the sum that weigh something
//	window       the greatest sum over WindowWords words of the body; the title is in every window
//
// Title and body are read, and nothing else. The title's n-grams count twice: as
// any text's, and as a title's, hashed with titleSalt. Each channel has two
// thresholds, for a hint and for a strong hint, half a unit of log odds apart.
// They put both channels on one scale (strength), on which their odds are added
// (together): a fraud that is padded still has its window, and a text that is
// suspicious all over needs no worst passage.

// HashBits is the size of an n-gram's hash in pack.Wording.
const HashBits = pack.FeatureBits

// titleSalt makes a title's n-grams features of their own.
const titleSalt = 0x5851f42d4c957f2d

// docPrior keeps the whole-text channel of a very short text near nothing.
const docPrior = 20

// Gram1, Gram2 and Gram3 give the features of one, two and three words, from
// their hashes.
func Gram1(a uint64) uint32 { return uint32(a * 0xd6e8feb86659fd93 >> (64 - HashBits)) }

func Gram2(a, b uint64) uint32 {
	return uint32((bits.RotateLeft64(a, 21) + b) * 0xa0761d6478bd642f >> (64 - HashBits))
}

func Gram3(a, b, c uint64) uint32 {
	return uint32((bits.RotateLeft64(bits.RotateLeft64(a, 21)+b, 21) + c) * 0xe7037ed1a0b428db >> (64 - HashBits))
}

// TitleWord is the hash under which a word of the title is hashed once more.
func TitleWord(a uint64) uint64 { return a ^ titleSalt }

// wordingModel is a pack's model, ready for look-ups. It never changes. Features
// are found by rank: the filter has a bit for the first bits of each, and before
// counts the features of the words of the filter before each; so what a look-up
// reads is small enough to stay close to the processor.
type wordingModel struct {
	*pack.Wording
	filter  []uint64
	shift   uint8 // from a feature to its bit
	before  []uint32
	entries []uint32 // in order: the last 24 bits of a feature, and its weight
}

// wordingScratch is the memory of one listing's hint.
type wordingScratch struct {
	cand []uint64 // n-grams that pass the filter: word<<32 | (words-1)<<28 | feature
	hits []uint64 // those of the body that the model has, in place: word<<32 | (words-1)<<28 | weight<<20 | index
	// last is, by feature, base plus the word at which it was last seen. Less than
	// base by more than a window: not in this listing. joined: in the title.
	last         []uint32
	base, joined uint32
	change       []int32 // by word of the body: what the window's sum changes by
	known        []uint8 // by word of the body: 1 where the model has an n-gram
}

// hint is what the wording says.
type hint struct {
	// strength is comparable across texts: 1000 is a hint, 2000 a strong one.
	// It is meaningless unless read.
	strength int32
	read     bool  // a model was there for this kind and language
	level    uint8 // 0 nothing, 1 resembles known fraud, 2 strongly
	passages [maxPassages]passage
	count    int
}

// passage is words first to last.
type passage struct{ first, last uint32 }

// maxPassages is the most passages that a hint names.
const maxPassages = 3

var errWording = constError("model's features, weights and thresholds do not fit together; build the list again")

func newWording(p *pack.Pack) ([]wordingModel, error) {
	var models []wordingModel
	for i := range p.Wording {
		w := &p.Wording[i]
		if len(w.Features) != len(w.Weights) || len(w.Features) > pack.MaxFeatures || w.Doc[1] <= w.Doc[0] || w.Window[1] <= w.Window[0] {
			return nil, errWording
		}
		logBits := min(max(bits.Len(uint(len(w.Features)))+3, minFilterBits), HashBits)
		m := wordingModel{
			Wording: w, filter: make([]uint64, 1<<(logBits-6)), shift: uint8(HashBits - logBits),
			before: make([]uint32, 1<<(logBits-6)+1), entries: make([]uint32, len(w.Features)),
		}
		for k, f := range w.Features {
			if f > featureMask || k > 0 && f <= w.Features[k-1] {
				return nil, errWording
			}
			bit := f >> m.shift
			m.filter[bit>>6] |= 1 << (bit & 63)
			m.before[bit>>6+1] = uint32(k) + 1
			m.entries[k] = f<<8 | uint32(uint8(w.Weights[k]))
		}
		for k := 1; k < len(m.before); k++ {
			m.before[k] = max(m.before[k], m.before[k-1])
		}
		models = append(models, m)
	}
	return models, nil
}

// minFilterBits makes a word of the filter stand for features that the 24 bits of
// an entry tell apart.
const minFilterBits = 10

// find gives a feature's index and its weight; -1 for a feature that it has not.
//
//go:noinline
func (m *wordingModel) find(f uint32) (k int, weight int32) {
	one, cand := [1]uint64{}, [1]uint64{uint64(f)}
	if bit := f >> m.shift; m.filter[bit>>6]>>(bit&63)&1 == 0 || len(m.resolve(one[:], cand[:])) == 0 {
		return -1, 0
	}
	return int(one[0] & indexMask), weightOf(one[0])
}

// resolve keeps those of the n-grams that the model has, with weight<<20 | index in
// place of the feature; all must pass the filter. It has no branch that is hard to
// foretell.
//
//go:noinline
func (m *wordingModel) resolve(hits, cand []uint64) []uint64 {
	hits = hits[:len(cand)]
	filter, before, entries, shift, count := m.filter, m.before, m.entries, m.shift&31, 0
	for _, c := range cand {
		f := uint32(c) & featureMask
		bit := f >> shift
		k := before[bit>>6] + uint32(bits.OnesCount64(filter[bit>>6]&(1<<(bit&63)-1)))
		f &= 0xffffff
		e := entries[k]
		for e>>8 < f && k+1 < before[bit>>6+1] { // features that share a bit make the rank too low
			k++
			e = entries[k]
		}
		hits[count] = c&^featureMask | uint64(e&0xff)<<20 | uint64(k)
		count += int(((e>>8 ^ f) - 1) >> 31)
	}
	return hits[:count]
}

const indexMask = pack.MaxFeatures - 1

// weightOf gives the weight in what resolve keeps.
func weightOf(hit uint64) int32 { return int32(int8(hit >> 20)) }

// newKnown makes the filter of all words that the list, the models or the entities know.
func newKnown(s *Scorer) bitset {
	n := len(s.auto.lex.hashes) + len(s.notable.slots)
	for i := range s.wording {
		n += len(s.wording[i].Features)
	}
	b := newBitset(n, 8)
	set := func(f uint32) { b.set(uint64(f) << (64 - HashBits)) }
	for _, h := range s.auto.lex.hashes {
		set(Gram1(h))
	}
	for i := range s.notable.slots {
		set(Gram1(s.notable.slots[i].hash))
	}
	for i := range s.wording {
		for _, f := range s.wording[i].Features {
			set(f)
		}
	}
	return b
}

// knows reports whether a word belongs to some model's vocabulary: a disguised
// word is read as such a word.
func (s *Scorer) knows(h uint64) bool {
	for i := range s.wording {
		m := &s.wording[i]
		if bit := Gram1(h) >> m.shift; m.filter[bit>>6]>>(bit&63)&1 == 1 {
			if k, _ := m.find(Gram1(h)); k >= 0 {
				return true
			}
		}
	}
	return false
}

// model gives the model that was measured on listings like this one, or nil. An
// unknown kind has none.
func (s *Scorer) model(l *Listing) *wordingModel {
	for i := range s.wording {
		m := &s.wording[i]
		if m.Kinds>>l.Kind&1 == 1 && (l.Lang == "" || sameLanguage(m.Lang, l.Lang)) {
			return m
		}
	}
	return nil
}

// wordingHint scores the whole text and the best window of it.
func (sc *scratch) wordingHint(s *Scorer, l *Listing) hint {
	m := s.model(l)
	if m == nil {
		return hint{}
	}
	w := &sc.wording
	title := sc.hash[sc.fields[Title].first:sc.fields[Title].end2]
	body := sc.hash[sc.fields[Body].first:sc.fields[Body].end2]
	r := w.scan(m, title, body, uint32(s.pack.Policy.WindowWords))
	if r.n == 0 {
		return hint{} // nothing that weighs anything: unknown is no evidence
	}
	if l.Lang == "" && 2*r.known < len(body)+len(title) {
		return hint{} // another language: most of its words are unknown here
	}
	doc, window := m.margins(r)
	whole, best := strength(doc, m.Doc), strength(window, m.Window)
	h := hint{read: true, strength: together(whole, best)}
	h.level = uint8(min(max(h.strength, 0)/1000, 2))
	if h.level > 0 {
		from, to := uint32(0), uint32(len(body))
		if best >= whole {
			from, to = r.from, r.to
		}
		w.passages(&h, sc.fields[Body].first, from, to)
		if h.count == 0 && len(title) > 0 {
			h.passages[0] = passage{sc.fields[Title].first, sc.fields[Title].end2 - 1}
			h.count = 1
		}
	}
	return h
}

// reading is what a scan has summed up.
type reading struct {
	sum, n   int32  // whole text: weights of distinct n-grams; how many are not 0
	best     int32  // greatest sum over a window
	from, to uint32 // that window, in words of the body
	known    int    // words that the model knows
}

// margins gives the two channels' values.
func (m *wordingModel) margins(r reading) (doc, window int32) {
	root := isqrt(uint64(r.n+docPrior) << 16)
	return int32(int64(r.sum)<<12/int64(root)) + m.Bias, r.best
}

// strength puts a channel's value on the common scale that its thresholds mark.
func strength(v int32, at [2]int32) int32 {
	x := 1000 + 1000*(int64(v)-int64(at[0]))/(int64(at[1])-int64(at[0]))
	return int32(min(max(x, -30000), 30000))
}

// logUnit is a unit of log odds on the scale of strength.
const logUnit = 2000

// together is the logarithm of the sum of two odds, near enough: as much as the
// greater, and up to ln 2 more where they are alike.
func together(a, b int32) int32 {
	const reach = logUnit * 277 / 100 // 4 ln 2
	near := max(reach-max(a-b, b-a), 0)
	return max(a, b) + near*near/(4*reach)
}

// isqrt is the whole part of a square root.
func isqrt(x uint64) uint32 {
	r := uint64(0)
	for bit := uint64(1) << 31; bit > 0; bit >>= 1 {
		if t := r | bit; t*t <= x {
			r = t
		}
	}
	return uint32(r)
}

// scan sums the n-grams of title and body. It allocates nothing once w has grown.
func (w *wordingScratch) scan(m *wordingModel, title, body []uint64, window uint32) reading {
	w.begin(m, uint32(len(body)), window)
	var r reading
	w.pick(m, title, titleSalt)
	w.title(m, &r)
	r.known = 0 // words of the language are counted once, as such
	w.pick(m, title, 0)
	w.title(m, &r)
	w.pick(m, body, 0)
	w.body(m, &r, uint32(len(body)), window)
	w.slide(&r, window)
	return r
}

// begin opens a new range of word numbers, a window away from the one before, so
// that w.last needs no clearing.
func (w *wordingScratch) begin(m *wordingModel, words, window uint32) {
	if len(w.last) < len(m.Features) {
		w.last, w.joined = make([]uint32, len(m.Features)), 0
	}
	if w.joined > 1<<31 {
		clear(w.last)
		w.joined = 0
	}
	w.base = w.joined + window + 1
	w.joined = w.base + words + window
}

// pick notes the n-grams of words that pass the filter; salt is 0 or titleSalt.
// It has no branch that depends on the text.
func (w *wordingScratch) pick(m *wordingModel, words []uint64, salt uint64) {
	w.cand = grow(w.cand, 3*len(words)+3)
	cand, count := w.cand, 0
	filter, shift := m.filter, m.shift&31
	test := func(f uint32) uint64 {
		bit := f >> shift
		return filter[bit>>6] >> (bit & 63) & 1
	}
	var a, b uint64
	for i, c := range words {
		c ^= salt
		f1, f2, f3 := Gram1(c), Gram2(b, c), Gram3(a, b, c)
		in1, in2, in3 := test(f1), test(f2), test(f3)
		if i < 2 { // no words before
			in3 = 0
			in2 &= uint64(i)
		}
		at := uint64(i) << 32
		out := (*[3]uint64)(cand[count:])
		out[0] = at | uint64(f1)
		out[in1] = at | 1<<28 | uint64(f2)
		if in1+in2 < 3 {
			out[in1+in2] = at | 2<<28 | uint64(f3)
		}
		count += int(in1 + in2 + in3)
		a, b = b, c
	}
	w.cand = cand[:count]
}

const featureMask = 1<<HashBits - 1

// isWord is 1 for the n-gram of one word, else 0.
func isWord(c uint64) int { return 1 - int((c>>28|c>>29)&1) }

// title adds what was picked to the sums; it is in every window.
func (w *wordingScratch) title(m *wordingModel, r *reading) {
	for _, c := range m.resolve(w.cand, w.cand) {
		k := uint32(c) & indexMask
		r.known += isWord(c)
		if v := weightOf(c); v != 0 && w.last[k] < w.base {
			w.last[k] = w.joined
			r.sum += v
			r.n++
		}
	}
	r.best = r.sum
}

// body adds what was picked: to the whole text where it is new, and to the
// windows that it is in. An n-gram is in the windows that end from its word on up
// to a window later; where it came before, from where the one before leaves them.
func (w *wordingScratch) body(m *wordingModel, r *reading, words, window uint32) {
	w.change, w.known = grow(w.change, int(words)+1), grow(w.known, int(words)+1)
	clear(w.change)
	clear(w.known)
	hits, kept := m.resolve(w.cand, w.cand), 0
	base, joined, last, change, known := w.base, w.joined, w.last, w.change, w.known
	for _, c := range hits {
		i, k := uint32(c>>32), uint32(c)&indexMask
		r.known += isWord(c)
		known[i] = 1
		before, v := last[k], weightOf(c)
		if before == joined {
			continue
		}
		isNew := int32((int64(before) - int64(base)) >> 63) // all ones, or 0
		r.sum += v & isNew
		r.n += int32(uint32(v|-v)>>31) & isNew
		change[min(max(before+window, base+i)-base, words)] += v
		change[min(i+window, words)] -= v
		last[k] = base + i
		hits[kept] = c
		kept++
	}
	w.hits = hits[:kept]
}

// slide finds the window that says most. One that ends with a word without a known
// n-gram is none of its own.
func (w *wordingScratch) slide(r *reading, window uint32) {
	now, best := r.best, r.best
	known := w.known[:len(w.change)]
	for i, v := range w.change[:len(w.change)-1] {
		now += v
		if now > best && known[i] != 0 {
			best, r.to = now, uint32(i)+1
		}
	}
	r.best = best
	r.from = r.to - min(r.to, window)
}

// passages names the places among the body's words from:to that say most. first
// is the number of the body's first word.
func (w *wordingScratch) passages(h *hint, first, from, to uint32) {
	for h.count < maxPassages {
		best, at := int32(0), passage{}
		for j := 0; j < len(w.hits); {
			i := uint32(w.hits[j] >> 32)
			sum, back := int32(0), uint32(0)
			for ; j < len(w.hits) && uint32(w.hits[j]>>32) == i; j++ {
				if v := weightOf(w.hits[j]); v > 0 {
					sum += v
					back = max(back, uint32(w.hits[j]>>28&3))
				}
			}
			if p := (passage{first + i - min(i, back), first + i}); i >= from && i < to && sum > best && !h.names(p) {
				best, at = sum, p
			}
		}
		if best == 0 {
			return
		}
		h.passages[h.count] = at
		h.count++
	}
}

// names reports whether the hint already names a passage that touches p.
func (h *hint) names(p passage) bool {
	for _, q := range h.passages[:h.count] {
		if p.first <= q.last+1 && q.first <= p.last+1 {
			return true
		}
	}
	return false
}

// WordingWords gives the hashes of the words that the wording hint reads, as it
// reads them: disguises undone, protected words out. It is for training.
func (s *Scorer) WordingWords(l *Listing) (title, body []uint64) {
	sc := s.scratch.get()
	defer s.scratch.put(sc)
	sc.prepare(s, l)
	sc.listing = nil
	title = append(title, sc.hash[sc.fields[Title].first:sc.fields[Title].end2]...)
	body = append(body, sc.hash[sc.fields[Body].first:sc.fields[Body].end2]...)
	return title, body
}

// WordingStrengths gives the strength of the hint and that of its two channels,
// for setting thresholds; ok is false where no model is there for the listing's
// kind and language, or it knows nothing of the text.
func (s *Scorer) WordingStrengths(l *Listing) (both, doc, window int32, ok bool) {
	m := s.model(l)
	if m == nil {
		return 0, 0, 0, false
	}
	title, body := s.WordingWords(l)
	r := new(wordingScratch).scan(m, title, body, uint32(s.pack.Policy.WindowWords))
	if r.n == 0 {
		return 0, 0, 0, false
	}
	doc, window = m.margins(r)
	doc, window = strength(doc, m.Doc), strength(window, m.Window)
	return together(doc, window), doc, window, true
}
