// SPDX-License-Identifier: Apache-2.0

package distribute

// Stats are the numbers an operator wants to see of a Site.
type Stats struct {
	Version     uint32 // of the release being served, 0 without one
	PinnedBytes int64  // held for it
	Objects     int    // in the tree
	LogSize     uint64 // leaves in the log
	Reloads     uint64 // switches to a release
	Failures    uint64 // reads of the tree that ended in an error
	Hits        uint64 // of the cache of older objects
	Misses      uint64
	Reads       uint64 // of the disk, for older objects
	CacheBytes  uint64 // held for older objects
}

// Stats gives the numbers of this moment; each is right, together they may be
// of moments a little apart.
func (s *Site) Stats() Stats {
	if s == nil {
		return Stats{}
	}
	m := s.cache.Metrics
	st := Stats{
		Reloads: s.reloads.Load(), Failures: s.failures.Load(), Reads: s.reads.Load(),
		Hits: m.Hits(), Misses: m.Misses(), CacheBytes: m.CostAdded() - m.CostEvicted(),
	}
	if now := s.current.Load(); now != nil {
		st.Version, st.PinnedBytes = now.release.Version, now.bytes
		st.Objects, st.LogSize = len(now.names), now.logSize
	}
	return st
}

// HitRatio is the share of look-ups of older objects that the cache answered.
func (s Stats) HitRatio() float64 {
	if s.Hits+s.Misses == 0 {
		return 0
	}
	return float64(s.Hits) / float64(s.Hits+s.Misses)
}
