// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"sync"
	"time"
)

//go:embed pages static
var files embed.FS

// Server answers one browser.
type Server struct {
	desk    *Desk
	host    string // what requests must call it
	session string
	mux     *http.ServeMux
	http    http.Server

	mu    sync.Mutex
	token string // opens the page once; empty afterwards
}

const cookieName = "desk"

// NewServer prepares a server for a listener on loopback.
func (d *Desk) NewServer(l net.Listener) (*Server, error) {
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok || !addr.IP.IsLoopback() {
		return nil, errors.New("the desk is shown on this machine alone: listen on a loopback address")
	}
	s := &Server{desk: d, host: addr.String(), session: random(), token: random(), mux: http.NewServeMux()}
	s.http = http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	s.routes()
	return s, nil
}

func random() string {
	b := make([]byte, 24)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Address is what to open; it works once.
func (s *Server) Address() string { return "http://" + s.host + "/?token=" + s.token }

// Serve answers until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if s.http.Shutdown(end) != nil {
			s.http.Close()
		}
	})
	defer stop()
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// ServeHTTP lets in whom it may, and nobody else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	switch {
	case r.Host != s.host:
		http.Error(w, "This desk has another address.", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		http.Error(w, "Only GET and POST.", http.StatusMethodNotAllowed)
	case r.Method == http.MethodPost && !s.ownPage(r), r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate":
		http.Error(w, "Another page sent this request.", http.StatusForbidden)
	case r.URL.Path == "/" && r.URL.Query().Has("token"):
		s.enter(w, r)
	case !s.known(r):
		http.Error(w, "Open the address that the command has printed. It works once: run the command again for another.", http.StatusForbidden)
	default:
		s.mux.ServeHTTP(w, r)
	}
}

// ownPage reports whether a form of this desk sent a request.
func (s *Server) ownPage(r *http.Request) bool {
	return r.Header.Get("Origin") == "http://"+s.host
}

// enter trades the token for a cookie.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ok := s.token != "" && subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("token")), []byte(s.token)) == 1
	if ok {
		s.token = ""
	}
	s.mu.Unlock()
	if !ok && !s.known(r) {
		http.Error(w, "This address was used before, or is not whole. Run the command again for another.", http.StatusForbidden)
		return
	}
	if ok {
		http.SetCookie(w, &http.Cookie{Name: cookieName, Value: s.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	http.Redirect(w, r, "/queue", http.StatusSeeOther)
}

func (s *Server) known(r *http.Request) bool {
	c, err := r.Cookie(cookieName)
	return err == nil && subtle.ConstantTimeCompare([]byte(c.Value), []byte(s.session)) == 1
}

func (s *Server) routes() {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	s.mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	for pattern, handler := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /{$}":                 s.toQueue,
		"GET /queue":               s.queuePage,
		"GET /aside":               s.asidePage,
		"GET /report/{id}":         s.reportPage,
		"POST /report/{id}/decide": s.decide,
		"GET /report/{id}/draft":   s.draftPage,
		"POST /report/{id}/draft":  s.writeDraft,
		"POST /pause":              s.pause,
		"GET /pictures":            s.picturesPage,
		"GET /pictures/{file}":     s.pictureFile,
	} {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := handler(w, r); err != nil {
				s.fail(w, err)
			}
		})
	}
}

func (s *Server) toQueue(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/queue", http.StatusSeeOther)
	return nil
}

// statusError is an error that has a status of HTTP's.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

var errNoReport = &statusError{http.StatusNotFound, "No report of this id is here. It may have been taken back, or forgotten."}

func (s *Server) fail(w http.ResponseWriter, err error) {
	var status *statusError
	if errors.As(err, &status) {
		http.Error(w, status.text, status.status)
		return
	}
	http.Error(w, "This did not work: "+err.Error(), http.StatusInternalServerError)
}
