// SPDX-License-Identifier: Apache-2.0

package picture

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Bars draws a table as horizontal bars, at most n of them: all reports, and the
// confirmed ones within. Numbers stand beside them in words, since not everybody
// tells colours apart.
func (t *Table) Bars(n int) string {
	cells := t.Cells[:min(n, len(t.Cells))]
	const label, width, height = 300, 380, 24
	most := 1
	for _, c := range cells {
		most = max(most, c.Reports)
	}
	var b strings.Builder
	begin(&b, t, bothBars, label+width+240, height*len(cells)+70)
	for i, c := range cells {
		y := 60 + i*height
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, label-8, y+12, escaped(short(t.Called(c), 40)))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="16" class="all"/>`, label, y, max(c.Reports*width/most, 1))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="16" class="confirmed"/>`, label, y, max(c.Confirmed, 0)*width/most)
		text := Number(c.Reports)
		if share, ok := c.Share(); ok {
			text += fmt.Sprintf(", confirmed %d %% of %d decided", share, c.Confirmed+c.Rejected)
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, label+c.Reports*width/most+6, y+12, text)
	}
	b.WriteString("</svg>")
	return b.String()
}

// Columns draws a table as upright bars, for weeks: the last sixty.
func (t *Table) Columns() string {
	cells := t.Cells[max(len(t.Cells)-60, 0):]
	const step, height, top = 14, 180, 60
	most := 1
	for _, c := range cells {
		most = max(most, c.Reports)
	}
	var b strings.Builder
	width := max(step*len(cells)+150, 700)
	begin(&b, t, bothBars, width, height+top+40)
	fmt.Fprintf(&b, `<path class="axis" d="M44 %dH%d"/>`, top+height, width-20)
	for i, c := range cells {
		x := 48 + i*step
		h, k := max(c.Reports, 0)*height/most, max(c.Confirmed, 0)*height/most
		fmt.Fprintf(&b, `<g><title>%s: %s, confirmed %s</title><rect x="%d" y="%d" width="%d" height="%d" class="all"/><rect x="%d" y="%d" width="%d" height="%d" class="confirmed"/></g>`,
			escaped(c.Name), Number(c.Reports), Number(c.Confirmed), x, top+height-h, step-3, h, x, top+height-k, step-3, k)
		if i%8 == 0 {
			fmt.Fprintf(&b, `<text x="%d" y="%d" class="soft">%s</text>`, x, top+height+22, escaped(c.Name))
		}
	}
	fmt.Fprintf(&b, `<text x="38" y="%d" text-anchor="end" class="soft">%d</text><text x="38" y="%d" text-anchor="end" class="soft">0</text></svg>`, top+8, most, top+height)
	return b.String()
}

const (
	light = `text{font:13px system-ui,sans-serif;fill:#1b1f24}.soft{fill:#57606a}.axis{stroke:#57606a}.all{fill:#b9c6d6}.confirmed{fill:#1f4e8c}.back{fill:#fff}` +
		`.sea{fill:#f3f6f9}[class^=m]{stroke:#a3aeb9;stroke-width:.5}circle[class]{stroke:#1b1f24;stroke-width:1}.border{fill:none;stroke:#4b5661;stroke-width:1.1}.halo{paint-order:stroke;stroke:#fff;stroke-width:3px}.m0{fill:#fff}.m1{fill:#cfe3d4}.m2{fill:#93c9ab}.m3{fill:#4fa58a}.m4{fill:#1f7a70}.m5{fill:#0b4a4f}.n4,.n5{fill:#fff}`
	dark = `text{fill:#e6edf3}.soft{fill:#9aa5b1}.axis{stroke:#9aa5b1}.all{fill:#4a5868}.confirmed{fill:#7db0f0}.back{fill:#14181d}` +
		`.sea{fill:#0f1317}[class^=m]{stroke:#57626e}circle[class]{stroke:#e6edf3}.border{stroke:#aab4be}.halo{stroke:#14181d}.m0{fill:#222a32}.m1{fill:#1f4a45}.m2{fill:#2a706a}.m3{fill:#4a9c8c}.m4{fill:#86c9ae}.m5{fill:#d2f0dc}.n1,.n2{fill:#fff}.n3,.n4,.n5{fill:#0f1317}`
	endOfStyle = `</style>`

	bothBars = "The whole bar: all reports. The strong part: confirmed by two reviewers."
)

// OnScreen gives a picture that follows the colour scheme of whoever looks at it.
// What is saved has one look, for paper.
func OnScreen(svg string) string {
	return strings.Replace(svg, endOfStyle, "@media (prefers-color-scheme: dark){"+dark+"}"+endOfStyle, 1)
}

func begin(b *strings.Builder, t *Table, note string, width, height int) {
	if t.Noise != "" {
		note = strings.TrimSpace(note + " " + strings.ToUpper(t.Noise[:1]) + t.Noise[1:] + ".")
	}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s"><style>%s%s<rect class="back" width="100%%" height="100%%"/>`,
		width, height, width, height, escaped(t.Title), light, endOfStyle)
	fmt.Fprintf(b, `<text x="10" y="20" font-weight="bold">%s</text><text x="10" y="40" class="soft">%s</text>`, escaped(t.Title), escaped(note))
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
