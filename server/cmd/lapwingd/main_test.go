// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lapwing/server/distribute/treetest"
)

func TestServerLinksNoSigningCode(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "lapwing/server/cmd/lapwingd").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		switch {
		case pkg == "lapwing/server/ceremony", pkg == "lapwing/server/publish", pkg == "lapwing/server/collect/pull",
			strings.HasPrefix(pkg, "golang.org/x/mod/sumdb/note"), strings.HasPrefix(pkg, "filippo.io/age"),
			strings.HasPrefix(pkg, "github.com/transparency-dev/tessera"):
			t.Errorf("lapwingd links %s: the host that faces the network must have no code that signs or opens keys", pkg)
		}
	}
}

func TestDutiesKnowNothingOfHTTP(t *testing.T) {
	for _, pkg := range []string{"distribute", "ceremony"} {
		out, err := exec.Command("go", "list", "-deps", "lapwing/server/"+pkg).Output()
		if err != nil {
			continue // not there, so it imports nothing
		}
		if bytes.Contains(out, []byte("valyala/fasthttp")) {
			t.Errorf("server/%s imports fasthttp: HTTP stays at the edge", pkg)
		}
	}
}

func TestArgumentWinsOverFileOverDefault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lapwingd.conf")
	os.WriteFile(file, []byte("# comment\nlisten 127.0.0.1:1\n\nread-timeout 7s\nadmin off\n"), 0o644)
	s, err := parseSettings([]string{"--config", file, "--listen", "127.0.0.1:2"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "127.0.0.1:2" || s.ReadTimeout != 7*time.Second || s.Admin != "off" || s.Connections != 20000 {
		t.Errorf("got %+v", s)
	}
}

func TestFaultySettingsAreExplained(t *testing.T) {
	for content, want := range map[string]string{
		"lisen 127.0.0.1:1":            `line 1: unknown setting "lisen"`,
		"\nread-timeout 0s":            "line 2: read-timeout: want a time from",
		"connections many":             "line 1: connections: want a whole number",
		"pinned-bytes -1":              "pinned-bytes: want a number of bytes",
		"tls-cert /etc/ssl/server.pem": "belong together",
	} {
		file := filepath.Join(t.TempDir(), "lapwingd.conf")
		os.WriteFile(file, []byte(content), 0o644)
		_, err := parseSettings([]string{"--config", file}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q in it", content, err, want)
		}
	}
	for _, args := range [][]string{{"--nonsense"}, {"extra"}, {"--config", "/nonexistent"}, {"--drain", "-1s"}} {
		if _, err := parseSettings(args, io.Discard); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

// serve runs the program with args on free ports until the test ends.
func serve(t *testing.T, args ...string) (listen, admin string, logs func() []map[string]any) {
	t.Helper()
	listen, admin = free(t), free(t)
	s, err := parseSettings(append([]string{"--listen", listen, "--admin", admin}, args...), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	logFile, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx, s, logFile) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	for range 6000 { // a loaded machine under the race detector takes its time
		if c, err := net.Dial("tcp", admin); err == nil {
			c.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return listen, admin, func() (all []map[string]any) {
		b, err := os.ReadFile(logFile.Name())
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
			m := map[string]any{}
			if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
				t.Errorf("a line of the log is not JSON: %s", lines.Text())
			}
			all = append(all, m)
		}
		return all
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func status(t *testing.T, client *http.Client, url string) int {
	t.Helper()
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func TestReadyOnceThereIsARelease(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "v1"), 0o755); err != nil {
		t.Fatal(err)
	}
	listen, admin, logs := serve(t, "--dir", dir)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for url, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200, "/": 404} {
		if got := status(t, client, "http://"+admin+url); got != want {
			t.Errorf("without a release: %s: got %d, want %d", url, got, want)
		}
	}
	if got := status(t, client, "http://"+listen+"/v1/head"); got != 503 {
		t.Errorf("without a release: head: got %d, want 503, so that a client comes again", got)
	}
	if _, err := treetest.Write(dir, treetest.Release{Version: 1, Pack: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if status(t, client, "http://"+admin+"/readyz") == 200 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := status(t, client, "http://"+listen+"/v1/head"); got != 200 {
		t.Errorf("with a release: head: got %d", got)
	}
	if all := logs(); len(all) < 3 {
		t.Errorf("want log lines for no release, serving, switched; got %v", all)
	}
}

func TestServesOverTLS(t *testing.T) {
	dir := t.TempDir()
	pack := bytes.Repeat([]byte("invented "), 20_000)
	if _, err := treetest.Write(dir, treetest.Release{Version: 1, Pack: pack}); err != nil {
		t.Fatal(err)
	}
	hash, err := treetest.Object(dir, pack)
	if err != nil {
		t.Fatal(err)
	}
	cert, key, pool := certificate(t)
	listen, _, _ := serve(t, "--dir", dir, "--tls-cert", cert, "--tls-key", key)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableCompression: true}}
	defer client.CloseIdleConnections()
	resp, err := client.Get("https://" + listen + "/v1/o/" + hash)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, err := io.ReadAll(resp.Body); err != nil || !bytes.Equal(got, pack) {
		t.Errorf("got %d bytes, error %v; want the object's %d", len(got), err, len(pack))
	}
}

// certificate makes one for this machine, good for an hour.
func certificate(t *testing.T) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	os.WriteFile(cert, public, 0o644)
	os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600)
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(public)
	return cert, key, pool
}

var update = flag.Bool("update", false, "rewrite the settings in OPERATING.md; read the diff")

// TestOperatingListsEverySetting holds the guide against the program.
func TestOperatingListsEverySetting(t *testing.T) {
	const name, from, to = "../../OPERATING.md", " -update -->\n", "<!-- end of settings -->"
	guide, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(guide), from)
	_, tail, ok2 := strings.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the settings", name)
	}
	var b strings.Builder
	b.WriteString("\n| setting | default | meaning | lost or wrong | attacked |\n|---|---|---|---|---|\n")
	for _, s := range settings(new(Settings)) {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", s.name, orNone(s.standard), s.meaning, s.lost, s.attacked)
	}
	want := head + from + b.String() + "\n" + to + tail
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(guide) != want {
		t.Errorf("%s does not list the settings as they are: run go test ./server/cmd/lapwingd -run Operating -update and read the diff", name)
	}
}
