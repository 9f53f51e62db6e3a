// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"lapwing/scorer/release"
)

// addRelease puts a packaged release among the files, once its signatures were
// checked, and gives the path of its pack. The time of the build is the
// release's: the same release gives the same bytes.
func addRelease(files map[string][]byte, o options) (pack string, err error) {
	if o.pack != "" {
		return "", errors.New("it has a list of its own; leave -pack away")
	}
	for _, name := range []string{"root", "release", "list.pack"} {
		if files["lib/"+name], err = os.ReadFile(filepath.Join(o.release, name)); err != nil {
			return "", err
		}
	}
	p := release.Packaged{Root: files["lib/root"], Release: files["lib/release"], Program: "0.0.0"}
	if err := p.Verify(); err != nil {
		return "", err
	}
	c, err := release.New(p, nil)
	if err != nil {
		return "", err
	}
	s := c.Status(0)
	if sha256.Sum256(files["lib/list.pack"]) != s.Pack {
		return "", errors.New("list.pack is not the one that the release names")
	}
	if o.server != "" && originOf(o.server) == "" {
		return "", fmt.Errorf("-server %s: an address that begins with https:// is wanted", o.server)
	}
	files["lib/packaged.json"], err = json.Marshal(struct {
		Built  int64  `json:"built"`
		Server string `json:"server"`
	}{s.Issued, o.server})
	return filepath.Join(o.release, "list.pack"), err
}

// originOf names a server as a manifest's permissions do; "" where there is
// none, or none that may be asked: lists are fetched encrypted, or from this machine.
func originOf(server string) string {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "127.0.0.1") {
		return ""
	}
	return u.Scheme + "://" + u.Hostname() + "/*"
}
