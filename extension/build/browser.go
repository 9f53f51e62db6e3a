// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// browser is one of the two that the extension is made for.
type browser struct {
	name string
	// drop are the keys of the manifest that this browser does not know and
	// warns of: a key, or what is inside of one (of an object or of a list).
	drop [][2]string
	// origin is where newer lists come from, as permissions name it, or "".
	origin string
}

var browsers = []browser{
	{name: "chromium", drop: [][2]string{
		{"browser_specific_settings", ""}, {"sidebar_action", ""}, {"background", "scripts"},
	}},
	{name: "firefox", drop: [][2]string{
		{"minimum_chrome_version", ""}, {"side_panel", ""}, {"storage", ""}, {"background", "service_worker"}, {"permissions", "sidePanel"},
	}},
}

// manifest gives the one manifest as this browser wants it.
func (b *browser) manifest(source []byte) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(source, &m); err != nil {
		return nil, fmt.Errorf("reading manifest.json: %v", err)
	}
	for _, d := range b.drop {
		key, inner := d[0], d[1]
		if inner == "" {
			delete(m, key)
			continue
		}
		switch v := m[key].(type) {
		case map[string]any:
			delete(v, inner)
		case []any:
			m[key] = slices.DeleteFunc(v, func(x any) bool { return x == inner })
		default:
			return nil, fmt.Errorf("manifest.json has no %q to take %q out of", key, inner)
		}
	}
	if b.origin != "" {
		m["host_permissions"] = []string{b.origin}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(m)
	return out.Bytes(), err
}

// write writes the folder and the archive, and says what the archive is.
func (b *browser) write(out string, files map[string][]byte) error {
	mine := map[string][]byte{}
	for name, text := range files {
		mine[name] = text
	}
	var err error
	if mine["manifest.json"], err = b.manifest(files["manifest.json"]); err != nil {
		return err
	}
	if err := folder(filepath.Join(out, b.name), mine); err != nil {
		return err
	}
	zipped, err := archive(mine)
	if err != nil {
		return err
	}
	file := filepath.Join(out, "lapwing-"+b.name+".zip")
	if err := os.WriteFile(file, zipped, 0o644); err != nil {
		return err
	}
	fmt.Printf("%x  %s  %d bytes\n", sha256.Sum256(zipped), file, len(zipped))
	return nil
}

// folder writes files afresh: what was there before is taken away.
func folder(dir string, files map[string][]byte) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// archive zips files in the order of their names, without times, owners or
// anything else of the machine.
func archive(files map[string][]byte) ([]byte, error) {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}
