// SPDX-License-Identifier: Apache-2.0

// Lapwingd is the server: it hands out the releases of a list, from a
// directory of static files, to anybody, and remembers nothing of them. For
// callers with a key it scores listings, if the settings say so (score.go).
//
// It holds no key and links no code that signs. server/OPERATING.md says how
// to run it and what each setting means.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"lapwing/server/cmd/lapwingd/edge"
	"lapwing/server/distribute"
)

func main() {
	if len(os.Args) > 1 && commands[os.Args[1]] != nil {
		if err := commands[os.Args[1]](os.Args[2:], os.Stdout); err != nil {
			fmt.Fprintf(os.Stderr, "lapwingd: error: %s: %v\n", os.Args[1], err)
			os.Exit(2)
		}
		return
	}
	s, err := parseSettings(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "lapwingd: error: %v\nlapwingd: hint: lapwingd --help lists all settings\n", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "lapwingd: error: %v\n", err)
		os.Exit(1)
	}
}

// run opens what the settings name and serves until ctx ends.
func run(ctx context.Context, s *Settings, logs *os.File) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return fmt.Errorf("log-level: %v", err)
	}
	log := slog.New(slog.NewJSONHandler(logs, &slog.HandlerOptions{Level: level}))
	c := edge.Config{
		Log: log, HeaderBytes: s.HeaderBytes,
		ReadTimeout: s.ReadTimeout, WriteTimeout: s.WriteTimeout, IdleTimeout: s.IdleTimeout,
		Connections: s.Connections, PerClient: s.PerClient, Requests: s.Requests,
		Drain: s.Drain, ReloadInterval: s.ReloadInterval,
	}
	var err error
	if s.Dir != "" {
		c.Site, err = distribute.Open(s.Dir, distribute.Options{PinnedBytes: s.PinnedBytes, CacheBytes: s.CacheBytes})
		if c.Site == nil {
			return err
		}
		defer c.Site.Close()
		if err != nil { // the release may still come
			log.Error("no release to hand out yet", "error", err)
		}
	}
	if c.Roles, err = openRoles(s, log); err != nil {
		return err
	}
	if s.TLSCert != "" {
		if c.TLS, err = tlsConfig(s.TLSCert, s.TLSKey); err != nil {
			return err
		}
	}
	if c.Listener, err = net.Listen("tcp", s.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer c.Listener.Close()
	if s.Admin != "off" {
		if c.Admin, err = net.Listen("tcp", s.Admin); err != nil {
			return fmt.Errorf("admin: %w", err)
		}
		defer c.Admin.Close()
	}
	log.Info("serving", "listen", c.Listener.Addr().String(), "release", c.Site.Version())
	notify("READY=1")
	defer log.Info("stopped")
	go func() { <-ctx.Done(); notify("STOPPING=1") }()
	return edge.New(c).Run(ctx)
}
