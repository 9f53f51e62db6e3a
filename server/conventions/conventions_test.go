// SPDX-License-Identifier: Apache-2.0

package conventions_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the repository, from this folder.
const root = "../.."

// list runs go list in the repository and gives its lines.
func list(t *testing.T, env []string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// imports gives the direct imports of each package that matches.
func imports(t *testing.T, pattern string) map[string][]string {
	t.Helper()
	m := map[string][]string{}
	for _, line := range list(t, nil, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", pattern) {
		f := strings.Fields(line)
		m[f[0]] = f[1:]
	}
	return m
}

func TestScorerIsPure(t *testing.T) {
	always := []string{"cmp", "iter", "math/bits", "slices", "strconv", "strings", "unicode/utf8", "errors", "sync"}
	extra := map[string][]string{
		"lapwing/scorer/normal":  {"unsafe"},                                                                                                            // eight-byte loads: see load.go
		"lapwing/scorer/release": {"crypto/ed25519", "crypto/sha256", "crypto/sha512", "encoding/base64", "encoding/hex", "encoding/binary", "unicode"}, // unicode: what may stand in a note, as x/mod/sumdb/note has it
		// sealing is the standard library's and its authors' cryptography; crypto/hpke is for opening, and not in the module
		"lapwing/scorer/seal": {"bytes", "crypto/aes", "crypto/cipher", "crypto/hkdf", "crypto/hpke", "crypto/mlkem", "crypto/sha256", "crypto/sha3", "filippo.io/edwards25519/field", "golang.org/x/crypto/chacha20poly1305"},
	}
	for pkg, deps := range imports(t, "./scorer/...") {
		if strings.HasSuffix(pkg, "test") {
			continue // helpers of tests
		}
		for _, dep := range deps {
			own := strings.HasPrefix(dep, "lapwing/scorer")
			if !own && !slices.Contains(always, dep) && !slices.Contains(extra[pkg], dep) {
				t.Errorf("%s imports %s: a verdict depends on its inputs alone, and each import weighs on the module; if this one is worth it, add it here with its reason", pkg, dep)
			}
		}
	}
}

func TestArrowsPointOneWay(t *testing.T) {
	rules := []struct{ from, not, because string }{
		{"lapwing/scorer", "lapwing/server", "the scorer is the product and knows nothing of what carries it"},
		{"lapwing/scorer", "lapwing/wasm", "the boundary wraps the scorer"},
		{"lapwing/scorer/pack", "lapwing/scorer/rule", "a pack is data; who compiles it is another question"},
		{"lapwing/wasm", "lapwing/server", "the boundary decides nothing"},
	}
	for pkg, deps := range imports(t, "./...") {
		for _, r := range rules {
			if !under(pkg, r.from) {
				continue
			}
			for _, dep := range deps {
				if under(dep, r.not) && !isTestHelper(pkg) {
					t.Errorf("%s imports %s: %s", pkg, dep, r.because)
				}
			}
		}
	}
	for _, duty := range []string{"publish", "distribute", "collect", "review", "bulk", "extract", "ceremony", "learn"} {
		for pkg, deps := range imports(t, "./server/...") {
			if !under(pkg, "lapwing/server/"+duty) || strings.Contains(pkg, "/bench") {
				continue
			}
			if slices.Contains(deps, "github.com/valyala/fasthttp") {
				t.Errorf("%s imports fasthttp: HTTP stays at the edge, in server/cmd", pkg)
			}
		}
	}
}

func under(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

// isTestHelper reports whether only tests import the package.
func isTestHelper(pkg string) bool {
	return strings.HasSuffix(pkg, "test") || strings.HasSuffix(pkg, "/conformance")
}

func TestServerLinksNoSigningCode(t *testing.T) {
	for _, dep := range list(t, nil, "-deps", "./server/cmd/lapwingd") {
		for _, signer := range []string{"lapwing/server/ceremony", "lapwing/server/publish", "filippo.io/age", "golang.org/x/mod/sumdb/note"} {
			if dep == signer {
				t.Errorf("lapwingd links %s: the host that faces the network holds no key and can sign nothing", dep)
			}
		}
	}
}

func TestModulesImportOnlyTheScorer(t *testing.T) {
	for _, module := range []string{"./wasm/score", "./wasm/courier"} {
		for pkg, deps := range importsFor(t, module) {
			for _, dep := range deps {
				if dep != "unsafe" && dep != "lapwing/wasm/wire" && dep != "lapwing/wasm/ready" && !strings.HasPrefix(dep, "lapwing/scorer") && dep != "crypto/rand" {
					t.Errorf("%s imports %s: the boundary decides nothing and stays small", pkg, dep)
				}
			}
		}
	}
}

func importsFor(t *testing.T, pattern string) map[string][]string {
	t.Helper()
	m := map[string][]string{}
	for _, line := range list(t, []string{"GOOS=wasip1", "GOARCH=wasm"}, "-f", "{{.ImportPath}} {{join .Imports \" \"}}", pattern) {
		f := strings.Fields(line)
		m[f[0]] = f[1:]
	}
	return m
}

func TestEveryPackageHasAComment(t *testing.T) {
	for _, line := range list(t, nil, "-f", "{{.ImportPath}}|{{.Doc}}", "./...") {
		pkg, doc, _ := strings.Cut(line, "|")
		if doc == "" && !strings.Contains(pkg, "/node_modules/") {
			t.Errorf("%s has no package comment: it is the front page of what it does", pkg)
		}
	}
}

func TestTopLevelStaysAsItIs(t *testing.T) {
	want := []string{"scorer", "wasm", "server", "extension", "testdata", "Makefile", "go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
	cmd := exec.Command("git", "ls-files")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skip("not a git checkout") // an unpacked archive has no list of files to compare
	}
	for line := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(line), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(want, top) {
			t.Errorf("%s at the top level: the layout is fixed so that a newcomer finds her way; see README.md", top)
		}
	}
}

func TestMakefileIsShort(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 75 {
		t.Errorf("Makefile has %d lines: anything longer is a Go program", n)
	}
}

func TestEveryFileSaysItsLicence(t *testing.T) {
	cmd := exec.Command("git", "ls-files", "*.go", "*.js")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Skip("not a git checkout") // as above
	}
	for line := range strings.Lines(string(out)) {
		name := strings.TrimSpace(line)
		f, err := os.Open(filepath.Join(root, name))
		if err != nil {
			continue // deleted, not yet committed
		}
		first, _ := bufio.NewReader(f).ReadString('\n')
		f.Close()
		if !strings.Contains(first, "SPDX-License-Identifier: Apache-2.0") {
			t.Errorf("%s does not begin with its SPDX line", name)
		}
	}
}
