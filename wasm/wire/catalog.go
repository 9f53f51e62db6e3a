// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Summary says which pack is loaded.
type Summary struct {
	Name       string
	Version    uint32
	Created    string
	Indicators int
	List       string // as verdicts name the list
}

func appendSummary(dst []byte, p *pack.Pack, list string) []byte {
	dst = appendStr(dst, p.Name)
	dst = appendUv(dst, p.Version)
	dst = appendStr(dst, p.Created)
	dst = appendUv(dst, uint32(len(p.Indicators)))
	return appendStr(dst, list)
}

// ParseSummary reads the content of the answer to a load request.
func ParseSummary(content []byte) (Summary, error) {
	r := reader{rest: content}
	s := r.summary()
	return s, r.done()
}

func (r *reader) summary() Summary {
	s := Summary{Name: r.str(), Version: r.uv(), Created: r.str(), Indicators: int(r.uv()), List: r.str()}
	if s.Indicators > MaxPack {
		r.fail()
	}
	return s
}

// Catalog is what a host must know of the loaded pack to name what a verdict
// says: the numbers in verdicts are places in these lists.
type Catalog struct {
	Summary
	Kinds, Fields, Levels, Dimensions, Strengths []string
	Hint                                         Indicator // only ID, Dimension and Strength
	Languages                                    []string  // that have texts
	List                                         []Indicator
}

// Indicator is pack.Indicator as hosts see it.
type Indicator struct {
	ID                  string
	Dimension, Strength uint8 // places in Catalog.Dimensions and Catalog.Strengths
	Weight              uint8
	Status              uint8 // pack.Status
	Kinds               uint16
	Expires             string
	Sources             []string
}

// AppendCatalog appends the content of the answer to QueryCatalog; list is the
// list's name in verdicts.
func AppendCatalog(dst []byte, p *pack.Pack, list string) []byte {
	dst = appendSummary(dst, p, list)
	dst = appendNames(dst, pack.NumKinds)
	dst = appendNames(dst, scorer.NumFields)
	dst = appendNames(dst, scorer.NumLevels)
	dst = appendNames(dst, pack.NumDimensions)
	dst = appendNames(dst, pack.NumStrengths)

	dimension, _ := pack.ParseDimension(HintDimension)
	strength, _ := pack.ParseStrength(HintStrength)
	dst = appendStr(dst, HintIndicator)
	dst = append(dst, byte(dimension), byte(strength))

	dst = appendStrs(dst, languages(p))
	for i := range p.Indicators {
		ind := &p.Indicators[i]
		dst = appendStr(dst, ind.ID)
		dst = append(dst, byte(ind.Dimension), byte(ind.Strength), ind.Weight, byte(ind.Status))
		dst = appendUv(dst, uint32(ind.Kinds))
		dst = appendStr(dst, ind.Expires)
		dst = appendStrs(dst, ind.Sources)
	}
	return dst
}

// appendNames appends the names of an enumeration's values below end.
func appendNames[T interface {
	~uint8
	String() string
}](dst []byte, end T) []byte {
	dst = appendUv(dst, uint32(end))
	for v := T(0); v < end; v++ {
		dst = appendStr(dst, v.String())
	}
	return dst
}

// languages gives the languages of the texts, which a pack holds by language.
func languages(p *pack.Pack) []string {
	var list []string
	for i := range p.Texts {
		if lang := p.Texts[i].Lang; len(list) == 0 || list[len(list)-1] != lang {
			list = append(list, lang)
		}
	}
	return list
}

// ParseCatalog reads the content of the answer to QueryCatalog.
func ParseCatalog(content []byte) (*Catalog, error) {
	r := reader{rest: content}
	c := &Catalog{Summary: r.summary()}
	c.Kinds, c.Fields, c.Levels = r.strs(), r.strs(), r.strs()
	c.Dimensions, c.Strengths = r.strs(), r.strs()
	c.Hint = Indicator{ID: r.str(), Dimension: r.u8(), Strength: r.u8()}
	c.Languages = r.strs()
	if c.Indicators > len(r.rest)/8 { // the least that an indicator takes
		return nil, errMalformed
	}
	c.List = make([]Indicator, c.Indicators)
	for i := range c.List {
		c.List[i] = Indicator{
			ID: r.str(), Dimension: r.u8(), Strength: r.u8(), Weight: r.u8(), Status: r.u8(),
			Kinds: uint16(r.uv()), Expires: r.str(), Sources: r.strs(),
		}
	}
	if err := r.done(); err != nil {
		return nil, err
	}
	if !c.inside(&c.Hint) {
		return nil, errMalformed
	}
	for i := range c.List {
		if !c.inside(&c.List[i]) {
			return nil, errMalformed
		}
	}
	return c, nil
}

func (c *Catalog) inside(i *Indicator) bool {
	return int(i.Dimension) < len(c.Dimensions) && int(i.Strength) < len(c.Strengths)
}

// Pair is a text with its key, or a document with its name.
type Pair struct{ Key, Value string }

// AppendTexts appends the content of the answer to QueryTexts.
func AppendTexts(dst []byte, p *pack.Pack, lang string) []byte {
	n := 0
	for i := range p.Texts {
		if p.Texts[i].Lang == lang {
			n++
		}
	}
	dst = appendUv(dst, uint32(n))
	for i := range p.Texts {
		if p.Texts[i].Lang == lang {
			dst = appendStr(appendStr(dst, p.Texts[i].Key), p.Texts[i].Text)
		}
	}
	return dst
}

func begins(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

// ParsePairs reads the content of the answer to QueryTexts or QueryDocuments.
func ParsePairs(content []byte) ([]Pair, error) {
	r := reader{rest: content}
	pairs := make([]Pair, 0, r.count(2))
	for range cap(pairs) {
		pairs = append(pairs, Pair{Key: r.str(), Value: r.str()})
	}
	return pairs, r.done()
}
