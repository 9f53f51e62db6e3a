// SPDX-License-Identifier: Apache-2.0

// Package pgtest runs a PostgreSQL server of its own for tests and
// measurements, in a directory that is gone afterwards, reachable by nobody but
// through a socket in it. [Start] gives nil where PostgreSQL is not installed;
// on Debian «apt-get install postgresql» installs it.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running server.
type Cluster struct {
	dir    string
	server *exec.Cmd
	made   int
}

// find gives the path of a program of PostgreSQL's, or nothing.
func find(program string) string {
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}

// Start makes a cluster and runs it; nil without an error where there is no
// PostgreSQL. The caller stops it.
func Start() (_ *Cluster, err error) {
	initdb, postgres := find("initdb"), find("postgres")
	if initdb == "" || postgres == "" {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "pg") // a socket's path must be short
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir}
	defer func() {
		if err != nil {
			c.Stop()
		}
	}()
	who, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	make := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-instructions", "--no-sync")
	make.SysProcAttr, make.Dir = who, dir
	if out, err := make.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %v: %s", err, out)
	}
	c.server = exec.Command(postgres, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=150", "-c", "shared_buffers=128MB")
	c.server.SysProcAttr, c.server.Dir = who, dir
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.server.Stdout, c.server.Stderr = log, log
	if err := c.server.Start(); err != nil {
		return nil, err
	}
	return c, c.ready()
}

// unprivileged: PostgreSQL refuses to run as root. Root lends the directory to
// the user postgres, whom Debian's package has made.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2, os.Chown(dir, int(uid), int(gid))); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func (c *Cluster) address(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {c.dir}, "user": {"postgres"}}.Encode()
}

func (c *Cluster) ready() error {
	var last error
	for range 300 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		conn, err := pgx.Connect(ctx, c.address("postgres"))
		cancel()
		if err == nil {
			return conn.Close(context.Background())
		}
		last = err
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL does not come up: %v", last)
}

// Database makes an empty one and gives its address.
func (c *Cluster) Database() (string, error) {
	conn, err := pgx.Connect(context.Background(), c.address("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.Background())
	c.made++
	name := "reports" + strconv.Itoa(c.made)
	_, err = conn.Exec(context.Background(), "CREATE DATABASE "+name)
	return c.address(name), err
}

// Kill ends the server as a power cut would, but for what the kernel holds.
func (c *Cluster) Kill() error {
	if err := c.server.Process.Signal(syscall.SIGQUIT); err != nil { // immediate shutdown; recovery at the next start
		return err
	}
	c.server.Wait()
	return nil
}

// Restart runs the server again after Kill.
func (c *Cluster) Restart() error {
	again := exec.Command(c.server.Path, c.server.Args[1:]...)
	again.SysProcAttr, again.Dir = c.server.SysProcAttr, c.server.Dir
	c.server = again
	if err := again.Start(); err != nil {
		return err
	}
	return c.ready()
}

// Version is what the server says of itself.
func (c *Cluster) Version() string {
	out, _ := exec.Command(find("postgres"), "--version").Output()
	return strings.TrimSpace(string(out))
}

// Stop ends the server and removes all of it. A nil cluster stops as well.
func (c *Cluster) Stop() error {
	if c == nil {
		return nil
	}
	if c.server != nil && c.server.Process != nil && c.server.ProcessState == nil {
		c.server.Process.Signal(os.Interrupt) // fast shutdown
		c.server.Wait()
	}
	return os.RemoveAll(c.dir)
}
