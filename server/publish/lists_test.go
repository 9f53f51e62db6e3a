// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"slices"
	"strings"
	"testing"

	"lapwing/server/lists"
	"lapwing/server/publish"
)

// TestTheListHasNoFaults runs the whole of "lapwing list lint" on the list of
// this repository, on the day on which its version was set.
func TestTheListHasNoFaults(t *testing.T) {
	s, _ := publish.Load(lists.Source)
	_, p, faults := publish.Examine(lists.Source, s.Created)
	faults = slices.DeleteFunc(faults, func(f publish.Fault) bool { return f.Warning })
	var text strings.Builder
	if err := faults.Print(&text, "server/lists"); err != nil {
		t.Fatal(err)
	}
	if n := faults.Errors(); n > 0 {
		t.Fatalf("%d faults, want none:\n%s", n, text.String())
	}
	if p == nil {
		t.Fatal("no pack, want one")
	}
}
