// SPDX-License-Identifier: Apache-2.0

// Package reviewtest invents reports, for tests and benchmarks of the desk.
package reviewtest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/scorer/seal"
)

// Report invents report n; the same n gives the same one. Every fifth is a near
// copy of one before it.
func Report(n int, list string, release uint32) *seal.Report {
	seed := uint64(n)
	if n%5 == 4 {
		seed = uint64(n / 50)
	}
	r := rand.New(rand.NewPCG(seed, 7))
	body := []string{"We keep your passport while you work for us."}
	for range 8 + r.IntN(30) {
		body = append(body, sentence(r))
	}
	one := rand.New(rand.NewPCG(uint64(n), 11))
	body = append(body, fmt.Sprintf("Ask for number %d.", one.IntN(100000)))
	report := &seal.Report{
		ID: ID(n), Sort: []seal.Sort{seal.Flagged, seal.Flagged, seal.Missed, seal.WrongFlag}[one.IntN(4)],
		Day: Day(n).Format(time.DateOnly), List: list, Release: release, Program: "0.2.0",
		Site: fmt.Sprintf("board%d.example", one.IntN(12)), Kind: pack.Job, Language: []string{"en", "es", "ro"}[one.IntN(3)],
		Region: []string{"DE-BE", "FR-IDF", "ES-CT", ""}[one.IntN(4)],
	}
	report.Address = "https://" + report.Site + fmt.Sprintf("/advert/%d", seed)
	report.Text[scorer.Title] = "Work abroad, " + sentence(r)
	report.Text[scorer.Body] = strings.Join(body, " ")
	if report.Sort != seal.Missed {
		report.Verdict = &seal.Verdict{Level: scorer.Elevated, Score: 5200, Reasons: []seal.Reason{
			{Indicator: "documents.employer-keeps-passport", Points: 10, Spans: []scorer.Span{{Field: scorer.Body, Start: 0, End: 21}}},
		}}
	}
	return report
}

// ID is that of report n.
func ID(n int) [16]byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[8:], uint64(n)+1)
	return id
}

// Begin is the day before the first report.
var Begin = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// Day is the one on which report n was written.
func Day(n int) time.Time { return Begin.AddDate(0, 0, 1+n%80) }

// Days counts a day from 1970.
func Days(t time.Time) uint32 { return uint32(t.Unix() / 86400) }

var words = strings.Fields("a the our your new kind large small field house kitchen farm boat shop season month week team driver cook cleaner " +
	"help work travel stay earn learn pack sort carry write speak call meet begin early late often near far warm dry clean ready quiet bright")

func sentence(r *rand.Rand) string {
	var b strings.Builder
	for k := range 5 + r.IntN(9) {
		if k > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String() + "."
}
