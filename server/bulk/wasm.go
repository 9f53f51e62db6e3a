// SPDX-License-Identifier: Apache-2.0

package bulk

import (
	"context"

	"lapwing/scorer"
)

// WASM is the engine that the extension ships, in this process.
type WASM struct {
	// Host is a *host.Host of package wasm/host with the list loaded.
	Host interface {
		Score(context.Context, []scorer.Listing) ([]scorer.Verdict, error)
	}
}

// Name is part of Engine.
func (WASM) Name() string { return "wasm" }

// Score is part of Engine.
func (w WASM) Score(ctx context.Context, listings []scorer.Listing, verdicts []scorer.Verdict) error {
	got, err := w.Host.Score(ctx, listings)
	if err != nil {
		return err
	}
	copy(verdicts, got)
	return nil
}
