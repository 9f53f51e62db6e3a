// SPDX-License-Identifier: Apache-2.0

package scorer

// Level is what a person is shown instead of a number.
type Level uint8

const (
	None Level = iota
	Notice
	Elevated
	High
	NumLevels
)

var levelNames = [NumLevels]string{"none", "notice", "elevated", "high"}

func (l Level) String() string {
	if l < NumLevels {
		return levelNames[l]
	}
	return ""
}

// ParseLevel is the inverse of Level.String.
func ParseLevel(s string) (Level, bool) {
	for k, name := range levelNames {
		if name == s {
			return Level(k), true
		}
	}
	return None, false
}

// Verdict is what scoring says of one listing. The caller owns it.
type Verdict struct {
	Level Level
	// Score orders listings within and across levels: 0 to 10000, hundredths of a
	// point. It is printed as 0 to 100.
	Score uint16
	// Reasons come most points first, then by indicator ID; the wording hint is last.
	Reasons []Reason
}

// WordingHint is Reason.Indicator of the wording model's reason. Its name in
// JSON is "wording.resembles-known-fraud".
const WordingHint = -1

// Reason is an indicator that fired.
type Reason struct {
	Indicator int   // index into pack.Pack.Indicators, or WordingHint
	Points    uint8 // decibans it brings, before family shares; 0 while under test
	Spans     []Span
}

// Span is a passage of the listing as it was given.
type Span struct {
	Field Field
	// Start and End count Unicode code points from the start of the field; a byte
	// that is not UTF-8 counts as one.
	Start, End uint32
}
