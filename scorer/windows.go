// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"lapwing/scorer/pack"
)

// sixteenths is the unit of sums: a deciban's sixteenth, so that the falling
// shares of a family (whole, half, quarter, eighth) stay whole numbers.
const sixteenths = 16

// event is a hit with the place that it has in a window.
type event struct {
	start, end uint32 // units
	field      Field
	indicator  uint32
}

type windowScratch struct {
	events []event
	joined []uint32 // indicators that are in every window
	in     []uint32 // indicators in the window at hand
	keys   []uint32
	spans  []spanRef
}

// standing is what one window says.
type standing struct {
	level  Level
	points uint32 // sixteenths of a deciban
}

// judge turns hits into a verdict, in the memory that v has.
func (sc *scratch) judge(s *Scorer, l *Listing, v *Verdict) {
	best := sc.bestWindow(s, l)
	h := sc.wordingHint(s, l)
	level := raise(best.level, h.level)
	v.Level, v.Score = level, rank(level, best.points, &h)
	if v.Reasons = v.Reasons[:0]; len(sc.ids) > 0 || h.level > 0 {
		v.Reasons = sc.reasons(s, l, &h, v.Reasons)
	}
}

// raise lets the wording hint add one level, and never make "high".
func raise(level Level, hint uint8) Level {
	if level == None && hint >= 1 || level == Notice && hint >= 2 {
		return level + 1
	}
	return level
}

// rank gives the score: a quarter of the scale for each level, and inside it
// more for more points and for wording, never reaching the end. Eight points
// and a unit of log odds weigh the same.
func rank(level Level, points uint32, h *hint) uint16 {
	const band = 2500
	x := int64(points)
	if h.read {
		x += evidence(h.strength)
	}
	within := (band - 1) * x / (x + 20*sixteenths)
	return uint16(int64(level)*band + within)
}

// evidence puts the wording's strength on the scale of points. Two units of log
// odds below a hint ordinary adverts lie: they get little, and always some order.
func evidence(strength int32) int64 {
	const ordinary, least = 2 * logUnit, 2 * sixteenths
	x := int64(strength) + ordinary
	if x < 0 {
		return least * ordinary / (ordinary - x)
	}
	return least + x*8*sixteenths/logUnit
}

// bestWindow finds the window that says most.
func (sc *scratch) bestWindow(s *Scorer, l *Listing) standing {
	w := &sc.windows
	w.events, w.joined = w.events[:0], w.joined[:0]
	for _, id := range sc.ids {
		if s.pack.Indicators[id].Status == pack.Active {
			sc.place1(id)
		}
	}
	rule := s.levelRule(l)
	w.in = append(w.in[:0], w.joined...)
	best := sc.stand(s, rule)
	sortEvents(w.events)
	window := uint32(s.pack.Policy.WindowWords) * unitWord
	before := 0
	for i := range w.events {
		e := &w.events[i]
		w.in = append(w.in[:0], w.joined...)
		count := 0
		for k := i; k < len(w.events) && w.events[k].field == e.field && w.events[k].start < e.start+window; k++ {
			if x := &w.events[k]; k == i || x.end <= e.start+window {
				w.in = append(w.in, x.indicator)
				count++
			}
		}
		if count == before-1 && i > 0 && w.events[i-1].field == e.field {
			before = count
			continue // the window before held all of this and more
		}
		before = count
		if st := sc.stand(s, rule); st.level > best.level || st.level == best.level && st.points > best.points {
			best = st
		}
	}
	return best
}

func sortEvents(events []event) {
	sortBy(len(events), func(i, j int) bool {
		a, b := &events[i], &events[j]
		if a.field != b.field {
			return a.field < b.field
		}
		if a.start != b.start {
			return a.start < b.start
		}
		return a.indicator < b.indicator
	}, func(i, j int) { events[i], events[j] = events[j], events[i] })
}

// place1 puts an indicator's hits where windows find them.
func (sc *scratch) place1(id uint32) {
	w := &sc.windows
	for a := sc.fired[id].head; a >= 0; a = sc.hits[a].next {
		h := &sc.hits[a]
		if h.unless || h.extra || h.gone {
			continue
		}
		f := sc.field(h.first)
		if joins(f) {
			if n := len(w.joined); n == 0 || w.joined[n-1] != id {
				w.joined = append(w.joined, id)
			}
			continue
		}
		w.events = append(w.events, event{sc.unit(h.first), sc.unit(h.last + 1), f, id})
	}
}

// stand says what the indicators in w.in say together.
func (sc *scratch) stand(s *Scorer, rule *pack.LevelRule) standing {
	w := &sc.windows
	w.in = distinct(w.in)
	w.keys = w.keys[:0]
	var strengths [pack.NumDimensions][pack.NumStrengths]uint8
	for _, id := range w.in {
		ind := &s.pack.Indicators[id]
		w.keys = append(w.keys, uint32(s.family[id])<<8|uint32(255-ind.Weight))
		if c := &strengths[ind.Dimension][ind.Strength]; *c < 255 {
			*c++
		}
	}
	sortNumbers(w.keys)
	points, families := s.sum(w.keys)
	return standing{level(points, len(w.in), families, &strengths, rule), points}
}

// sum adds the weights: within a family the largest first, whole, half, quarter,
// and so on, up to the cap. keys hold family<<8 | 255-weight, ascending.
func (s *Scorer) sum(keys []uint32) (points uint32, families int) {
	for i := 0; i < len(keys); {
		family, of, share := keys[i]>>8, uint32(0), uint32(sixteenths)
		for ; i < len(keys) && keys[i]>>8 == family; i++ {
			of += (255 - keys[i]&255) * share
			share /= 2
		}
		points += min(of, uint32(s.pack.Policy.FamilyCap)*sixteenths)
		families++
	}
	return points, families
}

// level applies the thresholds, and the rules that no number of points replaces:
// one indicator proves nothing (DESIGN 4.4; Volodko et al. 2020).
func level(points uint32, indicators, families int, d *[pack.NumDimensions][pack.NumStrengths]uint8, r *pack.LevelRule) Level {
	switch {
	case points >= uint32(r.High)*sixteenths && indicators >= 2 && (families >= 2 || anyPositive(d)):
		return High
	case points >= uint32(r.Elevated)*sixteenths && indicators >= 2:
		return Elevated
	case points >= uint32(r.Notice)*sixteenths && indicators >= 1:
		return Notice
	}
	return None
}

// anyPositive reports whether a dimension is positive by the ILO's rule
// (Operational indicators of trafficking in human beings, 2009): two strong; one
// strong and one other; three medium; or two medium and one weak.
func anyPositive(d *[pack.NumDimensions][pack.NumStrengths]uint8) bool {
	for i := range d {
		strong, medium, weak := d[i][pack.Strong], d[i][pack.Medium], d[i][pack.Weak]
		if strong >= 2 || strong == 1 && medium+weak >= 1 || medium >= 3 || medium == 2 && weak >= 1 {
			return true
		}
	}
	return false
}

// levelRule gives the most specific thresholds: kind and language, then kind,
// then language, then the rule for all.
func (s *Scorer) levelRule(l *Listing) *pack.LevelRule {
	best, bestFit := &noRule, -1
	for i := range s.pack.Policy.Levels {
		r := &s.pack.Policy.Levels[i]
		fit := 0
		if r.Kind != pack.Unknown {
			if r.Kind != l.Kind {
				continue
			}
			fit += 2
		}
		if r.Lang != "" {
			if !sameLanguage(r.Lang, l.Lang) {
				continue
			}
			fit++
		}
		if fit > bestFit {
			best, bestFit = r, fit
		}
	}
	return best
}

// noRule holds where a pack has no thresholds: then nothing is flagged.
var noRule = pack.LevelRule{Notice: 0xffff, Elevated: 0xffff, High: 0xffff}

// sameLanguage compares the primary subtags of two BCP 47 tags.
func sameLanguage(a, b string) bool {
	return primary(a) == primary(b)
}

func primary(tag string) string {
	for i := 0; i < len(tag); i++ {
		if tag[i] == '-' || tag[i] == '_' {
			return tag[:i]
		}
	}
	return tag
}
