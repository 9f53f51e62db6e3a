// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/alecthomas/kong"

	"lapwing/server/learn"
	"lapwing/server/learn/curves"
)

// evalCmd is "lapwing eval".
type evalCmd struct {
	Data    []string `type:"existingfile" sep:"none" placeholder:"FILE" help:"Listings as JSON lines, .gz or not, with \"label\" (fraud, legit, benign) and \"template\". Can be repeated."`
	More    []string `arg:"" optional:"" name:"file" type:"existingfile" help:"More of them."`
	List    string   `type:"path" placeholder:"PACK" help:"The list to try (a pack, or a list's folder), instead of the embedded one."`
	Against string   `type:"path" placeholder:"PACK" help:"An earlier pack (or a list's folder) to compare with."`
	JSON    bool     `help:"Print JSON."`
	Plots   string   `type:"path" placeholder:"DIR" help:"Write ROC, precision-recall and calibration there, as SVG."`
	Folds   int      `default:"5" help:"Score labelled listings with models that were trained on the other folds, cut by template. 0: only the list as it is, which is right for listings that its model was not trained on."`
}

func (c *evalCmd) Run(k *kong.Context) error {
	files := slices.Concat(c.Data, c.More)
	switch {
	case len(files) == 0:
		return usage(errors.New("no listings to try the list on"), "name files of them with --data")
	case c.Folds < 0 || c.Folds == 1:
		return usage(errors.New("a split needs two folds at least"), "--folds 5, or 0 to train nothing")
	}
	list, err := listOr(c.List)
	if err != nil {
		return err
	}
	o := learn.EvaluateOptions{Folds: c.Folds, Recipe: learn.DefaultRecipe, Progress: stepProgress(k.Stderr)}
	if c.Against != "" {
		if o.Against, err = openPack(c.Against); err != nil {
			return err
		}
	}
	e, err := learn.Evaluate(list, files, o)
	if err != nil {
		return err
	}
	if c.Plots != "" {
		if err := writePlots(c.Plots, e); err != nil {
			return err
		}
	}
	if c.JSON {
		out := json.NewEncoder(k.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(e.Summary())
	}
	return e.Write(k.Stdout)
}

// writePlots draws the labelled listings, on folds where there are some.
func writePlots(dir string, e *learn.Evaluation) error {
	var series []curves.Series
	for _, f := range e.Folds {
		series = append(series, curves.Series{Name: f.Lang + " " + f.Kind + ", folds", Scored: f.Scored})
	}
	if e.Summary().AsIs != nil {
		series = append(series, curves.Series{Name: "the list as it is", Scored: e.AsIs})
	}
	if len(series) == 0 {
		return failure(errors.New("nothing to draw: no listings labelled fraud and legit"), "curves need both labels; leave --plots out")
	}
	plots, err := curves.Draw(series)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, svg := range plots {
		if err := os.WriteFile(filepath.Join(dir, name), svg, 0o644); err != nil {
			return err
		}
	}
	return nil
}
