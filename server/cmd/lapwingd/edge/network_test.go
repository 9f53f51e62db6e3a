// SPDX-License-Identifier: Apache-2.0

package edge_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/valyala/fasthttp"

	"lapwing/server/cmd/lapwingd/edge"
)

// nosy is a role that answers with the tag of the sender's network.
type nosy struct{}

func (nosy) Name() string                { return "nosy" }
func (nosy) Ready() error                { return nil }
func (nosy) Close(context.Context) error { return nil }
func (nosy) Routes() []edge.Route {
	return []edge.Route{
		{Method: "GET", Path: "/v1/nosy", Query: true, Handle: func(ctx *fasthttp.RequestCtx) { fmt.Fprint(ctx, edge.Network(ctx)) }},
		{Method: "GET", Path: "/v1/plain", Handle: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("plain") }},
	}
}

func TestNetworksAreToldApartByATag(t *testing.T) {
	r := start(t, func(c *edge.Config) { c.Roles = []edge.Role{nosy{}} })
	tag := func(host string) string {
		c := r.from(t, host)
		io.WriteString(c, request("GET", "/v1/nosy", "Connection: close"))
		_, body := answer(t, bufio.NewReader(c), "GET")
		return string(body)
	}
	one := tag("127.1.2.3")
	if one == "0" || one != tag("127.1.2.200") {
		t.Errorf("two addresses of one /24 network have different tags, or none: %s", one)
	}
	if one == tag("127.1.3.3") {
		t.Error("two networks have the same tag")
	}
	other := start(t, func(c *edge.Config) { c.Roles = []edge.Role{nosy{}} })
	r = other
	if one == tag("127.1.2.3") {
		t.Error("another process gives the same tag: it can be reckoned back to the network by trying")
	}
}

func TestOnlyRoutesThatSaySoTakeAQuery(t *testing.T) {
	r := start(t, func(c *edge.Config) { c.Roles = []edge.Role{nosy{}} })
	for path, want := range map[string]int{"/v1/nosy": 200, "/v1/nosy?a=b": 200, "/v1/plain": 200, "/v1/plain?a=b": 404, "/v1/nosy/?a=b": 404, "/v1/nosy%3fa": 404} {
		if resp, _ := r.ask(t, "GET", request("GET", path)); resp.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, resp.StatusCode, want)
		}
	}
}
