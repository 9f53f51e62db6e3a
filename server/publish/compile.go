// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"fmt"
	"io/fs"

	"lapwing/scorer/pack"
)

// Options are what a build takes from outside the source. The zero value takes
// everything from policy.yaml, so that the same source gives the same bytes.
type Options struct {
	Version uint32
	Created string // as 2026-11-23
}

// Compile makes a pack of a source without faults. Drafts and retired indicators
// are left out. It reads no clock: the same source gives the same pack.
func Compile(s *Source, o Options) (*pack.Pack, error) {
	p := &pack.Pack{
		Name:      s.Name,
		Version:   s.Version,
		Created:   s.Created,
		Documents: s.Documents,
		Policy:    s.Policy,
		Wording:   s.Wording,
	}
	if o.Version != 0 {
		p.Version = o.Version
	}
	if o.Created != "" {
		p.Created = o.Created
	}
	packed := map[string]bool{WordingID: len(s.Wording) > 0}
	for i := range s.Indicators {
		if ind := &s.Indicators[i]; ind.Packed() {
			addIndicator(p, ind)
			packed[ind.ID] = true
		}
	}
	for _, t := range s.Texts {
		if id, ok := indicatorOf(t.Key); !ok || packed[id] {
			p.Texts = append(p.Texts, t.Text)
		}
	}
	seen := map[string]bool{}
	for _, w := range s.Protected {
		if !seen[w.Words] {
			seen[w.Words] = true
			p.Protected = append(p.Protected, w.Words)
		}
	}
	canonical, err := pack.Canonical(p)
	if err != nil {
		return nil, fmt.Errorf("compiling the list: %w", err)
	}
	return canonical, nil
}

func addIndicator(p *pack.Pack, ind *Indicator) {
	at := uint32(len(p.Indicators))
	compiled := ind.Indicator
	compiled.Status = pack.Test
	if ind.Status == StatusActive {
		compiled.Status = pack.Active
	}
	p.Indicators = append(p.Indicators, compiled)
	for i := range ind.Patterns {
		pattern := &ind.Patterns[i]
		p.Patterns = append(p.Patterns, pack.Pattern{
			Indicator: at, Role: pattern.Role, Lang: pattern.Lang, Expr: pattern.Parsed.String(),
		})
	}
	p.Texts = append(p.Texts, textsOf(ind)...)
}

// indicatorOf gives the indicator that a text's key belongs to.
func indicatorOf(key string) (id string, ok bool) {
	dot := false
	for i := range len(key) {
		switch key[i] {
		case '.':
			dot = true
		case '/':
			return key[:i], dot
		}
	}
	return "", false
}

// CompileFS loads and compiles the list in a folder: what a program does at its
// start with the list that it carries, which Examine found faultless when it was
// published. Files that cannot be read come as a *FaultsError; what only Check or
// the examples would find is not looked for.
func CompileFS(fsys fs.FS, o Options) (*pack.Pack, error) {
	s, faults := Load(fsys)
	if faults.Errors() > 0 {
		return nil, &FaultsError{faults}
	}
	return Compile(s, o)
}
