// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// programs measures peers that are programs of their own, on a part of the text,
// since some would take minutes for all of it: their processor time, start included.
func programs(c corpus, list []string, size int) error {
	dir, err := os.MkdirTemp("", "lapwing-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var text bytes.Buffer
	for _, d := range c.docs {
		if text.Len() > size {
			break
		}
		text.WriteString(strings.ReplaceAll(d, "\n", " "))
		text.WriteByte('\n')
	}
	files := map[string]string{
		"text":    text.String(),
		"phrases": strings.Join(list, "\n") + "\n",
		"rules":   yaraRules(list),
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		name string
		args []string
	}{
		{"YARA, nocase fullword", []string{"yara", "-s", "rules", "text"}},
		{"ripgrep -F -i -w", []string{"rg", "-F", "-i", "-w", "-o", "-f", "phrases", "text"}},
		{"grep -F -i -w", []string{"grep", "-F", "-i", "-w", "-o", "-f", "phrases", "text"}},
	} {
		if _, err := exec.LookPath(p.args[0]); err != nil {
			fmt.Printf("  %-52s not installed\n", p.name)
			continue
		}
		cmd := exec.Command("timeout", append([]string{"60"}, p.args...)...)
		cmd.Dir = dir
		out, _ := cmd.Output() // grep ends with 1 where nothing is found
		took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		fmt.Printf("  %-52s %7.1f MB/s %8d hits\n", p.name, float64(text.Len())/took.Seconds()/1e6, bytes.Count(out, []byte{'\n'}))
	}
	return goRegexp(text.String(), list)
}

func yaraRules(list []string) string {
	var b strings.Builder
	b.WriteString("rule phrases {\n strings:\n")
	for i, p := range list {
		fmt.Fprintf(&b, "  $p%d = \"%s\" nocase fullword\n", i, p)
	}
	b.WriteString(" condition: any of them\n}\n")
	return b.String()
}

func goRegexp(text string, list []string) error {
	re, err := regexp.Compile(`(?i)\b(?:` + strings.Join(list, "|") + `)\b`)
	if err != nil {
		return err
	}
	part := text[:min(len(text), 20000)]
	start := time.Now()
	hits := len(re.FindAllStringIndex(part, -1))
	fmt.Printf("  %-52s %7.2f MB/s %8d hits in %d kB\n", "Go regexp, an alternation", float64(len(part))/time.Since(start).Seconds()/1e6, hits, len(part)/1000)
	return nil
}
