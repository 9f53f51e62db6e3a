// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// folder is a part of the source: which files it has and what reads one.
type folder struct {
	pattern string
	read    func(*Source, fs.FS, string, *Faults)
}

// folders lists the parts of the source. What else lies in the folder
// (README, LICENSE, schema/, Go files) is not the list's.
var folders = []folder{
	{"policy.yaml", readPolicy},
	{"retired.yaml", readRetired},
	{"indicators/*/*.yaml", readIndicator},
	{"texts/*.yaml", readTexts},
	{"advice/*.yaml", readAdvice},
	{"helplines/*.yaml", readHelpline},
	{"sites/*.yaml", readSite},
	{"protected/*.yaml", readProtected},
	{"wording/*.json", readWording},
	{"false-positives/*.yaml", readFalsePositive},
}

// Load reads the list's source from its folder. It returns what could be read
// and everything that is wrong with single files; Check looks at them together.
func Load(fsys fs.FS) (*Source, Faults) {
	s := &Source{}
	var faults Faults
	for _, f := range folders {
		names, err := fs.Glob(fsys, f.pattern)
		if err != nil {
			faults = append(faults, Fault{Place: Place{File: f.pattern}, Problem: err.Error()})
		}
		for _, name := range names {
			f.read(s, fsys, name, &faults)
		}
	}
	if _, err := fs.Stat(fsys, "policy.yaml"); errors.Is(err, fs.ErrNotExist) {
		faults = append(faults, Fault{Place: Place{File: "policy.yaml"}, Problem: "the file is missing",
			Hint: "is this the list's folder? it holds policy.yaml and indicators/"})
	}
	faults = append(faults, strangers(fsys)...)
	faults.Sort()
	return s, faults
}

// strangers finds files that look like entries and are read by nobody, such as
// one with the ending .yml or one folder too deep.
func strangers(fsys fs.FS) Faults {
	var faults Faults
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		ext := path.Ext(name)
		if ext != ".yaml" && ext != ".yml" || slices.ContainsFunc(folders, func(f folder) bool {
			ok, _ := path.Match(f.pattern, name)
			return ok
		}) {
			return nil
		}
		faults = append(faults, Fault{Place: Place{File: name}, Problem: "a file that is no part of the list",
			Hint: "indicators are indicators/<family>/<id>.yaml; other folders have no folders below them; the ending is .yaml"})
		return nil
	})
	if err != nil {
		faults = append(faults, Fault{Place: Place{File: "."}, Problem: err.Error()})
	}
	return faults
}

// stem is a file's name without its folder and ending.
func stem(name string) string {
	return strings.TrimSuffix(path.Base(name), path.Ext(name))
}
