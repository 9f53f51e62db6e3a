// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"io"

	"github.com/valyala/fasthttp"
)

// gather reads the body of a request whose route does not stream, on a server
// where another route does: fasthttp then leaves every body to the handlers, and
// bounds none of them. It reports whether the request is to be handled; if not,
// it was refused.
func (s *Server) gather(ctx *fasthttp.RequestCtx, most int) bool {
	from := ctx.RequestBodyStream()
	if from == nil {
		return true
	}
	if ctx.Request.Header.ContentLength() > max(1, most) {
		s.fault(ctx, fasthttp.ErrBodyTooLarge)
		ctx.SetConnectionClose()
		return false
	}
	// One byte more than allowed tells a chunked body that is too long.
	body, err := io.ReadAll(io.LimitReader(from, int64(max(1, most))+1))
	if err == nil && len(body) > max(1, most) {
		err = fasthttp.ErrBodyTooLarge
	}
	if err != nil {
		s.fault(ctx, err)
		ctx.SetConnectionClose()
		return false
	}
	ctx.Request.SetBodyRaw(body)
	return true
}
