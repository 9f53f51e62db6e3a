// SPDX-License-Identifier: Apache-2.0

package release

// What a client accepts, whatever is signed.
const (
	day = 24 * 60 * 60

	// HeadLife and ReleaseLife are for how long a head and a release may claim
	// to be valid, in seconds: a stolen key must not freeze clients for years.
	HeadLife    = 7 * day
	ReleaseLife = 90 * day
	// MaxNote is the most bytes of a note, of a proof and of a list.
	MaxNote = 64 << 10
	// maxRoots is how many rotations of the root one update follows.
	maxRoots = 32
	// skew is how far the clocks of a publisher and of a client may differ, in
	// seconds, without a word, and how far ahead a head may be dated that is remembered.
	skew = day
)

// HeadPath is where the head is, like all paths below the address of the tree.
const HeadPath = "v1/head"

// RootPath is where root N is.
func RootPath(version uint32) string { return "v1/root/" + decimal(int64(version)) }

// ObjectPath is where an object is; compressed with gzip, with ".gz" behind.
func ObjectPath(h Hash) string { return "v1/o/" + h.String() }

// ProofPath is where the proof is that the log has a release note.
func ProofPath(note Hash) string { return "v1/log/proof/" + note.String() }
