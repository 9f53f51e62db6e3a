// SPDX-License-Identifier: Apache-2.0

package pack

// Patch gives the encoding of the pack that delta leads to, from the encoding of
// the old one: the same bytes as Decode, Apply and Encode one after the other, or
// the same *Error, if old is a pack. Where it is none, it gives an *Error or any
// bytes. That the result is the right pack is for the caller to find out, by
// comparing its hash with one that is trusted.
//
// It is there for the module, where those three take half a second for 100 000
// patterns. Most of a pack is patterns, and most of them stay as they are: so they
// stay encoded, and only what stands beside an edit is written anew. All other
// sections go the long way.
func Patch(old, delta []byte) ([]byte, error) {
	if b := patched(old, delta); b != nil {
		return b, nil
	}
	// Something is unusual; the long way says what, or bears it.
	p, err := Decode(old)
	if err != nil {
		return nil, err
	}
	if p, err = Apply(p, delta); err != nil {
		return nil, err
	}
	return Encode(p)
}

// patched is Patch where all is as usual, and nil otherwise.
func patched(old, delta []byte) []byte {
	if len(old) > MaxSize || len(delta) > MaxSize || checkMagic(old, packMagic) != nil || checkMagic(delta, deltaMagic) != nil {
		return nil
	}
	var from, p Pack
	o := decoder{reader: reader{b: old[len(packMagic):]}}
	d := decoder{reader: reader{b: delta[len(deltaMagic):], section: InDelta}}
	o.header(&from)
	o.languages()
	if d.uvarint(1<<32-1) != uint64(from.Version) {
		return nil
	}
	p.Name, p.Version, p.Created = from.Name, uint32(d.uvarint(1<<32-1)), d.day()
	d.languages()
	from.Indicators = o.indicators()
	p.Indicators = edited(&d, from.Indicators, d.indicators, compareIndicators)
	prefix := len(old) - len(o.b)
	m := merging{old: o.rows(), langs: o.langs, place: placesByID(from.Indicators, p.Indicators), limit: len(p.Indicators), prev: -1}
	// What comes before the rows may be longer than it was, and what comes after.
	if o.err != nil || !m.read(&d) || !m.run(2*prefix+len(delta)+1024, len(o.b)+len(delta)+1024) {
		return nil
	}
	p.Protected = edited(&d, o.protected(), d.protected, compareStrings)
	p.Texts = edited(&d, o.texts(), d.texts, compareTexts)
	p.Documents = edited(&d, o.documents(), d.documents, compareDocuments)
	p.Policy = o.policy()
	if b := d.byte(); b == 1 {
		p.Policy = d.policy()
	} else if b != 0 {
		return nil
	}
	p.Wording = edited(&d, o.wordings(), d.wordings, compareWording)
	d.finish()
	if o.err != nil || len(o.b) > 0 || d.err != nil || p.checkAllButPatterns() != nil {
		return nil
	}
	return m.encode(&p)
}

// encode is Encode of a pack whose patterns are those of m.
func (m *merging) encode(p *Pack) []byte {
	var t table
	t.addAll(p)
	m.addLanguages(&t)
	if m.bad || len(t.langs) > MaxLanguages {
		return nil
	}
	w := encoder{langs: t.langs}
	w.b = append(w.b, packMagic...)
	w.header(p)
	w.languages()
	w.indicators(p.Indicators)
	w.count(m.rows)
	before := w.b
	w.b = m.b
	m.columns(&w)
	w.protected(p.Protected)
	w.texts(p.Texts)
	w.documents(p.Documents)
	w.policy(&p.Policy)
	w.wordings(p.Wording)
	begin := m.begin - len(before)
	if m.bad || begin < 0 || len(w.b)-begin > MaxSize {
		return nil
	}
	copy(w.b[begin:], before)
	return w.b[begin:]
}

// rows are patterns as they stand in a pack: each has shared[i] bytes in common
// with the one before it, and adds what stands in block up to the next zero.
type rows struct {
	shared, block          []byte
	langRoles, lows, highs []byte
}

func (d *decoder) rows() rows {
	d.section = InPatterns
	n := d.count(MaxPatterns, 5)
	r := rows{shared: d.bytes(n), block: d.bytes(d.count(MaxSize, 1))}
	r.langRoles, r.lows, r.highs = d.bytes(n), d.bytes(n), d.bytes(n)
	return r
}

// walker passes rows from the first to the last, and knows the expression of the
// one that it has passed.
type walker struct {
	rows
	at   int // rows passed
	pos  int // where in block the next one begins
	size int // of the expression
	buf  [MaxExpr]byte
	bad  bool
}

// to passes all rows before the one at a place.
func (w *walker) to(place int) {
	block, pos, size := w.block, w.pos, w.size
	for _, k := range w.shared[w.at:place] {
		if int(k) > size {
			w.bad = true
		}
		size = int(k)
		for pos < len(block) {
			c := block[pos]
			pos++
			if c == 0 {
				break
			}
			w.buf[size%MaxExpr] = c
			size++
		}
		if size > MaxExpr {
			w.bad, size = true, 0
		}
	}
	w.at, w.pos, w.size = place, pos, size
}

func (w *walker) expr() string { return string(w.buf[:w.size]) }
