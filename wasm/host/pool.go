// SPDX-License-Identifier: Apache-2.0

package host

import "context"

// acquire gives an instance that nobody else uses until release: an idle one,
// or a new one while there are fewer than Options.Instances, or the next that is
// given back.
func (h *Host) acquire(ctx context.Context) (*guest, error) {
	select { // a closed host and a free slot may both be ready: closed goes first
	case <-h.closed:
		return nil, ErrClosed
	default:
	}
	select {
	case <-h.closed:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	case h.slots <- struct{}{}:
	}
	if g := h.popIdle(); g != nil {
		return g, nil
	}
	g, err := h.start(ctx)
	if err != nil {
		<-h.slots
		return nil, err
	}
	return g, nil
}

// release gives an instance back, or frees it if it broke.
func (h *Host) release(g *guest) {
	if g.broken != "" {
		g.close()
	} else {
		h.mu.Lock()
		h.idle = append(h.idle, g)
		h.mu.Unlock()
	}
	<-h.slots
}

// popIdle prefers the instance that was used last: its memory is warm, and the
// others stay at whatever size they have.
func (h *Host) popIdle() *guest {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.idle)
	if n == 0 {
		return nil
	}
	g := h.idle[n-1]
	h.idle[n-1] = nil
	h.idle = h.idle[:n-1]
	return g
}
