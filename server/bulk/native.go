// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"
	"fmt"

	"lapwing/scorer"
)

// Native is the engine compiled into this program.
type Native struct {
	// Scorer is a *scorer.Scorer, or a test's stand-in.
	Scorer interface {
		Score(*scorer.Listing) scorer.Verdict
	}
}

// Name is part of Engine.
func (Native) Name() string { return "native" }

// Score is part of Engine. A panic is this batch's error: of a million
// strangers' adverts, one that meets a fault of ours must not end the run.
func (n Native) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a fault in the scorer, please report it: %v", r)
		}
	}()
	const between = 64 // listings between two looks at the context
	for k := range listings {
		if k%between == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		verdicts[k] = n.Scorer.Score(&listings[k])
	}
	return nil
}
