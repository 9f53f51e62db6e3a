// SPDX-License-Identifier: Apache-2.0

package scorer

// pool keeps one scratch: an instance of the module runs one call at a time, and
// sync.Pool would add 4 kB to it.
type pool struct{ idle *scratch }

func (p *pool) get() *scratch {
	sc := p.idle
	if sc == nil {
		return new(scratch)
	}
	p.idle = nil
	return sc
}

func (p *pool) put(sc *scratch) { p.idle = sc }
