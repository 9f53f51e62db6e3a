// SPDX-License-Identifier: Apache-2.0

package seal_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"lapwing/scorer"
	"lapwing/scorer/seal"
)

func TestWhatPointsAtAPersonIsRedacted(t *testing.T) {
	r := seal.NewRedactor()
	for _, c := range []struct{ text, want string }{
		{"Call +49 170 1234567 today.", "Call [phone] today."},
		{"WhatsApp: +44 7700 900123", "WhatsApp: [phone]"},
		{"Telegram @anna_b-c, quick!", "Telegram [handle], quick!"},
		{"write to anna.b+jobs@mail.example.", "write to [e-mail]."},
		{"anna (at) mail dot com", "[e-mail]"},
		{"see https://x.example/a/?id=1&b=c#d, or x.example/y", "see [link], or x.example/y"},
		{"(https://x.example/a)", "([link])"},
		{"account GB82 WEST 1234 5698 7654 32 please", "account [account] please"},
		{"DE89370400440532013000.", "[account]."},
		{"card 4111-1111-1111-1111", "card [account]"},
		{"pay to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq now", "pay to [account] now"},
		{"Номер 8 916 123-45-67", "Номер [phone]"},
		{"رقم ٠٥٠١٢٣٤٥٦٧", "رقم [account]"},
	} {
		got, _ := seal.Apply(c.text, r.Redact(c.text), nil)
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWhatIsNoContactStays(t *testing.T) {
	r := seal.NewRedactor()
	for _, text := range []string{
		"", "We offer 2.500 EUR a month from 2026-11-24 to 2027-01-31.", "Room 12, floor 3, from 1990 on.",
		"Salary 1.500.000 IDR, hours 9-17, 40 hours a week.", "The company holds your passport.", "€12,500.00 a year",
	} {
		if list := r.Redact(text); len(list) > 0 {
			t.Errorf("%q: %v, want nothing: what is redacted without need is lost to reviewers", text, list)
		}
	}
}

func TestPassagesMoveWithRedactions(t *testing.T) {
	text := "Ü +49 170 1234567 send passport to a@b.example now"
	list := seal.NewRedactor().Redact(text)
	at := func(passage string) scorer.Span {
		i := strings.Index(text, passage)
		start := utf8.RuneCountInString(text[:i])
		return scorer.Span{Field: scorer.Body, Start: uint32(start), End: uint32(start + utf8.RuneCountInString(passage))}
	}
	spans := []scorer.Span{at("send passport"), at("170"), at("1234567 send"), at("to a@"), at("now"), at("Ü"), at(text)}
	redacted, moved := seal.Apply(text, list, spans)
	if redacted != "Ü [phone] send passport to [e-mail] now" {
		t.Fatalf("got %q", redacted)
	}
	var got []string
	for _, s := range moved {
		got = append(got, string([]rune(redacted)[s.Start:s.End]))
	}
	want := []string{"send passport", "[phone] send", "to [e-mail]", "now", "Ü", redacted}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q: what is swallowed is dropped, the rest points at the same words", got, want)
	}
}

func TestRedactingLeavesAReport(t *testing.T) {
	r := example()
	r.Text[scorer.Body] = "Write to anna@mail.example\r\nand send your passport."
	r.Verdict.Reasons[0].Spans = []scorer.Span{{Field: scorer.Body, Start: 32, End: 50}, {Field: scorer.Title, Start: 0, End: 4}}
	var lists [scorer.URL][]seal.Redaction
	lists[scorer.Body] = seal.NewRedactor().Redact(seal.Clean(r.Text[scorer.Body]))
	b := string(encode(t, r.Redacted(lists, nil)))
	for _, want := range []string{`"body": "Write to [e-mail] \nand send your passport."`, `"spans": [{"field": "body", "start": 23, "end": 41}]`} {
		if !strings.Contains(b, want) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
}

func FuzzRedact(f *testing.F) {
	r := seal.NewRedactor()
	f.Add("Call +49 170 1234567, a@b.example, GB82WEST12345698765432, @x_y", uint32(3), uint32(9))
	f.Add("\x00\xff ٠٥٠١٢٣٤٥٦٧ \r\n", uint32(0), uint32(1))
	f.Fuzz(func(t *testing.T, text string, start, end uint32) {
		clean := seal.Clean(text)
		if n := scorer.Points(text); n != utf8.RuneCountInString(clean) {
			t.Fatalf("%q has %d characters, cleaned %q: passages would move", text, n, clean)
		}
		list := r.Redact(clean)
		n := uint32(utf8.RuneCountInString(clean))
		last := uint32(0)
		for _, x := range list {
			if x.Start < last || x.Start >= x.End || x.End > n || x.Kind >= seal.NumKinds {
				t.Fatalf("%q: redactions %v are not in order", clean, list)
			}
			last = x.End
		}
		span := scorer.Span{Field: scorer.Body, Start: start % (n + 1), End: end % (n + 1)}
		if span.Start >= span.End {
			return
		}
		redacted, moved := seal.Apply(clean, list, []scorer.Span{span})
		length := uint32(utf8.RuneCountInString(redacted))
		for _, s := range moved {
			if s.Start >= s.End || s.End > length {
				t.Errorf("%q: span %v of %d characters", redacted, s, length)
			}
		}
	})
}
