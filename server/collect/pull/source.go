// SPDX-License-Identifier: Apache-2.0

package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"strings"
	"time"

	"lapwing/server/collect/stream"
)

// Source is where rows come from.
type Source interface {
	// After gives the rows behind a sequence number, in order. An error is
	// given last.
	After(ctx context.Context, sequence uint64) iter.Seq2[stream.Row, error]
}

// File is a stream that «lapwingd export-reports» has written.
type File string

// After is part of Source.
func (name File) After(_ context.Context, sequence uint64) iter.Seq2[stream.Row, error] {
	return func(yield func(stream.Row, error) bool) {
		f, err := os.Open(string(name))
		if err != nil {
			yield(stream.Row{}, err)
			return
		}
		defer f.Close()
		for row, err := range stream.Read(f) {
			if err == nil && row.Sequence <= sequence {
				continue
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Server is a collecting lapwingd.
type Server struct {
	base, key string
	client    *http.Client
}

// HTTP gives the server at an address, as https://reports.example. The key is
// what «lapwingd add-caller» has printed; it goes to nobody else.
func HTTP(base, key string) (*Server, error) {
	if !strings.HasPrefix(base, "https://") && !strings.HasPrefix(base, "http://127.0.0.1:") && !strings.HasPrefix(base, "http://[::1]:") {
		return nil, fmt.Errorf("%s: want https, or others on the way learn the key and which reports were fetched", base)
	}
	return &Server{strings.TrimSuffix(base, "/"), key, &http.Client{
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// maxAnswer bounds what one answer may measure: far more than a server sends.
const maxAnswer = 64 << 20

// After is part of Source. It asks again until there is no more.
func (s *Server) After(ctx context.Context, sequence uint64) iter.Seq2[stream.Row, error] {
	return func(yield func(stream.Row, error) bool) {
		for {
			before := sequence
			for row, err := range s.page(ctx, sequence) {
				if err == nil && row.Sequence <= sequence {
					err = errors.New("fetching reports: the server's numbers do not rise")
				}
				if !yield(row, err) || err != nil {
					return
				}
				sequence = row.Sequence
			}
			if sequence == before {
				return
			}
		}
	}
}

func (s *Server) page(ctx context.Context, sequence uint64) iter.Seq2[stream.Row, error] {
	return func(yield func(stream.Row, error) bool) {
		r, err := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/v1/reports/pull?after=%d&limit=1000", s.base, sequence), nil)
		if err != nil {
			yield(stream.Row{}, err)
			return
		}
		r.Header.Set("User-Agent", "")
		r.Header.Set("Authorization", "Bearer "+s.key)
		resp, err := s.client.Do(r)
		if err != nil {
			yield(stream.Row{}, err)
			return
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(io.LimitReader(resp.Body, 300))
			yield(stream.Row{}, fmt.Errorf("fetching reports: %s: %q", resp.Status, strings.TrimSpace(string(text))))
			return
		}
		for row, err := range stream.Read(io.LimitReader(resp.Body, maxAnswer)) {
			if !yield(row, err) {
				return
			}
		}
	}
}
