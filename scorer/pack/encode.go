// SPDX-License-Identifier: Apache-2.0

package pack

// packMagic opens a pack; its last byte is the version of the format.
const packMagic = "LAPWING\x01"

// Encode writes a pack. It puts it into canonical order first, and gives an
// error where a value is out of its bounds; equal packs give equal bytes.
func Encode(p *Pack) ([]byte, error) {
	p, err := Canonical(p)
	if err != nil {
		return nil, err
	}
	langs, err := languages(p)
	if err != nil {
		return nil, err
	}
	w := encoder{langs: langs}
	w.b = make([]byte, 0, 16*len(p.Patterns)+1024)
	w.b = append(w.b, packMagic...)
	w.header(p)
	w.languages()
	w.indicators(p.Indicators)
	w.patterns(p.Patterns)
	w.protected(p.Protected)
	w.texts(p.Texts)
	w.documents(p.Documents)
	w.policy(&p.Policy)
	w.wordings(p.Wording)
	if len(w.b) > MaxSize {
		return nil, &Error{InHeader, -1, TooMany}
	}
	return w.b, nil
}

// table is a sorted list of languages.
type table struct {
	langs []string
	last  string
}

//go:noinline
func (t *table) add(lang string) {
	if lang == t.last && len(t.langs) > 0 { // neighbours often share theirs
		return
	}
	t.last = lang
	if i := place(t.langs, lang); i == len(t.langs) || t.langs[i] != lang {
		t.langs = append(t.langs, "")
		copy(t.langs[i+1:], t.langs[i:])
		t.langs[i] = lang
	}
}

// languages lists the tags that p uses, "" included, in order.
func languages(p *Pack) ([]string, error) {
	var t table
	t.addAll(p)
	if len(t.langs) > MaxLanguages {
		return nil, &Error{InLanguages, -1, TooMany}
	}
	return t.langs, nil
}

func (t *table) addAll(p *Pack) {
	for i := range p.Patterns {
		t.add(p.Patterns[i].Lang)
	}
	for i := range p.Texts {
		t.add(p.Texts[i].Lang)
	}
	for i := range p.Policy.Levels {
		t.add(p.Policy.Levels[i].Lang)
	}
	for i := range p.Wording {
		t.add(p.Wording[i].Lang)
	}
}

// place is where s stands, or would stand, in a sorted list.
func place(list []string, s string) int {
	lo, hi := 0, len(list)
	for lo < hi {
		if m := (lo + hi) / 2; list[m] < s {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// encoder writes sections; langs is the table that they point into.
type encoder struct {
	writer
	langs []string
}

func (w *encoder) lang(s string) byte {
	return byte(place(w.langs, s))
}

func (w *encoder) day(s string) {
	day, _ := packDay(s)
	w.uvarint(uint64(day))
}

func (w *encoder) header(p *Pack) {
	w.text(p.Name)
	w.uvarint(uint64(p.Version))
	w.day(p.Created)
}

func (w *encoder) languages() {
	w.count(len(w.langs))
	w.front(len(w.langs), func(i int) string { return w.langs[i] })
}

func (w *encoder) indicators(list []Indicator) {
	w.count(len(list))
	w.front(len(list), func(i int) string { return list[i].ID })
	for i := range list {
		w.byte(byte(list[i].Dimension))
	}
	for i := range list {
		w.byte(byte(list[i].Strength)<<1 | byte(list[i].Status))
	}
	for i := range list {
		w.byte(list[i].Weight)
	}
	for i := range list {
		w.uvarint(uint64(list[i].Kinds))
	}
	for i := range list {
		w.day(list[i].Expires)
	}
	for i := range list {
		w.count(len(list[i].Sources))
		for _, s := range list[i].Sources {
			w.text(s)
		}
	}
}

func (w *encoder) patterns(list []Pattern) {
	w.count(len(list))
	w.front(len(list), func(i int) string { return list[i].Expr })
	w.patternColumns(list)
}

// patternColumns writes what a pattern has beside its expression.
func (w *encoder) patternColumns(list []Pattern) {
	code := byte(0)
	for i := range list {
		if i == 0 || list[i].Lang != list[i-1].Lang {
			code = w.lang(list[i].Lang)
		}
		w.byte(code<<1 | byte(list[i].Role))
	}
	// Low and high bytes apart: gzip gains 2 % of the whole.
	for i := range list {
		w.byte(byte(list[i].Indicator))
	}
	for i := range list {
		w.byte(byte(list[i].Indicator >> 8))
	}
}

func (w *encoder) protected(list []string) {
	w.count(len(list))
	w.front(len(list), func(i int) string { return list[i] })
}

func (w *encoder) texts(list []Text) {
	w.count(len(list))
	w.front(len(list), func(i int) string { return list[i].Key })
	for i := range list {
		w.byte(w.lang(list[i].Lang))
	}
	for i := range list {
		w.text(list[i].Text)
	}
}

func (w *encoder) documents(list []Document) {
	w.count(len(list))
	w.front(len(list), func(i int) string { return list[i].Name })
	for i := range list {
		w.text(list[i].JSON)
	}
}

func (w *encoder) policy(p *Policy) {
	w.byte(p.FamilyCap)
	w.uvarint(uint64(p.WindowWords))
	w.uvarint(uint64(p.NearWords))
	w.count(len(p.Levels))
	for i := range p.Levels {
		l := &p.Levels[i]
		w.byte(byte(l.Kind))
		w.byte(w.lang(l.Lang))
		w.uvarint(uint64(l.Notice))
		w.uvarint(uint64(l.Elevated))
		w.uvarint(uint64(l.High))
	}
}

func (w *encoder) wordings(list []Wording) {
	w.count(len(list))
	for i := range list {
		m := &list[i]
		w.byte(w.lang(m.Lang))
		w.uvarint(uint64(m.Kinds))
		w.varint(m.Bias)
		for _, v := range [...]int32{m.Doc[0], m.Doc[1], m.Window[0], m.Window[1]} {
			w.varint(v)
		}
		w.count(len(m.Features))
		w.b = appendRice(w.b, m.Features)
		for _, v := range m.Weights {
			w.byte(byte(v))
		}
	}
}
