// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"time"

	"lapwing/server/collect/store"
)

// window is for how long the limits count; then everything is forgotten.
const window = time.Hour

// maxNetworks bounds the memory of the count where there is no limit in all.
const maxNetworks = 1 << 18

// Limits counts new rows: in all, and for each network. Reports and
// withdrawals of what was never stored are counted apart, so that the one, which
// costs a sender work, cannot be kept out by the other, which costs none.
type Limits struct {
	all, network int // within a window; 0 for no limit
	now          func() time.Time

	// Used by the store's writer alone.
	began time.Time
	count [2]int
	of    [2]map[uint64]int // by the tag of a network
}

// NewLimits gives limits per hour; 0 is for no limit.
func NewLimits(all, network int, now func() time.Time) *Limits {
	return &Limits{all: all, network: network, now: now}
}

// Take is part of store.Quota. Network 0 is nowhere in particular: what comes
// through a relay counts for all only.
func (l *Limits) Take(k store.Kind, network uint64) bool {
	if now := l.now(); now.Sub(l.began) >= window || now.Before(l.began) {
		l.began, l.count, l.of = now, [2]int{}, [2]map[uint64]int{{}, {}}
	}
	of := l.of[k]
	if l.all > 0 && l.count[k] >= l.all || l.network > 0 && network != 0 && of[network] >= l.network {
		return false
	}
	l.count[k]++
	if network != 0 && l.network > 0 {
		if len(of) >= maxNetworks {
			clear(of)
		}
		of[network]++
	}
	return true
}

// Return is part of store.Quota.
func (l *Limits) Return(k store.Kind, network uint64) {
	l.count[k] = max(0, l.count[k]-1)
	if of := l.of[k]; of[network] > 1 {
		of[network]--
	} else {
		delete(of, network)
	}
}
