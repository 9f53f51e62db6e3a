// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// notify tells systemd what the service is doing (sd_notify(3)); elsewhere it
// does nothing. Losing the message costs a start-up timeout and no more.
func notify(state string) {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	c, err := net.Dial("unixgram", socket)
	if err != nil {
		return
	}
	defer c.Close()
	c.Write([]byte(state))
}

// tlsConfig reads the certificate, and again when its file has changed, so
// that renewing it needs no restart. A renewed one that cannot be read leaves
// the old in use.
func tlsConfig(cert, key string) (*tls.Config, error) {
	first, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("reading certificate: %v", err)
	}
	var (
		mu      sync.Mutex // guards the three below
		current = &first
		changed = modified(cert)
		looked  = time.Now()
	)
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			mu.Lock()
			defer mu.Unlock()
			if time.Since(looked) < time.Minute {
				return current, nil
			}
			looked = time.Now()
			if at := modified(cert); !at.Equal(changed) {
				if next, err := tls.LoadX509KeyPair(cert, key); err == nil {
					current, changed = &next, at
				}
			}
			return current, nil
		},
	}, nil
}

func modified(file string) time.Time {
	info, err := os.Stat(file)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
