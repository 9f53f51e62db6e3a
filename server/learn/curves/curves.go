// SPDX-License-Identifier: Apache-2.0

// Package curves draws what an evaluation found as SVG: the ROC curve, the
// precision-recall curve, and how much fraud there is at which score.
//
// Call Draw. It is a package of its own because of what a plotting library
// brings with it; only the command line links it. The same scores give the same
// bytes.
package curves

import (
	"bytes"
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"lapwing/server/learn"
)

// Series is a line of each plot.
type Series struct {
	Name   string
	Scored []learn.Scored // both labels must be there
}

// parts is how many points a line of the calibration plot has.
const parts = 20

// lines are the colours of the series: told apart by readers who see no red or no green.
var lines = []color.Color{
	color.RGBA{0x00, 0x72, 0xb2, 0xff}, color.RGBA{0xd5, 0x5e, 0x00, 0xff},
	color.RGBA{0x00, 0x9e, 0x73, 0xff}, color.RGBA{0xcc, 0x79, 0xa7, 0xff},
}

// Draw gives the plots by the names of their files.
func Draw(series []Series) (map[string][]byte, error) {
	roc := newPlot("ROC", "harmless listings flagged (share)", "fraud flagged (share)", 1)
	pr := newPlot("Precision and recall", "fraud flagged (share)", "flagged that are fraud (share)", 1)
	calibration := newPlot("Calibration", "score", "share of fraud", 100)
	for k, s := range series {
		r, p := learn.Curves(s.Scored)
		c := learn.Calibration(s.Scored, parts)
		for i := range c {
			c[i].X /= 100 // hundredths
		}
		style := func(p *plot.Plot, points []learn.Point) error { return add(p, s.Name, points, lines[k%len(lines)]) }
		if err := style(roc, r); err != nil {
			return nil, err
		}
		if err := style(pr, p); err != nil {
			return nil, err
		}
		if err := style(calibration, c); err != nil {
			return nil, err
		}
	}
	out := map[string][]byte{}
	for name, p := range map[string]*plot.Plot{"roc.svg": roc, "precision-recall.svg": pr, "calibration.svg": calibration} {
		svg, err := render(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = svg
	}
	return out, nil
}

func newPlot(title, x, y string, most float64) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, most, 0, 1
	p.Legend.Left = false
	p.Add(plotter.NewGrid())
	return p
}

func add(p *plot.Plot, name string, points []learn.Point, c color.Color) error {
	xy := make(plotter.XYs, len(points))
	for i, v := range points {
		xy[i] = plotter.XY{X: v.X, Y: v.Y}
	}
	line, err := plotter.NewLine(xy)
	if err != nil {
		return err
	}
	line.Color, line.Width = c, vg.Points(1.5)
	p.Add(line)
	p.Legend.Add(name, line)
	return nil
}

func render(p *plot.Plot) ([]byte, error) {
	w, err := p.WriterTo(14*vg.Centimeter, 11*vg.Centimeter, "svg")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := w.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
