// SPDX-License-Identifier: Apache-2.0

package seal

import "strconv"

// Object names what a rule was broken by.
type Object uint8

// The objects.
const (
	AReport Object = iota
	AnIntake
	AnEnvelope
	AKey
)

var objectNames = [...]string{"report", "intake keys", "envelope", "intake key"}

func (o Object) String() string {
	if int(o) < len(objectNames) {
		return objectNames[o]
	}
	return ""
}

// Fault is the rule that was broken.
type Fault uint8

// The faults.
const (
	Malformed     Fault = iota + 1 // not of the form that the package comment gives
	UnknownFormat                  // of a later form: the program is too old to read it
	BadValue                       // Key holds what it may not
	TooLong                        // by Over bytes
	WrongID                        // report and envelope do not have the same id
	NoKeys                         // none to seal to, or more than an envelope holds
	NoRandomness                   // the source of randomness failed, or repeats itself
	NotForThisKey                  // the envelope was sealed to other keys
	NotOpened                      // damaged, or sealed by somebody who does not follow the form
)

var faultNames = [...]string{
	"", "malformed", "of a later format: update the program", "not a value that it may have",
	"too long", "another id than the envelope's", "want between one and eight keys",
	"no randomness to be had, so nothing was sealed", "sealed to other keys", "cannot be opened: damaged or forged",
}

func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return ""
}

// Error says what is wrong with an object. Line counts from 1, Key names a
// report's field, Over is by how many bytes it is too long; zero values say
// nothing.
type Error struct {
	Object Object
	Line   int
	Key    string
	Over   int
	Fault  Fault
}

func (e *Error) Error() string {
	s := e.Object.String()
	if e.Line > 0 {
		s += ": line " + strconv.Itoa(e.Line)
	}
	if e.Key != "" {
		s += ": " + e.Key
	}
	s += ": " + e.Fault.String()
	if e.Over > 0 {
		s += " by " + strconv.Itoa(e.Over) + " bytes: shorten the text or take fields out"
	}
	return s
}
