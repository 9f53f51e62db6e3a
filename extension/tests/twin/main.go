// SPDX-License-Identifier: Apache-2.0

// Command twin prints what package extract reads of saved pages, one JSON line
// each, so that a test in a browser can hold its own reading against it.
//
//	twin SITES < pages.tsv      a line: file, tab, address (may be empty)
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"lapwing/server/extract"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "twin: error: %v\n", err)
		os.Exit(1)
	}
}

func run() error {
	sites, err := extract.Sites(os.DirFS(os.Args[1]), ".")
	if err != nil {
		return err
	}
	if len(os.Args) > 2 && os.Args[2] == "sites" {
		return json.NewEncoder(os.Stdout).Encode(sites)
	}
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		file, address, _ := strings.Cut(lines.Text(), "\t")
		text, err := load(file)
		if err != nil {
			return err
		}
		page, err := extract.Read(text, address, sites)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := out.Encode(page); err != nil {
			return err
		}
	}
	return lines.Err()
}

func load(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return "", err
		}
	}
	text, err := io.ReadAll(r)
	return strings.ToValidUTF8(string(text), "\ufffd"), err
}
