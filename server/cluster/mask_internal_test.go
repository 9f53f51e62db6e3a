// SPDX-License-Identifier: Apache-2.0

package cluster

import "testing"

func TestLongNumbersAreHidden(t *testing.T) {
	for text, want := range map[string]string{
		"call (555) 010-9357 now":      "call ([phone] now",
		"rent 1200 - 1450, since 2019": "rent 1200 - 1450, since 2019",
		"555 010 0199":                 "[phone]",
		"٠٥٥٥٠١٠٠١٩٩ نعم":              "[phone] نعم",
		"no number, 12 rooms, é":       "no number, 12 rooms, é",
		"555-010-0199 555-010-0198":    "[phone]",
		"":                             "",
		"\xff1":                        "\xff1",
	} {
		if got := maskNumbers(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
