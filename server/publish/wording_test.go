// SPDX-License-Identifier: Apache-2.0

package publish_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapwing/scorer/pack"
	"lapwing/server/publish"
)

// What FormatWording writes, Load reads.
func TestWordingFilesAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		features := rapid.SliceOfNDistinct(rapid.Uint32Range(0, 1<<pack.FeatureBits-1), 0, 40, rapid.ID).Draw(t, "features")
		slices.Sort(features)
		w := pack.Wording{Lang: "en", Kinds: 1 << pack.Job, Features: features, Bias: rapid.Int32().Draw(t, "bias"), Doc: [2]int32{3, 9}, Window: [2]int32{-4, 5}}
		if rapid.Bool().Draw(t, "two kinds") {
			w.Kinds |= 1 << pack.AuPair
		}
		for range features {
			w.Weights = append(w.Weights, rapid.Int8().Draw(t, "weight"))
		}
		files := sample()
		files["wording/"+publish.WordingName(&w)] = string(publish.FormatWording(&w))
		s, faults := publish.Load(filesystem(files))
		if len(faults) > 0 || len(s.Wording) != 1 {
			t.Fatalf("%d models, faults %v", len(s.Wording), faults)
		}
		got := s.Wording[0]
		if got.Lang != w.Lang || got.Kinds != w.Kinds || got.Bias != w.Bias || got.Doc != w.Doc || got.Window != w.Window ||
			!slices.Equal(got.Features, w.Features) || !slices.Equal(got.Weights, w.Weights) {
			t.Fatalf("read %+v, wrote %+v", got, w)
		}
	})
}

func TestWordingFilesThatSomebodyEditedAreRefused(t *testing.T) {
	good := string(publish.FormatWording(&pack.Wording{Lang: "en", Kinds: 1 << pack.Job, Doc: [2]int32{1, 2}, Window: [2]int32{1, 2}, Features: []uint32{5, 9}, Weights: []int8{1, -1}}))
	for name, test := range map[string]struct{ old, new, want string }{
		"one weight short": {"1,-1", "1", "2 features and 1 weights"},
		"out of order":     {"5,9", "9,5", "features out of order"},
		"too large a hash": {"5,9", "5,999999999", "features out of order"},
		"too heavy":        {"1,-1", "1,-129", "not a wording model"},
		"unknown kind":     {`"job"`, `"jobs"`, `unknown kind "jobs"`},
		"unknown language": {`"en"`, `"xx"`, "a known language"},
		"unknown key":      {`"bias"`, `"biass"`, "not a wording model"},
	} {
		text := strings.Replace(good, test.old, test.new, 1)
		if text == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		files := sample()
		files["wording/en-job.json"] = text
		_, faults := publish.Load(filesystem(files))
		if len(faults) != 1 || !strings.Contains(faults[0].Problem, test.want) || !strings.Contains(faults[0].Hint, "lapwing train") {
			t.Errorf("%s: faults %v, want %q", name, faults, test.want)
		}
	}
}
