// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lapwing/scorer/pack"
)

// ListFile is the name of the list beside the vectors.
const ListFile = "list.txt"

// ReadList reads the list of a directory of vectors, and gives it with its
// encoded form.
func ReadList(dir string) (*pack.Pack, []byte, error) {
	text, err := os.ReadFile(filepath.Join(dir, ListFile))
	if err != nil {
		return nil, nil, err
	}
	p, err := ParseList(string(text))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", ListFile, err)
	}
	encoded, err := pack.Encode(p)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", ListFile, err)
	}
	if p, err = pack.Decode(encoded); err != nil { // as every engine sees it
		return nil, nil, fmt.Errorf("%s: %w", ListFile, err)
	}
	return p, encoded, nil
}

// ParseList reads a list for vectors: lines of a key, a colon and a value; a
// line that begins with # is a comment. An indicator's lines follow its ID.
//
//	pack: vectors 1 2026-11-23
//	policy: 15 90 12                 family cap, words in a window, words of "near"
//	levels: housing en 4 9 16        kind, language (* for any), notice, elevated, high
//	protected: a word or phrase
//	text: en advice/stop Do not answer.
//	document: helpline/xx {"number": "0"}
//
//	indicator: payment.deposit-before-viewing
//	is: fraud-payment medium 6       dimension, strength, weight; then "test" if it is under test
//	kinds: housing                   or *, for every kind
//	en: deposit ... viewing
//	unless en: after viewing
//
//	wording: en job                  a language, and the kinds that it is for
//	bias: -10
//	doc: 100 200                     thresholds of the whole text: hint, strong hint
//	window: 60 120                   thresholds of a window
//	feature: 40 earn money fast      weight, then up to three words
func ParseList(text string) (*pack.Pack, error) {
	b := listBuilder{pack: new(pack.Pack)}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, ": ")
		if !ok {
			return nil, fmt.Errorf("line %d: want a key, a colon and a value", n+1)
		}
		if err := b.line(key, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", n+1, key, err)
		}
	}
	if err := b.finish(); err != nil {
		return nil, err
	}
	return b.pack, nil
}

// listBuilder is a list that is being read. Patterns name their indicator by its
// place, which is known once all are there and sorted.
type listBuilder struct {
	pack     *pack.Pack
	patterns []namedPattern
	features []map[uint32]int8 // per wording model
}

type namedPattern struct {
	indicator string
	pattern   pack.Pattern
}

var errIncomplete = errors.New("too few values")

func (b *listBuilder) line(key, value string) error {
	p := b.pack
	words := strings.Fields(value)
	switch key {
	case "pack":
		return scan(words, &p.Name, &p.Version, &p.Created)
	case "policy":
		return scan(words, &p.Policy.FamilyCap, &p.Policy.WindowWords, &p.Policy.NearWords)
	case "levels":
		var kind, lang string
		var r pack.LevelRule
		if err := scan(words, &kind, &lang, &r.Notice, &r.Elevated, &r.High); err != nil {
			return err
		}
		r.Kind, r.Lang = pack.ParseKind(kind), strings.Trim(lang, "*")
		p.Policy.Levels = append(p.Policy.Levels, r)
	case "protected":
		p.Protected = append(p.Protected, value)
	case "text":
		if len(words) < 3 {
			return errIncomplete
		}
		p.Texts = append(p.Texts, pack.Text{Lang: words[0], Key: words[1], Text: strings.Join(words[2:], " ")})
	case "document":
		name, json, _ := strings.Cut(value, " ")
		p.Documents = append(p.Documents, pack.Document{Name: name, JSON: json})
	case "indicator":
		p.Indicators = append(p.Indicators, pack.Indicator{ID: value, Status: pack.Active, Expires: "2099-12-31", Sources: []string{"invented for the vectors"}})
	case "is", "kinds":
		return b.describe(key, words)
	case "wording", "bias", "doc", "window", "feature":
		return b.wording(key, words)
	default:
		return b.pattern(key, value)
	}
	return nil
}

// describe reads what an indicator is.
func (b *listBuilder) describe(key string, words []string) error {
	if len(b.pack.Indicators) == 0 {
		return errors.New("no indicator before it")
	}
	ind := &b.pack.Indicators[len(b.pack.Indicators)-1]
	if key == "kinds" {
		ind.Kinds = kinds(words)
		return nil
	}
	var dimension, strength string
	if err := scan(words, &dimension, &strength, &ind.Weight); err != nil {
		return err
	}
	var known [2]bool
	ind.Dimension, known[0] = pack.ParseDimension(dimension)
	ind.Strength, known[1] = pack.ParseStrength(strength)
	if known != [2]bool{true, true} {
		return errors.New("unknown dimension or strength")
	}
	if slices.Contains(words, "test") {
		ind.Status = pack.Test
	}
	return nil
}

func kinds(words []string) uint16 {
	var bits uint16
	for _, w := range words {
		if w == "*" {
			return 1<<pack.NumKinds - 1
		}
		bits |= 1 << pack.ParseKind(w)
	}
	return bits
}

// pattern reads a line whose key is a language, perhaps after "unless".
func (b *listBuilder) pattern(key, value string) error {
	lang, unless := strings.CutPrefix(key, "unless ")
	if len(b.pack.Indicators) == 0 || len(lang) < 2 || len(lang) > 3 {
		return errors.New("unknown key")
	}
	p := pack.Pattern{Lang: lang, Expr: value}
	if unless {
		p.Role = pack.Unless
	}
	b.patterns = append(b.patterns, namedPattern{b.pack.Indicators[len(b.pack.Indicators)-1].ID, p})
	return nil
}

// finish sorts what must be sorted before places are known.
func (b *listBuilder) finish() error {
	p := b.pack
	slices.SortFunc(p.Indicators, func(x, y pack.Indicator) int { return strings.Compare(x.ID, y.ID) })
	for _, np := range b.patterns {
		i := slices.IndexFunc(p.Indicators, func(x pack.Indicator) bool { return x.ID == np.indicator })
		np.pattern.Indicator = uint32(i)
		p.Patterns = append(p.Patterns, np.pattern)
	}
	if len(p.Indicators) == 0 {
		return errors.New("no indicators")
	}
	b.sortFeatures()
	return nil
}

// scan reads one word per target.
func scan(words []string, targets ...any) error {
	if len(words) < len(targets) {
		return errIncomplete
	}
	for i, target := range targets {
		var v int64
		var err error
		if text, ok := target.(*string); ok {
			*text = words[i]
			continue
		}
		if v, err = strconv.ParseInt(words[i], 10, 32); err != nil {
			return err
		}
		switch t := target.(type) {
		case *uint8:
			*t = uint8(v)
		case *uint16:
			*t = uint16(v)
		case *uint32:
			*t = uint32(v)
		case *int32:
			*t = int32(v)
		case *int8:
			*t = int8(v)
		}
	}
	return nil
}
