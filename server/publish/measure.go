// SPDX-License-Identifier: Apache-2.0

package publish

import (
	"strconv"

	"lapwing/scorer"
	"lapwing/scorer/pack"
)

// Measurement is what a list does on sets of listings.
type Measurement struct {
	Pack *pack.Pack
	Sets []*SetResult
	// together counts the listings on which both of two indicators fired; the
	// diagonal counts the hits of each.
	together [][]int
}

// SetResult is what a list does on one set.
type SetResult struct {
	Name     string
	Listings int
	Labels   map[string]int                     // listings by label
	Levels   map[string][scorer.NumLevels]int   // listings by label and level
	Benign   map[scope]int                      // benign listings by language and kind
	Tallies  map[int]map[string]*Tally          // by indicator and the listing's language
	Changes  map[string]map[[2]scorer.Level]int // by label: from an earlier pack's level to this one's
	Moved    []Moved                            // the first few of them
	Before   map[string]int                     // hits of the earlier pack, by indicator
}

// scope is what decides whether an indicator is tried on a listing, and under
// which language the listing is counted.
type scope struct {
	lang string
	kind pack.Kind
}

// benign counts the harmless listings that an indicator was tried on, in one
// language or, with "*", in all: others would flatter it.
func (set *SetResult) benign(ind *pack.Indicator, lang string) int {
	n := 0
	for s, k := range set.Benign {
		if (lang == "*" || s.lang == lang) && (s.kind == pack.Unknown || ind.Kinds&(1<<s.kind) != 0) {
			n += k
		}
	}
	return n
}

func (set *SetResult) hasBenign(lang string) bool {
	for s := range set.Benign {
		if s.lang == lang {
			return true
		}
	}
	return false
}

// Tally counts where one indicator fired.
type Tally struct {
	Hits, Benign int
	// Fraud and Legit hold the templates of labelled listings, so that the same
	// advert posted fifty times counts once.
	Fraud, Legit map[string]bool
}

// Moved is a listing that an earlier pack gives another level.
type Moved struct {
	Line     int
	From, To scorer.Level
	Label    string
}

// mostMoved bounds Moved for each set.
const mostMoved = 10

// Progress is told how far a run has come: the set, and bytes read of its size.
type Progress func(set string, read, size int64)

// Measure scores the corpora. against is an earlier pack to compare with, or nil.
func Measure(p *pack.Pack, corpora []Corpus, against *pack.Pack, progress Progress) (*Measurement, error) {
	return MeasureEach(p, corpora, against, progress, func(*Row, *scorer.Verdict) {})
}

// MeasureEach is Measure, and shows each row and the verdict on it to a function,
// which may keep neither.
func MeasureEach(p *pack.Pack, corpora []Corpus, against *pack.Pack, progress Progress, each func(*Row, *scorer.Verdict)) (*Measurement, error) {
	now, err := scorer.New(p)
	if err != nil {
		return nil, err
	}
	var before *scorer.Scorer
	if against != nil {
		if before, err = scorer.New(against); err != nil {
			return nil, err
		}
	}
	m := &Measurement{Pack: p, together: make([][]int, len(p.Indicators))}
	for i := range m.together {
		m.together[i] = make([]int, len(p.Indicators))
	}
	for _, c := range corpora {
		set := newSetResult(c.Name)
		m.Sets = append(m.Sets, set)
		err := c.Rows(func(row *Row, read int64) error {
			verdict := now.Score(&row.Listing)
			m.count(set, row, &verdict)
			each(row, &verdict)
			if before != nil {
				set.compare(row, &verdict, before.Score(&row.Listing), against)
			}
			if progress != nil {
				progress(c.Name, read, c.Size)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

func newSetResult(name string) *SetResult {
	return &SetResult{
		Name: name, Labels: map[string]int{}, Levels: map[string][scorer.NumLevels]int{}, Benign: map[scope]int{},
		Tallies: map[int]map[string]*Tally{}, Changes: map[string]map[[2]scorer.Level]int{}, Before: map[string]int{},
	}
}

func (m *Measurement) count(set *SetResult, row *Row, v *scorer.Verdict) {
	set.Listings++
	set.Labels[row.Label]++
	levels := set.Levels[row.Label]
	levels[v.Level]++
	set.Levels[row.Label] = levels
	if row.Label == "benign" {
		set.Benign[scope{row.Listing.Lang, row.Listing.Kind}]++
	}
	for k, reason := range v.Reasons {
		if reason.Indicator < 0 {
			continue
		}
		set.tally(reason.Indicator, row)
		for _, other := range v.Reasons[k:] {
			if other.Indicator >= 0 {
				a, b := min(reason.Indicator, other.Indicator), max(reason.Indicator, other.Indicator)
				m.together[a][b]++
			}
		}
	}
}

func (set *SetResult) tally(indicator int, row *Row) {
	byLang := set.Tallies[indicator]
	if byLang == nil {
		byLang = map[string]*Tally{}
		set.Tallies[indicator] = byLang
	}
	t := byLang[row.Listing.Lang]
	if t == nil {
		t = &Tally{Fraud: map[string]bool{}, Legit: map[string]bool{}}
		byLang[row.Listing.Lang] = t
	}
	t.Hits++
	template := row.Template
	if template == "" {
		template = "line " + strconv.Itoa(row.Line) // a template of its own
	}
	switch row.Label {
	case "benign":
		t.Benign++
	case "fraud":
		t.Fraud[template] = true
	case "legit":
		t.Legit[template] = true
	}
}

func (set *SetResult) compare(row *Row, now *scorer.Verdict, before scorer.Verdict, against *pack.Pack) {
	for _, reason := range before.Reasons {
		if reason.Indicator >= 0 {
			set.Before[against.Indicators[reason.Indicator].ID]++
		}
	}
	if before.Level == now.Level {
		return
	}
	changes := set.Changes[row.Label]
	if changes == nil {
		changes = map[[2]scorer.Level]int{}
		set.Changes[row.Label] = changes
	}
	changes[[2]scorer.Level{before.Level, now.Level}]++
	if len(set.Moved) < mostMoved {
		set.Moved = append(set.Moved, Moved{row.Line, before.Level, now.Level, row.Label})
	}
}

// hits counts the listings of a set on which an indicator fired.
func (set *SetResult) hits(indicator int) (all, benign int) {
	for _, t := range set.Tallies[indicator] {
		all += t.Hits
		benign += t.Benign
	}
	return all, benign
}

// Never lists the indicators that fired on no listing of any set.
func (m *Measurement) Never() []string {
	var ids []string
	for i, ind := range m.Pack.Indicators {
		if m.together[i][i] == 0 {
			ids = append(ids, ind.ID)
		}
	}
	return ids
}

// fewestTogether is from how many listings on "always together" means something.
const fewestTogether = 3

// Pair is two indicators of which the first never fired without the second.
type Pair struct {
	A      string `json:"indicator"`
	B      string `json:"never_without"`
	Hits   int    `json:"listings"`        // of A
	Always bool   `json:"always_together"` // nor B without A
}

// Redundant lists the pairs of indicators that say the same, or of which one
// says nothing that the other does not.
func (m *Measurement) Redundant() []Pair {
	var pairs []Pair
	for a := range m.together {
		for b := a + 1; b < len(m.together); b++ {
			na, nb, both := m.together[a][a], m.together[b][b], m.together[a][b]
			ida, idb := m.Pack.Indicators[a].ID, m.Pack.Indicators[b].ID
			switch {
			case both < fewestTogether:
			case both == na:
				pairs = append(pairs, Pair{ida, idb, na, both == nb})
			case both == nb:
				pairs = append(pairs, Pair{idb, ida, nb, false})
			}
		}
	}
	return pairs
}

// Breach is a budget of policy.yaml that is overdrawn on one set.
type Breach struct {
	Set, What string
	Hits, Of  int
	Budget    float64 // listings per 1000
}

// Breaches holds the measurement against the budgets. What counts are listings
// labelled benign: "legit" rows of a labelled set were drawn to resemble fraud.
func (m *Measurement) Breaches(g Gate) []Breach {
	var out []Breach
	for _, set := range m.Sets {
		check := func(what string, hits, n int, budget float64) {
			if float64(hits)*1000 > budget*float64(n) {
				out = append(out, Breach{set.Name, what, hits, n, budget})
			}
		}
		for i, ind := range m.Pack.Indicators {
			if ind.Status == pack.Active {
				_, benign := set.hits(i)
				check(ind.ID, benign, set.benign(&ind, "*"), g.Indicator[ind.Strength])
			}
		}
		n, levels := set.Labels["benign"], set.Levels["benign"]
		check("level notice or above", levels[scorer.Notice]+levels[scorer.Elevated]+levels[scorer.High], n, g.Notice)
		check("level elevated or above", levels[scorer.Elevated]+levels[scorer.High], n, g.Elevated)
		check("level high", levels[scorer.High], n, g.High)
	}
	return out
}
