// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"lapwing/server/bulk"
	"lapwing/server/cluster"
)

// cluster completes the configuration of a run with clusters; the function that
// it gives is to be called after the run.
func (c *scoreCmd) cluster(k *kong.Context, config *bulk.Config) (end func() error, err error) {
	end = func() error { return nil }
	if !c.Cluster {
		return end, nil
	}
	config.Cluster = &bulk.ClusterConfig{Dir: c.TempDir}
	if !c.Quiet && isTerminal(k.Stderr) {
		config.Cluster.Looking = func() { fmt.Fprintln(k.Stderr, "looking for clusters…") }
	}
	if c.Clusters == "" {
		return end, nil
	}
	f, err := os.Create(c.Clusters)
	if err != nil {
		return nil, usage(fmt.Errorf("writing clusters: %v", err), "name a file that can be written with --clusters")
	}
	out := bufio.NewWriterSize(f, 1<<16)
	config.Cluster.Out = out
	return func() error {
		err := out.Flush()
		if e := f.Close(); err == nil {
			err = e
		}
		if err != nil {
			return fmt.Errorf("writing clusters: %v", err)
		}
		return nil
	}, nil
}

// printClusters is a line of the summary.
func printClusters(w io.Writer, s *bulk.ClusterSummary) {
	if s == nil {
		return
	}
	fmt.Fprintf(w, "clusters:   %s with %s listings", bulk.Thousands(int64(s.Clusters)), bulk.Thousands(int64(s.Listings)))
	var odd []string
	for o := range cluster.NumOddities {
		if n := s.Odd[o.ID()]; n > 0 {
			odd = append(odd, fmt.Sprintf("%s %s", o.ID(), bulk.Thousands(n)))
		}
	}
	if len(odd) > 0 {
		fmt.Fprintf(w, "; %s", strings.Join(odd, ", "))
	}
	fmt.Fprintln(w)
}
