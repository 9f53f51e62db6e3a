// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"fmt"
	"io"

	vm "github.com/VictoriaMetrics/metrics"

	"lapwing/server/distribute"
)

// counters are what the server counts. None has a label that a request can
// choose: the number of series is fixed, and none says who asked.
type counters struct {
	set    *vm.Set
	kinds  [distribute.NumKinds]*vm.Counter
	codes  [600]*vm.Counter // by status; nil outside 100 to 599
	panics *vm.Counter
	faults *vm.Counter
}

func newCounters(s *Server) *counters {
	set := vm.NewSet()
	c := &counters{
		set:    set,
		panics: set.NewCounter("lapwingd_panics_total"),
		faults: set.NewCounter("lapwingd_connection_faults_total"),
	}
	for k := range distribute.NumKinds {
		c.kinds[k] = set.GetOrCreateCounter(fmt.Sprintf("lapwingd_served_total{what=%q}", k))
	}
	for _, code := range []int{200, 202, 400, 401, 404, 405, 408, 413, 415, 429, 431, 500, 503} {
		c.codes[code] = set.NewCounter(fmt.Sprintf(`lapwingd_answers_total{code="%d"}`, code))
	}
	gauge := func(name string, f func() float64) { set.NewGauge(name, f) }
	gauge("lapwingd_connections", func() float64 { return float64(s.gate.held()) })
	gauge("lapwingd_connections_accepted_total", func() float64 { return float64(s.gate.accepted.Load()) })
	gauge("lapwingd_connections_refused_total", func() float64 { return float64(s.gate.refused.Load()) })
	gauge("lapwingd_connections_evicted_total", func() float64 { return float64(s.gate.evicted.Load()) })
	site := func(name string, f func(distribute.Stats) float64) {
		gauge(name, func() float64 { return f(s.site.Stats()) })
	}
	site("lapwingd_release", func(st distribute.Stats) float64 { return float64(st.Version) })
	site("lapwingd_release_bytes", func(st distribute.Stats) float64 { return float64(st.PinnedBytes) })
	site("lapwingd_release_switches_total", func(st distribute.Stats) float64 { return float64(st.Reloads) })
	site("lapwingd_release_failures_total", func(st distribute.Stats) float64 { return float64(st.Failures) })
	site("lapwingd_tree_objects", func(st distribute.Stats) float64 { return float64(st.Objects) })
	site("lapwingd_log_leaves", func(st distribute.Stats) float64 { return float64(st.LogSize) })
	site("lapwingd_cache_hits_total", func(st distribute.Stats) float64 { return float64(st.Hits) })
	site("lapwingd_cache_misses_total", func(st distribute.Stats) float64 { return float64(st.Misses) })
	site("lapwingd_cache_hit_ratio", distribute.Stats.HitRatio)
	site("lapwingd_cache_bytes", func(st distribute.Stats) float64 { return float64(st.CacheBytes) })
	site("lapwingd_disk_reads_total", func(st distribute.Stats) float64 { return float64(st.Reads) })
	return c
}

func (c *counters) served(a *distribute.Answer) {
	c.kinds[a.Kind].Inc()
	c.codes[200].Inc()
}

func (c *counters) answered(code int) {
	if code >= 0 && code < len(c.codes) && c.codes[code] != nil {
		c.codes[code].Inc()
	}
}

// write gives all numbers, the process's own among them, as Prometheus reads them.
func (c *counters) write(w io.Writer) {
	c.set.WritePrometheus(w)
	vm.WriteProcessMetrics(w)
}
