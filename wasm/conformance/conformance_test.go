// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/wasm/conformance"
	"lapwing/wasm/host"
	"lapwing/wasm/ready"
	"lapwing/wasm/wasmtest"
)

var update = flag.Bool("update", false, "rewrite the expectations of testdata/vectors")

const dir = "../../testdata/vectors"

// leastVectors is how many scenarios there must be; one that is lost is missed.
const leastVectors = 150

func read(t *testing.T) (*pack.Pack, []byte, []conformance.Vector) {
	t.Helper()
	p, encoded, err := conformance.ReadList(dir)
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := conformance.ReadVectors(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p, encoded, vectors
}

// The expectations hold in native Go; the tests below hold the others to the same lines.
func TestVectorsHoldNatively(t *testing.T) {
	p, _, vectors := read(t)
	s, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	if len(vectors) < leastVectors {
		t.Errorf("got %d vectors, want at least %d", len(vectors), leastVectors)
	}
	for i := range vectors {
		v := &vectors[i]
		verdict := s.Score(&v.Listing)
		got := conformance.Describe(p, &v.Listing, &verdict)
		if strings.HasSuffix(v.Name, conformance.Quiet) && len(verdict.Reasons) > 0 {
			t.Errorf("%s: an ordinary listing must stay quiet, got\n%s", v.Name, got)
		}
		if *update {
			if err := os.WriteFile(filepath.Join(dir, v.Name+".txt"), []byte(v.Text(got)), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got != v.Want {
			t.Errorf("%s: %s\ngot\n%swant\n%s", v.Name, v.Comment, got, v.Want)
		}
	}
	if *update {
		t.Log("expectations rewritten: now read the diff")
	} else if t.Failed() {
		t.Log("if the new verdicts are right, `make vectors` rewrites the expectations; say why in the commit and in CHANGELOG.md")
	}
}

// Vectors that name what nobody can find again would prove nothing.
func TestVectorsSayWhatTheyAreAbout(t *testing.T) {
	_, _, vectors := read(t)
	seen := make(map[string]string)
	for _, v := range vectors {
		if other, ok := seen[v.Comment]; ok {
			t.Errorf("%s and %s have the same comment", v.Name, other)
		}
		seen[v.Comment] = v.Name
	}
}

// Every indicator of the list is there for some vector.
func TestEveryIndicatorHasAVector(t *testing.T) {
	p, _, vectors := read(t)
	fired := make(map[string]bool)
	for _, v := range vectors {
		for _, line := range strings.Split(v.Want, "\n") {
			if f := strings.Fields(line); len(f) > 1 && f[0] == "indicator:" {
				fired[f[1]] = true
			}
		}
	}
	for _, ind := range p.Indicators {
		if !fired[ind.ID] {
			t.Errorf("no vector fires %s: write one, or take it out of %s", ind.ID, conformance.ListFile)
		}
	}
}

// lines writes verdicts as every engine must.
func lines(t *testing.T, p *pack.Pack, encoded []byte, vectors []conformance.Vector, verdicts []scorer.Verdict) string {
	t.Helper()
	format := bulk.NewVerdictFormat(p, bulk.ListName(p, encoded), "wasm")
	var out []byte
	for i := range vectors {
		id, err := json.Marshal(vectors[i].Name)
		if err != nil {
			t.Fatal(err)
		}
		out = format.AppendVerdict(out, id, &vectors[i].Listing, &verdicts[i])
		out = append(out, '\n')
	}
	return string(out)
}

func listings(vectors []conformance.Vector) []scorer.Listing {
	var list []scorer.Listing
	for _, v := range vectors {
		list = append(list, v.Listing)
	}
	return list
}

// expected gives the lines of native Go.
func expected(t *testing.T, p *pack.Pack, encoded []byte, vectors []conformance.Vector) string {
	t.Helper()
	s, err := scorer.New(p)
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []scorer.Verdict
	for i := range vectors {
		verdicts = append(verdicts, s.Score(&vectors[i].Listing))
	}
	return lines(t, p, encoded, vectors, verdicts)
}

func TestVectorsHoldUnderWazero(t *testing.T) {
	p, encoded, vectors := read(t)
	module := wasmtest.Score(t)
	h, err := host.New(context.Background(), module, host.Options{Trusted: sha256.Sum256(module)})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	list, err := ready.List(p, encoded)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Load(list); err != nil {
		t.Fatal(err)
	}
	verdicts, err := h.Score(context.Background(), listings(vectors))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, lines(t, p, encoded, vectors, verdicts), expected(t, p, encoded, vectors))
}

func TestVectorsHoldInNode(t *testing.T)     { javaScript(t, "node.js") }
func TestVectorsHoldInChromium(t *testing.T) { javaScript(t, "browser.js", "chromium") }
func TestVectorsHoldInFirefox(t *testing.T)  { javaScript(t, "browser.js", "firefox") }

// javaScript runs one of extension/tests/vectors and compares what it writes.
func javaScript(t *testing.T, runner string, args ...string) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("Node.js is not installed: apt-get install -y nodejs npm, or make setup")
	}
	p, encoded, vectors := read(t)
	tmp := t.TempDir()
	var input bytes.Buffer
	for i := range vectors {
		writeListing(t, &input, &vectors[i])
	}
	list, err := ready.List(p, encoded)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"score.wasm": wasmtest.Score(t), "list.ready": list, "listings.jsonl": input.Bytes()}
	args = append([]string{runner}, args...)
	for _, name := range []string{"score.wasm", "list.ready", "listings.jsonl"} {
		file := filepath.Join(tmp, name)
		if err := os.WriteFile(file, files[name], 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	cmd := exec.Command("node", args...)
	cmd.Dir = "../../extension/tests/vectors"
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		t.Fatalf("node %s: %v\n%s", strings.Join(args[:len(args)-3], " "), err, problem.String())
	}
	compare(t, out.String(), expected(t, p, encoded, vectors))
}

// writeListing writes a listing as it stands in the file, with the vector's name as its id.
func writeListing(t *testing.T, dst *bytes.Buffer, v *conformance.Vector) {
	t.Helper()
	id, err := json.Marshal(v.Name)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, v.JSON); err != nil {
		t.Fatal(err)
	}
	dst.WriteString(`{"id":` + string(id))
	if rest := compact.String()[1:]; rest != "}" {
		dst.WriteString("," + rest)
	} else {
		dst.WriteString("}")
	}
	dst.WriteByte('\n')
}

func compare(t *testing.T, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(g) != len(w) {
		t.Errorf("got %d lines, want %d", len(g)-1, len(w)-1)
	}
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("another verdict than native Go's:\n got %s\nwant %s", g[i], w[i])
		}
	}
}
