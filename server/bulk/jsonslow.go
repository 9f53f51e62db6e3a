// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// decodeJSON reads one line into a record and a listing. The line's bytes
// belong to the listing from then on.
func decodeJSON(line []byte, fields Fields, r *Record, l *scorer.Listing) {
	s := jsonScanner{line: line}
	if !s.scan(fields) || !s.fill(r, l) {
		if err := decodeJSONSlowly(line, fields, r, l); err != nil {
			r.Problem = err.Error()
			return
		}
	}
	if missesText(l) {
		r.Problem = noText
	}
}

// decodeJSONSlowly reads what the scanner gave up on, with the library.
func decodeJSONSlowly(line []byte, fields Fields, r *Record, l *scorer.Listing) error {
	if bytes.HasPrefix(bytes.TrimSpace(line), []byte("[")) {
		return errors.New("the line is a JSON array; one object per line is wanted (jq -c '.[]' makes them)")
	}
	d := jsontext.NewDecoder(bytes.NewReader(line), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if d.PeekKind() != '{' {
		if _, err := d.ReadValue(); err != nil {
			return jsonProblem(err)
		}
		return errors.New("the line is JSON, but not an object")
	}
	if _, err := d.ReadToken(); err != nil {
		return jsonProblem(err)
	}
	*l = scorer.Listing{}
	var wrong error // the first fault of meaning; faults of syntax come first
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return jsonProblem(err)
		}
		slot := fields.key([]byte(name.String()))
		if slot == noSlot {
			if err := d.SkipValue(); err != nil {
				return jsonProblem(err)
			}
			continue
		}
		if err := readSlot(d, slot, r, l); err != nil {
			var syntax *jsontext.SyntacticError
			if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
				return jsonProblem(err)
			}
			wrong = errors.Join(wrong, err)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return jsonProblem(err)
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return errors.New("not JSON: something follows the object")
	}
	if joined, ok := wrong.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()[0]
	}
	return wrong
}

// readSlot reads the value of a known key.
func readSlot(d *jsontext.Decoder, slot Slot, r *Record, l *scorer.Listing) error {
	kind := d.PeekKind()
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var s string
	switch {
	case kind == 'n':
	case kind == '"':
		b, err := jsontext.AppendUnquote(nil, raw)
		if err != nil && !isInvalidUTF8(b, raw) {
			return err
		}
		s = string(b)
	case kind == '0' && slot < SlotKind:
		s = string(raw)
	default:
		return fmt.Errorf("%s is %s where text is wanted", slotName(slot), kindName(kind))
	}
	switch slot {
	case SlotID:
		r.ID = nil
		if kind == '0' {
			r.ID = []byte(s)
		} else if kind == '"' {
			r.ID = AppendJSONString(nil, s)
		}
	case SlotKind:
		l.Kind = pack.ParseKind(s)
	case SlotLang:
		l.Lang = s
	default:
		l.Text[slot] = s
	}
	return nil
}

// isInvalidUTF8 tells whether AppendUnquote complained of nothing worse than
// bytes that are not UTF-8 or half a surrogate pair, which it has replaced.
func isInvalidUTF8(unquoted, raw []byte) bool {
	return jsontext.Value(raw).IsValid(jsontext.AllowInvalidUTF8(true)) && unquoted != nil
}

func slotName(slot Slot) string {
	if slot < Slot(scorer.NumFields) {
		return scorer.Field(slot).String()
	}
	return map[Slot]string{SlotID: "id", SlotKind: "kind", SlotLang: "lang"}[slot]
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 't', 'f':
		return "true or false"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "null"
}

// jsonProblem says in our words what is wrong with a line.
func jsonProblem(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		if errors.Is(syntax.Err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("not JSON: the line ends early, after byte %d", syntax.ByteOffset)
		}
		return fmt.Errorf("not JSON: byte %d: %s", syntax.ByteOffset+1, strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		return errors.New("not JSON: the line ends early")
	}
	return fmt.Errorf("not JSON: %v", err)
}
