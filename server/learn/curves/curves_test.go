// SPDX-License-Identifier: Apache-2.0

package curves_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"lapwing/server/learn"
	"lapwing/server/learn/curves"
)

func series() []curves.Series {
	var list []learn.Scored
	for i := range 100 {
		list = append(list, learn.Scored{Score: float64(i * 97 % 100 * 100), Fraud: i%3 == 0 || i > 80})
	}
	return []curves.Series{{Name: "en job, folds", Scored: list}, {Name: "as it is <&>", Scored: list[:50]}}
}

func TestCurvesAreSVGWithEverySeries(t *testing.T) {
	plots, err := curves.Draw(series())
	if err != nil {
		t.Fatal(err)
	}
	again, err := curves.Draw(series())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"roc.svg", "precision-recall.svg", "calibration.svg"} {
		svg := plots[name]
		if !bytes.Equal(svg, again[name]) {
			t.Errorf("%s: two drawings of the same scores differ", name)
		}
		text := ""
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if chars, ok := token.(xml.CharData); ok {
				text += string(chars)
			}
		}
		for _, s := range series() {
			if !strings.Contains(text, s.Name) {
				t.Errorf("%s does not name %q", name, s.Name)
			}
		}
	}
}

// A plotting library has no place in the host that faces the network.
func TestTheServerLinksNoPlots(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "lapwing/server/cmd/lapwingd", "lapwing/server/learn").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(dep, "gonum.org/") {
			t.Errorf("lapwingd or package learn links %s; only package curves may", dep)
		}
	}
}
