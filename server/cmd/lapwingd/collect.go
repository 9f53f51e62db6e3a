// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"lapwing/scorer/seal"
	"lapwing/server/bulk/callers"
	"lapwing/server/cmd/lapwingd/collecting"
	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/collect"
	"lapwing/server/collect/store"
)

func init() {
	roles = append(roles, openCollecting)
	commands["backup-reports"] = backupReports
	commands["export-reports"] = exportReports
}

// ReportSettings are those of the roles that have to do with reports.
type ReportSettings struct {
	Role                string
	Store               string
	Work, Retention     int
	PerHour, PerNetwork int
	Bytes               int64
	Batch               int
	Readers             string
	RelayTo, GatewayKey string
}

func reportSettings(s *ReportSettings) []setting {
	return []setting{
		{"role", "", "What the server does with reports: collect (take and keep them), gateway (the same, also for those that come through a relay), relay (carry them to a gateway); several with commas, empty for none.",
			"Reports wait in the browsers, for a week.",
			"Whoever sets it can stop reports.", roleList(&s.Role)},
		{"reports", "reports.db", "The store: a file, or postgres://USER@HOST/DATABASE.",
			"A backup has what there was; reports that came since are lost. With a wrong path an empty store is made.",
			"Who reads it learns how many reports came on which day, and of sealed envelopes nothing. Who writes it can delete them, and add worthless ones.", text(&s.Store)},
		{"reports-work", fmt.Sprint(seal.DefaultWork), "Bits of work that a report must have; no more than the list's releases say.",
			"Too many and honest reports are refused.",
			"Fewer make floods cheap.", number(&s.Work, 1, seal.MaxWork)},
		{"reports-retention", fmt.Sprint(seal.DefaultRetention), "Days after which a report is deleted, fetched or not; as the list's releases say.",
			"Too short and reports go before reviewers have them.",
			"Longer keeps what people were told is gone; without the month's key nobody can read it.", number(&s.Retention, 1, 365)},
		{"reports-per-hour", "20000", "New reports in an hour; what is more is acknowledged and not stored. 0 for no limit.",
			"Too low and reports are lost on a busy day.",
			"At most so many envelopes an hour of a flood are stored.", number(&s.PerHour, 0, 1<<30)},
		{"reports-per-network", "500", "The same for one network, IPv4 /24 or IPv6 /48; 0 for no limit, behind a proxy.",
			"Behind a proxy any limit is one for all clients together.",
			"Without a limit one network can use up reports-per-hour, and others' reports are lost.", number(&s.PerNetwork, 0, 1<<30)},
		{"reports-bytes", "17179869184", "Most that the file may measure; a full one is answered 503.",
			"Too low and reports wait in the browsers, for a week.",
			"So much of the disk can be filled.", memory(&s.Bytes)},
		{"reports-batch", "256", "Most reports in one transaction.",
			"At 1 the disk is synced for each report, and fewer can be taken.",
			"Nothing worth having.", number(&s.Batch, 1, 4096)},
		{"reports-readers", "", "File of those who may fetch sealed reports, which «lapwingd add-caller» writes; empty for nobody. Read again when it changes.",
			"Nobody can fetch; make new keys, or carry «lapwingd export-reports».",
			"Who writes it can fetch envelopes, and open none.", text(&s.Readers)},
		{"relay-to", "", "For a relay: https address of the gateway, as https://reports.example/v1/ohttp.",
			"Reports wait in the browsers, for a week.",
			"Whoever sets it can withhold reports, and open none.", text(&s.RelayTo)},
		{"gateway-key", "gateway.key", "For a gateway: file with its secret key, which «lapwingd gateway-key» makes.",
			"Make a new one, and a release that names it; until then reports through the relay wait.",
			"Who has it and listens between relay and gateway sees envelopes, and neither who sent them nor what they say.", text(&s.GatewayKey)},
	}
}

var reportRoles = []string{"collect", "gateway", "relay"}

func roleList(p *string) func(string) error {
	return func(v string) error {
		if v != "" {
			for word := range strings.SplitSeq(v, ",") {
				if !slices.Contains(reportRoles, word) {
					return fmt.Errorf("want some of %s, with commas between", strings.Join(reportRoles, ", "))
				}
			}
		}
		*p = v
		return nil
	}
}

// has reports whether the server has one of the roles.
func (s *ReportSettings) has(any ...string) bool {
	return slices.ContainsFunc(strings.Split(s.Role, ","), func(word string) bool { return slices.Contains(any, word) })
}

// openCollecting opens the role that keeps reports, or none.
func openCollecting(s *Settings, log *slog.Logger) (edge.Role, error) {
	c := s.Reports
	if !c.has("collect", "gateway") {
		return nil, nil
	}
	var readers *callers.Callers
	var err error
	if c.Readers != "" {
		if readers, err = callers.Open(c.Readers); err != nil {
			return nil, fmt.Errorf("reports-readers: %w; lapwingd add-caller makes the file", err)
		}
	}
	kept, err := store.Open(c.Store, store.Options{
		MaxBatch: c.Batch, Bytes: c.Bytes, Quota: collect.NewLimits(c.PerHour, c.PerNetwork, time.Now),
		Fault: func(err error) {
			if err != nil {
				log.Error("no report can be stored; clients are told to come again", "error", err)
				return
			}
			log.Info("reports are stored again")
		},
	})
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	collector := collect.New(collect.Config{Store: kept, Work: uint8(c.Work), Retention: c.Retention, Now: time.Now, Log: log})
	role := collecting.New(collecting.Config{Collector: collector, Readers: readers, Log: log})
	log.Info("collecting reports")
	if !c.has("gateway") {
		return role, nil
	}
	gateway, err := openGateway(c, collector, log)
	if err != nil {
		return nil, errors.Join(err, role.Close(context.Background()))
	}
	return both{role, gateway}, nil
}

// both is a collector with a gateway before it, as one role.
type both struct {
	*collecting.Role
	gateway edge.Role
}

func (b both) Routes() []edge.Route { return append(b.Role.Routes(), b.gateway.Routes()...) }

func (b both) WritePrometheus(w io.Writer) {
	b.Role.WritePrometheus(w)
	b.gateway.(edge.Measured).WritePrometheus(w)
}

// openForCopy opens a store that is there, perhaps in use by a server.
func openForCopy(args []string) (s *store.Store, to string, err error) {
	if len(args) == 0 || strings.HasPrefix(args[len(args)-1], "-") {
		return nil, "", errors.New("want the name of a new file as the last argument")
	}
	to = args[len(args)-1]
	settings, err := parseSettings(args[:len(args)-1], io.Discard)
	if err != nil {
		return nil, "", err
	}
	where := settings.Reports.Store
	if !strings.HasPrefix(where, "postgres") {
		if _, err := os.Stat(where); err != nil {
			return nil, "", err
		}
	}
	if s, err = store.Open(where, store.Options{}); err != nil {
		return nil, "", err
	}
	return s, to, s.Ready()
}

// backupReports is «lapwingd backup-reports [SETTINGS] FILE».
func backupReports(args []string, out io.Writer) error {
	s, to, err := openForCopy(args)
	if s != nil {
		defer s.Close()
	}
	if err != nil {
		return err
	}
	if err := s.Backup(context.Background(), to); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: a copy of the store\n", to)
	return err
}

// exportReports is «lapwingd export-reports [SETTINGS] FILE», for reviewers who
// cannot fetch.
func exportReports(args []string, out io.Writer) error {
	s, to, err := openForCopy(args)
	if s != nil {
		defer s.Close()
	}
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists; nothing is overwritten", to)
	}
	if err != nil {
		return err
	}
	rows, err := collect.Export(context.Background(), s, 0, f)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	_, err = fmt.Fprintf(out, "%s: %d rows for «lapwing report pull --from»\n", to, rows)
	return err
}
