// SPDX-License-Identifier: Apache-2.0

package release

import "strconv"

// Object names what a rule was broken by.
type Object uint8

// The objects.
const (
	AHead Object = iota
	ARoot
	ARelease
	AProof
	APack
	ADelta
	AnOlder  // the list of deltas from older releases
	AnIntake // the keys that reports are sealed to
	TheState // what this client stored itself
	ThePackage
)

var objectNames = [...]string{"head", "root", "release", "proof", "pack", "delta", "list of older deltas", "intake keys", "stored state", "packaged release"}

func (o Object) String() string {
	if int(o) < len(objectNames) {
		return objectNames[o]
	}
	return ""
}

// Fault is the rule that was broken. Each is one that The Update Framework
// names, or the lack of an answer.
type Fault uint8

// The faults, with the meaning of Error.Got and Error.Want.
const (
	NoFault          Fault = iota
	Unreachable            // there was no answer, or not a good one
	WrongLength            // Got bytes instead of Want, or more than Want
	WrongHash              // other bytes than those that a signature vouches for
	Malformed              // not of the form that the package comment gives
	UnknownFormat          // of a later form: the program is too old to read it
	BadSignature           // a signature of a known key does not fit
	TooFewSignatures       // Got different keys, Want is the threshold
	WrongVersion           // version Got instead of Want
	RolledBack             // Got (a version or time) lies before Want, which was seen already
	TwoFaced               // the same version or time as before, but other content
	Expired                // since time Want; now it is Got
	ValidTooLong           // for Got seconds; the role may do so for Want
	WrongName              // another list's
	NeedsProgram           // the program is older than the release wants
	NotInLog               // the transparency log's proof does not prove it
	SplitView              // the log shows different people different things
	BadContent             // signed, but cannot be used
	Damaged                // checksum or form of the stored state; the packaged list is used
)

var faultNames = [...]string{
	"", "could not be fetched", "wrong length", "wrong hash", "malformed", "of a later format: update the program",
	"bad signature of a known key", "too few signatures", "wrong version", "rolled back",
	"two contents under one version", "expired", "claims to be valid for too long", "belongs to another list",
	"needs a newer program", "not proven to be in the log", "log shows different views", "cannot be used", "damaged",
}

func (f Fault) String() string {
	if int(f) < len(faultNames) {
		return faultNames[f]
	}
	return ""
}

// Error says which rule an object broke. Got and Want are explained at Fault;
// both are 0 where they say nothing.
type Error struct {
	Object    Object
	Fault     Fault
	Got, Want int64
}

func (e *Error) Error() string {
	s := "update: " + e.Object.String() + ": " + e.Fault.String()
	if e.Got != 0 || e.Want != 0 {
		s += ": got " + strconv.FormatInt(e.Got, 10) + ", want " + strconv.FormatInt(e.Want, 10)
	}
	return s
}

// fault makes an *Error with nothing to compare.
func fault(o Object, f Fault) *Error { return &Error{Object: o, Fault: f} }
