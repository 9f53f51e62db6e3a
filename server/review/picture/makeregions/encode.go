// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"slices"
	"strings"
)

// encode writes the file as the comment of package picture's regions.go has it.
func encode(c *codes, d *drawing) []byte {
	b := []byte("lapwing regions v1\n")
	b = binary.AppendUvarint(b, uint64(len(d.arcs)))
	for _, a := range d.arcs {
		b = binary.AppendUvarint(b, uint64(len(a)))
		var last point
		for _, p := range a {
			b = binary.AppendVarint(b, int64(p.x/10-last.x))
			b = binary.AppendVarint(b, int64(p.y/10-last.y))
			last = point{p.x / 10, p.y / 10}
		}
	}
	list := listed(c, d)
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, code := range list {
		b = appendString(appendString(b, code), nameOf(c.names[code]))
		b = binary.AppendUvarint(b, uint64(len(d.regions[code])))
		for _, r := range d.regions[code] {
			b = binary.AppendUvarint(b, uint64(len(r)))
			for _, i := range r {
				b = binary.AppendVarint(b, int64(i))
			}
		}
	}
	var parts []string
	for code, top := range c.top {
		if code != top {
			parts = append(parts, code)
		}
	}
	slices.Sort(parts)
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, code := range parts {
		b = appendString(appendString(b, code), c.top[code])
	}
	return b
}

// listed gives all countries and first-level regions, those without a shape, too.
func listed(c *codes, d *drawing) []string {
	var list []string
	for code := range c.names {
		if len(code) == 2 || c.top[code] == code {
			list = append(list, code)
		}
	}
	for code := range d.regions {
		if c.names[code] == "" {
			list = append(list, code)
		}
	}
	slices.Sort(list)
	return list
}

// nameOf is a name without notes and other spellings.
func nameOf(s string) string {
	s, _, _ = strings.Cut(s, "[")
	s, _, _ = strings.Cut(s, " (")
	return strings.TrimSpace(strings.ReplaceAll(s, "*", ""))
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
