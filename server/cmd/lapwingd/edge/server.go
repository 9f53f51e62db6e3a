// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"lapwing/server/distribute"
)

// Config is everything that a Server needs. Nothing has a default here: the
// program's settings hold them, with their reasons.
type Config struct {
	Listener net.Listener     // for everybody
	Admin    net.Listener     // for the operator: health, readiness, metrics; nil for none
	TLS      *tls.Config      // nil for plain HTTP, behind a proxy
	Site     *distribute.Site // nil to hand out no list
	Roles    []Role
	Log      *slog.Logger

	HeaderBytes    int
	ReadTimeout    time.Duration
	WriteTimeout   time.Duration
	IdleTimeout    time.Duration
	Connections    int
	PerClient      int // 0 for no limit
	Requests       int // on one connection
	Drain          time.Duration
	ReloadInterval time.Duration
}

// writeBuffer is fasthttp's buffer for answers: a whole small one fits, and a
// large one goes around it.
const writeBuffer = 4096

// Server answers on one listener, and the operator on another.
type Server struct {
	config   Config
	log      *slog.Logger
	site     *distribute.Site
	gate     *gate
	routes   routes
	metrics  *counters
	public   *fasthttp.Server
	admin    *fasthttp.Server
	draining atomic.Bool
}

// New prepares a server; it does not answer before Run.
func New(c Config) *Server {
	s := &Server{
		config: c, log: c.Log, site: c.Site,
		gate:   newGate(c.Listener, c.Connections, c.PerClient),
		routes: newRoutes(c.Roles),
	}
	s.metrics = newCounters(s)
	s.public = &fasthttp.Server{
		Handler:                      s.handle,
		ErrorHandler:                 s.fault,
		HeaderReceived:               s.routes.config,
		Logger:                       quiet{s},
		SecureErrorLogMessage:        true,
		NoDefaultServerHeader:        true,
		NoDefaultDate:                true,
		NoDefaultContentType:         true,
		ReadTimeout:                  c.ReadTimeout,
		WriteTimeout:                 c.WriteTimeout,
		IdleTimeout:                  c.IdleTimeout,
		ReadBufferSize:               c.HeaderBytes,
		WriteBufferSize:              writeBuffer,
		MaxRequestBodySize:           1, // where a route takes a body, the route says how much
		MaxRequestsPerConn:           c.Requests,
		Concurrency:                  2 * c.Connections, // the gate is the limit; evicted ones need a moment to end
		DisablePreParseMultipartForm: true,
		StreamRequestBody:            s.routes.stream(),
		CloseOnShutdown:              true,
		LazyRequestTime:              true,
	}
	if len(s.routes) == 0 {
		s.public.HeaderReceived = nil
	}
	s.admin = &fasthttp.Server{
		Handler:               s.handleAdmin,
		Logger:                quiet{s},
		SecureErrorLogMessage: true,
		NoDefaultServerHeader: true,
		GetOnly:               true,
		ReadTimeout:           5 * time.Second,
		WriteTimeout:          10 * time.Second,
		IdleTimeout:           time.Minute,
		Concurrency:           64,
	}
	return s
}

// Run serves until ctx ends, then gracefully: it tells balancers that it is
// not ready, waits for Drain, lets running requests finish, closes the roles.
func (s *Server) Run(ctx context.Context) error {
	watch, stopWatch := context.WithCancel(context.Background())
	defer stopWatch()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		if s.site != nil {
			s.site.Watch(watch, s.config.ReloadInterval, s.reloaded)
		}
	}()
	failed := make(chan error, 2)
	go func() { failed <- s.public.Serve(s.listener()) }()
	if s.config.Admin != nil {
		go func() { failed <- s.admin.Serve(s.config.Admin) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		err = fmt.Errorf("serving: %w", err)
	}
	err = errors.Join(err, s.shutdown())
	stopWatch()
	<-watched
	return err
}

func (s *Server) listener() net.Listener {
	if s.config.TLS != nil {
		return tls.NewListener(s.gate, s.config.TLS)
	}
	return s.gate
}

func (s *Server) shutdown() error {
	s.draining.Store(true)
	for _, role := range s.config.Roles {
		if long, ok := role.(Drainer); ok {
			long.Drain()
		}
	}
	time.Sleep(s.config.Drain)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.WriteTimeout+5*time.Second)
	defer cancel()
	err := s.public.ShutdownWithContext(ctx)
	for _, role := range s.config.Roles {
		if e := role.Close(ctx); e != nil {
			err = errors.Join(err, fmt.Errorf("closing %s: %w", role.Name(), e))
		}
	}
	return errors.Join(err, s.admin.ShutdownWithContext(ctx))
}

func (s *Server) reloaded(switched bool, err error) {
	switch {
	case err != nil:
		s.log.Error("the tree's release is not served, the old one stays", "error", err, "serving", s.site.Version())
	case switched:
		s.log.Info("switched to a release", "release", s.site.Version())
	}
}

// quiet keeps fasthttp's messages out of the log. They quote addresses and the
// bytes of requests; that there was one is counted.
type quiet struct{ s *Server }

func (q quiet) Printf(string, ...any) { q.s.metrics.faults.Inc() }
