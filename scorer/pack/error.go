// SPDX-License-Identifier: Apache-2.0

package pack

import "strconv"

// Error says where and how bytes or values are not a pack or a delta.
type Error struct {
	Section Section
	// Entry is the place in the section's list, from 0, or -1.
	Entry int
	Fault Fault
}

func (e *Error) Error() string {
	s := "pack: " + e.Section.String()
	if e.Entry >= 0 {
		s += ": entry " + strconv.Itoa(e.Entry)
	}
	return s + ": " + e.Fault.String()
}

// Section names a part of a pack.
type Section uint8

// The sections, in the order in which they stand.
const (
	InHeader Section = iota
	InLanguages
	InIndicators
	InPatterns
	InProtected
	InTexts
	InDocuments
	InPolicy
	InWording
	InDelta
)

var sectionNames = [...]string{
	"header", "languages", "indicators", "patterns", "protected words",
	"texts", "documents", "policy", "wording", "delta",
}

func (s Section) String() string {
	if int(s) < len(sectionNames) {
		return sectionNames[s]
	}
	return ""
}

// Fault is what is wrong.
type Fault uint8

// The faults of packs and deltas.
const (
	NotAPack        Fault = iota // other magic bytes
	UnknownVersion               // a later format
	CutShort                     // the bytes end too early
	Trailing                     // there are bytes after the end
	TooMany                      // a count or length over its bound
	NotShortest                  // a longer encoding than the canonical one
	OutOfOrder                   // unsorted, or twice the same
	BadText                      // empty, too long, not UTF-8, or with characters it may not have
	BadNumber                    // outside its range
	BadDate                      // not a day as 2026-11-23
	NoSuchIndicator              // a pattern of an indicator that is not there
	WrongBase                    // a delta for another pack
)

var faultNames = [...]string{
	"not a pack", "made for a later version: update the program", "cut short", "bytes after the end",
	"more than the bound allows", "not in its shortest form", "out of order, or there twice",
	"empty, too long, not UTF-8, or with forbidden characters", "number out of range",
	"date is not a day as 2026-11-23", "names an indicator that is not there", "made for another pack",
}

func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return ""
}
