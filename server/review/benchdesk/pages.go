// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"lapwing/server/review/desk"
	"lapwing/server/review/reviewtest"
)

// browser asks as one would.
type browser struct {
	client *http.Client
	base   string
}

// pages asks for each kind of page, and prints the middle and the slowest time.
func pages(d *desk.Desk, rounds int) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s, err := d.NewServer(l)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	b := &browser{&http.Client{Jar: jar}, "http://" + l.Addr().String()}
	if err := b.get(strings.TrimPrefix(s.Address(), b.base)); err != nil {
		return err
	}
	fmt.Printf("%-44s %8s %11s\n", "", "middle", "slowest")
	for _, p := range []struct {
		name string
		ask  func(k int) error
	}{
		{"queue, newest", b.page("/queue")},
		{"queue, most alike", b.page("/queue?order=alike")},
		{"queue, every report by itself, in the middle", b.page("/queue?apart=1&from=50000")},
		{"queue, those that nobody has decided", b.page("/queue?standing=open&order=reported")},
		{"queue, confirmed: none", b.page("/queue?standing=confirmed")},
		{"search, a word that all have", b.page("/queue?text=passport")},
		{"search, two words", b.page("/queue?text=quiet+farm")},
		{"search, part of a word, another one each time", func(k int) error { return b.get(fmt.Sprintf("/queue?text=number+%d", 1000+k)) }},
		{"search, letters", func(k int) error { return b.get("/queue?text=" + string(rune('a'+k%26)) + string(rune('a'+k/26))) }},
		{"search, nothing", b.page("/queue?text=hovercraft")},
		{"a report", func(k int) error { return b.get(fmt.Sprintf("/report/%x", reviewtest.ID(k*997))) }},
		{"a decision, and the page after it", b.decide},
		{"pictures", b.page("/pictures")},
		{"the map", b.page("/pictures/regions.svg")},
		{"pictures, after a decision", func(k int) error {
			if err := b.decide(k + rounds); err != nil {
				return err
			}
			return b.get("/pictures")
		}},
	} {
		if err := timed(p.name, rounds, p.ask); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	stop()
	return <-ended
}

func timed(name string, rounds int, ask func(k int) error) error {
	var times []time.Duration
	for k := range rounds {
		begin := time.Now()
		if err := ask(k); err != nil {
			return err
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Printf("%-44s %5.1f ms %8.1f ms\n", name, ms(times[len(times)/2]), ms(times[len(times)-1]))
	return nil
}

func (b *browser) page(path string) func(int) error {
	return func(int) error { return b.get(path) }
}

func (b *browser) get(path string) error {
	resp, err := b.client.Get(b.base + path)
	return read(resp, err)
}

func (b *browser) decide(k int) error {
	form := url.Values{"decision": {"confirmed"}, "reason": {"pattern-present"}}
	r, err := http.NewRequest(http.MethodPost, fmt.Sprintf("%s/report/%x/decide", b.base, reviewtest.ID(k*31)), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.base)
	resp, err := b.client.Do(r)
	return read(resp, err)
}

func read(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
