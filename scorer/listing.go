// SPDX-License-Identifier: Apache-2.0

package scorer

import "lapwing/scorer/pack"

// Field names one text of a Listing.
type Field uint8

const (
	Title Field = iota
	Body
	Company
	Location
	Pay
	Contact
	URL
	NumFields
)

var fieldNames = [NumFields]string{"title", "body", "company", "location", "pay", "contact", "url"}

// String gives the field's name in JSON.
func (f Field) String() string {
	if f < NumFields {
		return fieldNames[f]
	}
	return ""
}

// Listing is what one advert says. An empty field is unknown, and unknown is
// never evidence. Text is UTF-8; a byte that is not is treated as a separator.
type Listing struct {
	Kind pack.Kind
	Lang string // BCP 47; picks thresholds, never decides whether a pattern is matched
	Text [NumFields]string
}
