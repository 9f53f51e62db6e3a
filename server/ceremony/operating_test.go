// SPDX-License-Identifier: Apache-2.0

package ceremony_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestOperatingGuideIsTrue types what OPERATING.md says, in its order, and
// compares what the guide promises.
func TestOperatingGuideIsTrue(t *testing.T) {
	guide, err := os.ReadFile("../OPERATING.md")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for _, program := range []string{"lapwing", "lapwingd"} {
		out, err := exec.Command("go", "build", "-o", filepath.Join(bin, program), "lapwing/server/cmd/"+program).CombinedOutput()
		if err != nil {
			t.Fatalf("building %s: %v\n%s", program, err, out)
		}
	}
	server, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	text := string(guide)
	for _, port := range []string{"8787", "8788", "8789", "8790", "8791", "8792", "8793"} { // whatever else runs on this machine
		text = strings.ReplaceAll(text, "127.0.0.1:"+port, free(t))
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "operating.txt"), []byte(script(text)), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("LAPWING_PASSPHRASE_FILE", filepath.Join(e.WorkDir, "passphrase"))
			e.Setenv("LAPWING_WORK_FACTOR", "10")
			return os.Symlink(server, filepath.Join(e.WorkDir, "server"))
		},
	})
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// script turns the guide's blocks into a test script: a command for each $, and
// for each line below it a demand on what the command prints.
func script(guide string) string {
	var out strings.Builder
	inBlock, failing := false, false
	for line := range strings.Lines(guide) {
		line = strings.TrimSuffix(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inBlock = !inBlock
		case !inBlock || line == "":
		case isCommand:
			command, failing = strings.CutPrefix(command, "! ")
			if background, ok := strings.CutSuffix(command, " &"); ok {
				fmt.Fprintf(&out, "exec %s &\n", background)
				continue
			}
			if failing {
				out.WriteString("! ")
			} else {
				out.WriteString("stdin yes\n")
			}
			fmt.Fprintf(&out, "exec sh -c '%s'\n", command)
		default:
			stream := "stdout"
			if failing {
				stream = "stderr"
			}
			pattern := strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*")
			fmt.Fprintf(&out, "%s '%s'\n", stream, pattern)
		}
	}
	out.WriteString("-- passphrase --\nan invented passphrase\n-- yes --\nyes\n")
	return out.String()
}
