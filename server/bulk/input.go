// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Format says how listings are written down.
type Format string

// The formats of the input; FormatTable is for the output only.
const (
	FormatAuto    Format = "auto"
	FormatJSONL   Format = "jsonl"
	FormatCSV     Format = "csv"
	FormatParquet Format = "parquet"
	FormatHTML    Format = "html"
	FormatTable   Format = "table"
)

// Stdin is the path that means standard input.
const Stdin = "-"

// Input is one file of a run.
type Input struct {
	Path string // Stdin for standard input
	Size int64  // bytes as stored; -1 where unknown
}

// extensions of the files that a directory is searched for.
var extensions = map[string]Format{
	".jsonl": FormatJSONL, ".ndjson": FormatJSONL, ".json": FormatJSONL,
	".csv": FormatCSV, ".tsv": FormatCSV,
	".parquet": FormatParquet,
	".html":    FormatHTML, ".htm": FormatHTML,
}

// formatOf goes by the name, without what compression adds to it.
func formatOf(path string) (Format, bool) {
	path = strings.ToLower(path)
	for _, ext := range []string{".gz", ".zst"} {
		path = strings.TrimSuffix(path, ext)
	}
	f, ok := extensions[filepath.Ext(path)]
	return f, ok
}

// Expand turns arguments into files: a directory into all files below it whose
// names say a format, a pattern with * ? [ into what it matches. The order is
// that of the arguments, and by name below each.
func Expand(args []string) ([]Input, error) {
	var all []Input
	for _, arg := range args {
		found, err := expand(arg)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func expand(arg string) ([]Input, error) {
	if arg == Stdin {
		return []Input{{Stdin, stdinSize()}}, nil
	}
	info, err := os.Stat(arg)
	if err != nil && strings.ContainsAny(arg, "*?[") {
		return expandPattern(arg)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %v", arg, plainPathError(err))
	}
	if !info.IsDir() {
		return []Input{{arg, sizeOf(info)}}, nil
	}
	var found []Input
	err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, ok := formatOf(path); !ok {
			return nil
		}
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() {
			found = append(found, Input{path, info.Size()})
		}
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s: no file below it ends in .jsonl, .csv, .parquet or .html (or these with .gz or .zst)", arg)
	}
	return found, err
}

func expandPattern(pattern string) ([]Input, error) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %v", pattern, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no file matches", pattern)
	}
	slices.Sort(names)
	var all []Input
	for _, name := range names {
		found, err := expand(name)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// plainPathError leaves out the operation and the path, which the caller names.
func plainPathError(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err
	}
	return err
}

func sizeOf(info fs.FileInfo) int64 {
	if info.Mode().IsRegular() {
		return info.Size()
	}
	return -1
}

func stdinSize() int64 {
	if info, err := os.Stdin.Stat(); err == nil {
		return sizeOf(info)
	}
	return -1
}

// fingerprint tells one list of inputs from another, for the journal.
func fingerprint(inputs []Input) string {
	h := sha256.New()
	for _, in := range inputs {
		h.Write(strconv.AppendQuote(nil, in.Path))
		h.Write(strconv.AppendInt([]byte{' '}, in.Size, 10))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Magic bytes at the head of files.
var (
	magicGzip    = []byte{0x1f, 0x8b}
	magicZstd    = []byte{0x28, 0xb5, 0x2f, 0xfd}
	magicParquet = []byte("PAR1")
	byteOrder    = []byte("\xef\xbb\xbf") // mark of UTF-8, as some programs write it
)

// sniff tells the format by the first bytes, where the name says nothing.
func sniff(head []byte) (Format, bool) {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, byteOrder))
	switch {
	case bytes.HasPrefix(head, magicParquet):
		return FormatParquet, true
	case len(head) == 0 || head[0] == '{' || head[0] == '[':
		return FormatJSONL, true
	case head[0] == '<':
		return FormatHTML, true
	}
	line, _, _ := bytes.Cut(head, newline)
	return FormatCSV, bytes.ContainsAny(line, ",;\t")
}
