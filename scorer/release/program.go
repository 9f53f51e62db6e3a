// SPDX-License-Identifier: Apache-2.0

package release

import "strings"

// Program is the version of all that is made from this source: the extension,
// whose manifest says the same (a test compares them), lapwing and lapwingd.
const Program = "0.2.0"

// Requires is the least version that can use a list made from this source. It
// changes with the formats of packs and of what they hold, and not with Program.
const Requires = "0.2.0"

// program is the version of a program, as 1.2.0.
type program [3]uint32

func parseProgram(s string) (p program, ok bool) {
	var l lines
	words := strings.Split(s, ".")
	if len(words) > len(p) {
		return p, false
	}
	for i, w := range words {
		p[i] = uint32(l.number(w, 1<<31))
	}
	return p, !l.bad
}

func (p program) before(q program) bool {
	for i := range p {
		if p[i] != q[i] {
			return p[i] < q[i]
		}
	}
	return false
}
