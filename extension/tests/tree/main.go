// SPDX-License-Identifier: Apache-2.0

// Command tree is a publisher and its servers, good and bad, on a loopback port,
// for tests of the extension's host code. Its keys are everybody's
// (releasetest), its lists are noise (packtest).
//
//	go run ./extension/tests/tree DIR
//
// It writes the packaged release to DIR, prints its address, and answers
//
//	GET  /<server>/v1/…   as the server of that name does; see servers
//	POST /publish         releases the next list, and gives its version; with ?relay it names a relay
//	GET  /seen            the requests so far, as JSON, and forgets them
//	GET  /reports         the reports and withdrawals so far, opened, as JSON, and forgets them
//	POST /<server>/v1/reports, /<server>/v1/withdrawals
//	                      as a collector does, where the server of that name is up
//
// until its standard input ends.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"lapwing/scorer/pack"
	"lapwing/scorer/pack/packtest"
	"lapwing/scorer/release/releasetest"
)

const entries = 500

type world struct {
	mu        sync.Mutex // guards all below
	publisher *releasetest.Publisher
	list      *pack.Pack
	first     map[string][]byte // the tree as it was at first
	at        int64             // of the newest release
	seen      []request
	collector *collector
}

type request struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header"`
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: tree DIR")
	}
	w := &world{list: telling(packtest.Generate(1, entries)), at: time.Now().Unix() - 3600}
	w.publisher = releasetest.NewPublisher(w.list, w.at)
	if err := w.pack(os.Args[1]); err != nil {
		log.Fatal(err)
	}
	var err error
	if w.collector, w.publisher.Intake, err = newCollector(); err != nil {
		log.Fatal(err)
	}
	w.first = maps.Clone(w.publisher.Tree)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", l.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal(http.Serve(l, http.HandlerFunc(w.serve)))
}

// telling adds to a list what the invented board's adverts say, for two strong
// indicators of different families: noise alone would mark nothing.
func telling(p *pack.Pack) *pack.Pack {
	first := -1
	for i, ind := range p.Indicators {
		if ind.Strength != pack.Strong || ind.Status != pack.Active || first >= 0 && ind.Family() == p.Indicators[first].Family() {
			continue
		}
		expr := "keeps your passport"
		if first >= 0 {
			expr = "do not tell your family"
		}
		p.Indicators[i].Kinds = 1<<pack.NumKinds - 2 // all that there are
		p.Patterns = append(p.Patterns, pack.Pattern{Indicator: uint32(i), Lang: "en", Expr: expr})
		if first >= 0 {
			break
		}
		first = i
	}
	p, err := pack.Canonical(p)
	if err != nil {
		log.Fatal(err)
	}
	return p
}

// pack writes what a program would be shipped with.
func (w *world) pack(dir string) error {
	for name, b := range map[string][]byte{
		"root": w.publisher.Packaged.Root, "release": w.publisher.Packaged.Release, "list.pack": w.publisher.PackagedPack,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case r.URL.Path == "/publish" && r.Method == "POST":
		if r.URL.Query().Has("relay") {
			w.publisher.Intake = w.collector.intake("http://" + r.Host + "/relay/v1/ohttp")
		}
		w.at += 10
		w.list = packtest.NextDay(w.list, uint64(w.list.Version))
		w.publisher.Publish(w.list, w.at)
		fmt.Fprint(rw, w.list.Version)
	case r.URL.Path == "/reports":
		w.collector.tell(rw)
	case r.URL.Path == "/seen":
		_ = json.NewEncoder(rw).Encode(w.seen)
		w.seen = nil
	default:
		w.seen = append(w.seen, request{r.Method, r.URL.String(), r.Header})
		name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		answer, ok := servers[name]
		if !ok {
			http.NotFound(rw, r)
			return
		}
		if name != "down" && w.collector.take(rw, r, path) {
			return
		}
		answer(w, rw, r, path)
	}
}

// file is what an honest server has at a path.
func (w *world) file(path string) ([]byte, bool) {
	if plain, ok := strings.CutSuffix(path, ".gz"); ok {
		b, ok := w.publisher.Serve(plain)
		return releasetest.Gzip(b), ok
	}
	return w.publisher.Serve(path)
}

type server func(w *world, rw http.ResponseWriter, r *http.Request, path string)

// changed is a server that answers with something else than it should.
func changed(f func(b []byte) []byte) server {
	return func(w *world, rw http.ResponseWriter, r *http.Request, path string) {
		b, ok := w.file(path)
		if !ok {
			http.NotFound(rw, r)
			return
		}
		_, _ = rw.Write(f(bytes.Clone(b)))
	}
}

// packed treats compressed files, and compressed files only, in some way.
func packed(f server) server {
	return func(w *world, rw http.ResponseWriter, r *http.Request, path string) {
		if strings.HasSuffix(path, ".gz") {
			f(w, rw, r, path)
			return
		}
		servers["honest"](w, rw, r, path)
	}
}

var servers map[string]server

func init() {
	servers = map[string]server{
		"relay":  func(_ *world, rw http.ResponseWriter, r *http.Request, _ string) { http.NotFound(rw, r) }, // see collector.relayed
		"honest": changed(func(b []byte) []byte { return b }),
		"tracking": func(w *world, rw http.ResponseWriter, r *http.Request, path string) {
			rw.Header().Set("Set-Cookie", "id=7; Max-Age=9999")
			rw.Header().Set("ETag", `"7"`)
			rw.Header().Set("Cache-Control", "max-age=9999")
			servers["honest"](w, rw, r, path)
		},
		"unpacked": packed(func(_ *world, rw http.ResponseWriter, r *http.Request, _ string) { http.NotFound(rw, r) }),
		"encoded": packed(func(w *world, rw http.ResponseWriter, r *http.Request, path string) {
			rw.Header().Set("Content-Encoding", "gzip")
			servers["honest"](w, rw, r, path)
		}),
		"rollback": func(w *world, rw http.ResponseWriter, r *http.Request, path string) {
			b, ok := w.first[path]
			if !ok {
				b, _ = w.file(path)
			}
			_, _ = rw.Write(b)
		},
		"truncated": changed(func(b []byte) []byte { return b[:len(b)/2] }),
		"flipped":   changed(func(b []byte) []byte { b[len(b)/2] ^= 1; return b }),
		"redirect": func(_ *world, rw http.ResponseWriter, r *http.Request, path string) {
			http.Redirect(rw, r, "/honest/"+path, http.StatusFound)
		},
		"down": func(_ *world, rw http.ResponseWriter, r *http.Request, _ string) {
			http.Error(rw, "down", http.StatusServiceUnavailable)
		},
		"endless": func(_ *world, rw http.ResponseWriter, _ *http.Request, _ string) {
			for b := make([]byte, 64<<10); ; {
				if _, err := rw.Write(b); err != nil {
					return
				}
			}
		},
		"stalling": func(w *world, rw http.ResponseWriter, r *http.Request, _ string) {
			_, _ = rw.Write([]byte("lapwing"))
			rw.(http.Flusher).Flush()
			w.mu.Unlock()
			<-r.Context().Done()
			w.mu.Lock()
		},
		"bomb":        packed(func(_ *world, rw http.ResponseWriter, _ *http.Request, _ string) { _, _ = rw.Write(bomb(4 << 20)) }),
		"bigbomb":     packed(func(_ *world, rw http.ResponseWriter, _ *http.Request, _ string) { _, _ = rw.Write(bomb(1 << 30)) }),
		"encodedbomb": encodedBomb,
	}
}

// encodedBomb makes the browser unpack a gigabyte in the place of any file.
func encodedBomb(_ *world, rw http.ResponseWriter, _ *http.Request, _ string) {
	rw.Header().Set("Content-Encoding", "gzip")
	_, _ = rw.Write(bomb(1 << 30))
}

// bomb is so many zero bytes, packed.
func bomb(size int64) []byte {
	var b bytes.Buffer
	g, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	_, _ = io.CopyN(g, zeroes{}, size)
	_ = g.Close()
	return b.Bytes()
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
