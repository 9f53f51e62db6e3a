// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var golden = flag.Bool("golden", false, "rewrite what the scripts in testdata/score expect; read the diff")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lapwing": main})
}

// TestScoreOnTheCommandLine runs scripts that a user could type.
func TestScoreOnTheCommandLine(t *testing.T) {
	list, err := filepath.Abs(filepath.Join("testdata", "list"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "score"), UpdateScripts: *golden, RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LIST", list)
			e.Setenv("LANG", "C")
			return os.MkdirAll(filepath.Join(e.WorkDir, "tmp"), 0o755)
		},
	})
}
