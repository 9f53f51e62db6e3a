// SPDX-License-Identifier: Apache-2.0

//go:build !wasm

package scorer

import "sync"

// pool lends scratches to concurrent calls.
type pool struct{ sync.Pool }

func (p *pool) get() *scratch {
	if sc, ok := p.Get().(*scratch); ok {
		return sc
	}
	return new(scratch)
}

func (p *pool) put(sc *scratch) { p.Put(sc) }
