// SPDX-License-Identifier: Apache-2.0

package pack

// Decode reads a pack. Any bytes give either a pack or an *Error, with memory
// in proportion to len(b); see the package comment for the bound. A pack has
// one encoding only: Encode of the result gives b again.
func Decode(b []byte) (*Pack, error) {
	if len(b) > MaxSize {
		return nil, &Error{InHeader, -1, TooMany}
	}
	if err := checkMagic(b, packMagic); err != nil {
		return nil, err
	}
	d := decoder{reader: reader{b: b[len(packMagic):]}}
	p := new(Pack)
	d.header(p)
	d.languages()
	p.Indicators = d.indicators()
	p.Patterns = d.patterns()
	p.Protected = d.protected()
	p.Texts = d.texts()
	p.Documents = d.documents()
	p.Policy = d.policy()
	p.Wording = d.wordings()
	d.finish()
	if d.err != nil {
		return nil, d.err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

// Header reads the name and the version at the beginning of a pack.
func Header(b []byte) (name string, version uint32, err error) {
	if err := checkMagic(b, packMagic); err != nil {
		return "", 0, err
	}
	var p Pack
	d := decoder{reader: reader{b: b[len(packMagic):]}}
	d.header(&p)
	if d.err != nil {
		return "", 0, d.err
	}
	if err := checkHeader(&p); err != nil {
		return "", 0, err
	}
	return p.Name, p.Version, nil
}

func checkMagic(b []byte, magic string) error {
	n := len(magic) - 1
	switch {
	case len(b) <= n || string(b[:n]) != magic[:n]:
		return &Error{InHeader, -1, NotAPack}
	case b[n] != magic[n]:
		return &Error{InHeader, -1, UnknownVersion}
	}
	return nil
}

// decoder reads sections; used marks the languages that something points at.
type decoder struct {
	reader
	langs []string
	used  [MaxLanguages]bool

	// Of a delta: whether indicators have other places than before, and which
	// patterns of the new pack are not as they were.
	moved   bool
	touched []int
}

// finish holds what only the end can tell.
func (d *decoder) finish() {
	if len(d.b) > 0 {
		d.fail(-1, Trailing)
	}
	d.section = InLanguages
	for i := range d.langs {
		if !d.used[i] {
			d.fail(i, NotShortest)
		}
	}
}

//go:noinline
func (d *decoder) lang(i byte) string {
	if int(i) >= len(d.langs) {
		d.fail(-1, BadNumber)
		return ""
	}
	d.used[i] = true
	return d.langs[i]
}

//go:noinline
func (d *decoder) day() string {
	s, ok := unpackDay(uint32(d.uvarint(1<<32 - 1)))
	if !ok {
		d.fail(-1, BadDate)
	}
	return s
}

func (d *decoder) header(p *Pack) {
	p.Name = d.text(MaxName)
	p.Version = uint32(d.uvarint(1<<32 - 1))
	p.Created = d.day()
}

func (d *decoder) languages() {
	d.section = InLanguages
	d.langs = d.front(d.count(MaxLanguages, 2))
	for i, s := range d.langs {
		if !validLang(s) {
			d.fail(i, BadText)
		}
		if i > 0 && d.langs[i-1] >= s {
			d.fail(i, OutOfOrder)
		}
	}
}

func (d *decoder) indicators() []Indicator {
	d.section = InIndicators
	n := d.count(MaxIndicators, 8)
	ids := d.front(n)
	dimensions, strengths, weights := d.bytes(n), d.bytes(n), d.bytes(n)
	if d.err != nil || n == 0 {
		return nil
	}
	list := make([]Indicator, n)
	for i := range list {
		list[i] = Indicator{
			ID: ids[i], Dimension: Dimension(dimensions[i]), Weight: weights[i],
			Strength: Strength(strengths[i] >> 1), Status: Status(strengths[i] & 1),
		}
	}
	for i := range list {
		list[i].Kinds = uint16(d.uvarint(1<<16 - 1))
	}
	for i := range list {
		list[i].Expires = d.day()
	}
	for i := range list {
		m := d.count(MaxSources, 1)
		if m == 0 {
			continue
		}
		list[i].Sources = make([]string, m)
		for j := range list[i].Sources {
			list[i].Sources[j] = d.text(MaxSource)
		}
	}
	return list
}

func (d *decoder) patterns() []Pattern {
	d.section = InPatterns
	n := d.count(MaxPatterns, 5)
	exprs := d.front(n)
	if d.err != nil || n == 0 {
		return nil
	}
	list := make([]Pattern, n)
	for i := range list {
		list[i].Expr = exprs[i]
	}
	d.patternColumns(list)
	return list
}

// patternColumns reads what a pattern has beside its expression.
func (d *decoder) patternColumns(list []Pattern) {
	for i, c := range d.bytes(len(list)) {
		list[i].Lang = d.lang(c >> 1)
		list[i].Role = Role(c & 1)
	}
	for i, c := range d.bytes(len(list)) {
		list[i].Indicator = uint32(c)
	}
	for i, c := range d.bytes(len(list)) {
		list[i].Indicator |= uint32(c) << 8
	}
}

func (d *decoder) protected() []string {
	d.section = InProtected
	return d.front(d.count(MaxProtected, 3))
}

func (d *decoder) texts() []Text {
	d.section = InTexts
	n := d.count(MaxTexts, 4)
	keys := d.front(n)
	langs := d.bytes(n)
	if d.err != nil || n == 0 {
		return nil
	}
	list := make([]Text, n)
	for i := range list {
		list[i] = Text{Lang: d.lang(langs[i]), Key: keys[i], Text: d.text(MaxText)}
	}
	return list
}

func (d *decoder) documents() []Document {
	d.section = InDocuments
	n := d.count(MaxDocuments, 3)
	names := d.front(n)
	if d.err != nil || n == 0 {
		return nil
	}
	list := make([]Document, n)
	for i := range list {
		list[i] = Document{Name: names[i], JSON: d.text(MaxDocument)}
	}
	return list
}

func (d *decoder) policy() Policy {
	d.section = InPolicy
	p := Policy{
		FamilyCap:   d.byte(),
		WindowWords: uint16(d.uvarint(1<<16 - 1)),
		NearWords:   uint16(d.uvarint(1<<16 - 1)),
	}
	n := d.count(MaxLevels, 5)
	if n == 0 {
		return p
	}
	p.Levels = make([]LevelRule, n)
	for i := range p.Levels {
		p.Levels[i] = LevelRule{
			Kind:     Kind(d.byte()),
			Lang:     d.lang(d.byte()),
			Notice:   uint16(d.uvarint(1<<16 - 1)),
			Elevated: uint16(d.uvarint(1<<16 - 1)),
			High:     uint16(d.uvarint(1<<16 - 1)),
		}
	}
	return p
}

func (d *decoder) wordings() []Wording {
	d.section = InWording
	n := d.count(MaxWordings, 8)
	if n == 0 {
		return nil
	}
	list := make([]Wording, n)
	for i := range list {
		m := &list[i]
		m.Lang = d.lang(d.byte())
		m.Kinds = uint16(d.uvarint(1<<16 - 1))
		m.Bias = d.varint()
		m.Doc = [2]int32{d.varint(), d.varint()}
		m.Window = [2]int32{d.varint(), d.varint()}
		n := d.count(MaxFeatures, 1)
		if n == 0 || d.err != nil {
			continue
		}
		m.Features = d.rice(n)
		m.Weights = make([]int8, n)
		for j, c := range d.bytes(n) {
			m.Weights[j] = int8(c)
		}
	}
	return list
}
