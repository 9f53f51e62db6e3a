// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"lapwing/scorer/pack"
)

// maxWording bounds a wording model's file in bytes.
const maxWording = 32 << 20

// wordingFile is wording/<lang>-<kind>.json, which "lapwing train" writes.
type wordingFile struct {
	Lang     string   `json:"lang"`
	Kinds    []string `json:"kinds"`
	Bias     int32    `json:"bias"`
	Doc      [2]int32 `json:"doc"`
	Window   [2]int32 `json:"window"`
	Features []uint32 `json:"features"`
	Weights  []int8   `json:"weights"`
}

// WordingName is the name of a model's file below wording/.
func WordingName(w *pack.Wording) string {
	return w.Lang + "-" + strings.ReplaceAll(kindList(w.Kinds), ", ", "-") + ".json"
}

// FormatWording writes a model's file: one value a line, the numbers of features
// and weights by the dozen.
func FormatWording(w *pack.Wording) []byte {
	b := fmt.Appendf(nil, "{\n\"lang\": %q,\n\"kinds\": [", w.Lang)
	for k, name := range strings.Split(kindList(w.Kinds), ", ") {
		b = fmt.Appendf(b, "%s%q", []string{"", ", "}[min(k, 1)], name)
	}
	b = fmt.Appendf(b, "],\n\"bias\": %d,\n\"doc\": [%d, %d],\n\"window\": [%d, %d],\n", w.Bias, w.Doc[0], w.Doc[1], w.Window[0], w.Window[1])
	b = appendNumbers(append(b, "\"features\": ["...), w.Features)
	b = appendNumbers(append(b, "],\n\"weights\": ["...), w.Weights)
	return append(b, "]\n}\n"...)
}

func appendNumbers[T uint32 | int8](b []byte, numbers []T) []byte {
	for k, v := range numbers {
		if k > 0 {
			b = append(b, ',')
		}
		if k%12 == 0 {
			b = append(b, '\n')
		}
		b = strconv.AppendInt(b, int64(v), 10)
	}
	return b
}

func readWording(s *Source, fsys fs.FS, name string, faults *Faults) {
	refuse := func(problem string) {
		*faults = append(*faults, Fault{Place: Place{File: name}, Problem: problem, Hint: `the file is written by "lapwing train"; run it again`})
	}
	text, err := readBounded(fsys, name, maxWording)
	if err != nil {
		refuse(err.Error())
		return
	}
	var f wordingFile
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		refuse("not a wording model: " + err.Error())
		return
	}
	w := pack.Wording{Lang: f.Lang, Bias: f.Bias, Doc: f.Doc, Window: f.Window, Features: f.Features, Weights: f.Weights}
	for _, name := range f.Kinds {
		kind := pack.ParseKind(name)
		if kind == pack.Unknown {
			refuse(fmt.Sprintf("unknown kind %q", name))
			return
		}
		w.Kinds |= 1 << kind
	}
	if w.Kinds == 0 || scriptsOf[w.Lang] == nil {
		refuse("a model needs a known language and at least one kind")
		return
	}
	if len(w.Features) != len(w.Weights) || len(w.Features) > pack.MaxFeatures {
		refuse(fmt.Sprintf("%d features and %d weights", len(w.Features), len(w.Weights)))
		return
	}
	for i, h := range w.Features {
		if h >= 1<<pack.FeatureBits || i > 0 && h <= w.Features[i-1] {
			refuse("features out of order")
			return
		}
	}
	s.Wording = append(s.Wording, w)
}
