// SPDX-License-Identifier: Apache-2.0

package decide

// Standing is how a report stands with all its reviewers.
type Standing uint8

// The standings.
const (
	Undecided Standing = iota // nobody has decided
	Waiting                   // one has, and waits for a second
	Disputed                  // reviewers differ
	IsConfirmed
	IsRejected
)

var standingNames = [...]string{"open", "waiting", "disputed", "confirmed", "rejected"}

// String gives the standing's name.
func (s Standing) String() string { return standingNames[s] }

// Quorum is how many reviewers must agree.
const Quorum = 2

// Of gives how a report stands, and the decisions that hold, one for each reviewer.
func (f *Folder) Of(report [16]byte) (Standing, []Signed) {
	list := f.by[report]
	yes, no := 0, 0
	for _, s := range list {
		switch s.Verdict {
		case Confirmed:
			yes++
		case Rejected:
			no++
		}
	}
	switch {
	case yes > 0 && no > 0:
		return Disputed, list
	case yes >= Quorum:
		return IsConfirmed, list
	case no >= Quorum:
		return IsRejected, list
	case yes+no > 0:
		return Waiting, list
	}
	return Undecided, list
}
