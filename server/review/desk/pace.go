// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"sync"
	"time"
)

// pace counts what a reviewer has read since the last pause.
type pace struct {
	mu     sync.Mutex
	limit  Pause
	texts  int
	begin  time.Time
	latest time.Time
}

// rest is how long nothing was read for it to count as a pause.
const rest = 10 * time.Minute

func newPace(p Pause) pace {
	if p.Texts == 0 {
		p.Texts = 25
	}
	if p.Time == 0 {
		p.Time = 45 * time.Minute
	}
	return pace{limit: p}
}

// read takes note of a text, and reports whether a pause is due.
func (p *pace) read(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begin.IsZero() || now.Sub(p.latest) >= rest {
		p.begin, p.texts = now, 0
	}
	p.latest = now
	p.texts++
	return p.texts >= p.limit.Texts || now.Sub(p.begin) >= p.limit.Time
}

// paused begins anew: the reviewer says that there was one.
func (p *pace) paused() {
	p.mu.Lock()
	p.begin, p.texts = time.Time{}, 0
	p.mu.Unlock()
}
