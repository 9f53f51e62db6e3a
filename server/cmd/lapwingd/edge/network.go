// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"hash/maphash"
	"net"
	"net/netip"
	"time"

	"github.com/valyala/fasthttp"
)

// renewal is after how many ticks the key of networks' tags is drawn anew.
const renewal = int64(time.Hour / tick)

// Network gives a tag for the network that a request comes from, IPv4 /24 or
// IPv6 /48: a hash with a key that is in memory only and lasts an hour. It is for
// counting, and for nothing else. 0 is for no network: a socket without addresses.
func Network(ctx *fasthttp.RequestCtx) uint64 {
	inner := ctx.Conn()
	if secured, ok := inner.(interface{ NetConn() net.Conn }); ok { // TLS
		inner = secured.NetConn()
	}
	if c, ok := inner.(*conn); ok {
		return c.network
	}
	return 0
}

func (g *gate) renew() {
	seed := maphash.MakeSeed()
	g.networks.Store(&seed)
}

func (g *gate) network(c net.Conn) uint64 {
	addr, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return 0
	}
	return maphash.Comparable(*g.networks.Load(), networkOf(addr.AddrPort().Addr())) | 1
}

func networkOf(ip netip.Addr) netip.Addr {
	ip = ip.Unmap().WithZone("")
	bits := 24
	if ip.Is6() {
		bits = 48
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return netip.Addr{}
	}
	return prefix.Addr()
}
