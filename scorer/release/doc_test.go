// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"os"
	"strings"
	"testing"

	"lapwing/scorer/release"
	"lapwing/scorer/release/releasetest"
)

// documented are the objects of the example in the package comment, in order.
func documented() (p *releasetest.Publisher, paths []string) {
	p = releasetest.NewPublisher(tiny(1), start)
	p.Publish(tiny(2), start+day)
	return p, []string{
		release.RootPath(1), release.ObjectPath(p.Head.Hash), release.ProofPath(p.Head.Hash), release.HeadPath,
	}
}

func TestDocumentedExampleIsReal(t *testing.T) {
	src, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, example, ok := strings.Cut(string(src), "// # Example\n")
	if !ok {
		t.Fatal("doc.go has no example")
	}
	p, paths := documented()
	for _, path := range paths {
		var want strings.Builder
		want.WriteString(path + ":\n//\n")
		for line := range strings.Lines(string(p.Tree[path])) {
			// gofmt leaves no tab on an empty line.
			want.WriteString(strings.Replace("//\t"+line, "//\t\n", "//\n", 1))
		}
		if !strings.Contains(example, want.String()) {
			t.Errorf("doc.go does not have this object; it should read\n%s", want.String())
		}
	}
	d := releasetest.NewDevice(p)
	check(t, d, d.Poll(p.Serve, start+day), release.Updated, tiny(2))
}
