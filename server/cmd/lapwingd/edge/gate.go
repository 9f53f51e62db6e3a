// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"errors"
	"hash/maphash"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// gate is a listener that shares a bounded number of connections fairly. It is
// the last place that sees an address, and it keeps a hash of it only.
type gate struct {
	net.Listener
	max       int          // connections in all
	perClient int          // connections of one client; 0 for no limit, behind a proxy
	seed      maphash.Seed // random for each process: the hashes mean nothing outside it
	now       atomic.Int64 // coarse clock for progress, in ticks
	stop      chan struct{}
	networks  atomic.Pointer[maphash.Seed] // as seed, but drawn anew each hour: see Network

	accepted, refused, evicted atomic.Uint64

	mu     sync.Mutex
	open   []*conn           // guarded by mu
	shares map[uint64]*share // guarded by mu; by hash of the client
}

// share is what one client holds.
type share struct {
	client uint64
	conns  []*conn // guarded by gate.mu
}

const (
	// A tick is the resolution at which progress is noticed.
	tick = 250 * time.Millisecond
	// A connection is not evicted before it had this long to say something.
	grace = 4 // ticks
	// So many connections are looked at to find one to evict. Sixteen random
	// ones contain one of the worst tenth with a probability of 0.81, and if
	// nearly all are bad, with certainty enough.
	sample = 16
)

func newGate(l net.Listener, most, perClient int) *gate {
	g := &gate{
		Listener: l, max: most, perClient: perClient,
		seed: maphash.MakeSeed(), shares: map[uint64]*share{}, stop: make(chan struct{}),
	}
	g.renew()
	go g.tick()
	return g
}

func (g *gate) tick() {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-g.stop:
			return
		case <-t.C:
			if g.now.Add(1)%renewal == 0 {
				g.renew()
			}
		}
	}
}

// Close stops accepting. Connections that are open stay so.
func (g *gate) Close() error {
	err := g.Listener.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.stop:
	default:
		close(g.stop)
	}
	return err
}

// Accept waits for a connection that may stay.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		switch {
		case err == nil:
			if admitted := g.admit(c); admitted != nil {
				g.accepted.Add(1)
				return admitted, nil
			}
			g.refused.Add(1)
			c.Close()
		case errors.Is(err, syscall.ECONNABORTED):
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
			// Out of file descriptors: make room rather than give up, which
			// would end the server.
			g.mu.Lock()
			g.evict(g.open)
			g.mu.Unlock()
			time.Sleep(10 * time.Millisecond)
		default:
			return nil, err
		}
	}
}

// admit makes room for c, or returns nil if everybody inside is as new as c.
func (g *gate) admit(c net.Conn) *conn {
	client := g.client(c)
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.shares[client]
	if s != nil && g.perClient > 0 && len(s.conns) >= g.perClient && !g.evict(s.conns) {
		return nil
	}
	if len(g.open) >= g.max && !g.evict(g.open) {
		return nil
	}
	if s = g.shares[client]; s == nil { // evict may have emptied it
		s = &share{client: client}
		g.shares[client] = s
	}
	admitted := &conn{Conn: c, socket: newSocket(c), gate: g, share: s, network: g.network(c), inOpen: len(g.open), inShare: len(s.conns)}
	admitted.progress.Store(g.now.Load())
	g.open = append(g.open, admitted)
	s.conns = append(s.conns, admitted)
	return admitted
}

// evict closes one of conns: of a random few, the one whose client holds most,
// and among equals the one that has been without progress for longest. It
// closes none that is still in its grace. The caller holds mu.
func (g *gate) evict(conns []*conn) bool {
	var worst *conn
	now := g.now.Load()
	for range min(sample, len(conns)) {
		c := conns[rand.IntN(len(conns))]
		if now-c.progress.Load() < grace {
			continue
		}
		if worst == nil || len(c.share.conns) > len(worst.share.conns) ||
			len(c.share.conns) == len(worst.share.conns) && c.progress.Load() < worst.progress.Load() {
			worst = c
		}
	}
	if worst == nil {
		return false
	}
	g.evicted.Add(1)
	g.forget(worst)
	worst.Conn.Close() // its goroutine sees a closed connection and ends
	return true
}

// forget takes c out of both lists. The caller holds mu.
func (g *gate) forget(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	last := g.open[len(g.open)-1]
	g.open[c.inOpen], last.inOpen = last, c.inOpen
	g.open[len(g.open)-1] = nil
	g.open = g.open[:len(g.open)-1]
	s := c.share
	last = s.conns[len(s.conns)-1]
	s.conns[c.inShare], last.inShare = last, c.inShare
	s.conns[len(s.conns)-1] = nil
	s.conns = s.conns[:len(s.conns)-1]
	if len(s.conns) == 0 {
		delete(g.shares, s.client)
	}
}

// client hashes the part of an address that stands for one client: all of an
// IPv4 address, the network (/64) of an IPv6 one.
func (g *gate) client(c net.Conn) uint64 {
	addr, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return 0 // a socket without addresses: all are one client
	}
	ip := addr.AddrPort().Addr().Unmap()
	if ip.Is6() {
		prefix, err := ip.WithZone("").Prefix(64)
		if err != nil {
			return 0
		}
		ip = prefix.Addr()
	}
	return maphash.Comparable(g.seed, ip)
}

// held gives the number of open connections.
func (g *gate) held() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.open)
}
