// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"time"

	"lapwing/scorer"
	"lapwing/scorer/pack"
	"lapwing/server/bulk"
	"lapwing/server/bulk/callers"
	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/cmd/lapwingd/scoring"
	"lapwing/server/embedded"
)

func init() { roles = append(roles, openScoring) }

// ScoreSettings are those of POST /v1/score.
type ScoreSettings struct {
	Keys, List                   string
	Workers, Requests, PerCaller int
	RequestBytes                 int64
	RequestTime, Stall           time.Duration
	LineBytes                    int
}

func scoreSettings(s *ScoreSettings) []setting {
	return []setting{
		{"score-keys", "", "File of those who may use POST /v1/score, which «lapwingd add-caller» writes; empty switches it off. Read again when it changes.",
			"Nobody is let in; make new keys.",
			"Who reads it can use no key: it holds hashes. Who writes it can have listings scored.", text(&s.Keys)},
		{"score-list", "", "File with the list to score with, as «lapwing list build» writes it; empty for the one in the program.",
			"Any copy of the list serves as well.",
			"Who writes it decides the verdicts that callers get.", text(&s.List)},
		{"score-workers", "0", "Blocks of listings that are scored at one time, by all requests together; 0 for one per core.",
			"Too many slow down the handing out of releases.",
			"As many cores as there are.", number(&s.Workers, 0, 1024)},
		{"score-requests", "8", "Requests to score at one time; further ones are answered 503.",
			"Each takes up to 2 MB for each worker, and more with longer lines.",
			"Memory.", number(&s.Requests, 1, 10000)},
		{"score-requests-per-caller", "4", "The same for one caller; further ones are answered 429.",
			"At score-requests one caller can keep out all others.",
			"As for score-requests.", number(&s.PerCaller, 1, 10000)},
		{"score-request-bytes", "1073741824", "Longest body; one that says so is answered 413, another one ends with an error line.",
			"Callers send several requests.",
			"Long requests, within score-request-time.", memory(&s.RequestBytes)},
		{"score-request-time", "1h", "Longest that a request may last; then it is cut off.",
			"Callers send several requests.",
			"A caller can hold its places for so long.", duration(&s.RequestTime, time.Second, 24*time.Hour)},
		{"score-line-bytes", "1048576", "Longest line; a longer one is that line's error.",
			"Too short refuses long adverts.",
			"Memory for each request.", number(&s.LineBytes, 4096, bulk.MaxLine)},
		{"score-stall", "30s", "Time that a caller may send nothing, or take nothing; then it is cut off.",
			"Too short cuts off slow networks.",
			"Long times let idle callers hold their places.", duration(&s.Stall, time.Second, time.Hour)},
	}
}

// openScoring opens the role, or none if there is no file of keys.
func openScoring(s *Settings, log *slog.Logger) (edge.Role, error) {
	c := s.Score
	if c.Keys == "" {
		return nil, nil
	}
	known, err := callers.Open(c.Keys)
	if err != nil {
		return nil, fmt.Errorf("score-keys: %w; lapwingd add-caller makes the file", err)
	}
	encoded := embedded.List()
	if c.List != "" {
		if encoded, err = os.ReadFile(c.List); err != nil {
			return nil, fmt.Errorf("score-list: %w", err)
		}
	}
	if len(encoded) == 0 {
		return nil, errors.New("score-list: this program has no list inside; name one that «lapwing list build» has made")
	}
	p, err := pack.Decode(encoded)
	if err != nil {
		return nil, fmt.Errorf("score-list: %w", err)
	}
	engine, err := scorer.New(p)
	if err != nil {
		return nil, fmt.Errorf("score-list: %w", err)
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	name := bulk.ListName(p, encoded)
	log.Info("scoring for callers", "list", name)
	return scoring.New(scoring.Config{
		Pack: p, List: name, Engine: bulk.Native{Scorer: engine}, Callers: known, Log: log,
		Workers: c.Workers, Requests: c.Requests, PerCaller: c.PerCaller, RequestBytes: c.RequestBytes,
		RequestTime: c.RequestTime, LineBytes: c.LineBytes, Stall: c.Stall, Grace: 5 * time.Second,
	}), nil
}

// addCaller is «lapwingd add-caller FILE NAME»: it prints the caller's new key,
// which is nowhere else afterwards.
func addCaller(args []string, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("want a file and a name: lapwingd add-caller /etc/lapwingd/callers platform-a")
	}
	key := callers.New()
	if err := callers.Append(args[0], args[1], key); err != nil {
		return fmt.Errorf("add-caller: %w", err)
	}
	_, err := fmt.Fprintln(out, key)
	return err
}
