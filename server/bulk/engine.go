// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"fmt"

	"lapwing/scorer"
)

// Engine scores listings. It is safe for concurrent use.
type Engine interface {
	// Name is "native" or "wasm", as verdicts say it.
	Name() string
	// Score puts the verdict of listings[k] into verdicts[k]. After an error none
	// of the verdicts counts.
	Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error
}

// scoreEach scores listings together; if that fails, one by one, so that a
// listing which an engine cannot bear costs only itself. Problems is nil where
// there are none. The error is that of ctx.
func scoreEach(ctx context.Context, e Engine, listings []scorer.Listing, verdicts []scorer.Verdict) (problems []string, err error) {
	if len(listings) == 0 {
		return nil, nil
	}
	if err := e.Score(ctx, listings, verdicts); err == nil {
		return nil, nil
	} else if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	problems = make([]string, len(listings))
	for k := range listings {
		err := e.Score(ctx, listings[k:k+1], verdicts[k:k+1])
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			problems[k] = fmt.Sprintf("scoring: %v", err)
			verdicts[k] = scorer.Verdict{}
		}
	}
	return problems, nil
}
