// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"fmt"
	"sort"
	"strings"

	"lapwing/scorer"
)

// Slot is a place in a listing that a key or column of the input fills.
type Slot uint8

// The texts come first, with the numbers of scorer.Field.
const (
	SlotID   = Slot(scorer.NumFields) + iota // echoed in the verdict
	SlotKind                                 // job, housing, …
	SlotLang                                 // BCP 47
	numSlots
	noSlot = Slot(0xff)
)

var slotNames = map[string]Slot{"id": SlotID, "kind": SlotKind, "lang": SlotLang}

func init() {
	for f := scorer.Field(0); f < scorer.NumFields; f++ {
		slotNames[f.String()] = Slot(f)
	}
}

// Fields maps the input's keys or column names to places in a listing. The
// zero value takes Lapwing's own names.
type Fields struct {
	columns map[string]Slot
}

// ParseFields reads "title=Job Title,body=Description". A place that is not
// named keeps its own name as its key.
func ParseFields(s string) (Fields, error) {
	f := Fields{columns: map[string]Slot{}}
	named := [numSlots]bool{}
	for _, pair := range strings.Split(s, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, column, ok := strings.Cut(pair, "=")
		name, column = strings.TrimSpace(name), strings.TrimSpace(column)
		slot, known := slotNames[name]
		switch {
		case !ok || column == "":
			return Fields{}, fmt.Errorf("fields: %q is not of the form field=column", strings.TrimSpace(pair))
		case !known:
			return Fields{}, fmt.Errorf("fields: unknown field %q: the fields are %s", name, knownSlots())
		case named[slot]:
			return Fields{}, fmt.Errorf("fields: %q is named twice", name)
		}
		if _, taken := f.columns[column]; taken {
			return Fields{}, fmt.Errorf("fields: column %q is used twice", column)
		}
		f.columns[column] = slot
		named[slot] = true
	}
	for name, slot := range slotNames {
		if _, taken := f.columns[name]; !named[slot] && !taken {
			f.columns[name] = slot
		}
	}
	return f, nil
}

func knownSlots() string {
	names := make([]string, 0, len(slotNames))
	for name := range slotNames {
		names = append(names, name)
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

// key gives the place of a JSON key: exact, as JSON keys are.
func (f Fields) key(name []byte) Slot {
	if f.columns != nil {
		if slot, ok := f.columns[string(name)]; ok {
			return slot
		}
		return noSlot
	}
	switch string(name) {
	case "id":
		return SlotID
	case "kind":
		return SlotKind
	case "lang":
		return SlotLang
	case "title":
		return Slot(scorer.Title)
	case "body":
		return Slot(scorer.Body)
	case "company":
		return Slot(scorer.Company)
	case "location":
		return Slot(scorer.Location)
	case "pay":
		return Slot(scorer.Pay)
	case "contact":
		return Slot(scorer.Contact)
	case "url":
		return Slot(scorer.URL)
	}
	return noSlot
}

// column gives the place of a column: exact if possible, else without regard
// to case and surrounding spaces, as people write headers.
func (f Fields) column(header string) Slot {
	header = strings.TrimSpace(header)
	if slot := f.key([]byte(header)); slot != noSlot {
		return slot
	}
	columns := f.columns
	if columns == nil {
		columns = slotNames
	}
	for name, slot := range columns {
		if strings.EqualFold(name, header) {
			return slot
		}
	}
	return noSlot
}

// columns maps a header to places; where two columns claim one place, the
// first has it.
func (f Fields) header(names []string) ([]Slot, error) {
	slots := make([]Slot, len(names))
	var taken [numSlots]bool
	for k, name := range names {
		slots[k] = f.column(name)
		if s := slots[k]; s != noSlot && taken[s] {
			slots[k] = noSlot
		} else if s != noSlot {
			taken[s] = true
		}
	}
	if !taken[scorer.Title] && !taken[scorer.Body] {
		return nil, fmt.Errorf("no column is the title or the body: the columns are %s; say which is which with --fields", quoteSome(names))
	}
	return slots, nil
}

// quoteSome lists names for a sentence, not more than a line of them.
func quoteSome(names []string) string {
	const most = 12
	var b strings.Builder
	for k, name := range names {
		if k == most {
			b.WriteString(", …")
			break
		}
		if k > 0 {
			b.WriteString(", ")
		}
		if len(name) > 40 {
			name = strings.ToValidUTF8(name[:40], "") + "…"
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}
