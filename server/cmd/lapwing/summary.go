// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"lapwing/scorer"
	"lapwing/server/bulk"
)

// clock times a run.
type clock struct {
	began time.Time
}

func startClock() *clock { return &clock{time.Now()} }

// bar gives the function that draws the progress on one line: rate, share,
// remaining time.
func (c *clock) bar(w io.Writer) func(bulk.Progress) {
	return func(p bulk.Progress) {
		if p.Done {
			fmt.Fprint(w, "\r\x1b[K")
			return
		}
		fmt.Fprint(w, "\r\x1b[K"+progressLine(p, time.Since(c.began)))
	}
}

func progressLine(p bulk.Progress, since time.Duration) string {
	line := fmt.Sprintf("%s listings, %s/s", bulk.Thousands(p.Listings), bulk.Thousands(int64(float64(p.Listings)/max(since.Seconds(), 0.001))))
	if p.Errors > 0 {
		line += fmt.Sprintf(", %s errors", bulk.Thousands(p.Errors))
	}
	if p.Total > 0 && p.Read > 0 {
		share := min(float64(p.Read)/float64(p.Total), 1)
		left := time.Duration(float64(since) * (1 - share) / share)
		line += fmt.Sprintf(", %.0f %%, %s left", 100*share, left.Round(time.Second))
	}
	return line
}

// printSummary ends a run on standard error.
func printSummary(w io.Writer, r *bulk.Result, list *loadedList, c *clock) {
	if r.Finished {
		fmt.Fprintln(w, "nothing left to do: an earlier run has finished")
	}
	since := time.Since(c.began)
	fmt.Fprintf(w, "%s listings in %s", bulk.Thousands(r.Listings), since.Round(time.Millisecond))
	if r.Resumed {
		fmt.Fprint(w, " (with the runs before this one)")
	} else if s := since.Seconds(); s > 0 {
		fmt.Fprintf(w, " (%s/s)", bulk.Thousands(int64(float64(r.Listings)/s)))
	}
	fmt.Fprintf(w, ", list %s\n", list.name)
	if r.Listings > 0 {
		fmt.Fprintf(w, "levels:     %s\n", levels(r))
		top(w, "indicators: ", bulk.Top(r.Indicators, 5))
		top(w, "languages:  ", bulk.Top(bulk.NamedLanguages(&r.Summary), 8))
	}
	if s := r.Cache; s.Listings > 0 && s.Scored < s.Listings {
		fmt.Fprintf(w, "cache:      %s of %s verdicts known already (same block %s, recent %s, tail %s; tail refused %s, dropped %s)\n",
			bulk.Thousands(s.Listings-s.Scored), bulk.Thousands(s.Listings), bulk.Thousands(s.SameBlock), bulk.Thousands(s.Recent), bulk.Thousands(s.Tail),
			bulk.Thousands(s.Rejected), bulk.Thousands(s.Dropped))
	}
	printClusters(w, r.Clusters)
	printFaults(w, r)
}

func printFaults(w io.Writer, r *bulk.Result) {
	if r.Errors == 0 {
		return
	}
	fmt.Fprintf(w, "errors:     %s\n", bulk.Thousands(r.Errors))
	for _, f := range r.Faults {
		where := fmt.Sprintf("line %d", f.Line)
		if f.File != "" {
			where = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		fmt.Fprintf(w, "  %s: %s\n", where, f.Problem)
	}
	if more := r.Errors - int64(len(r.Faults)); more > 0 {
		fmt.Fprintf(w, "  and %s more\n", bulk.Thousands(more))
	}
}

func levels(r *bulk.Result) string {
	var parts []string
	for l := scorer.High; ; l-- {
		parts = append(parts, fmt.Sprintf("%s %s", l, bulk.Thousands(r.Levels[l])))
		if l == scorer.None {
			return strings.Join(parts, ", ")
		}
	}
}

func top(w io.Writer, head string, counts []bulk.Count) {
	if len(counts) == 0 {
		return
	}
	parts := make([]string, len(counts))
	for k, c := range counts {
		parts[k] = fmt.Sprintf("%s %s", c.Name, bulk.Thousands(c.N))
	}
	fmt.Fprintln(w, head+strings.Join(parts, ", "))
}
