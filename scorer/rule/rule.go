// SPDX-License-Identifier: Apache-2.0

// Package rule is the grammar of the list's patterns: a closed, declarative
// language without loops, variables or code, so that matching is linear in the
// text whatever the list says, and so that a list can never be a program.
//
// A pattern reads like the sentence that it matches:
//
//	(we|company|agency) (keep|keeps|hold) ... your (passport|documents)
//
//	pattern  = sequence { join sequence } | number "of" "{" sequence { ";" sequence } "}"
//	join     = "&"     the next sequence stands within NearWords words of the first, in either order, in the same paragraph
//	         | "&!"    no such sequence stands there
//	         | "+"     the next sequence stands in the same window (about 90 words; title, pay and contact are in every window)
//	sequence = item { item }            one after the other, with anything but words between them
//	item     = text                     one or more words, or characters of a script without spaces
//	         | text "*"                 words that begin like the last word of the text; at least 4 bytes, 6 for non-ASCII
//	         | "(" choice ")"           one of these
//	         | "[" choice "]"           one of these, or nothing
//	         | "..." | "...N"           up to 3, or up to N (1 to 8), words in between; 3 characters count as one word where the script has no spaces
//	         | "<" class ">"            an entity that the scorer found: see Classes
//	         | "<" class "under" N ">"  with a value below N
//	         | "<" class "over" N ">"   with a value above N
//	choice   = alt { "|" alt }          alt is one or more items, "..." not among them
//
// "N of {A; B; C}" matches where at least N (2 to 8) of the sequences stand in
// one window. Two items may not be separated by more than one "...", and a
// sequence neither begins nor ends with one. Each alternative, and each stretch
// between gaps, matches at least one word: not everything in it is optional.
// Whole words stand beside a group, "passport[s]" is an error; joins have space
// around them.
//
// Text is in normal form (package normal) once parsed: case, width, accents and
// punctuation say nothing; "don't" is the two words "don t".
//
// # Bounds
//
// An expression has at most MaxExpr bytes, groups nest at most MaxDepth deep, a
// path through a sequence has at most MaxWords words, and a sequence has at
// most MaxPaths ways through between two gaps. An expression over a bound is an error.
package rule

// Bounds on an expression; see the package comment.
const (
	MaxExpr  = 1024
	MaxDepth = 4
	MaxWords = 64
	MaxPaths = 4096
	MaxGap   = 8
	MaxTerms = 8
)

// Pattern is a parsed expression.
type Pattern struct {
	// AtLeast is 0 for sequences that are joined, else the N of "N of {…}".
	AtLeast int
	Terms   []Term // the first one's Join is Near where AtLeast is 0; ignored otherwise
}

// Join says how a Term relates to the first one.
type Join uint8

const (
	Near    Join = iota // "&"
	NotNear             // "&!"
	With                // "+"
)

// Term is a sequence and how it is joined to the first one.
type Term struct {
	Join     Join
	Sequence Sequence
}

// Sequence is segments with gaps between them: len(Gaps) == len(Segments)-1.
type Sequence struct {
	Segments []Segment
	Gaps     []int // most words between segment i and i+1
}

// Segment is items that follow one another without a gap.
type Segment []Item

// Item is one of Words, Stem, Entity, Group.
type Item interface{ item() }

// Words are consecutive words in normal form, separated by single spaces
// (normal.Fold also puts spaces between characters of scripts without spaces).
type Words string

// Stem is one word's beginning in normal form.
type Stem string

// Entity is a class that the scorer finds, with a bound on its value.
type Entity struct {
	Class Class
	Op    Op
	N     uint32
}

// Op compares an entity's value with N.
type Op uint8

const (
	Any   Op = iota
	Under    // value < N
	Over     // value > N
)

// Group is a choice; Optional means that nothing is a choice too.
type Group struct {
	Alts     []Segment
	Optional bool
}

func (Words) item()  {}
func (Stem) item()   {}
func (Entity) item() {}
func (Group) item()  {}

// Class is a kind of entity.
type Class uint8

const (
	Phone         Class = iota // a telephone number, however written
	ObscuredPhone              // a telephone number written so that machines miss it: words, mixed digits, other scripts
	Email                      // an e-mail address, also "name (at) site dot com"
	Link                       // a web address
	Handle                     // @name, or a name or number given for a messenger
	Messenger                  // the name of a messenger: WhatsApp, Telegram, …
	Money                      // an amount with a currency; value: US dollars, roughly
	Pay                        // an amount for a period; value: US dollars a month, roughly
	Age                        // a person's age asked for or stated; value: the lowest age, in years
	Hours                      // working time; value: hours a week
	Wallet                     // an address of a cryptocurrency, its checksum verified
	Number                     // a whole number; value: itself
	Obfuscated                 // a word disguised by look-alike, invisible or substituted characters
	NumClasses
)

var classNames = [NumClasses]string{
	"phone", "obscured-phone", "email", "link", "handle", "messenger",
	"money", "pay", "age", "hours", "wallet", "number", "obfuscated",
}

// String gives the class's name in a pattern.
func (c Class) String() string {
	if c < NumClasses {
		return classNames[c]
	}
	return ""
}
