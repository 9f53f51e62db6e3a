// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// What a report may hold, at most.
const (
	MaxReport = 16 << 10 // bytes of an encoded report, whatever envelope it goes into
	MaxNote   = 1000     // code points of the reporter's own words

	maxAddress = 2048
	maxReasons = 64
	maxSpans   = 64 // of one reason
)

// Sort is what a reporter says of a listing.
type Sort uint8

// The sorts. The zero value is none.
const (
	Flagged   Sort = iota + 1 // it was marked, and the reporter agrees
	Missed                    // it was not marked, and should be looked at
	WrongFlag                 // it was marked, and the reporter sees nothing in it
	Page                      // a page, without one listing that could be told apart
	numSorts
)

var sortNames = [numSorts]string{"", "flagged", "missed", "wrong-flag", "page"}

// String gives the sort's name in a report.
func (s Sort) String() string {
	if s < numSorts {
		return sortNames[s]
	}
	return ""
}

// ParseSort is the inverse of Sort.String.
func ParseSort(name string) (Sort, bool) {
	for s := Flagged; s < numSorts; s++ {
		if sortNames[s] == name {
			return s, true
		}
	}
	return 0, false
}

// Report is what a person has agreed to send. An empty field was taken out, or
// was never there: nobody can tell, and that is meant so. The package comment
// says what each field holds.
type Report struct {
	ID      [16]byte
	Sort    Sort
	Day     string // of the reporter, UTC: 2026-11-24
	List    string // what verdicts call the list
	Release uint32 // version of the release in force
	Program string // version of the program

	Site     string // host name
	Address  string
	Region   string // ISO 3166: a country or a first-level region
	Kind     pack.Kind
	Language string

	Text [scorer.URL]string // title to contact, by scorer.Field, after redaction

	// Verdict is what the person was shown; nil for a listing without one.
	Verdict *Verdict
	Note    string
}

// Verdict is a scorer.Verdict that needs no list to be read.
type Verdict struct {
	Level   scorer.Level
	Score   uint16 // hundredths
	Reasons []Reason
}

// Reason is a scorer.Reason whose indicator has its name, and whose passages
// count code points of the report's own text.
type Reason struct {
	Indicator string
	Points    uint8
	Spans     []scorer.Span
}

// Check says what keeps a report from being one, or nil.
func (r *Report) Check() error {
	for _, c := range []struct {
		key string
		ok  bool
	}{
		{"sort", r.Sort.String() != ""},
		{"day", isDay(r.Day)},
		{"list", isWord(r.List, 128)},
		{"release", r.Release > 0},
		{"program", isWord(r.Program, 32)},
		{"site", r.Site == "" || isWord(r.Site, 253)},
		{"address", r.Address == "" || isWord(r.Address, maxAddress)},
		{"region", r.Region == "" || isRegion(r.Region)},
		{"kind", r.Kind < pack.NumKinds},
		{"language", r.Language == "" || isWord(r.Language, 35)},
		{"note", isText(r.Note) && utf8.RuneCountInString(r.Note) <= MaxNote},
	} {
		if !c.ok {
			return &Error{Object: AReport, Key: c.key, Fault: BadValue}
		}
	}
	for f := range scorer.URL {
		if !isText(r.Text[f]) {
			return &Error{Object: AReport, Key: f.String(), Fault: BadValue}
		}
	}
	if r.Verdict == nil {
		return nil
	}
	return r.checkVerdict()
}

func (r *Report) checkVerdict() error {
	v := r.Verdict
	switch {
	case v.Level >= scorer.NumLevels:
		return &Error{Object: AReport, Key: "level", Fault: BadValue}
	case v.Score > 10000:
		return &Error{Object: AReport, Key: "score", Fault: BadValue}
	}
	bad := &Error{Object: AReport, Key: "reasons", Fault: BadValue}
	if len(v.Reasons) > maxReasons {
		return bad
	}
	var length [scorer.URL]uint32
	for f := range length {
		length[f] = uint32(utf8.RuneCountInString(r.Text[f]))
	}
	for _, reason := range v.Reasons {
		if !isIndicator(reason.Indicator) || len(reason.Spans) > maxSpans {
			return bad
		}
		for _, s := range reason.Spans {
			if s.Field >= scorer.URL || s.Start >= s.End || s.End > length[s.Field] {
				return bad
			}
		}
	}
	return nil
}

// isText accepts UTF-8 without control characters but line feeds and tabs.
func isText(s string) bool {
	for _, c := range s {
		if isControl(c) {
			return false
		}
	}
	return utf8.ValidString(s)
}

func isControl(c rune) bool {
	return c < ' ' && c != '\n' && c != '\t' || c >= 0x7f && c < 0xa0
}

// isWord accepts 1 to limit characters of ASCII without spaces.
func isWord(s string, limit int) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= limit
}

// isDay accepts a date as 2026-11-24; the number of days in a month is not told.
func isDay(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	number := func(digits string) (n int) {
		for i := range len(digits) {
			if digits[i]-'0' > 9 {
				return -1
			}
			n = 10*n + int(digits[i]-'0')
		}
		return n
	}
	year, month, day := number(s[:4]), number(s[5:7]), number(s[8:])
	return year >= 2000 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// isRegion accepts the form of ISO 3166 codes, as DE or DE-BE.
func isRegion(s string) bool {
	upper := func(c byte) bool { return c-'A' < 26 }
	if len(s) < 2 || !upper(s[0]) || !upper(s[1]) {
		return false
	}
	if len(s) == 2 {
		return true
	}
	if s[2] != '-' || len(s) == 3 || len(s) > 6 {
		return false
	}
	for i := 3; i < len(s); i++ {
		if !upper(s[i]) && s[i]-'0' > 9 {
			return false
		}
	}
	return true
}

func isIndicator(s string) bool {
	for i := range len(s) {
		if c := s[i]; c-'a' >= 26 && c-'0' > 9 && c != '-' && c != '.' {
			return false
		}
	}
	return s != "" && len(s) <= 100
}
