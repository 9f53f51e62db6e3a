// SPDX-License-Identifier: Apache-2.0

package scorer

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lapwing/scorer/normal"
	"lapwing/scorer/pack"
)

// model makes a pack's model of phrases and their weights; "^" marks a title's.
func modelOf(t *testing.T, phrases map[string]int8) *pack.Pack {
	t.Helper()
	weight := map[uint32]int8{}
	for p, v := range phrases {
		p, title := strings.CutPrefix(p, "^")
		var h []uint64
		for w := range strings.FieldsSeq(p) {
			x := normal.HashWord(w)
			if title {
				x = TitleWord(x)
			} else if f := Gram1(x); weight[f] == 0 {
				weight[f] = 0
			}
			h = append(h, x)
		}
		switch len(h) {
		case 1:
			weight[Gram1(h[0])] = v
		case 2:
			weight[Gram2(h[0], h[1])] = v
		case 3:
			weight[Gram3(h[0], h[1], h[2])] = v
		}
	}
	w := pack.Wording{Lang: "en", Kinds: 1 << pack.Job, Doc: [2]int32{300, 600}, Window: [2]int32{100, 200}}
	for f := range weight {
		w.Features = append(w.Features, f)
	}
	slices.Sort(w.Features)
	for _, f := range w.Features {
		w.Weights = append(w.Weights, weight[f])
	}
	return &pack.Pack{Name: "test", Version: 1, Wording: []pack.Wording{w}, Policy: pack.Policy{FamilyCap: 15, WindowWords: 90, NearWords: 12}}
}

func job(title, body string) *Listing {
	l := &Listing{Kind: pack.Job, Lang: "en"}
	l.Text[Title], l.Text[Body] = title, body
	return l
}

func scorerOf(t *testing.T, p *pack.Pack) *Scorer {
	t.Helper()
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestScanAgreesWithTheDefinition compares the sliding sums with sums over each
// window that are made anew.
func TestScanAgreesWithTheDefinition(t *testing.T) {
	words := strings.Fields("alpha bravo charlie delta echo foxtrot golf hotel india juliet")
	phrases := map[string]int8{}
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func() string { return words[rng.IntN(len(words))] }
	for range 60 {
		phrases[pick()] = int8(rng.IntN(255) - 127)
		phrases[pick()+" "+pick()] = int8(rng.IntN(255) - 127)
		phrases[pick()+" "+pick()+" "+pick()] = int8(rng.IntN(255) - 127)
		phrases["^"+pick()] = int8(rng.IntN(255) - 127)
	}
	p := modelOf(t, phrases)
	m, err := newWording(p)
	if err != nil {
		t.Fatal(err)
	}
	var w wordingScratch // used again and again, as in a scorer
	for round := range 300 {
		text := func(n int) (h []uint64) {
			for range n {
				x := pick()
				if rng.IntN(3) == 0 {
					x = "unknown"
				}
				h = append(h, normal.HashWord(x))
			}
			return h
		}
		title, body, window := text(rng.IntN(5)), text(rng.IntN(60)), uint32(1+rng.IntN(20))
		got := w.scan(&m[0], title, body, window)
		sum, n, best := define(&m[0], title, body, int(window))
		if got.sum != sum || got.n != n || got.best != best {
			t.Fatalf("round %d, %d+%d words, window %d: got sum %d of %d, best %d; want %d of %d, %d",
				round, len(title), len(body), window, got.sum, got.n, got.best, sum, n, best)
		}
	}
}

// define is the arithmetic at the head of wording.go, word by word.
func define(m *wordingModel, title, body []uint64, window int) (sum, n, best int32) {
	add := func(set map[int]bool, words []uint64, from, to int) {
		for i := from; i < to; i++ {
			fs := []uint32{Gram1(words[i])}
			if i > 0 {
				fs = append(fs, Gram2(words[i-1], words[i]))
			}
			if i > 1 {
				fs = append(fs, Gram3(words[i-2], words[i-1], words[i]))
			}
			for _, f := range fs {
				if k, v := m.find(f); k >= 0 && v != 0 {
					set[k] = true
				}
			}
		}
	}
	total := func(set map[int]bool) (sum int32) {
		for k := range set {
			sum += int32(m.Weights[k])
		}
		return sum
	}
	start := func() map[int]bool {
		set := map[int]bool{}
		add(set, title, 0, len(title))
		var salted []uint64
		for _, x := range title {
			salted = append(salted, TitleWord(x))
		}
		add(set, salted, 0, len(salted))
		return set
	}
	doc := start()
	add(doc, body, 0, len(body))
	best = total(start())
	for end := 1; end <= len(body); end++ {
		set := start()
		add(set, body, max(0, end-window), end)
		if ends := map[int]bool{}; true {
			add(ends, body, end-1, end)
			if len(ends) > 0 {
				best = max(best, total(set))
			}
		}
	}
	return total(doc), int32(len(doc)), best
}

func TestHintComesFromTheWindowWherePaddingHidesTheWhole(t *testing.T) {
	phrases := map[string]int8{"easy money": 90, "from home": 60}
	for i := range 60 {
		phrases["calm"+string(rune('a'+i%26))+string(rune('a'+i/26))] = -2
	}
	s := scorerOf(t, modelOf(t, phrases))
	bad := "Easy money, paid weekly, all from home."
	var calm strings.Builder
	for i := range 60 {
		calm.WriteString(" calm" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + " and then some more words")
	}
	for name, body := range map[string]string{"alone": bad, "before": bad + calm.String(), "after": calm.String() + " " + bad} {
		v := s.Score(job("", body))
		if len(v.Reasons) != 1 || v.Reasons[0].Indicator != WordingHint {
			t.Errorf("%s: got reasons %v, want the wording hint: harmless text around a fraud does not make it harmless", name, v.Reasons)
			continue
		}
		for _, sp := range v.Reasons[0].Spans {
			if got := string([]rune(body)[sp.Start:sp.End]); !strings.Contains("Easy money from home", got) {
				t.Errorf("%s: the hint names %q, want what made it", name, got)
			}
		}
	}
}

func TestHintSpeaksOnlyWhereItWasMeasured(t *testing.T) {
	s := scorerOf(t, modelOf(t, map[string]int8{"easy money": 90, "from home": 60, "no": 0, "work": 0}))
	for name, c := range map[string]struct {
		kind pack.Kind
		lang string
		body string
		want bool
	}{
		"english job":                  {pack.Job, "en", "Easy money from home", true},
		"english of a country":         {pack.Job, "en-GB", "Easy money from home", true},
		"no language, english words":   {pack.Job, "", "Easy money from home", true},
		"no language, foreign words":   {pack.Job, "", "Einfach und schnell Geld verdienen mit easy money from home bei freier Zeit", false},
		"another language":             {pack.Job, "de", "Easy money from home", false},
		"another kind":                 {pack.Housing, "en", "Easy money from home", false},
		"unknown kind is not evidence": {pack.Unknown, "en", "Easy money from home", false},
	} {
		l := &Listing{Kind: c.kind, Lang: c.lang}
		l.Text[Body] = c.body
		if got := len(s.Score(l).Reasons) == 1; got != c.want {
			t.Errorf("%s: got a hint: %v, want %v", name, got, c.want)
		}
	}
}

func TestHintAloneIsNeverMoreThanANotice(t *testing.T) {
	s := scorerOf(t, modelOf(t, map[string]int8{"easy money": 127, "from home": 127, "easy": 127, "money": 127, "home": 127}))
	if v := s.Score(job("Easy money", "Easy money from home")); v.Level > Notice {
		t.Errorf("got level %v: the wording adds at most one level", v.Level)
	}
}

func TestModelWithoutRoomBetweenThresholdsIsRefused(t *testing.T) {
	p := modelOf(t, map[string]int8{"easy money": 90})
	p.Wording[0].Doc[1] = p.Wording[0].Doc[0]
	if _, err := New(p); err == nil {
		t.Error("got no error, want one: strength divides by the thresholds' distance")
	}
}

func BenchmarkWordingScan(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	vocabulary := make([]uint64, 8000)
	for i := range vocabulary {
		vocabulary[i] = rng.Uint64()
	}
	word := func() uint64 { // roughly Zipf: most words are common ones
		return vocabulary[int(float64(len(vocabulary)-1)*rng.Float64()*rng.Float64()*rng.Float64())]
	}
	seen := map[uint32]bool{}
	for _, x := range vocabulary {
		seen[Gram1(x)] = true
	}
	for len(seen) < 32000 {
		seen[Gram2(word(), word())] = true
		seen[Gram3(word(), word(), word())] = true
	}
	w := pack.Wording{Doc: [2]int32{1, 2}, Window: [2]int32{1, 2}}
	for f := range seen {
		w.Features = append(w.Features, f)
	}
	slices.Sort(w.Features)
	for range w.Features {
		w.Weights = append(w.Weights, int8(rng.IntN(255)-127))
	}
	m, err := newWording(&pack.Pack{Wording: []pack.Wording{w}})
	if err != nil {
		b.Fatal(err)
	}
	texts := make([][]uint64, 64)
	words := 0
	for i := range texts {
		for range 400 {
			texts[i] = append(texts[i], word())
		}
		words += len(texts[i])
	}
	var sc wordingScratch
	b.ReportAllocs()
	for b.Loop() {
		for _, t := range texts {
			sc.scan(&m[0], t[:5], t[5:], 90)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(words), "ns/word")
}
