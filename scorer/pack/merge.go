// SPDX-License-Identifier: Apache-2.0

package pack

// merging makes the rows of a new pack from those of the old one and the edits of
// a delta, as decoder.patternEdits does with patterns.
type merging struct {
	old   rows
	langs []string // of the old pack
	place []uint32 // where old indicators stand now
	moved bool     // some stand elsewhere
	limit int      // number of indicators now

	removed, changed, at []int // places that are left to come
	changes, puts        []Pattern
	marks                []mark
	mark                 int // the one that was asked for last

	b      []byte // the new pack, from its rows on
	begin  int    // where they begin in b
	rows   int    // how many there will be
	shared int    // where in b the next one's byte of what it shares goes
	block  int    // where in b their block begins
	runs   []run  // where their columns come from
	fresh  []Pattern
	used   [MaxLanguages]bool // languages of old rows that stay, by their old numbers
	last   Pattern            // the row written last
	prev   int                // its place among the old rows if its expression is from there, else noRow
	isNew  bool               // it is fresh: that the next one comes after it is to be seen
	bad    bool
}

const noRow = -2

// mark is a place among the old rows at which something is written anew.
type mark struct {
	place      int
	start, end int    // in the block, of what the row adds
	before     string // expression of the row before it
	here       string // its own
}

// run is some old rows, or as many fresh ones.
type run struct {
	from, to int
	isFresh  bool
}

// read reads the edits of patterns.
func (m *merging) read(d *decoder) bool {
	n := len(m.old.shared)
	d.section = InPatterns
	m.removed, m.changed = d.places(n), d.places(n)
	m.changes = make([]Pattern, len(m.changed))
	d.patternColumns(m.changes)
	m.at = d.putPlaces(n)
	if d.err != nil || !m.setMarks(n) {
		return false
	}
	m.puts = d.puts(m.at, func(at int) string { return m.markAt(at).before })
	m.mark = 0
	for i, to := range m.place {
		m.moved = m.moved || to != uint32(i)
	}
	return d.err == nil
}

// setMarks notes the rows at an edit and those behind one: they may be written
// against another row now.
func (m *merging) setMarks(n int) bool {
	w := walker{rows: m.old}
	note := func(place int) {
		if place > n || len(m.marks) > 0 && m.marks[len(m.marks)-1].place == place {
			return
		}
		k := mark{place: place}
		if last := len(m.marks) - 1; last >= 0 && w.at == place {
			k.before = m.marks[last].here
		} else {
			w.to(place)
			k.before = w.expr()
		}
		k.start = w.pos
		if place < n {
			w.to(place + 1)
			k.here = w.expr()
		}
		k.end = w.pos
		m.marks = append(m.marks, k)
	}
	for r, c, a := m.removed, m.changed, m.at; ; {
		place := min(next(r, n+1), next(c, n+1), next(a, n+1))
		if place > n {
			return !w.bad
		}
		note(place)
		note(place + 1)
		r, c, a = after(r, place), after(c, place), after(a, place)
	}
}

// after is what of ascending places comes after one.
func after(places []int, place int) []int {
	for len(places) > 0 && places[0] <= place {
		places = places[1:]
	}
	return places
}

// markAt gives the mark at a place that has one; places are asked for in order.
func (m *merging) markAt(place int) *mark {
	for m.mark < len(m.marks)-1 && m.marks[m.mark].place < place {
		m.mark++
	}
	return &m.marks[m.mark]
}

// run goes through old rows and edits together. In b it leaves room before what
// it writes, and behind.
func (m *merging) run(before, behind int) bool {
	n := len(m.old.shared)
	m.rows = n - len(m.removed) + len(m.puts)
	m.begin, m.shared = before, before
	m.block = before + m.rows + uvarintLen(len(m.old.block))
	if m.rows < 0 || m.rows > MaxPatterns {
		return false
	}
	m.b = make([]byte, m.block, m.block+len(m.old.block)+3*m.rows+behind)
	for i := 0; ; i++ {
		stop := min(next(m.removed, n), next(m.changed, n), next(m.at, n))
		m.keep(i, stop)
		for i = stop; len(m.at) > 0 && m.at[0] == i; m.at, m.puts = m.at[1:], m.puts[1:] {
			m.write(m.puts[0], noRow)
		}
		if i == n || m.bad {
			return !m.bad && m.close()
		}
		isChanged, isRemoved := next(m.changed, noRow) == i, next(m.removed, noRow) == i
		if isChanged {
			if !isRemoved {
				m.changes[0].Expr = m.markAt(i).here
				m.write(m.changes[0], i)
			}
			m.changed, m.changes = m.changed[1:], m.changes[1:]
		}
		if isRemoved {
			m.removed = m.removed[1:]
		}
		if !isChanged && !isRemoved {
			i-- // only new ones stood here
		}
	}
}

// keep writes the old rows from a place to before another; both have marks,
// unless nothing was edited before the one, or behind the other.
func (m *merging) keep(from, to int) {
	if from == to || m.bad {
		return
	}
	n := len(m.old.shared)
	first, start, end := from, 0, len(m.old.block)
	if m.prev != -1 || from > 0 {
		k := m.markAt(from)
		start = k.start
		if m.isNew {
			m.follow(m.row(from, k.here))
		}
		if m.prev != from-1 {
			m.expression(k.here)
			first, start = from+1, k.end
		}
	}
	if to < n || len(m.at) > 0 {
		k := m.markAt(to)
		end = k.start
		m.last = m.row(to-1, k.before)
	}
	if m.bad {
		return
	}
	m.prev, m.isNew = to-1, false
	m.shared += copy(m.b[m.shared:], m.old.shared[first:to])
	m.b = append(m.b, m.old.block[start:end]...)
	m.runs = append(m.runs, run{from, to, false})
	for _, c := range m.old.langRoles[from:to] {
		m.used[c>>1] = true
	}
}

// write writes a row from the delta; place is that of the old one whose
// expression it has.
func (m *merging) write(p Pattern, place int) {
	if len(m.runs) > 0 {
		m.follow(p)
	}
	if int64(p.Indicator) >= int64(m.limit) || m.bad {
		m.bad = true
		return
	}
	m.expression(p.Expr)
	m.runs = append(m.runs, run{len(m.fresh), len(m.fresh) + 1, true})
	m.fresh = append(m.fresh, p)
	m.last, m.prev, m.isNew = p, place, true
}

// follow says whether a row may come after the last one.
func (m *merging) follow(p Pattern) { m.bad = m.bad || comparePatterns(&m.last, &p) >= 0 }

// expression writes what an expression adds to the last one.
func (m *merging) expression(s string) {
	k := shared(m.last.Expr, s)
	m.b[m.shared] = byte(k)
	m.shared++
	m.b = append(append(m.b, s[k:]...), 0)
}

// close writes the length of the block before it, where there was left room for it.
func (m *merging) close() bool {
	var w writer
	w.count(len(m.b) - m.block)
	return m.shared+len(w.b) == m.block && copy(m.b[m.shared:], w.b) == len(w.b)
}

func uvarintLen(n int) int {
	var w writer
	w.count(n)
	return len(w.b)
}

// row is an old row as it is in the new pack.
func (m *merging) row(i int, expr string) Pattern {
	lang, at := int(m.old.langRoles[i]>>1), int(m.old.lows[i])|int(m.old.highs[i])<<8
	if lang >= len(m.langs) || at >= len(m.place) {
		m.bad = true
		return Pattern{}
	}
	return Pattern{Expr: expr, Lang: m.langs[lang], Role: Role(m.old.langRoles[i] & 1), Indicator: m.place[at]}
}

// addLanguages adds what the rows use.
func (m *merging) addLanguages(t *table) {
	for i, used := range m.used {
		if used && i >= len(m.langs) {
			m.bad = true
		} else if used {
			t.add(m.langs[i])
		}
	}
	for i := range m.fresh {
		t.add(m.fresh[i].Lang)
	}
}

// columns writes what rows have beside their expressions.
func (m *merging) columns(w *encoder) {
	var number [256]byte // of a language with a role, by what it was
	same := true
	for i, used := range m.used {
		if used {
			number[2*i] = w.lang(m.langs[i]) << 1
			number[2*i+1] = number[2*i] | 1
			same = same && int(number[2*i]) == 2*i
		}
	}
	for _, r := range m.runs {
		if r.isFresh {
			p := &m.fresh[r.from]
			w.b = append(w.b, w.lang(p.Lang)<<1|byte(p.Role))
			continue
		}
		at := len(w.b)
		w.b = append(w.b, m.old.langRoles[r.from:r.to]...)
		if !same {
			for i, c := range w.b[at:] {
				w.b[at+i] = number[c]
			}
		}
	}
	m.indicators(w, m.old.lows, 0)
	m.indicators(w, m.old.highs, 8)
}

// indicators writes one byte of the number of each row's indicator.
func (m *merging) indicators(w *encoder, old []byte, shift int) {
	for _, r := range m.runs {
		switch {
		case r.isFresh:
			w.b = append(w.b, byte(m.fresh[r.from].Indicator>>shift))
		case m.moved:
			for i := r.from; i < r.to; i++ {
				at := int(m.old.lows[i]) | int(m.old.highs[i])<<8
				if at >= len(m.place) || m.place[at] == nowhere {
					m.bad = true
					return
				}
				w.b = append(w.b, byte(m.place[at]>>shift))
			}
		default:
			w.b = append(w.b, old[r.from:r.to]...)
		}
	}
}
