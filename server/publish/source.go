// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"lapwing/scorer/pack"
	"lapwing/scorer/rule"
)

// Source is the list as its maintainers write it, read and checked file by file.
// server/lists/README.md describes each field.
type Source struct {
	Name    string // of the list
	Version uint32 // counts published lists
	Created string // the day on which Version was set

	Indicators     []Indicator // by file name
	Texts          []Text      // beside those in Indicators
	Protected      []Protected
	FalsePositives []FalsePositive
	Retired        []Retired
	HelpLines      []HelpLine
	Documents      []pack.Document
	Wording        []pack.Wording
	Policy         pack.Policy
	Gate           Gate
}

// Status is how far an indicator has come, as written in its file.
type Status string

const (
	StatusDraft   Status = "draft"  // not compiled
	StatusTest    Status = "test"   // compiled, matched and counted; brings no points
	StatusActive  Status = "active" // compiled and scored
	StatusRetired Status = "retired"
)

// Indicator is one file below indicators/.
type Indicator struct {
	Place
	pack.Indicator // its Status is set by Compile
	Status         Status
	Added          string
	Title          string
	Means          string
	Benign         string
	Patterns       []Pattern
	Examples       []Example
}

// Packed reports whether the indicator goes into a pack.
func (ind *Indicator) Packed() bool {
	return ind.Status == StatusTest || ind.Status == StatusActive
}

// Pattern is one line below "patterns" or "unless".
type Pattern struct {
	Place
	Role   pack.Role
	Lang   string
	Parsed rule.Pattern
}

// Example is a text that an indicator must find, or must not.
type Example struct {
	Place
	Lang string
	Text string
	Want bool
}

// Text is a sentence for people in one language.
type Text struct {
	Place
	pack.Text
}

// Protected is a word or phrase that scoring does not see.
type Protected struct {
	Place
	Lang  string
	Words string // normal form
}

// FalsePositive is a text that was once flagged wrongly.
type FalsePositive struct {
	Place
	ID        string
	Indicator string // "": no verdict above none
	Kind      pack.Kind
	Lang      string
	Text      string
}

// Retired is an ID that is never used again.
type Retired struct {
	Place
	ID string
}

// HelpLine is where a number stands, and when it was last verified.
type HelpLine struct {
	Place
	Checked string
}

// Gate holds what an indicator and a list may do on harmless listings. A budget
// is in listings per 1000.
type Gate struct {
	Indicator [pack.NumStrengths]float64
	Notice    float64 // at this level or above
	Elevated  float64
	High      float64
}
