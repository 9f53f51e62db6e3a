// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Bars draws a table as horizontal bars, at most n of them: all reports, and the
// confirmed ones within. Colours have names in words beside them, since not
// everybody tells them apart.
func (t *Table) Bars(n int) string {
	cells := t.Cells[:min(n, len(t.Cells))]
	const label, width, height = 230, 420, 24
	most := 1
	for _, c := range cells {
		most = max(most, c.Reports)
	}
	var b strings.Builder
	begin(&b, t, label+width+150, height*len(cells)+60)
	for i, c := range cells {
		y := 50 + i*height
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, label-8, y+12, escaped(short(c.Name, 32)))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="16" class="all"/>`, label, y, max(c.Reports*width/most, 1))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="16" class="confirmed"/>`, label, y, c.Confirmed*width/most)
		text := fmt.Sprint(c.Reports)
		if share, ok := c.Share(); ok {
			text += fmt.Sprintf(", %d %% of %d decided confirmed", share, c.Confirmed+c.Rejected)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, label+c.Reports*width/most+6, y+12, text)
	}
	b.WriteString("</svg>")
	return b.String()
}

// Columns draws a table as upright bars, for weeks.
func (t *Table) Columns() string {
	cells := t.Cells[max(len(t.Cells)-60, 0):]
	const step, height = 14, 180
	most := 1
	for _, c := range cells {
		most = max(most, c.Reports)
	}
	var b strings.Builder
	begin(&b, t, max(step*len(cells)+80, 420), height+100)
	for i, c := range cells {
		x := 40 + i*step
		h, k := c.Reports*height/most, c.Confirmed*height/most
		fmt.Fprintf(&b, `<g><title>%s: %d, confirmed %d</title><rect x="%d" y="%d" width="%d" height="%d" class="all"/><rect x="%d" y="%d" width="%d" height="%d" class="confirmed"/></g>`,
			escaped(c.Name), c.Reports, c.Confirmed, x, 50+height-h, step-3, h, x, 50+height-k, step-3, k)
		if i%8 == 0 {
			fmt.Fprintf(&b, `<text x="%d" y="%d" class="soft">%s</text>`, x, height+70, escaped(c.Name))
		}
	}
	fmt.Fprintf(&b, `<text x="36" y="58" text-anchor="end" class="soft">%d</text></svg>`, most)
	return b.String()
}

const style = `<style>text{font:13px system-ui,sans-serif;fill:#1b1f24}.soft{fill:#57606a}.all{fill:#b9c6d6}.confirmed{fill:#1f4e8c}.back{fill:#fff}</style>`

func begin(b *strings.Builder, t *Table, width, height int) {
	note := "light: reports; dark: confirmed by two reviewers"
	if t.Noise != "" {
		note += "; " + t.Noise
	}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">%s<rect class="back" width="100%%" height="100%%"/>`,
		width, height, width, height, escaped(t.Title), style)
	fmt.Fprintf(b, `<text x="8" y="18" font-weight="bold">%s</text><text x="8" y="36" class="soft">%s</text>`, escaped(t.Title), escaped(note))
}

func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func escaped(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}
