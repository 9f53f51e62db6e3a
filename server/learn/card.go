// SPDX-License-Identifier: Apache-2.0

package learn

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/publish"
)

// card is what MODEL_CARD.md says.
type card struct {
	Seed   uint64
	Recipe Recipe
	List   *pack.Pack
	Sets   []setFacts
	Models []modelCard
}

type modelCard struct {
	File   string
	Model  *pack.Wording
	Folds  Figures
	Benign []BenignFigure
	Share  int // bytes of the gzip'd pack
}

//go:embed card.md.tmpl
var cardText string

func (c *card) render() ([]byte, error) {
	t, err := template.New(CardName).Funcs(template.FuncMap{
		"three":   func(v float64) string { return fmt.Sprintf("%.3f", v) },
		"percent": func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) },
		"rate":    rateText,
		"facts":   Facts,
		"join":    strings.Join,
		"level":   func(f Figures, label string, l int) Spread { return f.Levels[label][l] },
	}).Parse(cardText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, c); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Command gives the arguments by which the model is made again.
func (c *card) Command() string {
	var b strings.Builder
	for _, s := range c.Sets {
		b.WriteString("--data " + s.Name + " ")
	}
	return fmt.Sprintf("%s--seed %d", &b, c.Seed)
}

// FoldsText says how the folds are cut.
func (c *card) FoldsText() string {
	return fmt.Sprintf("%d folds, seeds %v.", Folds, Seeds)
}

func rateText(b BenignFigure, l int) string {
	rate, low, high := b.Rate(scorer.Level(l))
	return fmt.Sprintf("%.2f (%.2f-%.2f)", rate, low, high)
}

// Facts are the lines of the card that follow from the model's file alone. A test
// compares them with the file that is shipped.
func Facts(w *pack.Wording) []string {
	heavy, words := 0, 0
	for _, v := range w.Weights {
		if v != 0 {
			heavy++
		} else {
			words++
		}
	}
	return []string{
		fmt.Sprintf("| file | `%s`, SHA-256 `%x` |", publish.WordingName(w), sha256.Sum256(publish.FormatWording(w))),
		fmt.Sprintf("| language, kinds | %s |", strings.TrimSuffix(strings.ReplaceAll(publish.WordingName(w), "-", ", "), ".json")),
		fmt.Sprintf("| n-grams with a weight | %d, int8 |", heavy),
		fmt.Sprintf("| further words, so that disguises can be undone | %d |", words),
		fmt.Sprintf("| thresholds, hint and strong hint | whole text %d and %d, window %d and %d; bias %d |", w.Doc[0], w.Doc[1], w.Window[0], w.Window[1], w.Bias),
	}
}
