// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"unicode/utf8"
)

// Bounds on a pack. Encode refuses what is over them, and Decode refuses it
// before it allocates.
const (
	MaxSize       = 16 << 20 // bytes of an encoded pack
	MaxName       = 64
	MaxLanguages  = 128
	MaxLanguage   = 35 // bytes of a language tag
	MaxIndicators = 1 << 14
	MaxID         = 96
	MaxSources    = 64 // of one indicator
	MaxSource     = 1 << 10
	MaxPatterns   = 1 << 20
	MaxExpr       = 1 << 10
	MaxProtected  = 1 << 14
	MaxWord       = 256 // bytes of a protected word or phrase
	MaxTexts      = 1 << 18
	MaxKey        = 128
	MaxText       = 1 << 16
	MaxDocuments  = 1 << 14
	MaxDocument   = 1 << 22
	MaxLevels     = 1 << 10
	MaxWordings   = 64
	MaxFeatures   = 1 << 20
	// FeatureBits is the width of a feature's hash.
	FeatureBits = 28
)

// check looks at every value and at the order of every list.
func (p *Pack) check() error {
	if err := checkPatterns(p.Patterns); err != nil {
		return err
	}
	if err := checkPatternOrder(p); err != nil {
		return err
	}
	return p.checkAllButPatterns()
}

func (p *Pack) checkAllButPatterns() error {
	for _, part := range [...]func(*Pack) *Error{
		checkHeader, checkIndicators, checkProtected, checkTexts, checkDocuments, checkPolicy, checkWording,
	} {
		if err := part(p); err != nil {
			return err
		}
	}
	return nil
}

func checkHeader(p *Pack) *Error {
	if len(p.Name) == 0 || len(p.Name) > MaxName {
		return &Error{InHeader, -1, BadText}
	}
	for i := 0; i < len(p.Name); i++ {
		if p.Name[i] <= ' ' || p.Name[i] > '~' {
			return &Error{InHeader, -1, BadText}
		}
	}
	if p.Version == 0 {
		return &Error{InHeader, -1, BadNumber}
	}
	if _, ok := packDay(p.Created); !ok {
		return &Error{InHeader, -1, BadDate}
	}
	return nil
}

func checkIndicators(p *Pack) *Error {
	if len(p.Indicators) > MaxIndicators {
		return &Error{InIndicators, -1, TooMany}
	}
	for i := range p.Indicators {
		if f, bad := checkIndicator(&p.Indicators[i]); bad {
			return &Error{InIndicators, i, f}
		}
		if i > 0 && p.Indicators[i-1].ID >= p.Indicators[i].ID {
			return &Error{InIndicators, i, OutOfOrder}
		}
	}
	return nil
}

func checkIndicator(ind *Indicator) (f Fault, bad bool) {
	switch {
	case !validID(ind.ID):
		return BadText, true
	case ind.Dimension >= NumDimensions, ind.Strength >= NumStrengths, ind.Status >= NumStatuses,
		ind.Kinds>>NumKinds != 0:
		return BadNumber, true
	case ind.Weight < Bands[ind.Strength][0], ind.Weight > Bands[ind.Strength][1]:
		return BadNumber, true
	case len(ind.Sources) > MaxSources:
		return TooMany, true
	}
	for _, s := range ind.Sources {
		if !validLine(s, MaxSource) {
			return BadText, true
		}
	}
	_, ok := packDay(ind.Expires)
	return BadDate, !ok
}

func checkPatterns(list []Pattern) *Error {
	for i := range list {
		pat := &list[i]
		switch {
		case !validLine(pat.Expr, MaxExpr), !validLang(pat.Lang):
			return &Error{InPatterns, i, BadText}
		case pat.Role > Unless:
			return &Error{InPatterns, i, BadNumber}
		}
	}
	return nil
}

func checkPatternOrder(p *Pack) *Error {
	if len(p.Patterns) > MaxPatterns {
		return &Error{InPatterns, -1, TooMany}
	}
	for i := range p.Patterns {
		if err := checkPlace(p, i); err != nil {
			return err
		}
	}
	return nil
}

// checkPlace says whether a pattern comes after the one before it, and has an indicator.
func checkPlace(p *Pack, i int) *Error {
	switch {
	case int64(p.Patterns[i].Indicator) >= int64(len(p.Indicators)):
		return &Error{InPatterns, i, NoSuchIndicator}
	case i > 0 && comparePatterns(&p.Patterns[i-1], &p.Patterns[i]) >= 0:
		return &Error{InPatterns, i, OutOfOrder}
	}
	return nil
}

func checkProtected(p *Pack) *Error {
	if len(p.Protected) > MaxProtected {
		return &Error{InProtected, -1, TooMany}
	}
	for i, word := range p.Protected {
		if !validLine(word, MaxWord) {
			return &Error{InProtected, i, BadText}
		}
		if i > 0 && p.Protected[i-1] >= word {
			return &Error{InProtected, i, OutOfOrder}
		}
	}
	return nil
}

func checkTexts(p *Pack) *Error {
	if len(p.Texts) > MaxTexts {
		return &Error{InTexts, -1, TooMany}
	}
	for i := range p.Texts {
		t := &p.Texts[i]
		if !validLine(t.Key, MaxKey) || !validLang(t.Lang) || len(t.Text) > MaxText || !utf8.ValidString(t.Text) {
			return &Error{InTexts, i, BadText}
		}
		if i > 0 && compareTexts(&p.Texts[i-1], t) >= 0 {
			return &Error{InTexts, i, OutOfOrder}
		}
	}
	return nil
}

func checkDocuments(p *Pack) *Error {
	if len(p.Documents) > MaxDocuments {
		return &Error{InDocuments, -1, TooMany}
	}
	for i := range p.Documents {
		d := &p.Documents[i]
		if !validLine(d.Name, MaxKey) || len(d.JSON) > MaxDocument || !utf8.ValidString(d.JSON) {
			return &Error{InDocuments, i, BadText}
		}
		if i > 0 && p.Documents[i-1].Name >= d.Name {
			return &Error{InDocuments, i, OutOfOrder}
		}
	}
	return nil
}

func checkPolicy(p *Pack) *Error {
	if len(p.Policy.Levels) > MaxLevels {
		return &Error{InPolicy, -1, TooMany}
	}
	for i := range p.Policy.Levels {
		l := &p.Policy.Levels[i]
		switch {
		case !validLang(l.Lang):
			return &Error{InPolicy, i, BadText}
		case l.Kind >= NumKinds:
			return &Error{InPolicy, i, BadNumber}
		case i > 0 && compareLevels(&p.Policy.Levels[i-1], l) >= 0:
			return &Error{InPolicy, i, OutOfOrder}
		}
	}
	return nil
}

func checkWording(p *Pack) *Error {
	if len(p.Wording) > MaxWordings {
		return &Error{InWording, -1, TooMany}
	}
	for i := range p.Wording {
		m := &p.Wording[i]
		switch {
		case !validLang(m.Lang):
			return &Error{InWording, i, BadText}
		case len(m.Features) > MaxFeatures:
			return &Error{InWording, i, TooMany}
		case m.Kinds>>NumKinds != 0, len(m.Features) != len(m.Weights):
			return &Error{InWording, i, BadNumber}
		case i > 0 && compareWording(&p.Wording[i-1], m) >= 0:
			return &Error{InWording, i, OutOfOrder}
		}
		next := uint32(0)
		for _, h := range m.Features {
			if h < next || h >= 1<<FeatureBits {
				return &Error{InWording, i, OutOfOrder}
			}
			next = h + 1
		}
	}
	return nil
}

// validID accepts "family.what-is-wrong".
func validID(s string) bool {
	dot := 0
	for dot < len(s) && s[dot] != '.' {
		dot++
	}
	if dot == 0 || dot >= len(s)-1 || len(s) > MaxID {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if i != dot && c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// validLine accepts text of 1 to limit bytes without control characters.
func validLine(s string, limit int) bool {
	if len(s) == 0 || len(s) > limit {
		return false
	}
	all := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c == 0x7f {
			return false
		}
		all |= c
	}
	return all < utf8.RuneSelf || utf8.ValidString(s)
}

// validLang accepts "" and what looks like a BCP 47 tag.
func validLang(s string) bool {
	if len(s) > MaxLanguage {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if s[i] != '-' && (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}

// packDay turns 2026-11-23 into year<<9 | month<<5 | day, and "" into 0.
func packDay(s string) (day uint32, ok bool) {
	if s == "" {
		return 0, true
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	var n [8]uint32
	k := 0
	for i := 0; i < len(s); i++ {
		if i == 4 || i == 7 {
			continue
		}
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n[k] = uint32(s[i] - '0')
		k++
	}
	y, m, d := n[0]*1000+n[1]*100+n[2]*10+n[3], n[4]*10+n[5], n[6]*10+n[7]
	return y<<9 | m<<5 | d, validDay(y, m, d)
}

func validDay(y, m, d uint32) bool {
	if y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 {
		return false
	}
	days := [...]uint32{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	if m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0) {
		days = 29
	}
	return d <= days
}

// unpackDay is the inverse of packDay.
func unpackDay(v uint32) (s string, ok bool) {
	if v == 0 {
		return "", true
	}
	y, m, d := v>>9, v>>5&15, v&31
	if !validDay(y, m, d) {
		return "", false
	}
	b := [10]byte{4: '-', 7: '-'}
	for i := 3; i >= 0; i-- {
		b[i] = byte('0' + y%10)
		y /= 10
	}
	b[5], b[6] = byte('0'+m/10), byte('0'+m%10)
	b[8], b[9] = byte('0'+d/10), byte('0'+d%10)
	return string(b[:]), true
}
