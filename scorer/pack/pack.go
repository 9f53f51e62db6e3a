// SPDX-License-Identifier: Apache-2.0

package pack

// Pack is the compiled list: everything that decides a verdict, and every text
// that explains one. A Pack is plain data; after Decode or Canonical it must
// not be changed while a Scorer made from it is in use.
type Pack struct {
	// Name is the list's name, "lapwing" for ours. ASCII, 1-64 bytes.
	Name string
	// Version counts the published lists of this name, from 1.
	Version uint32
	// Created is the day on which the pack was built, as 2026-11-23.
	Created string

	Indicators []Indicator // by ID, unique
	Patterns   []Pattern   // by Expr, Lang, Role, Indicator
	Protected  []string    // normalised words or phrases that scoring cannot see (DESIGN 4.6); sorted
	Texts      []Text      // by Lang, Key
	Documents  []Document  // by Name
	Policy     Policy
	Wording    []Wording // by Lang, Kinds
}

// Indicator is one published pattern's meaning and weight; what it looks for
// stands in Pack.Patterns.
type Indicator struct {
	// ID is "family.what-is-wrong": lower-case ASCII letters, digits, hyphens, one dot.
	ID string
	// Dimension groups indicators the ILO's way.
	Dimension Dimension
	Strength  Strength
	// Weight is in decibans, inside the band of Strength.
	Weight uint8
	// Kinds holds one bit (1 << Kind) per kind of listing that the indicator is for.
	Kinds uint16
	// Status is Test or Active. An indicator under test is matched and reported with 0 points.
	Status Status
	// Sources are the works that the indicator rests on: title, year.
	Sources []string
	// Expires is the day after which the indicator needs a new review, as 2027-11-23.
	Expires string
}

// Family is the part of an indicator's ID before the dot. Weights of one family
// add up with falling shares, since they say one thing in several ways.
func (i Indicator) Family() string {
	for k := 0; k < len(i.ID); k++ {
		if i.ID[k] == '.' {
			return i.ID[:k]
		}
	}
	return i.ID
}

// Pattern is one line of the grammar of package rule, in canonical form.
type Pattern struct {
	Indicator uint32 // index into Pack.Indicators
	Role      Role
	Lang      string // BCP 47 primary subtag; shown and counted, never used to decide whether to match
	Expr      string // rule.Pattern.String()
}

// Role says what a pattern's hit does to its indicator.
type Role uint8

// The roles of patterns.
const (
	Fires  Role = iota // a hit fires the indicator
	Unless             // a hit near a firing one takes it away
)

// Text is one sentence for people.
type Text struct {
	Lang string
	Key  string // "<indicator id>/title", "/means", "/benign"; "advice/...", "level/...", "dimension/..."
	Text string
}

// Document is a JSON value that scoring does not read: a site's adapter
// ("adapter/<id>"), a help line ("helpline/<country>"), and the like.
type Document struct {
	Name string
	JSON string
}

// Kind is what a listing offers.
type Kind uint8

// The kinds of listings.
const (
	Unknown Kind = iota
	Job
	AuPair
	Modelling
	Housing
	Services
	Travel
	Other
	NumKinds
)

var kindNames = [NumKinds]string{"", "job", "au-pair", "modelling", "housing", "services", "travel", "other"}

// String gives the name used in listings and YAML; "" for Unknown.
func (k Kind) String() string {
	if k < NumKinds {
		return kindNames[k]
	}
	return ""
}

// ParseKind is the inverse of Kind.String; an unknown name gives Unknown, since
// a field that cannot be understood is no evidence.
func ParseKind(s string) Kind {
	for k := Job; k < NumKinds; k++ {
		if kindNames[k] == s {
			return k
		}
	}
	return Unknown
}

// Dimension groups indicators: five of the ILO's for what an advert can show,
// and three of ours for fraud.
type Dimension uint8

// The dimensions.
const (
	DeceptiveRecruitment Dimension = iota
	CoerciveRecruitment
	AbuseOfVulnerability
	ExploitationOnOffer
	CoercionOnOffer
	FraudPayment
	FraudIdentity
	FraudContact
	NumDimensions
)

var dimensionNames = [NumDimensions]string{
	"deceptive-recruitment", "coercive-recruitment", "abuse-of-vulnerability",
	"exploitation-on-offer", "coercion-on-offer",
	"fraud-payment", "fraud-identity", "fraud-contact",
}

func (d Dimension) String() string {
	if d < NumDimensions {
		return dimensionNames[d]
	}
	return ""
}

// ParseDimension is the inverse of Dimension.String.
func ParseDimension(s string) (Dimension, bool) {
	for d, name := range dimensionNames {
		if name == s {
			return Dimension(d), true
		}
	}
	return 0, false
}

// Strength is the reviewed judgement of how much an indicator says.
type Strength uint8

// The strengths, weakest first.
const (
	Weak Strength = iota
	Medium
	Strong
	NumStrengths
)

var strengthNames = [NumStrengths]string{"weak", "medium", "strong"}

// Bands holds the least and the greatest weight, in decibans, for each Strength.
var Bands = [NumStrengths][2]uint8{Weak: {1, 3}, Medium: {4, 7}, Strong: {8, 12}}

func (s Strength) String() string {
	if s < NumStrengths {
		return strengthNames[s]
	}
	return ""
}

// ParseStrength is the inverse of Strength.String.
func ParseStrength(s string) (Strength, bool) {
	for k, name := range strengthNames {
		if name == s {
			return Strength(k), true
		}
	}
	return 0, false
}

// Status is how far an indicator has come. Drafts and retired ones are not packed.
type Status uint8

// The statuses of packed indicators.
const (
	Test Status = iota
	Active
	NumStatuses
)

// Policy holds the numbers that turn points into levels. All are whole numbers.
type Policy struct {
	FamilyCap   uint8       // most decibans that one family can give
	WindowWords uint16      // words in a scoring window
	NearWords   uint16      // how far "near" and "unless" reach, in words
	Levels      []LevelRule // by Kind, Lang; the most specific one holds
}

// LevelRule says from how many points on a level begins.
type LevelRule struct {
	Kind                   Kind   // Unknown: every kind without a rule of its own
	Lang                   string // "": every language without a rule of its own
	Notice, Elevated, High uint16 // points
}

// Wording is a sparse linear model over hashed word 1-3-grams.
type Wording struct {
	Lang  string
	Kinds uint16 // one bit per Kind that it was measured on
	// Features are hashes of n-grams (scorer.HashBits bits), ascending, with their
	// weights. A word of any n-gram is itself a feature, with weight 0 if need be:
	// these words are the vocabulary that deobfuscation may read a token as.
	Features []uint32
	Weights  []int8
	// Bias, Doc, Window: see scorer/wording.go for the arithmetic.
	Bias   int32
	Doc    [2]int32 // thresholds of the whole-text channel: hint, strong hint
	Window [2]int32 // thresholds of the window channel: hint, strong hint
}
